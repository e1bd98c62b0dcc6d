package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.atomicfs.AtomicFiles;
import org.atomicfs.testing.IsolatedLibrary;
import org.atomicfs.unwind.corpus.Inputs;
import org.atomicfs.unwind.corpus.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenSiteTest {
    private static Unwinding closed; // by the last user

    /** A stream, as seen from the library. */
    public static final class Stream implements AutoCloseable {
        private final OpenSite site = OpenSite.here(type -> type == Stream.class);

        /** Opens it. */
        public Stream() {}

        @Override
        public void close() {
            closed = site.unwinding();
        }
    }

    /** Fails while it has a stream open; is loaded by a loader of its own. */
    @SuppressWarnings("try")
    public static final class User {
        public static void run() {
            try (Stream stream = new Stream()) {
                throw new IllegalStateException();
            }
        }
    }

    /** As {@link User}, with a file. */
    public static final class Writer {
        public static void run() throws IOException {
            try (OutputStream out = Files.newOutputStream(Written.file)) {
                out.write(1);
                throw new IllegalStateException();
            }
        }
    }

    /** What {@link Writer} writes. */
    public static final class Written {
        public static Path file;
    }

    /** Loads a user anew, and answers for its file as told. */
    private static final class Loader extends ClassLoader {
        private final Class<?> user;
        private final Function<byte[], InputStream> answer;

        Loader(Function<byte[], InputStream> answer) {
            this(User.class, answer);
        }

        Loader(Class<?> user, Function<byte[], InputStream> answer) {
            super(OpenSiteTest.class.getClassLoader());
            this.user = user;
            this.answer = answer;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(user.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : defineClass(name, file(), 0, file().length);
        }

        @Override
        public InputStream getResourceAsStream(String name) {
            return name.endsWith("$" + user.getSimpleName() + ".class")
                    ? answer.apply(file())
                    : super.getResourceAsStream(name);
        }

        private byte[] file() {
            try {
                return ClassFileTest.bytes(user);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        Throwable run() throws ReflectiveOperationException {
            closed = null;
            return assertThrows(
                            InvocationTargetException.class,
                            () -> loadClass(user.getName()).getMethod("run").invoke(null))
                    .getCause();
        }
    }

    @Test
    void the_file_of_the_class_decides() throws ReflectiveOperationException {
        new Loader(ByteArrayInputStream::new).run();
        assertEquals(Unwinding.ATTACHES, closed);
    }

    @Test
    void nothing_is_known_without_the_file_of_the_class() throws ReflectiveOperationException {
        new Loader(file -> null).run();
        assertEquals(Unwinding.NO, closed);
        new Loader(file -> new ByteArrayInputStream(file, 0, 100)).run();
        assertEquals(Unwinding.NO, closed);
        new Loader(file -> {
                    throw new IllegalStateException("a faulty class loader");
                })
                .run();
        assertEquals(Unwinding.NO, closed);
        new Loader(file -> {
                    throw new NoClassDefFoundError("a faulty class loader");
                })
                .run();
        assertEquals(Unwinding.NO, closed);
    }

    @Test
    void a_failure_of_the_jvm_is_not_hidden() throws ReflectiveOperationException {
        OutOfMemoryError error = new OutOfMemoryError("not really");
        Throwable thrown = new Loader(file -> {
                    throw error;
                })
                .run();
        assertSame(error, thrown.getSuppressed()[0]);
        assertNull(closed);
    }

    @Test
    void a_failure_of_the_jvm_discards_what_was_written(@TempDir Path directory) throws Exception {
        Written.file = AtomicFiles.atomic(directory.resolve("file"));
        OutOfMemoryError error = new OutOfMemoryError("not really");
        Throwable thrown = new Loader(Writer.class, file -> {
                    throw error;
                })
                .run();
        assertSame(error, thrown.getSuppressed()[0]);
        try (java.util.stream.Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void a_class_loader_does_not_see_an_interrupt() throws ReflectiveOperationException {
        List<Boolean> interrupted = new ArrayList<>();
        Thread.currentThread().interrupt();
        try {
            new Loader(file -> {
                        interrupted.add(Thread.currentThread().isInterrupted());
                        return new ByteArrayInputStream(file);
                    })
                    .run();
        } finally {
            assertTrue(Thread.interrupted());
        }
        assertFalse(interrupted.isEmpty());
        assertFalse(interrupted.contains(true));
        assertEquals(Unwinding.ATTACHES, closed);
    }

    /** Closed by {@link Files}, whose answers are kept as long as the JVM lives. */
    public static final class InJdk {
        public static void run(String ignored) {
            assertThrows(IOException.class, () -> Files.copy(Inputs.bytes(true), Target.stream()));
        }
    }

    @Test
    void what_is_remembered_of_a_class_of_the_jdk_keeps_no_class_loader_alive() throws Exception {
        IsolatedLibrary.runAndUnload(InJdk.class, "run", null);
    }
}
