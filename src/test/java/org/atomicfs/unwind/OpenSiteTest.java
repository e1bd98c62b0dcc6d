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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    private static FaultyLoader loader(Function<byte[], InputStream> answer) {
        closed = null;
        return new FaultyLoader(User.class, answer);
    }

    @Test
    void the_file_of_the_class_decides() throws ReflectiveOperationException {
        loader(ByteArrayInputStream::new).run();
        assertEquals(Unwinding.ATTACHES, closed);
    }

    @Test
    void nothing_is_known_without_the_file_of_the_class() throws ReflectiveOperationException {
        for (Map.Entry<String, Function<byte[], InputStream>> fault :
                Faults.all().entrySet()) {
            loader(fault.getValue()).run();
            assertEquals(Unwinding.NO, closed, fault.getKey());
        }
    }

    @Test
    void a_class_whose_file_could_not_be_read_is_read_again() throws ReflectiveOperationException {
        for (Map.Entry<String, Function<byte[], InputStream>> fault :
                Faults.all().entrySet()) {
            FaultyLoader loader = loader(fault.getValue());
            loader.run();
            assertEquals(Unwinding.NO, closed, fault.getKey());
            loader.answer(ByteArrayInputStream::new);
            loader.run();
            assertEquals(Unwinding.ATTACHES, closed, fault.getKey());
        }
    }

    @Test
    void a_failure_of_the_jvm_passes() throws ReflectiveOperationException {
        for (VirtualMachineError error : List.of(new OutOfMemoryError(), new StackOverflowError())) {
            FaultyLoader loader = loader(file -> {
                throw error;
            });
            assertSame(error, loader.run().getSuppressed()[0]);
            loader.answer(ByteArrayInputStream::new);
            loader.run();
            assertEquals(Unwinding.ATTACHES, closed);
        }
    }

    @Test
    void a_failure_of_the_jvm_is_not_hidden() throws ReflectiveOperationException {
        OutOfMemoryError error = new OutOfMemoryError("not really");
        Throwable thrown = loader(file -> {
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
        Throwable thrown = new FaultyLoader(Writer.class, file -> {
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
            loader(file -> {
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
