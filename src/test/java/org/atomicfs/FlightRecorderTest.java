package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.WritesByLine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the Flight Recorder records. */
class FlightRecorderTest {
    @TempDir
    Path directory;

    /** An action that may fail. */
    private interface Action {
        void run() throws IOException;
    }

    private static List<RecordedEvent> ours(Path recording) throws IOException {
        return RecordingFile.readAllEvents(recording).stream()
                .filter(event -> event.getEventType().getName().startsWith("org.atomicfs."))
                .toList();
    }

    private List<RecordedEvent> recorded(Consumer<Recording> settings, Action action) throws IOException {
        Path file = directory.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            settings.accept(recording);
            recording.start();
            action.run();
            recording.stop();
            recording.dump(file);
        }
        return ours(file);
    }

    private static String name(RecordedEvent event) {
        String full = event.getEventType().getName();
        return full.substring(full.lastIndexOf('.') + 1);
    }

    private static String text(RecordedEvent event) {
        return name(event) + " " + Path.of(event.getString("destination")).getFileName() + " "
                + event.getString("outcome");
    }

    private void write(String name) throws IOException {
        Files.writeString(AtomicFiles.atomic(directory.resolve(name)), "12345", Durability.FULL);
    }

    private void fail(String name) {
        assertThrows(IllegalStateException.class, () -> {
            try (OutputStream out = Files.newOutputStream(AtomicFiles.atomic(directory.resolve(name)))) {
                out.write(1);
                throw new IllegalStateException("the program's own");
            }
        });
    }

    @Test
    void commits_discards_and_recoveries_are_recorded() throws IOException {
        String killed = directory.resolve("killed").toString();
        ChildProcess.run(ChildProcess.program(ListenerTest.Halts.class, killed), null);
        List<RecordedEvent> events = recorded(recording -> {}, () -> {
            write("written");
            fail("failed");
            write("killed");
        });
        assertEquals(
                List.of(
                        "Commit written COMMITTED",
                        "Discard failed NOT_COMMITTED",
                        "Recover killed.tmp REMOVED",
                        "Commit killed COMMITTED"),
                events.stream().map(FlightRecorderTest::text).toList());
        RecordedEvent commit = events.get(0);
        assertEquals(directory.resolve("written").toAbsolutePath().toString(), commit.getString("destination"));
        assertEquals(5, commit.getLong("bytes"));
        assertEquals(null, commit.getString("reason"));
        for (String time : List.of("writeTime", "forceTime", "publishTime")) {
            assertTrue(commit.getDuration(time).compareTo(Duration.ZERO) > 0, commit.toString());
        }
        assertTrue(commit.getStackTrace().getFrames().stream()
                .anyMatch(frame -> frame.getMethod().getType().getName().equals(FlightRecorderTest.class.getName())));
        assertTrue(
                events.get(1).getString("reason").contains("failed"),
                events.get(1).toString());
    }

    @Test
    void an_event_lasts_as_long_as_the_commit_or_as_the_discarded_write() throws IOException {
        List<RecordedEvent> events = recorded(
                recording -> {
                    recording.enable("org.atomicfs.Commit").withThreshold(Duration.ofNanos(1));
                    recording.enable("org.atomicfs.Discard").withThreshold(Duration.ofNanos(1));
                },
                () -> {
                    write("written");
                    fail("failed");
                });
        assertEquals(
                List.of("Commit written COMMITTED", "Discard failed NOT_COMMITTED"),
                events.stream().map(FlightRecorderTest::text).toList());
        for (RecordedEvent event : events) {
            Duration least = name(event).equals("Commit") ? event.getDuration("forceTime") : Duration.ofNanos(1);
            assertTrue(event.getDuration().compareTo(least) >= 0, event.toString());
        }
    }

    @Test
    void events_that_a_recording_does_not_want_are_not_recorded() throws IOException {
        assertEquals(
                List.of("Discard failed NOT_COMMITTED"),
                recorded(recording -> recording.disable("org.atomicfs.Commit"), () -> {
                            write("written");
                            fail("failed");
                        })
                        .stream()
                        .map(FlightRecorderTest::text)
                        .toList());
    }

    /** It holds its own locks meanwhile. */
    @Test
    void a_recording_that_is_written_to_an_atomic_path_is_complete_and_not_recorded() throws IOException {
        Path file = directory.resolve("dumped.jfr");
        List<RecordedEvent> events = recorded(recording -> {}, () -> {
            write("written");
            try (Recording inner = new Recording()) {
                inner.start();
                write("inner");
                inner.stop();
                inner.dump(AtomicFiles.atomic(file));
            }
        });
        assertEquals(
                List.of("Commit inner COMMITTED"),
                ours(file).stream().map(FlightRecorderTest::text).toList());
        assertEquals(
                List.of("Commit written COMMITTED", "Commit inner COMMITTED"),
                events.stream().map(FlightRecorderTest::text).toList());
    }

    private List<String> child(String... jvm) throws IOException {
        List<String> command = ChildProcess.shortCommand(jvm);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), WritesByLine.class.getName()));
        command.add(directory.toString());
        return command;
    }

    private void assertWrites(List<String> command) throws IOException {
        Path lines = Files.writeString(directory.resolve("lines"), "\n\n");
        ChildProcess.Result result = ChildProcess.run(command, lines);
        assertEquals(0, result.status(), result.err());
        assertEquals("x", Files.readString(directory.resolve("file1")));
    }

    private Path childsRecording() {
        return directory.resolve("child.jfr");
    }

    private String startRecording() {
        return "-XX:StartFlightRecording:filename=" + childsRecording();
    }

    private void assertBothRecorded() throws IOException {
        assertEquals(
                List.of("Commit file0 COMMITTED", "Commit file1 COMMITTED"),
                ours(childsRecording()).stream().map(FlightRecorderTest::text).toList());
    }

    @Test
    void a_recording_that_begins_with_the_jvm_has_the_first_write() throws IOException {
        assertWrites(child(startRecording()));
        assertBothRecorded();
    }

    @Test
    void it_is_the_same_on_the_module_path() throws IOException {
        String classes = Path.of("target", "classes").toAbsolutePath().toString();
        List<String> command = child(startRecording(), "-p", classes, "--add-modules", "org.atomicfs");
        assertWrites(command);
        assertBothRecorded();
    }

    @Test
    void it_is_the_same_with_the_default_provider_on_the_boot_class_path() throws IOException {
        List<String> command = child(
                startRecording(),
                "-Xbootclasspath/a:" + Path.of("target", "classes").toAbsolutePath(),
                "-Dorg.atomicfs.include=" + directory + "/file*",
                "-Djava.nio.file.spi.DefaultFileSystemProvider=" + AtomicDefaultProvider.class.getName());
        command.add("by the default provider");
        assertWrites(command);
        assertBothRecorded();
    }

    @Test
    void a_recording_can_begin_in_a_running_jvm() throws IOException {
        Process process = new ProcessBuilder(child())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = process.inputReader();
                var in = process.outputWriter()) {
            assertEquals("ready", out.readLine());
            in.write("\n");
            in.flush();
            assertEquals("file0", out.readLine());
            jcmd(process, "JFR.start", "name=r");
            in.write("\n");
            in.flush();
            assertEquals("file1", out.readLine());
            jcmd(process, "JFR.stop", "name=r", "filename=" + childsRecording());
        } finally {
            process.destroy();
        }
        assertEquals(
                List.of("Commit file1 COMMITTED"),
                ours(childsRecording()).stream().map(FlightRecorderTest::text).toList());
    }

    private static void jcmd(Process process, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), "" + process.pid()));
        command.addAll(List.of(arguments));
        ChildProcess.Result result = ChildProcess.run(command, null);
        assertEquals(0, result.status(), result.out() + result.err());
    }

    @Test
    void without_the_module_of_the_flight_recorder_files_are_written_as_ever() throws IOException {
        List<String> command = child("--limit-modules", "java.base", "-Xlog:class+load:file=" + log());
        assertWrites(command);
        assertEquals(
                List.of(),
                ofRecorder().stream().filter(name -> name.startsWith("jdk.")).toList());
    }

    private Path log() {
        return directory.resolve("classes");
    }

    private List<String> ofRecorder() throws IOException {
        return Files.readAllLines(log()).stream()
                .filter(line -> line.contains(" source: "))
                .map(line -> line.substring(0, line.indexOf(" source: ")))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .filter(name -> name.startsWith("jdk.jfr.") || name.startsWith("org.atomicfs.events."))
                .sorted()
                .toList();
    }

    @Test
    void without_a_recording_one_class_of_the_recorder_is_loaded_and_one_of_ours() throws IOException {
        List<String> command = ChildProcess.shortCommand("-Xlog:class+load:file=" + log());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), WritesByLine.class.getName()));
        command.add(directory.toString());
        Path one = Files.writeString(directory.resolve("lines"), "\n");
        assertEquals(0, ChildProcess.run(command, one).status());
        assertTrue(Files.exists(directory.resolve("file0")));
        assertEquals(List.of("jdk.jfr.FlightRecorder", "org.atomicfs.events.Observation"), ofRecorder());
    }
}
