package org.atomicfs;

import static org.atomicfs.testing.DirectoryListing.names;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.IsolatedLibrary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of open writes when the JVM ends. */
class ShutdownTest {
    @TempDir
    Path directory;

    private String run(Class<?> program) throws IOException {
        ChildProcess.Result result = ChildProcess.run(ChildProcess.program(program, directory.toString()), null);
        assertEquals("", result.err());
        assertEquals(0, result.status());
        return result.out();
    }

    @Test
    void exit_aborts_what_is_open_but_lets_shutdown_hooks_write() throws IOException {
        assertEquals("not committed", run(Exiting.class));
        assertEquals(List.of("state"), names(directory));
        assertEquals(2_000_000, Files.size(directory.resolve("state")));
    }

    /** Exits with a write open, and writes another file in a hook. */
    static final class Exiting {
        public static void main(String[] arguments) throws IOException {
            Path directory = AtomicFiles.atomic(Path.of(arguments[0]));
            OutputStream open = Files.newOutputStream(directory.resolve("open"));
            open.write(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try (OutputStream state = Files.newOutputStream(directory.resolve("state"))) {
                    for (int i = 0; i < 2000; i++) {
                        state.write(new byte[1000]);
                    }
                } catch (IOException e) {
                    System.out.print(e);
                }
                closeLate(open);
            }));
            System.exit(0);
        }

        /** A writer that is late hears of it. */
        private static void closeLate(OutputStream open) {
            while (((AtomicWrite) open).status() == AtomicWrite.Status.OPEN) {
                Thread.onSpinWait();
            }
            try {
                open.close();
                System.out.print("nothing said");
            } catch (AtomicCommitException e) {
                System.out.print(e.getMessage().contains("shutting down") ? "not committed" : e.toString());
            } catch (IOException e) {
                System.out.print(e);
            }
        }
    }

    @Test
    void an_uncaught_exception_in_main_leaves_no_temporary() throws IOException {
        ChildProcess.Result result = ChildProcess.run(ChildProcess.program(Dying.class, directory.toString()), null);
        assertEquals(1, result.status());
        assertEquals(List.of(), names(directory));
    }

    /** Ends by an exception with a write open. */
    static final class Dying {
        public static void main(String[] arguments) throws IOException {
            Files.newOutputStream(AtomicFiles.atomic(Path.of(arguments[0], "open")))
                    .write(1);
            throw new IllegalStateException("on purpose");
        }
    }

    /** Writes, successfully and not. */
    public static final class Writes {
        public static void run(String directory) throws IOException {
            Path file = AtomicFiles.atomic(Path.of(directory, "file"));
            Files.writeString(file, "new");
            try (OutputStream out = Files.newOutputStream(file)) {
                ((AtomicWrite) out).abort();
            }
        }
    }

    /** A server that is given a program anew, with a class loader of its own, gets rid of the old one. */
    @Test
    void when_nothing_is_written_nothing_keeps_the_library_loaded() throws Exception {
        IsolatedLibrary.runAndUnload(Writes.class, "run", directory.toString());
        assertEquals(List.of("file"), names(directory));
    }
}
