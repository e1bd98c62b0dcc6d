package org.atomicfs;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.atomicfs.AtomicWrite.Status;
import org.atomicfs.testing.CapturedLogs;
import org.atomicfs.testing.ObservedFileSystem;
import org.atomicfs.testing.ObservedFileSystem.Operation;
import org.atomicfs.testing.Poll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What closing does, by policy and by what happened before. */
class WhenPublishedTest {
    @TempDir
    Path directory;

    private Path plain;
    private Path file;

    @BeforeEach
    void prepare() throws IOException {
        plain = Files.writeString(directory.resolve("file"), "old");
        file = AtomicFiles.atomic(plain);
    }

    private void assertContent(String expected) throws IOException {
        assertEquals(expected, Files.readString(plain));
        try (Stream<Path> entries = Files.list(directory)) {
            assertEquals(List.of(plain), entries.toList());
        }
    }

    private static final class Boom extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @Test
    void an_exception_is_told_of_the_discarded_file_once() throws IOException {
        Boom thrown = assertThrows(Boom.class, () -> {
            try (OutputStream out = Files.newOutputStream(file);
                    Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
                    BufferedWriter buffered = new BufferedWriter(writer)) {
                buffered.write("new");
                throw new Boom();
            }
        });
        assertEquals(1, thrown.getSuppressed().length);
        AtomicCommitException said = assertInstanceOf(AtomicCommitException.class, thrown.getSuppressed()[0]);
        assertEquals(
                plain + ": discarded, an exception was propagating when it was closed; the destination is unchanged",
                said.getMessage());
        assertContent("old");
    }

    @Test
    void a_failed_write_that_propagates_is_not_its_own_suppressed_cause() throws IOException {
        Path failing = AtomicFiles.atomic(ObservedFileSystem.over(plain, (operation, path) -> {
            if (operation == ObservedFileSystem.Operation.WRITE) {
                throw new IOException("no space");
            }
        }));
        IOException thrown = assertThrows(IOException.class, () -> {
            try (OutputStream out = Files.newOutputStream(failing)) {
                out.write(1);
            }
        });
        assertEquals("no space", thrown.getMessage());
        assertNull(thrown.getSuppressed()[0].getCause());
        assertTrue(
                thrown.getSuppressed()[0].getMessage().contains("the write had failed: java.io.IOException: no space"));
        assertContent("old");
    }

    @Test
    void what_cannot_be_attached_is_logged() throws IOException {
        try (CapturedLogs logs = new CapturedLogs()) {
            OutputStream out = Files.newOutputStream(file);
            Boom thrown = assertThrows(Boom.class, () -> {
                try {
                    out.write(1);
                    throw new Boom();
                } finally {
                    out.close();
                }
            });
            assertEquals(0, thrown.getSuppressed().length);
            LogRecord logged = logs.records().get(0);
            assertTrue(logged.getMessage().startsWith(plain + ": discarded, an exception was propagating"));
            assertEquals(1, logs.records().size());
        }
        assertContent("old");
    }

    @Test
    void a_commit_that_fails_leaves_one_line_even_if_its_exception_is_swallowed() throws IOException {
        try (CapturedLogs logs = new CapturedLogs()) {
            try (PrintWriter out = new PrintWriter(Files.newOutputStream(file))) {
                out.print("new");
                Files.delete(directory.resolve("file.tmp"));
            } // without any exception
            assertEquals(1, logs.records().size());
            LogRecord logged = logs.records().get(0);
            assertEquals(java.util.logging.Level.WARNING, logged.getLevel());
            assertTrue(logged.getMessage().startsWith(plain + ": not committed"), logged.getMessage());
            assertEquals(1, logged.getMessage().lines().count());
            assertNull(logged.getThrown());
        }
        assertContent("old");
    }

    @Test
    void an_exception_that_a_library_attaches_and_then_swallows_leaves_one_line() throws IOException {
        Path failing = AtomicFiles.atomic(ObservedFileSystem.over(plain, (operation, file) -> {
            if (operation == Operation.WRITE) {
                throw new IOException("no space");
            }
        }));
        try (CapturedLogs logs = new CapturedLogs()) {
            try (PrintStream out = new PrintStream(new BufferedOutputStream(Files.newOutputStream(failing)))) {
                out.print("new");
            } // without any exception
            assertEquals(1, logs.records().size());
            assertTrue(logs.records().get(0).getMessage().contains("no space"));
        }
        assertContent("old");
    }

    @Test
    void an_exception_that_reaches_the_caller_as_part_of_his_own_leaves_no_line() throws IOException {
        try (CapturedLogs logs = new CapturedLogs()) {
            assertThrows(Boom.class, () -> {
                try (OutputStream out = Files.newOutputStream(file)) {
                    out.write(1);
                    throw new Boom();
                }
            });
            assertEquals(List.of(), logs.records());
        }
        assertContent("old");
    }

