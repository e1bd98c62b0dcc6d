package org.atomicfs.unwind;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Ways in which the file of a class cannot be read for a moment. */
final class Faults {
    private Faults() {}

    /** Faults that are taken for "unknown". */
    static Map<String, Function<byte[], InputStream>> all() {
        Map<String, Function<byte[], InputStream>> faults = new LinkedHashMap<>();
        faults.put("none, as when there is no file descriptor", file -> null);
        faults.put("cut off", file -> new ByteArrayInputStream(file, 0, file.length / 2));
        faults.put("empty", file -> InputStream.nullInputStream());
        faults.put("not a class file", file -> new ByteArrayInputStream(new byte[100]));
        faults.put("IOException", file -> failing(new IOException("Too many open files")));
        faults.put("RuntimeException", file -> {
            throw new IllegalStateException("a faulty class loader");
        });
        faults.put("LinkageError", file -> {
            throw new NoClassDefFoundError("a faulty class loader");
        });
        return faults;
    }

    /** A stream that can be opened, but not read. */
    static InputStream failing(IOException exception) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                throw exception;
            }
        };
    }
}
