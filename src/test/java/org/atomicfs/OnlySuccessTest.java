package org.atomicfs;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.atomicfs.AtomicCommitException.Outcome;
import org.atomicfs.testing.DelegateKind;
import org.atomicfs.testing.ObservedFileSystem;
import org.atomicfs.testing.ObservedFileSystem.Operation;
import org.atomicfs.testing.Poll;
import org.atomicfs.testing.TestDirectory;
import org.atomicfs.testing.WriterKind;
import org.atomicfs.testing.WriterKind.Writer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which a write fails, on everything that it can be written through. */
class OnlySuccessTest {
    private static final String INJECTED = "injected";

    /** What a way to fail works with. */
    private record Scene(WriterKind surface, Path path, Operation[] failing) {
        Writer open(OpenOption... more) throws IOException {
            Set<OpenOption> options = new HashSet<>(Set.of(CREATE, TRUNCATE_EXISTING, WRITE));
            options.addAll(List.of(more));
            return surface.open(path, options);
        }

        void failAt(Operation operation) {
            failing[0] = operation;
        }
    }

    private static void boom(RuntimeException boom) {
        throw boom;
    }

    private static final RuntimeException BOOM = new IllegalStateException("boom");

    /** How a write fails, and what the caller is to see of it. */
    private enum Way {
        EXCEPTION_LEAVES_TRY_WITH_RESOURCES {
            @Override
            void write(Scene scene) throws IOException {
                RuntimeException boom = new IllegalStateException("boom");
                try (Writer out = scene.open()) {
                    out.write("new");
                    boom(boom);
                }
            }

            @Override
            void check(Throwable thrown) {
                assertInstanceOf(IllegalStateException.class, thrown);
                assertEquals(1, thrown.getSuppressed().length);
                assertNotCommitted(thrown.getSuppressed()[0], null);
            }
        },
        EXCEPTION_LEAVES_TRY_FINALLY {
            @Override
            void write(Scene scene) throws IOException {
                Writer out = scene.open();
                try {
                    out.write("new");
                    boom(BOOM);
                } finally {
                    out.close();
                }
            }

            @Override
            void check(Throwable thrown) {
                assertSame(BOOM, thrown);
                assertEquals(0, thrown.getSuppressed().length);
            }
        },
        ERROR_LEAVES_TRY_WITH_RESOURCES {
            @Override
            void write(Scene scene) throws IOException {
                try (Writer out = scene.open()) {
                    out.write("new");
                    throw new OutOfMemoryError("not really");
                }
            }

            @Override
            void check(Throwable thrown) {
                assertInstanceOf(OutOfMemoryError.class, thrown);
                assertNotCommitted(thrown.getSuppressed()[0], null);
            }
        },
        WRITE_FAILS(true) {
            @Override
            void write(Scene scene) throws IOException {
                try (Writer out = scene.open()) {
                    out.write("new");
                    scene.failAt(Operation.WRITE);
                    out.write("er");
                }
            }

            @Override
            void check(Throwable thrown) {
                assertEquals(
                        INJECTED,
                        thrown.getMessage()); // learned of once; what is suppressed says what became of the file
            }
        },
        WRITE_FAILS_AND_THAT_IS_SWALLOWED(true) {
            @Override
            void write(Scene scene) throws IOException {
                Writer out = scene.open();
                out.write("new");
                scene.failAt(Operation.WRITE);
                try {
                    out.write("er");
                } catch (IOException swallowed) {
                    scene.failAt(null);
                }
                out.write("est");
                out.close();
            }

            @Override
            void check(Throwable thrown) {
                assertNotCommitted(thrown, INJECTED);
            }
        },
        FORCE_FAILS(true) {
            @Override
            void write(Scene scene) throws IOException {
                scene.failAt(Operation.FORCE);
                try (Writer out = scene.open()) {
                    out.write("new");
                }
            }

            @Override
            void check(Throwable thrown) {
                assertNotCommitted(thrown, INJECTED);
            }
        },
        CLOSE_FAILS(true) {
            @Override
            void write(Scene scene) throws IOException {
                Writer out = scene.open();
                out.write("new");
                scene.failAt(Operation.CLOSE);
                out.close();
            }

            @Override
            void check(Throwable thrown) {
                assertNotCommitted(thrown, INJECTED);
            }
        },
        RENAME_FAILS(true) {
            @Override
            void write(Scene scene) throws IOException {
                scene.failAt(Operation.MOVE);
                try (Writer out = scene.open()) {
                    out.write("new");
                }
            }

            @Override
            void check(Throwable thrown) {
                assertNotCommitted(thrown, INJECTED);
            }
        },
        CLOSED_UNDERNEATH(true) {
            @Override
            void write(Scene scene) throws IOException {
                try (Writer out = scene.open()) {
                    out.write("new");
                    ObservedFileSystem.closeChannels(AtomicFiles.plain(scene.path()));
                }
            }

            @Override
            boolean happensTo(WriterKind surface) {
                return surface != WriterKind.STREAM; // its stream is not a channel that anybody else has
            }

            @Override
            void check(Throwable thrown) {
                assertNotCommitted(thrown, null);
                assertInstanceOf(ClosedChannelException.class, thrown.getCause());
            }
        },
        INTERRUPTED {
            @Override
            void write(Scene scene) throws IOException {
                try (Writer out = scene.open()) {
                    out.write("new");
                    Thread.currentThread().interrupt();
                    out.write("er");
                } finally {
                    assertTrue(Thread.interrupted());
                }
            }

            @Override
            boolean happensTo(WriterKind surface) {
                return surface == WriterKind.BYTE_CHANNEL || surface == WriterKind.FILE_CHANNEL;
            }

            @Override
            void check(Throwable thrown) {
                assertInstanceOf(ClosedByInterruptException.class, thrown);
            }
        },
        WRONG_ARGUMENT {
            @Override
            void write(Scene scene) throws IOException {
                try (Writer out = scene.open()) {
                    out.write("new");
                    try {
                        ((SeekableByteChannel) out.opened()).position(-1);
                    } catch (IllegalArgumentException swallowed) {
                        // and on it goes
                    }
                }
            }

            @Override
            boolean happensTo(WriterKind surface) {
                return surface == WriterKind.BYTE_CHANNEL || surface == WriterKind.FILE_CHANNEL;
            }

            @Override
            void check(Throwable thrown) {
                assertNotCommitted(thrown, null);
                assertInstanceOf(IllegalArgumentException.class, thrown.getCause());
            }
        },
        TRUNCATION_FAILS(true) {
            @Override
            void write(Scene scene) throws IOException {
                try (Writer out = scene.open()) {
                    out.write("new");
                    scene.failAt(Operation.WRITE);
                    ((SeekableByteChannel) out.opened()).truncate(1);
                }
            }

            @Override
            boolean happensTo(WriterKind surface) {
                return surface == WriterKind.BYTE_CHANNEL || surface == WriterKind.FILE_CHANNEL;
            }

            @Override
            void check(Throwable thrown) {
                assertEquals(INJECTED, thrown.getMessage());
            }
        },
        TRANSFER_FAILS(true) {
            @Override
            void write(Scene scene) throws IOException {
                Path source = Files.writeString(Files.createTempFile("source", null), "source");
                try (Writer out = scene.open();
                        FileChannel in = FileChannel.open(source)) {
                    scene.failAt(Operation.WRITE);
                    ((FileChannel) out.opened()).transferFrom(in, 0, 3);
                } finally {
                    Files.delete(source);
                }
            }

            @Override
            boolean happensTo(WriterKind surface) {
                return surface == WriterKind.FILE_CHANNEL;
            }

            @Override
            void check(Throwable thrown) {
                assertEquals(INJECTED, thrown.getMessage());
            }
        },
        FILE_SYSTEM_IS_CLOSED {
            @Override
            void write(Scene scene) throws IOException {
                FileSystem own = FileSystems.newFileSystem(URI.create("atomic:///"), Map.of());
                Writer out = scene.surface()
                        .open(own.getPath(scene.path().toString()), Set.of(CREATE, TRUNCATE_EXISTING, WRITE));
                out.write("new");
                own.close();
                out.close();
            }

            @Override
            boolean happensOn(DelegateKind delegate) {
                return delegate == DelegateKind.DEFAULT; // the others are closed with it, and all is gone
            }

            @Override
            void check(Throwable thrown) {
                assertNotCommitted(thrown, null);
                assertTrue(thrown.getMessage().contains("closed"), thrown.getMessage());
            }
        },
        MARKED_FAILED {
            @Override
            void write(Scene scene) throws IOException {
                try (Writer out = scene.open()) {
                    out.write("new");
                    AtomicFiles.markFailed(scene.path(), BOOM);
                }
            }

            @Override
            void check(Throwable thrown) {
                assertNull(thrown); // asked for
            }
        },
        ABORTED {
            @Override
            void write(Scene scene) throws IOException {
                try (Writer out = scene.open()) {
                    out.write("new");
                    out.handle().abort();
                }
            }

            @Override
            void check(Throwable thrown) {
                assertNull(thrown);
            }
        },
        NOT_COMMITTED_EXPLICITLY {
            @Override
            void write(Scene scene) throws IOException {
                try (Writer out = scene.open(CommitPolicy.EXPLICIT)) {
                    out.write("new");
                }
            }

            @Override
            void check(Throwable thrown) {
                assertNull(thrown);
            }
        },
        DROPPED {
            @Override
            void write(Scene scene) throws IOException {
                drop(scene);
                Path directory = AtomicFiles.plain(scene.path()).getParent();
                Poll.until(() -> {
                    System.gc();
                    return !hasTemporaries(directory)
                            && AtomicFiles.pending(scene.path()).isEmpty();
                });
            }

            private boolean hasTemporaries(Path directory) {
                try (Stream<Path> entries = Files.list(directory)) {
                    return entries.anyMatch(entry -> entry.toString().endsWith(".tmp"));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            private void drop(Scene scene) throws IOException {
                scene.open().write("new");
            }

            @Override
            void check(Throwable thrown) {
                assertNull(thrown);
            }
        };

        final boolean injected;

        Way() {
            this(false);
        }

        Way(boolean injected) {
            this.injected = injected;
        }

        abstract void write(Scene scene) throws IOException;

        abstract void check(Throwable thrown);

        boolean happensTo(WriterKind surface) {
            return true;
        }

        boolean happensOn(DelegateKind delegate) {
            return true;
        }
    }

    private record Case(Way way, WriterKind surface, DelegateKind delegate, boolean present) {}

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Way way : Way.values()) {
            for (WriterKind surface : WriterKind.values()) {
                for (DelegateKind delegate : List.of(DelegateKind.DEFAULT, DelegateKind.JIMFS_UNIX)) {
                    if (way.happensTo(surface) && way.happensOn(delegate)) {
                        cases.add(new Case(way, surface, delegate, false));
                        cases.add(new Case(way, surface, delegate, true));
                    }
                }
            }
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void nothing_else_changes_the_destination(Case it) throws IOException {
        try (TestDirectory place = it.delegate().newDirectory()) {
            Path plain = place.plain().resolve("file");
            if (it.present()) {
                Files.writeString(plain, "old");
            }
            Operation[] failing = {null};
            Path written = it.way().injected
                    ? ObservedFileSystem.over(plain, (operation, file) -> {
                        if (operation == failing[0]) {
                            throw new IOException(INJECTED);
                        }
                    })
                    : plain;
            Throwable thrown = null;
            try {
                it.way().write(new Scene(it.surface(), AtomicFiles.atomic(written), failing));
            } catch (Throwable e) {
                thrown = e;
            }
            it.way().check(thrown);
            assertEquals(it.present() ? List.of("file") : List.of(), place.names());
            if (it.present()) {
                assertEquals("old", Files.readString(plain));
            }
            assertTrue(AtomicFiles.pending(written).isEmpty());
        }
    }

    private static void assertNotCommitted(Throwable thrown, String cause) {
        AtomicCommitException said = assertInstanceOf(AtomicCommitException.class, thrown);
        assertEquals(Outcome.NOT_COMMITTED, said.outcome());
        assertTrue(said.getMessage().contains("the destination is unchanged"), said.getMessage());
        if (cause != null) {
            assertEquals(cause, said.getCause().getMessage());
        }
    }
}