    @Test
    void a_writer_that_hides_its_exceptions_is_logged_too() throws IOException {
        try (CapturedLogs logs = new CapturedLogs()) {
            assertThrows(Boom.class, () -> {
                try (PrintWriter out = new PrintWriter(Files.newOutputStream(file))) {
                    out.print("new");
                    throw new Boom();
                }
            });
            assertEquals(1, logs.records().size());
        }
        assertContent("old");
    }

    @Test
    void a_failure_that_was_asked_for_says_nothing() throws IOException {
        try (CapturedLogs logs = new CapturedLogs()) {
            Boom thrown = assertThrows(Boom.class, () -> {
                try (OutputStream out = Files.newOutputStream(file)) {
                    ((AtomicWrite) out).markFailed(null);
                    throw new Boom();
                }
            });
            assertEquals(0, thrown.getSuppressed().length);
            assertEquals(List.of(), logs.records());
        }
        assertContent("old");
    }

    @Test
    void commit_before_the_exception_wins() throws IOException {
        Boom thrown = assertThrows(Boom.class, () -> {
            try (OutputStream out = Files.newOutputStream(file)) {
                out.write('n');
                ((AtomicWrite) out).commit();
                throw new Boom();
            }
        });
        assertEquals(0, thrown.getSuppressed().length);
        assertContent("n");
    }

