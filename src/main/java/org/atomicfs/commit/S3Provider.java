package org.atomicfs.commit;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.reflect.Field;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What the S3 provider of AWS (aws-java-nio-spi-for-s3) offers, and does, beyond the interfaces of NIO. By reflection:
 * it need not be there.
 *
 * <p>Its channel writes to a file of its own and uploads that when it is closed. A file system that is closed closes
 * the channels that are open still, and so would upload what an abandoned one has, or one whose upload has failed.
 */
final class S3Provider {
    private static final String PACKAGE = "software.amazon.nio.spi.s3.";

    private S3Provider() {}

    private static boolean isOf(Path object) {
        return Delegate.provider(object).getClass().getName().startsWith(PACKAGE);
    }

    /** The option by which an upload fails if there is an object by then; null where there is none. */
    static OpenOption ifAbsent(Path object) {
        return option(object, "assumeObjectNotExists");
    }

    /**
     * The option by which an upload fails if the object is another one by then than it was when the channel was opened;
     * null where there is none.
     */
    static OpenOption ifSame(Path object) {
        return option(object, "preventConcurrentOverwrite");
    }

    /**
     * The option by which only the first byte of the old object is read, not all of it, when it is opened to be
     * replaced; null where there is none.
     */
    static OpenOption readLittle(Path object) {
        return option(object, "range", 0, 0);
    }

    private static OpenOption option(Path object, String name, Object... arguments) {
        if (!isOf(object)) {
            return null;
        }
        try {
            Class<?> options = Class.forName(
                    PACKAGE + "S3OpenOption",
                    true,
                    Delegate.provider(object).getClass().getClassLoader());
            Class<?>[] types = new Class<?>[arguments.length];
            Arrays.fill(types, int.class);
            return (OpenOption) options.getMethod(name, types).invoke(null, arguments);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError absent) {
            Registry.logger().log(Level.DEBUG, name, absent);
            return null; // an older one
        }
    }

    /** Closes a channel without an upload, and removes its file. */
    static void stop(Path object, SeekableByteChannel channel) {
        if (!isOf(object)) {
            return;
        }
        try {
            Object writing = get(channel, "writeDelegate");
            Path file = (Path) get(writing, "tempFile");
            field(writing, "open").setBoolean(writing, false);
            channel.close();
            Files.deleteIfExists(file);
        } catch (IOException | ReflectiveOperationException | RuntimeException unknown) {
            Registry.logger().log(Level.WARNING, StoreMessages.notStopped(object), unknown);
        }
    }

    private static Object get(Object object, String name) throws ReflectiveOperationException {
        return field(object, name).get(object);
    }

    private static Field field(Object object, String name) throws ReflectiveOperationException {
        Field field = object.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}
