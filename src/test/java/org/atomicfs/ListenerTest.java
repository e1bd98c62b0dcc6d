package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogRecord;
import org.atomicfs.AtomicEvent.Outcome;
import org.atomicfs.testing.CapturedLogs;
import org.atomicfs.testing.ChildProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What listeners are told. */
class ListenerTest {
    @TempDir
    Path directory;

    private final List<AtomicEvent> told = new ArrayList<>();
    private final AtomicListener listener = told::add;

    private Path plain(String name) {
        return directory.resolve(name).toAbsolutePath();
    }

    private Path file(String name) {
        return AtomicFiles.wrap(FileSystems.getDefault(), listening())
                .getPath(plain(name).toString());
    }

    private AtomicOptions listening() {
        return AtomicOptions.builder().addListener(listener).build();
    }

    private AtomicEvent only() {
        assertEquals(1, told.size(), told.toString());
        return told.get(0);
    }

    private static Throwable reason(AtomicEvent event) {
        return event.reason().orElseThrow();
    }

    @Test
    void of_a_published_write_its_destination_its_size_and_its_times() throws IOException {
        long began = System.nanoTime();
        try (OutputStream out = Files.newOutputStream(file("f"), Durability.FULL)) {
            out.write(new byte[1000]);
            assertEquals(List.of(), told);
        }
        Duration all = Duration.ofNanos(System.nanoTime() - began);
        AtomicEvent event = only();
        assertEquals(Outcome.PUBLISHED, event.outcome());
        assertEquals(plain("f"), event.destination());
        assertEquals(1000, event.bytes());
        assertTrue(event.reason().isEmpty());
        for (Duration part : List.of(event.writing(), event.forcing(), event.publishing())) {
            assertTrue(part.compareTo(Duration.ZERO) > 0, event.toString());
        }
        Duration parts = event.writing().plus(event.forcing()).plus(event.publishing());
        assertTrue(parts.compareTo(all) <= 0, event + " in " + all);
    }

    @Test
    void nothing_is_forced_with_durability_none() throws IOException {
        Files.writeString(file("f"), "new", Durability.NONE);
        assertEquals(Duration.ZERO, only().forcing());
    }

    @Test
    void the_destination_is_the_file_that_a_link_leads_to() throws IOException {
        Files.createSymbolicLink(plain("link"), plain("f"));
        Files.writeString(file("link"), "new");
        assertEquals(plain("f"), only().destination());
    }

