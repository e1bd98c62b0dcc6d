package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.ChildProcess.Result;
import org.atomicfs.testing.UnprivilegedUser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import programs.Passing;
import programs.WholeJvm;

/** A whole program under the library, in JVMs of their own. */
class AtomicDefaultProviderIT {
    private static final String JAR = System.getProperty("library.jar");
    private static final String PROGRAMS = Path.of("target", "test-classes").toString();
    private static final String PROVIDER = "-Djava.nio.file.spi.DefaultFileSystemProvider=";
    private static final String OURS = PROVIDER + AtomicDefaultProvider.class.getName();

    @TempDir
    Path directory;

    /** How the JVM finds the library. */
    enum Place {
        BOOT_CLASS_PATH("-Xbootclasspath/a:" + JAR, "-cp", PROGRAMS),
        CLASS_PATH("-cp", JAR + ":" + PROGRAMS),
        MODULE_PATH("-p", JAR, "--add-modules", "org.atomicfs", "-cp", PROGRAMS),
        EXPLODED("-Xbootclasspath/a:" + Path.of("target", "classes"), "-cp", PROGRAMS),
        BOTH("-Xbootclasspath/a:" + JAR, "-cp", JAR + ":" + PROGRAMS);

        private final String[] arguments;

        Place(String... arguments) {
            this.arguments = arguments;
        }
    }

    private static Result run(Place place, List<String> options, String... program) throws IOException {
        List<String> command = ChildProcess.shortCommand(place.arguments);
        command.addAll(options);
        command.add(WholeJvm.class.getName());
        Collections.addAll(command, program);
        return ChildProcess.run(command, null);
    }

    /** With all files included, since the directories of tests are among the temporary files. */
    private Result run(Place place, String what, String... more) throws IOException {
        List<String> options = new ArrayList<>(List.of(OURS, "-Dorg.atomicfs.include=" + directory + "/**"));
        Collections.addAll(options, more);
        return run(place, options, what, directory.toString());
    }

    private static void assertDone(Result result) {
        assertEquals("done", result.out(), result.err());
        assertEquals(0, result.status(), result.err());
    }

    @ParameterizedTest
    @EnumSource
    void writes_are_atomic(Place place) throws IOException {
        assertDone(run(place, "writes"));
    }

    @ParameterizedTest
    @EnumSource
    void paths_are_those_of_the_default_file_system(Place place) throws IOException {
        assertDone(run(place, "paths"));
    }

    @Test
    void what_is_updated_or_appended_stays_in_place() throws IOException {
        Result result = run(Place.BOOT_CLASS_PATH, "in-place");
        assertDone(result);
        assertEquals("", result.err());
    }

    @Test
    void what_is_forced_or_locked_is_published_then_and_goes_on_in_place() throws IOException {
        Result result = run(Place.BOOT_CLASS_PATH, "long-lived");
        assertDone(result);
        assertEquals("", result.err());
    }

    @Test
    void threads_and_others_who_lock_notice_nothing_when_a_file_goes_on_in_place() throws IOException {
        assertDone(run(Place.BOOT_CLASS_PATH, "going-in-place"));
    }

    @Test
    void a_program_that_stops_gracefully_can_save_its_state() throws IOException {
        Result result = run(Place.BOOT_CLASS_PATH, "stops");
        assertEquals("", result.err());
        for (String name : List.of("state", "pool", "thread", "parallel0", "parallel3", "copy")) {
            assertEquals("x", Files.readString(directory.resolve(name)), name);
        }
    }

