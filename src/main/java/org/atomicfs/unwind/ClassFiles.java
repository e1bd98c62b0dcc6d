package org.atomicfs.unwind;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;

/**
 * Reads the files of classes for one question. Nothing that failed to be read is remembered beyond it: too few file
 * descriptors, for example, may be a matter of a moment.
 */
final class ClassFiles {
    private Class<?> last;
    private ClassFile file; // of the last class; several questions to one class come in a row

    /** The file of a class, or null if it has none or cannot be read now. */
    ClassFile of(Class<?> type) {
        if (type != last) {
            file = null;
            last = type;
            try {
                file = read(type);
            } catch (IOException | RuntimeException | LinkageError unreadable) {
                // by a fault of the machine, of the class loader or of the file: then nothing is known
            }
        }
        return file;
    }

    /** An interrupt must not reach the class loader: it would close a channel from which classes are read. */
    private static ClassFile read(Class<?> type) throws IOException {
        if (type.isHidden() || Proxy.isProxyClass(type)) {
            return null; // made in memory
        }
        boolean interrupted = Thread.interrupted();
        String name = type.getName();
        try (InputStream in = type.getResourceAsStream(
                name.substring(name.lastIndexOf('.') + 1).concat(".class"))) {
            return in == null ? null : new ClassFile(in.readAllBytes());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