    @Test
    void a_listener_is_an_option_of_an_open_too() throws IOException {
        Path file = AtomicFiles.atomic(plain("f"));
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, listener)) {
            channel.write(ByteBuffer.allocate(10));
        }
        Files.writeString(file, "again", listener);
        Files.writeString(file, "nobody listens");
        assertEquals(List.of(10L, 5L), told.stream().map(AtomicEvent::bytes).toList());
        AtomicFiles.update(file, (in, out) -> out.write(1), listener);
        assertEquals(3, told.size());
        assertEquals(1, Files.size(plain("f")));
    }

    @Test
    void all_listeners_are_told() throws IOException {
        List<AtomicEvent> others = new ArrayList<>();
        Files.writeString(file("f"), "new", (AtomicListener) others::add);
        assertEquals(told, others);
        assertSame(only(), others.get(0));
    }

    @Test
    void one_that_is_given_twice_is_told_once() throws IOException {
        Files.writeString(file("f"), "new", listener, listener);
        only();
    }

    @Test
    void an_event_is_one_line_whatever_its_file_is_called() throws IOException {
        Files.writeString(file("a\nb\rc"), "new");
        assertEquals(plain("a\nb\rc"), only().destination());
        assertTrue(only().toString().startsWith("PUBLISHED " + plain("a b c") + ", 3 bytes"), only().toString());
        assertEquals(1, only().toString().lines().count());
        try (OutputStream out = Files.newOutputStream(file("a\nb"))) {
            out.write(1);
            String pending = AtomicFiles.pending().get(0).toString();
            assertEquals(1, pending.lines().count(), pending);
            assertTrue(pending.startsWith(plain("a b") + ": "), pending);
        }
    }

    @Test
    void of_a_write_that_an_exception_ended_why() {
        IllegalStateException thrown = assertThrows(IllegalStateException.class, () -> {
            try (OutputStream out = Files.newOutputStream(file("f"))) {
                out.write(new byte[10]);
                throw new IllegalStateException("the program's own");
            }
        });
        AtomicEvent event = only();
        assertEquals(Outcome.DISCARDED, event.outcome());
        assertEquals(10, event.bytes());
        assertEquals(Duration.ZERO, event.forcing());
        assertEquals(Duration.ZERO, event.publishing());
        AtomicCommitException reason = assertInstanceOf(AtomicCommitException.class, reason(event));
        assertEquals(AtomicCommitException.Outcome.NOT_COMMITTED, reason.outcome());
        assertEquals(List.of(reason), List.of(thrown.getSuppressed()));
    }

    @Test
    void of_a_write_that_was_given_up_the_cause_if_one_was_given() throws IOException {
        IOException cause = new IOException("no more data");
        try (OutputStream out = Files.newOutputStream(file("f"))) {
            out.write(1);
            ((AtomicWrite) out).markFailed(cause);
        }
        assertSame(cause, reason(only()));
        told.clear();
        try (OutputStream out = Files.newOutputStream(file("f"))) {
            out.write(1);
            ((AtomicWrite) out).abort();
            assertEquals(Outcome.DISCARDED, only().outcome());
        }
        assertTrue(only().reason().isEmpty());
    }

    @Test
    void of_a_write_that_could_not_be_published_what_its_writer_got() throws IOException {
        OutputStream out = Files.newOutputStream(file("f"));
        out.write(1);
        Files.delete(plain("f.tmp"));
        AtomicCommitException thrown;
        try (CapturedLogs logs = new CapturedLogs()) {
            thrown = assertThrows(AtomicCommitException.class, out::close);
            assertFalse(logs.records().isEmpty());
        }
        assertSame(thrown, reason(only()));
        assertEquals(Outcome.DISCARDED, only().outcome());
    }

    @Test
    void a_copy_counts_its_bytes() throws IOException {
        Files.writeString(plain("source"), "12345");
        Files.copy(plain("source"), file("f"), StandardCopyOption.REPLACE_EXISTING);
        assertEquals(5, only().bytes());
        assertEquals(plain("f"), only().destination());
    }

    @Test
    void nothing_of_what_was_not_a_write() throws IOException {
        Files.writeString(plain("f"), "old");
        FileChannel.open(file("f"), StandardOpenOption.WRITE).close();
        Files.readString(file("f"));
        assertThrows(NoSuchFileException.class, () -> Files.newOutputStream(file("missing/f")));
        Files.newOutputStream(file("/dev/null")).close();
        Files.move(file("f"), file("g"));
        assertEquals(List.of(), told);
    }

    @Test
    void a_new_file_without_content_is_a_write() throws IOException {
        Files.createFile(file("f"));
        assertEquals(0, only().bytes());
        assertEquals(Outcome.PUBLISHED, only().outcome());
    }

    @Test
    void members_of_a_transaction_are_told_when_it_has_ended() throws IOException {
        try (FileTransaction transaction = AtomicFiles.transaction(directory, listening())) {
            Files.writeString(transaction.path(plain("a")), "1");
            Files.writeString(transaction.path(plain("b")), "22");
            assertEquals(List.of(), told);
            transaction.commit();
        }
        assertEquals(
                List.of(plain("a"), plain("b")),
                told.stream().map(AtomicEvent::destination).toList());
        assertEquals(List.of(1L, 2L), told.stream().map(AtomicEvent::bytes).toList());
        assertEquals(
                List.of(Outcome.PUBLISHED, Outcome.PUBLISHED),
                told.stream().map(AtomicEvent::outcome).toList());
        assertTrue(told.stream().noneMatch(event -> event.forcing().isZero()), told.toString());
    }

    @Test
    void a_single_member_too() throws IOException {
        try (FileTransaction transaction = AtomicFiles.transaction(directory, listening())) {
            Files.writeString(transaction.path(plain("a")), "1");
            transaction.commit();
        }
        assertEquals(Outcome.PUBLISHED, only().outcome());
    }

    @Test
    void members_of_one_that_is_rolled_back_are_discarded() throws IOException {
        try (FileTransaction transaction = AtomicFiles.transaction(directory, listening())) {
            Files.writeString(transaction.path(plain("a")), "1");
            Files.writeString(transaction.path(plain("b")), "2");
        }
        assertEquals(
                List.of(Outcome.DISCARDED, Outcome.DISCARDED),
                told.stream().map(AtomicEvent::outcome).toList());
        assertTrue(reason(told.get(0)).getMessage().contains("without being committed"), told.toString());
    }

    /** Whatever a listener does, it finds no lock taken. */
    @Test
    void other_threads_can_do_everything_while_a_listener_is_called() throws IOException {
        Path file = AtomicFiles.atomic(plain("f"));
        List<AtomicWrite> pending = new ArrayList<>();
        AtomicListener writing = event -> {
            told.add(event);
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
                try {
                    pending.addAll(AtomicFiles.pending());
                    Files.writeString(file, "another thread's");
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertTrue(other.orTimeout(30, TimeUnit.SECONDS)
                    .thenApply(done -> true)
                    .join());
        };
        try (CapturedLogs logs = new CapturedLogs()) {
            OutputStream out = Files.newOutputStream(file, writing);
            out.write(1);
            CompletableFuture<Void> closes = CompletableFuture.runAsync(() -> {
                try {
                    out.close();
                    out.close();
                    ((AtomicWrite) out).abort();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            closes.orTimeout(60, TimeUnit.SECONDS).join();
            assertEquals(
                    List.of(),
                    logs.records().stream().map(LogRecord::getMessage).toList());
        }
        only();
        assertEquals(List.of(), pending);
        assertEquals("another thread's", Files.readString(plain("f")));
        told.clear();
        try (FileTransaction transaction = AtomicFiles.transaction(
                directory, AtomicOptions.builder().addListener(writing).build())) {
            Files.writeString(transaction.path(plain("f")), "member");
            Files.writeString(transaction.path(plain("g")), "member");
            transaction.commit();
        }
        assertEquals(2, told.size());
    }

    @Test
    void what_a_listener_writes_itself_is_not_told() throws IOException {
        Path log = AtomicFiles.atomic(plain("log"));
        AtomicListener[] self = new AtomicListener[1];
        self[0] = event -> {
            told.add(event);
            assertPublishes(log, self[0]);
        };
        Files.writeString(AtomicFiles.atomic(plain("f")), "new", self[0]);
        only();
        assertEquals("written", Files.readString(plain("log")));
    }

    private static void assertPublishes(Path file, AtomicListener listener) {
        try {
            Files.writeString(file, "written", listener);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Throws whatever it is told to. */
    private record Throwing(Throwable thrown) implements AtomicListener {
        @Override
        public void ended(AtomicEvent event) {
            if (thrown instanceof Error e) {
                throw e;
            }
            throw (RuntimeException) thrown;
        }
    }

    @Test
    void what_a_listener_throws_harms_no_write_and_no_other_listener_and_is_logged_once() throws IOException {
        List<Throwable> all = List.of(
                new IllegalStateException("the listener's own"), new OutOfMemoryError(), new LinkageError("old"));
        try (CapturedLogs logs = new CapturedLogs()) {
            for (Throwable thrown : all) {
                Files.writeString(file("f"), thrown.toString(), new Throwing(thrown));
                assertEquals(thrown.toString(), Files.readString(plain("f")));
            }
            assertEquals(1, logs.records().size());
            LogRecord record = logs.records().get(0);
            assertTrue(record.getMessage().contains(Throwing.class.getName()), record.getMessage());
            assertSame(all.get(0), record.getThrown());
        }
        assertEquals(3, told.size());
        IllegalArgumentException kept = assertThrows(IllegalArgumentException.class, () -> {
            try (OutputStream out = Files.newOutputStream(file("f"), new Throwing(all.get(0)))) {
                out.write(1);
                throw new IllegalArgumentException("kept");
            }
        });
        assertEquals("kept", kept.getMessage());
    }

    /** Ends without closing. */
    static final class Halts {
        public static void main(String[] arguments) throws IOException {
            Files.newOutputStream(AtomicFiles.atomic(Path.of(arguments[0]))).write(1);
            if (arguments.length > 1) {
                Path root = Path.of(arguments[0]).getParent();
                FileTransaction transaction = AtomicFiles.transaction(root);
                Files.writeString(transaction.path(root.resolve("a")), "1");
                Files.writeString(transaction.path(root.resolve("b")), "2");
            }
            Runtime.getRuntime().halt(0);
        }
    }

    private void halt(String... arguments) throws IOException {
        assertEquals(
                "",
                ChildProcess.run(ChildProcess.program(Halts.class, arguments), null)
                        .err());
    }

    @Test
    void of_what_a_killed_writer_left_when_the_next_one_removes_it() throws IOException {
        halt(plain("f").toString());
        try (OutputStream out = Files.newOutputStream(file("f"))) {
            assertEquals(Outcome.RECOVERED, only().outcome());
            assertEquals(plain("f.tmp"), only().destination());
            out.write(1);
        }
        assertEquals(Outcome.PUBLISHED, told.get(1).outcome());
    }

    @Test
    void of_all_that_recover_removes() throws IOException {
        halt(plain("f").toString(), "and a transaction");
        List<Path> removed = AtomicFiles.recover(file("f").getParent());
        assertFalse(removed.isEmpty());
        assertEquals(
                removed.stream().map(AtomicFiles::plain).sorted().toList(),
                told.stream().map(AtomicEvent::destination).sorted().toList());
        assertTrue(told.stream().allMatch(event -> event.outcome() == Outcome.RECOVERED));
        told.clear();
        AtomicFiles.recover(file("f").getParent());
        assertEquals(List.of(), told);
    }

    /** As META-INF/services names it, in a child. */
    public static final class Installed implements AtomicListener {
        @Override
        public void ended(AtomicEvent event) {
            System.out.println(event.outcome() + " " + event.destination().getFileName());
        }
    }

    /** Cannot be made. */
    public static final class Broken implements AtomicListener {
        public Broken() {
            throw new IllegalStateException("broken on purpose");
        }

        @Override
        public void ended(AtomicEvent event) {}
    }

    /** Cannot be made, by an error. */
    public static final class Unlinked implements AtomicListener {
        public Unlinked() {
            throw new NoClassDefFoundError("unlinked on purpose");
        }

        @Override
        public void ended(AtomicEvent event) {}
    }

    /** Writes two files. */
    static final class Writes {
        public static void main(String[] arguments) throws IOException {
            for (String name : List.of("first", "second")) {
                Path file = Path.of(arguments[1]).resolve(name);
                switch (arguments[0]) {
                    case "uri" -> Files.writeString(Path.of(URI.create("atomic:" + file.toUri())), "x");
                    case "wrapped" -> Files.writeString(AtomicFiles.atomic(file), "x");
                    default -> Files.writeString(file, "x");
                }
            }
        }
    }

    private ChildProcess.Result write(String how, String services, String... jvm) throws IOException {
        Path configuration = Files.createDirectories(directory.resolve("services/META-INF/services"));
        Files.writeString(configuration.resolve(AtomicListener.class.getName()), services);
        List<String> command = ChildProcess.shortCommand(jvm);
        command.addAll(List.of(
                "-cp",
                directory.resolve("services") + ":" + System.getProperty("java.class.path"),
                Writes.class.getName(),
                how,
                directory.toString()));
        ChildProcess.Result result = ChildProcess.run(command, null);
        assertEquals(0, result.status(), result.err());
        return result;
    }

    @Test
    void a_service_is_told_of_all_writes_of_a_program_that_uses_uris() throws IOException {
        String out = write("uri", Installed.class.getName()).out();
        assertEquals(List.of("PUBLISHED first", "PUBLISHED second"), out.lines().toList());
    }

    @Test
    void a_service_is_told_from_the_second_write_on_in_other_programs() throws IOException {
        String out = write("wrapped", Installed.class.getName()).out();
        assertEquals(List.of("PUBLISHED second"), out.lines().toList());
    }

    @Test
    void a_service_that_cannot_be_made_stops_no_other_and_no_write() throws IOException {
        String both = Broken.class.getName() + "\n" + Unlinked.class.getName() + "\norg.example.Missing\n"
                + Installed.class.getName();
        ChildProcess.Result result = write("uri", both);
        assertEquals(
                List.of("PUBLISHED first", "PUBLISHED second"),
                result.out().lines().toList());
        assertTrue(result.err().contains("broken on purpose"), result.err());
        assertTrue(result.err().contains("unlinked on purpose"), result.err());
        assertTrue(result.err().contains("org.example.Missing"), result.err());
    }

    @Test
    void a_service_is_told_of_what_the_default_provider_writes() throws IOException {
        for (String where :
                List.of("-Xbootclasspath/a:" + Path.of("target", "classes").toAbsolutePath(), "-Dx=y")) {
            String out = write(
                            "default",
                            Installed.class.getName(),
                            where,
                            "-Dorg.atomicfs.include=**",
                            "-Djava.nio.file.spi.DefaultFileSystemProvider=" + AtomicDefaultProvider.class.getName())
                    .out();
            assertEquals(List.of("PUBLISHED second"), out.lines().toList(), where);
        }
    }
}