    @Test
    void on_close_publishes_whatever_propagates() throws IOException {
        assertThrows(Boom.class, () -> {
            try (FileChannel out =
                    FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE, CommitPolicy.ON_CLOSE)) {
                out.write(StandardCharsets.UTF_8.encode("n"));
                throw new Boom();
            }
        });
        assertContent("nld");
    }

    @Test
    void an_unchanged_file_is_closed_without_a_word() throws IOException {
        Boom thrown = assertThrows(Boom.class, () -> {
            try (FileChannel out = FileChannel.open(file, READ, java.nio.file.StandardOpenOption.WRITE)) {
                out.read(ByteBuffer.allocate(1));
                throw new Boom();
            }
        });
        assertEquals(0, thrown.getSuppressed().length);
        assertContent("old");
    }

    @Test
    void a_device_is_closed_without_a_word() {
        Path device = AtomicFiles.atomic(Path.of("/dev/null"));
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(device), "a Unix device");
        Boom thrown = assertThrows(Boom.class, () -> {
            try (OutputStream out = Files.newOutputStream(device)) {
                out.write(1);
                throw new Boom();
            }
        });
        assertEquals(0, thrown.getSuppressed().length);
    }

    @Test
    void the_jdks_own_copy_is_noticed() throws IOException {
        IOException thrown = assertThrows(
                IOException.class,
                () -> Files.copy(
                        new java.io.SequenceInputStream(
                                new ByteArrayInputStream(new byte[10]), new java.io.InputStream() {
                                    @Override
                                    public int read() throws IOException {
                                        throw new IOException("source");
                                    }
                                }),
                        file,
                        StandardCopyOption.REPLACE_EXISTING));
        assertEquals("source", thrown.getMessage());
        assertContent("old");
    }

    @Test
    void write_publishes_when_the_action_returns() throws IOException {
        AtomicFiles.write(plain, out -> {
            out.write('n');
            assertContentOfReaders("old");
        });
        assertContent("n");
        AtomicFiles.write(file, out -> out.write('m'), APPEND, Durability.FULL);
        assertContent("nm");
        assertThrows(FileAlreadyExistsException.class, () -> AtomicFiles.write(file, out -> out.write(1), CREATE_NEW));
        assertThrows(
                IllegalArgumentException.class,
                () -> AtomicFiles.write(file, out -> out.write(1), CommitPolicy.ON_CLOSE));
        assertContent("nm");
    }

    private void assertContentOfReaders(String expected) throws IOException {
        assertEquals(expected, Files.readString(file));
    }

    @Test
    void write_lets_the_action_close() throws IOException {
        AtomicFiles.write(file, out -> {
            try (Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8)) {
                writer.write("new");
            }
            assertContentOfReaders("old");
        });
        assertContent("new");
        Boom boom = new Boom();
        Boom thrown = assertThrows(
                Boom.class,
                () -> AtomicFiles.write(file, out -> {
                    out.write(1);
                    out.close();
                    throw boom;
                }));
        assertSame(boom, thrown);
        assertEquals(0, thrown.getSuppressed().length);
        assertContent("new");
    }

    @Test
    void what_is_written_after_closing_fails() throws IOException {
        AtomicCommitException thrown = assertThrows(
                AtomicCommitException.class,
                () -> AtomicFiles.write(file, out -> {
                    out.close();
                    try {
                        out.write(1);
                    } catch (IOException swallowed) {
                        // and on it goes
                    }
                }));
        assertInstanceOf(java.nio.channels.ClosedChannelException.class, thrown.getCause());
        assertContent("old");
    }

    @Test
    void write_throws_what_the_action_throws() throws IOException {
        for (Throwable boom : List.of(new Boom(), new IOException("boom"), new AssertionError())) {
            Throwable thrown = assertThrows(
                    Throwable.class,
                    () -> AtomicFiles.write(file, out -> {
                        out.write(1);
                        sneak(boom);
                    }));
            assertSame(boom, thrown);
            assertEquals(0, thrown.getSuppressed().length);
            assertContent("old");
        }
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> void sneak(Throwable thrown) throws X {
        throw (X) thrown;
    }

    @Test
    void write_does_not_publish_what_the_action_has_given_up() throws IOException {
        assertThrows(
                AtomicCommitException.class,
                () -> AtomicFiles.write(file, out -> ((AtomicWrite) out).markFailed(new Boom())));
        assertThrows(AtomicCommitException.class, () -> AtomicFiles.write(file, out -> ((AtomicWrite) out).abort()));
        assertContent("old");
    }

    @Test
    void write_channel_publishes_when_the_action_returns() throws IOException {
        AtomicFiles.writeChannel(file, out -> {
            assertInstanceOf(FileChannel.class, out);
            out.write(StandardCharsets.UTF_8.encode("new"));
            out.position(1).write(StandardCharsets.UTF_8.encode("o"));
            out.close();
            assertFalse(out.isOpen());
        });
        assertContent("now");
        AtomicFiles.writeChannel(file, out -> out.position(2).write(StandardCharsets.UTF_8.encode("t")), READ);
        assertContent("not");
        Boom boom = new Boom();
        assertSame(
                boom,
                assertThrows(
                        Boom.class,
                        () -> AtomicFiles.writeChannel(file, out -> {
                            out.write(ByteBuffer.allocate(10));
                            throw boom;
                        })));
        assertContent("not");
    }

    @Test
    void write_if_absent_lets_the_content_close() throws IOException {
        Files.delete(plain);
        assertTrue(AtomicFiles.writeIfAbsent(file, out -> {
            try (Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8)) {
                writer.write("new");
            }
        }));
        assertContent("new");
    }

    @Test
    void a_buried_write_is_marked_failed() throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(1);
            assertTrue(AtomicFiles.markFailed(plain, new Boom()));
            assertEquals(Status.FAILED, ((AtomicWrite) out).status());
        }
        assertFalse(AtomicFiles.markFailed(plain, null));
        assertContent("old");
    }

    @Test
    void the_write_of_this_thread_is_the_one_that_is_meant() throws Exception {
        try (OutputStream mine = Files.newOutputStream(file, TemporaryName.UNIQUE)) {
            OutputStream[] others = new OutputStream[1];
            Thread other = new Thread(() -> {
                try {
                    others[0] = Files.newOutputStream(file, TemporaryName.UNIQUE);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            other.start();
            other.join();
            try (OutputStream its = others[0]) {
                assertTrue(AtomicFiles.markFailed(file, null));
                assertEquals(Status.FAILED, ((AtomicWrite) mine).status());
                assertEquals(Status.OPEN, ((AtomicWrite) its).status());
                ((AtomicWrite) its).abort();
            }
        }
        assertContent("old");
    }

    private void drop(Path path) throws IOException {
        Files.newOutputStream(path).write(1);
    }

    private LogRecord afterDropping(Path path) throws IOException {
        try (CapturedLogs logs = new CapturedLogs()) {
            drop(path);
            Poll.until(() -> {
                System.gc();
                return !logs.records().isEmpty();
            });
            assertContent("old");
            return logs.records().get(0);
        }
    }

    @Test
    void a_dropped_writer_is_reported() throws IOException {
        LogRecord report = afterDropping(file);
        assertTrue(report.getMessage().startsWith(plain + ": discarded, it was never closed"), report.getMessage());
        assertTrue(report.getMessage().contains("org.atomicfs.traceOpens=true"), report.getMessage());
        assertNull(report.getThrown());
    }

    @Test
    void a_dropped_writer_is_reported_with_its_opening_if_that_is_wanted() throws IOException {
        FileSystem tracing = AtomicFiles.wrap(
                plain.getFileSystem(), AtomicOptions.builder().traceOpens(true).build());
        LogRecord report = afterDropping(tracing.getPath(plain.toString()));
        assertTrue(Stream.of(report.getThrown().getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("drop")));
    }

    @Test
    void what_was_closed_is_not_reported() throws IOException {
        try (CapturedLogs logs = new CapturedLogs()) {
            drop(file);
            for (int i = 0; i < 10; i++) {
                AtomicFiles.write(directory.resolve("other"), out -> out.write(1));
            }
            Files.delete(directory.resolve("other"));
            Poll.until(() -> {
                System.gc();
                return !logs.records().isEmpty();
            });
            assertEquals(1, logs.records().size());
        }
    }

    @Test
    void a_download_that_breaks_off_is_not_published() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 100_000);
            exchange.getResponseBody().write(new byte[50_000]);
            exchange.close(); // in the middle
        });
        server.start();
        try {
            URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
            HttpClient client = HttpClient.newHttpClient();
            assertThrows(
                    IOException.class,
                    () -> client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofFile(file)));
        } finally {
            server.stop(0);
        }
        Poll.until(() -> AtomicFiles.pending(file).isEmpty()); // the client closes after it has told
        assertContent("old");
    }
}