    @Test
    void a_file_in_a_directory_that_takes_no_temporary_is_written_in_place() throws IOException {
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Files.setPosixFilePermissions(
                Files.createFile(closed.resolve("file")), PosixFilePermissions.fromString("rw-rw-rw-"));
        Files.setPosixFilePermissions(
                Files.createFile(closed.resolve("unreadable")), PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(
                Files.createDirectory(closed.resolve("open")), PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path jar = Files.copy(Path.of(JAR), directory.resolve("copy.jar"));
        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
        List<String> command = UnprivilegedUser.program(
                directory.resolve("classes"), WholeJvm.class, "closed-directory", closed.toString());
        command.addAll(
                command.indexOf("-cp"),
                List.of("-Xbootclasspath/a:" + jar, OURS, "-Dorg.atomicfs.include=" + directory + "/**"));
        Result result = ChildProcess.run(command, null);
        assertDone(result);
        assertEquals("", result.err());
    }

    @Test
    void a_name_that_another_file_or_write_has_is_no_obstacle() throws IOException {
        Result result = run(Place.BOOT_CLASS_PATH, "own-temporaries");
        assertDone(result);
        assertFalse(result.err().contains("Exception"), result.err());
    }

    @Test
    void what_is_changed_by_its_path_while_it_is_open_is_published_first() throws IOException {
        Result result = run(Place.BOOT_CLASS_PATH, "changed-while-open");
        assertDone(result);
        assertEquals("", result.err());
    }

    @Test
    void the_open_says_that_a_file_is_there_or_is_being_written() throws IOException {
        assertDone(run(Place.BOOT_CLASS_PATH, "taken"));
    }

    @Test
    void a_directory_is_moved_with_what_is_written_in_it_by_its_stream() throws IOException {
        Result result = run(Place.BOOT_CLASS_PATH, "moved-directory");
        assertDone(result);
        assertEquals("", result.err());
    }

    @Test
    void the_log_tells_what_others_have_written_and_is_replaced() throws IOException {
        Result result = run(Place.BOOT_CLASS_PATH, "changed-by-others");
        assertDone(result);
        List<String> told = result.err()
                .lines()
                .filter(line -> line.contains("what that has written is replaced"))
                .toList();
        assertEquals(2, told.size(), result.err());
        assertTrue(told.get(0).contains(directory.resolve("appended") + ": "), result.err());
        assertTrue(told.get(1).contains(directory.resolve("created") + ": "), result.err());
    }

    @Test
    void secure_directory_streams_select_as_all_others() throws IOException {
        assertDone(run(Place.BOOT_CLASS_PATH, "secure"));
    }

    @Test
    void the_log_files_of_the_jdk_exclude_each_other() throws IOException {
        assertDone(run(Place.BOOT_CLASS_PATH, "logs"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s,%s", "%2$s,%1$s"})
    void other_providers_may_be_in_the_list(String order) throws IOException {
        String list = order.formatted(AtomicDefaultProvider.class.getName(), Passing.class.getName());
        Result result = run(
                Place.CLASS_PATH,
                List.of(PROVIDER + list, "-Dorg.atomicfs.include=" + directory + "/**"),
                "writes",
                directory.toString());
        assertDone(result);
    }

    @Test
    void it_works_with_a_security_manager() throws IOException {
        assumeTrue(Runtime.version().feature() < 24, "later JDKs have no security manager");
        Path policy =
                Files.writeString(directory.resolve("policy"), "grant { permission java.security.AllPermission; };");
        Path work = Files.createDirectory(directory.resolve("work"));
        Result result = run(
                Place.BOOT_CLASS_PATH,
                List.of(
                        OURS,
                        "-Dorg.atomicfs.include=" + directory + "/**",
                        "-Djava.security.manager",
                        "-Djava.security.policy==" + policy),
                "writes",
                work.toString());
        assertDone(result);
    }

    @Test
    void switched_off_it_does_nothing() throws IOException {
        assertDone(run(Place.BOOT_CLASS_PATH, "plain", "-Dorg.atomicfs.default=off"));
    }

    @Test
    void switched_off_wrong_patterns_do_not_matter() throws IOException {
        assertDone(run(Place.BOOT_CLASS_PATH, "plain", "-Dorg.atomicfs.default=OFF", "-Dorg.atomicfs.exclude=regex:("));
    }

    @Test
    void a_report_changes_nothing_and_names_each_place_once() throws IOException {
        Result result = run(Place.BOOT_CLASS_PATH, "plain", "-Dorg.atomicfs.default=report");
        assertDone(result);
        List<String> reported = result.err()
                .lines()
                .filter(line -> line.contains("would be written atomically"))
                .toList();
        assertEquals(4, reported.size(), result.err());
        for (String line : reported) {
            assertTrue(
                    line.contains(directory.resolve("out") + ": would be written atomically, by programs.WholeJvm."));
        }
    }

    @Test
    void temporary_files_are_written_as_ever_unless_included() throws IOException {
        assertDone(run(Place.BOOT_CLASS_PATH, List.of(OURS), "temporary"));
    }

    @Test
    void what_is_excluded_is_written_as_ever() throws IOException {
        Path patterns = Files.writeString(directory.resolve("patterns"), "# all of them\n\n**/out\n**/other\n");
        Path work = Files.createDirectory(directory.resolve("work"));
        assertDone(run(
                Place.BOOT_CLASS_PATH,
                List.of(OURS, "-Dorg.atomicfs.include=/**", "-Dorg.atomicfs.exclude=/none;@" + patterns),
                "plain",
                work.toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Dorg.atomicfs.include=regex:(",
                "-Dorg.atomicfs.exclude=glob:/a;{b",
                "-Dorg.atomicfs.exclude=@/no/such/file",
                "-Dorg.atomicfs.include=@/dev/null",
                "-Dorg.atomicfs.include=",
                "-Dorg.atomicfs.include=out/**",
                "-Dorg.atomicfs.exclude=glob:*.csv",
                "-Dorg.atomicfs.exclude=/tmp",
                "-Dorg.atomicfs.includes=/**",
                "-Dorg.atomicfs.default=perhaps",
                "-Dorg.atomicfs.durability=perhaps"
            })
    void wrong_properties_refuse_the_start_and_say_why(String property) throws IOException {
        Result result = run(Place.BOOT_CLASS_PATH, List.of(OURS, property), "writes", directory.toString());
        assertEquals(2, result.status());
        assertEquals("", result.out());
        assertTrue(result.err().startsWith("atomicfs: "), result.err());
        assertTrue(result.err().contains(property.substring(2, property.indexOf('='))), result.err());
        assertFalse(result.err().contains("Exception"), result.err());
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(), files.toList());
        }
    }
}
