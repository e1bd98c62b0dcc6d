package org.atomicfs.cli;

import static org.atomicfs.testing.DirectoryListing.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.ChildProcess.Result;
import org.atomicfs.testing.Needs;
import org.atomicfs.testing.Poll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The runnable jar, as a process. */
class CliIT {
    /** A real file of over 100 MB that every machine with a JDK has. */
    private static final Path LARGE = Path.of(System.getProperty("java.home"), "lib", "modules");

    @TempDir
    Path directory;

    private Path destination;

    @BeforeEach
    void nameDestination() {
        destination = directory.resolve("out file.bin");
    }

    private static List<String> command(String... arguments) {
        List<String> command = ChildProcess.shortCommand("-jar", System.getProperty("cli.jar"));
        command.addAll(List.of(arguments));
        return command;
    }

    private static Result atomicfs(String... arguments) throws IOException {
        return ChildProcess.run(command(arguments), null);
    }

    private void assertOnlyHas(String content) throws IOException {
        assertEquals(content, Files.readString(destination));
        assertEquals(List.of("out file.bin"), names(directory));
    }

    private static void assertOneLine(String expected, Result result) {
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().startsWith("atomicfs: "), result.err());
        assertTrue(result.err().contains(expected), result.err());
    }

    @Nested
    class Write {
        @Test
        void publishes_standard_input() throws IOException {
            assumeTrue(Files.size(LARGE) > 100_000_000, () -> LARGE + " is small");
            Result result = ChildProcess.run(command("write", destination.toString()), LARGE);
            assertEquals(new Result(0, "", ""), result);
            assertEquals(-1, Files.mismatch(LARGE, destination));
            assertEquals(List.of("out file.bin"), names(directory));
        }

        @Test
        void takes_every_durability_in_any_case() throws IOException {
            for (String durability : List.of("none", "DATA", "Full")) {
                Result result = atomicfs("write", "--durability", durability, destination.toString());
                assertEquals(new Result(0, "", ""), result);
                assertOnlyHas("");
            }
            Result wrong = atomicfs("write", "--durability=some", destination.toString());
            assertEquals(2, wrong.status());
            assertTrue(wrong.err().contains("[NONE, DATA, FULL]"), wrong.err());
        }

        @Test
        void says_in_one_line_that_the_directory_is_missing() throws IOException {
            Result result = atomicfs("write", directory.resolve("no/such").toString());
            assertEquals(1, result.status());
            assertOneLine("no/such: no such file or directory", result);
        }

        @Test
        void says_in_one_line_that_the_name_is_empty() throws IOException {
            for (String[] words : new String[][] {{"write", ""}, {"run", "-o", "", "--", "true"}}) {
                Result result = atomicfs(words);
                assertEquals(1, result.status());
                assertOneLine("DEST is empty", result);
            }
            Result result = atomicfs("run", "--dir", "", "--", "true"); // not the current directory
            assertEquals(1, result.status());
            assertOneLine("DIR is empty", result);
        }

        @Test
        void a_message_is_one_line_whatever_the_file_is_called() throws IOException {
            assertOneLine(
                    "a b", atomicfs("write", directory.resolve("missing/a\nb").toString()));
        }

        @Test
        void says_in_one_line_that_a_strange_file_is_in_the_way() throws IOException {
            Files.writeString(directory.resolve("out file.bin.tmp"), "somebody's");
            Result result = atomicfs("write", destination.toString());
            assertEquals(1, result.status());
            assertOneLine("out file.bin.tmp", result);
            assertEquals(List.of("out file.bin.tmp"), names(directory));
        }

        @Test
        void killed_half_way_it_leaves_the_old_file_and_the_next_run_goes_on() throws IOException {
            Files.writeString(destination, "old");
            Process process = halfWay();
            process.destroyForcibly(); // SIGKILL
            ChildProcess.await(process);
            assertEquals("old", Files.readString(destination));
            assertTrue(names(directory).contains("out file.bin.tmp"));

            Result again = ChildProcess.run(command("write", destination.toString()), LARGE);
            assertEquals(new Result(0, "", ""), again);
            assertEquals(-1, Files.mismatch(LARGE, destination));
            assertEquals(List.of("out file.bin"), names(directory));
        }

        @Test
        void a_second_writer_is_refused_while_the_first_lives() throws IOException {
            Process first = halfWay();
            Result second = atomicfs("write", destination.toString());
            assertEquals(1, second.status());
            assertOneLine("another process", second);
            first.getOutputStream().close();
            assertEquals(0, ChildProcess.await(first));
            assertEquals(List.of("out file.bin"), names(directory));
            assertTrue(Files.size(destination) >= Files.size(LARGE) / 2);
        }

        @ParameterizedTest
        @ValueSource(strings = {"INT", "TERM", "HUP"})
        void stopped_half_way_it_leaves_the_old_file_and_nothing_else(String signal) throws IOException {
            Needs.signal(signal);
            Files.writeString(destination, "old");
            Process process = halfWay();
            send(signal, process);
            assertTrue(ChildProcess.await(process) > 128, signal);
            assertOnlyHas("old");
        }

        /** A process that has written the first half of the large file and waits for more. */
        private Process halfWay() throws IOException {
            Process process = new ProcessBuilder(command("write", destination.toString())).start();
            long half = Files.size(LARGE) / 2;
            try (InputStream large = Files.newInputStream(LARGE)) {
                OutputStream input = process.getOutputStream();
                byte[] buffer = new byte[1 << 16];
                long written = 0;
                for (int n; written < half && (n = large.read(buffer)) > 0; written += n) {
                    input.write(buffer, 0, n);
                }
                input.flush();
            }
            Path temporary = directory.resolve("out file.bin.tmp");
            Poll.until(() -> size(temporary) >= half);
            return process;
        }

        private long size(Path file) {
            try {
                return Files.size(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void send(String signal, Process process) throws IOException {
        ChildProcess.await(new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start());
    }

    @Nested
    class Recover {
        private void kill(Process process) throws IOException {
            process.destroyForcibly();
            ChildProcess.await(process);
        }

        @Test
        void tells_and_removes_what_dead_writers_left_and_nothing_else() throws IOException {
            Files.writeString(directory.resolve("strange.tmp"), "somebody's");
            Process dead = new Write().halfWay();
            kill(dead);
            List<String> before = names(directory);
            String temporary = destination + ".tmp";
            assertEquals(new Result(0, "abandoned " + temporary + "\n", ""), atomicfs("pending", directory.toString()));
            assertEquals(before, names(directory));
            assertEquals(new Result(0, "removed " + temporary + "\n", ""), atomicfs("recover", directory.toString()));
            assertEquals(List.of("strange.tmp"), names(directory));
            assertEquals(new Result(0, "", ""), atomicfs("recover", directory.toString()));
        }

        @Test
        void leaves_a_live_writer_alone() throws IOException {
            Process live = new Write().halfWay();
            assertEquals(
                    new Result(0, "written " + destination + ".tmp\n", ""), atomicfs("pending", directory.toString()));
            assertEquals(new Result(0, "", ""), atomicfs("recover", directory.toString()));
            live.getOutputStream().close();
            assertEquals(0, ChildProcess.await(live));
            assertEquals(List.of("out file.bin"), names(directory));
        }

        @Test
        void says_in_one_line_that_the_directory_is_missing() throws IOException {
            for (String command : List.of("recover", "pending")) {
                Result result = atomicfs(command, directory.resolve("missing").toString());
                assertEquals(1, result.status());
                assertOneLine("missing", result);
            }
        }
    }

    @Nested
    class Run {
        @Test
        void publishes_the_output_of_a_command_that_succeeds() throws IOException {
            Result result = atomicfs("run", "-o", destination.toString(), "--", "echo", "-n", "new");
            assertEquals(new Result(0, "", ""), result);
            assertOnlyHas("new");
        }

        @Test
        void needs_no_dashes_before_the_command() throws IOException {
            Result result = atomicfs("run", "-o", destination.toString(), "echo", "-n", "--help");
            assertEquals(0, result.status());
            assertOnlyHas("--help");
        }

        @Test
        void discards_the_output_of_a_command_that_fails_and_passes_its_status_on() throws IOException {
            Files.writeString(destination, "old");
            Result result =
                    atomicfs("run", "-o", destination.toString(), "--", "sh", "-c", "echo new; echo why >&2; exit 7");
            assertEquals(new Result(7, "", "why\n"), result);
            assertOnlyHas("old");
        }

        @Test
        void passes_the_death_of_a_command_on_as_the_shell_does() throws IOException {
            Result result = atomicfs("run", "-o", destination.toString(), "--", "sh", "-c", "echo new; kill -9 $$");
            assertEquals(137, result.status());
            assertEquals(List.of(), names(directory));
        }

        @Test
        void passes_standard_input_on() throws IOException {
            Path input = Files.writeString(directory.resolve("in"), "b\na\n");
            Result result = ChildProcess.run(command("run", "-o", destination.toString(), "--", "sort"), input);
            assertEquals(new Result(0, "", ""), result);
            assertEquals("a\nb\n", Files.readString(destination));
        }

        @Test
        void tells_a_missing_command_from_one_that_cannot_be_run() throws IOException {
            Result missing = atomicfs("run", "-o", destination.toString(), "--", "no-such-command");
            assertEquals(127, missing.status());
            assertOneLine("no-such-command", missing);
            Path text = Files.writeString(directory.resolve("text"), "no program");
            Files.setPosixFilePermissions(text, PosixFilePermissions.fromString("rw-r--r--"));
            Result text126 = atomicfs("run", "-o", destination.toString(), "--", text.toString());
            assertEquals(126, text126.status());
            assertEquals(List.of("text"), names(directory));
        }

        /** Which is how the PATH of root looks to a user who got it from sudo. Root can enter any. */
        @Test
        void a_folder_of_the_path_that_cannot_be_entered_does_not_make_a_missing_command_a_forbidden_one()
                throws IOException {
            Path locked = Files.createDirectory(directory.resolve("locked"));
            Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));
            ProcessBuilder builder =
                    new ProcessBuilder(command("run", "-o", destination.toString(), "--", "no-such-command"));
            builder.environment().merge("PATH", locked.toString(), (path, first) -> first + File.pathSeparator + path);
            assertEquals(127, ChildProcess.await(builder.start()));
        }

        @Test
        void does_not_start_the_command_when_its_output_cannot_be_written() throws IOException {
            Path witness = directory.resolve("witness");
            Result result =
                    atomicfs("run", "-o", directory.resolve("no/such").toString(), "--", "touch", witness.toString());
            assertEquals(1, result.status());
            assertEquals(List.of(), names(directory));
        }

        /** A command that notes that it was stopped, and then exits with 0; it does not run forever if it is not. */
        private List<String> stoppable(Path running, String first) {
            return command(
                    "run",
                    "-o",
                    destination.toString(),
                    "--",
                    "sh",
                    "-c",
                    "trap 'rm \"$0\"; exit 0' TERM; echo part; : > \"$0\"; " + first
                            + "; i=0; while [ $i -lt 1000 ]; do sleep 0.01; i=$((i+1)); done",
                    running.toString());
        }

        @Test
        void stopped_it_stops_the_command_and_publishes_nothing_even_if_that_exits_with_0() throws IOException {
            Path running = directory.resolve("running");
            Process process = new ProcessBuilder(stoppable(running, ":")).start();
            Poll.until(() -> Files.exists(running));
            send("TERM", process);
            assertTrue(ChildProcess.await(process) > 128);
            Poll.until(() -> Files.notExists(running));
            assertEquals(List.of(), names(directory));
        }

        @Test
        void stopped_while_the_command_is_being_started_it_stops_that_as_well() throws IOException {
            Path running = directory.resolve("running");
            Result result = ChildProcess.run(stoppable(running, "kill -TERM $PPID"), null);
            assertTrue(result.status() > 128, result.toString());
            Poll.until(() -> Files.notExists(running));
            assertEquals(List.of(), names(directory));
        }
    }

    /** The signal reaches the command as well, as that of Ctrl-C does, and the command ends before the JVM does. */
    @Nested
    class Run_stopped_with_its_command_which_exits_with_0 {
        private void assertPublishesNothing(String... results) throws IOException {
            Needs.signal("TERM");
            Needs.command("setsid"); // makes a group of processes
            Path running = directory.resolve("running");
            List<String> arguments = new ArrayList<>(List.of("run"));
            arguments.addAll(List.of(results));
            arguments.addAll(List.of(
                    "--",
                    "sh",
                    "-c",
                    "trap 'exit 0' TERM; echo part; for f in \"$ATOMICFS_OUTPUT_1\" \"$ATOMICFS_OUTPUT_2\"; do"
                            + " echo part > \"${f:-/dev/null}\"; done; : > \"$0\";"
                            + " i=0; while [ $i -lt 1000 ]; do sleep 0.01; i=$((i+1)); done",
                    running.toString()));
            List<String> command = command(arguments.toArray(String[]::new));
            command.add(0, "setsid");
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Poll.until(() -> Files.exists(running));
            ChildProcess.await(new ProcessBuilder("kill", "-TERM", "--", "-" + process.pid()).start());
            assertTrue(ChildProcess.await(process) > 128);
            assertEquals(List.of("running"), names(directory));
            Files.delete(running);
        }

        @RepeatedTest(10)
        void it_publishes_no_output() throws IOException {
            assertPublishesNothing("-o", destination.toString());
        }

        @RepeatedTest(10)
        void it_publishes_none_of_several_files() throws IOException {
            Path second = directory.resolve("second");
            assertPublishesNothing("-o", destination.toString(), "-o", second.toString());
        }

        @RepeatedTest(10)
        void it_publishes_no_directory() throws IOException {
            assertPublishesNothing("--dir", destination.toString());
        }
    }

    @Nested
    class Copy {
        @Test
        void publishes_a_copy() throws IOException {
            Files.writeString(destination, "old");
            Result result = atomicfs("copy", LARGE.toString(), destination.toString());
            assertEquals(new Result(0, "", ""), result);
            assertEquals(-1, Files.mismatch(LARGE, destination));
            assertEquals(List.of("out file.bin"), names(directory));
        }

        @Test
        void leaves_the_old_file_when_the_source_cannot_be_read() throws IOException {
            Files.writeString(destination, "old");
            Result missing = atomicfs("copy", directory.resolve("no").toString(), destination.toString());
            assertEquals(1, missing.status());
            assertOneLine("no: no such file or directory", missing);
            Result folder = atomicfs("copy", directory.toString(), destination.toString());
            assertEquals(1, folder.status());
            assertOneLine("Is a directory", folder);
            assertOneLine("atomicfs: " + directory + ": ", folder);
            assertOnlyHas("old");
        }
    }

    @Nested
    class Run_with_several_results {
        private Path second;

        @BeforeEach
        void lay() throws IOException {
            second = directory.resolve("second");
            Files.writeString(destination, "old");
            Files.writeString(second, "old");
        }

        private Result run(String script) throws IOException {
            return atomicfs("run", "-o", destination.toString(), "-o", second.toString(), "--", "sh", "-c", script);
        }

        private void assertBoth(String content) throws IOException {
            assertEquals(content, Files.readString(destination));
            assertEquals(content, Files.readString(second));
            assertEquals(List.of("out file.bin", "second"), names(directory));
        }

        @Test
        void publishes_all_files_that_the_command_has_written() throws IOException {
            Result result = run("printf new >\"$ATOMICFS_OUTPUT_1\"; printf new >\"$ATOMICFS_OUTPUT_2\"; echo done");
            assertEquals(new Result(0, "done\n", ""), result);
            assertBoth("new");
        }

        @Test
        void publishes_nothing_when_the_command_fails_and_passes_its_status_on() throws IOException {
            Result result = run("printf new >\"$ATOMICFS_OUTPUT_1\"; printf new >\"$ATOMICFS_OUTPUT_2\"; exit 7");
            assertEquals(new Result(7, "", ""), result);
            assertBoth("old");
        }

        @Test
        void publishes_nothing_when_a_file_was_not_written() throws IOException {
            Result result = run("printf new >\"$ATOMICFS_OUTPUT_1\"");
            assertEquals(1, result.status());
            assertOneLine("$ATOMICFS_OUTPUT_2", result);
            assertBoth("old");
        }

        @Test
        void publishes_nothing_when_a_directory_was_made_instead_of_a_file() throws IOException {
            Result result = run("printf new >\"$ATOMICFS_OUTPUT_1\"; mkdir \"$ATOMICFS_OUTPUT_2\"");
            assertEquals(1, result.status());
            assertOneLine(second + ": the command has not made $ATOMICFS_OUTPUT_2 a file", result);
            assertBoth("old");
        }

        @Test
        void does_not_run_the_command_when_a_file_cannot_be_written() throws IOException {
            Path missing = directory.resolve("missing/file");
            for (Path other : List.of(destination.resolveSibling("./out file.bin"), missing, directory)) {
                Result result = atomicfs(
                        "run", "-o", destination.toString(), "-o", other.toString(), "--", "sh", "-c", "echo ran");
                assertEquals(1, result.status());
                assertOneLine(other.toString(), result);
                assertEquals("", result.out());
                assertBoth("old");
            }
        }

        @Test
        void refuses_a_directory_beside_files() throws IOException {
            Result result = atomicfs("run", "-o", second.toString(), "--dir", directory.toString(), "--", "true");
            assertEquals(2, result.status());
        }
    }

    @Nested
    class Run_with_a_directory {
        private Result run(String script) throws IOException {
            return atomicfs("run", "--dir", destination.toString(), "--", "sh", "-c", script);
        }

        @Test
        void publishes_what_the_command_has_filled() throws IOException {
            assertEquals(new Result(0, "", ""), run("cd \"$ATOMICFS_DIR\" && mkdir sub && printf new >sub/file"));
            assertEquals("new", Files.readString(destination.resolve("sub/file")));
            assertEquals(List.of("out file.bin"), names(directory));
        }

        @Test
        void does_not_run_the_command_when_there_is_no_directory_above() throws IOException {
            Path missing = directory.resolve("missing/file");
            Result result = atomicfs("run", "--dir", missing.toString(), "--", "sh", "-c", "echo ran");
            assertEquals(1, result.status());
            assertOneLine(missing + ": no such file", result);
            assertEquals("", result.out());
        }

        @Test
        void lets_a_link_lead_to_the_new_one() throws IOException {
            Files.createSymbolicLink(
                    destination,
                    Files.createDirectory(directory.resolve("first")).getFileName());
            assertEquals(new Result(0, "", ""), run("printf new >\"$ATOMICFS_DIR/file\""));
            assertTrue(Files.isSymbolicLink(destination));
            assertEquals("new", Files.readString(destination.resolve("file")));
        }

        @Test
        void publishes_nothing_when_the_command_fails() throws IOException {
            assertEquals(new Result(3, "", ""), run("printf new >\"$ATOMICFS_DIR/file\"; exit 3"));
            assertEquals(List.of(), names(directory));
        }

        @Test
        void says_in_one_line_what_to_do_about_a_directory_that_is_not_empty() throws IOException {
            Files.createFile(Files.createDirectory(destination).resolve("file"));
            Result result = run("exit 0");
            assertEquals(1, result.status());
            assertOneLine("ln -s", result);
        }

        @Test
        void a_command_that_is_not_there_is_127() throws IOException {
            assertEquals(
                    127,
                    atomicfs("run", "--dir", destination.toString(), "--", "no-such-command")
                            .status());
            assertEquals(List.of(), names(directory));
        }
    }

    @Nested
    class Help {
        @Test
        void explains_every_command() throws IOException {
            for (List<String> words : List.of(
                    List.of("--help"),
                    List.of("write", "--help"),
                    List.of("run", "--help"),
                    List.of("recover", "--help"))) {
                Result result = atomicfs(words.toArray(String[]::new));
                assertEquals(0, result.status());
                assertTrue(result.out().startsWith("Usage: atomicfs"), result.out());
            }
            assertTrue(atomicfs("--help").out().contains("Exit status"));
        }

        @Test
        void an_argument_that_begins_with_an_at_sign_is_not_replaced_by_the_content_of_a_file() throws IOException {
            Files.writeString(directory.resolve("args"), "expanded");
            assertEquals(new Result(0, "", ""), inDirectory("run", "-o", "out", "--", "echo", "@args"));
            assertEquals("@args\n", Files.readString(directory.resolve("out")));
            Files.writeString(directory.resolve("body.json"), "expanded");
            assertEquals(new Result(0, "", ""), inDirectory("write", "@body.json"));
            assertEquals(List.of("@body.json", "args", "body.json", "out"), names(directory));
        }

        /** With the test's directory as the working directory. */
        private Result inDirectory(String... arguments) throws IOException {
            List<String> command =
                    new ArrayList<>(List.of("sh", "-c", "cd \"$0\" && exec \"$@\"", directory.toString()));
            command.addAll(command(arguments));
            return ChildProcess.run(command, null);
        }

        @Test
        void a_wrong_command_line_has_status_2() throws IOException {
            for (String[] words :
                    new String[][] {{}, {"write"}, {"copy", "one"}, {"run", "--", "true"}, {"nonsense"}}) {
                Result result = atomicfs(words);
                assertEquals(2, result.status(), String.join(" ", words));
                assertFalse(result.err().contains("\tat "), result.err());
            }
        }

        @Test
        void tells_its_version() throws IOException {
            assertTrue(atomicfs("--version").out().matches("atomicfs \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R"));
        }
    }

    @Nested
    class LongWork {
        @Test
        void shows_bytes_and_rate_on_a_terminal_and_only_there() throws IOException {
            Needs.command("script");
            Needs.command("mkfifo");
            Path quiet = directory.resolve("quiet");
            Process plain = new ProcessBuilder(
                            command("write", directory.resolve("plain").toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(quiet.toFile())
                    .start();
            Path pipe = directory.resolve("pipe");
            ChildProcess.run(List.of("mkfifo", pipe.toString()), null);
            Path screen = directory.resolve("screen");
            Process terminal = new ProcessBuilder(
                            "script", "-qefc", shell(destination) + " < '" + pipe + "'", "/dev/null")
                    .redirectOutput(screen.toFile())
                    .start();
            try (OutputStream input = Files.newOutputStream(pipe)) {
                Poll.until(() -> {
                    feed(plain.getOutputStream());
                    feed(input);
                    return read(screen).contains("B/s");
                });
            }
            plain.getOutputStream().close();
            assertEquals(0, ChildProcess.await(terminal));
            assertEquals(0, ChildProcess.await(plain));
            assertTrue(
                    read(screen).strip().matches("(?s).*\\r\\d+(\\.\\d)? [kMG]?B, \\d+(\\.\\d)? [kMG]?B/s"),
                    read(screen));
            assertEquals("", read(quiet));
        }

        private String shell(Path target) {
            return String.join(
                    " ",
                    command("write", target.toString()).stream()
                            .map(word -> "'" + word + "'")
                            .toList());
        }

        private void feed(OutputStream input) {
            try {
                input.write(new byte[1000]);
                input.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private String read(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
