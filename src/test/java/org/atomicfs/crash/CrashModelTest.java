package org.atomicfs.crash;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicCommitException.Outcome;
import org.atomicfs.AtomicFiles;
import org.atomicfs.AtomicOptions;
import org.atomicfs.Durability;
import org.atomicfs.TemporaryName;
import org.atomicfs.testing.CrashJournal;
import org.atomicfs.testing.CrashJournal.Crash;
import org.atomicfs.testing.CrashJournal.State;
import org.atomicfs.testing.ObservedFileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The whole protocol in a model of what a crash leaves: every scenario, without a fault and with a fault at each of its
 * operations, is cut off after each step, and every state that may be found then is looked at.
 */
class CrashModelTest {
    private static final String OLD = "old content";
    private static final String NEW = "the new content, longer";

    private static final Map<Crash, Long> EXPLORED = new EnumMap<>(Crash.class);
    private static final Map<Crash, Long> BY_HAND = new ConcurrentSkipListMap<>();
    private static long distinct;

    /** Many, because they wait most of the time: a lock that is free is looked at twice. */
    private static final ExecutorService JUDGES = Executors.newFixedThreadPool(100);

    @AfterAll
    static void tell() {
        JUDGES.shutdown();
        System.out.println("crash states explored: " + EXPLORED + ", distinct: " + distinct
                + "; in which the next writer asks a person to remove a file: " + BY_HAND);
    }

    /** How the new content comes to {@code file}. */
    @FunctionalInterface
    private interface Protocol {
        void write(Path file, Durability durability) throws IOException;
    }

    /**
     * What is written, and what is there before and after.
     *
     * @param old null when there is no file
     * @param others files that are there before; those of a dead writer may be gone afterwards
     */
    private record Scenario(String name, String old, String expected, Map<String, String> others, Protocol protocol) {
        Scenario(String name, String old, String expected, Protocol protocol) {
            this(name, old, expected, Map.of(), protocol);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static void stream(Path file, Durability durability) throws IOException {
        try (OutputStream out = Files.newOutputStream(file, durability)) {
            out.write(NEW.substring(0, 7).getBytes(StandardCharsets.UTF_8));
            out.write(NEW.substring(7).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static Path with(Path file, Durability durability) {
        return AtomicFiles.wrap(
                        AtomicFiles.plain(file).getFileSystem(),
                        AtomicOptions.builder().durability(durability).build())
                .getPath(file.toString());
    }

    private static List<Scenario> scenarios() {
        return List.of(
                new Scenario("new file", null, NEW, CrashModelTest::stream),
                new Scenario("replace", OLD, NEW, CrashModelTest::stream),
                new Scenario("replace, unique", OLD, NEW, (file, durability) -> {
                    try (OutputStream out = Files.newOutputStream(file, durability, TemporaryName.UNIQUE)) {
                        out.write(NEW.getBytes(StandardCharsets.UTF_8));
                    }
                }),
                new Scenario(
                        "no clobber",
                        null,
                        NEW,
                        (file, durability) -> Files.writeString(file, NEW, CREATE_NEW, WRITE, durability)),
                new Scenario(
                        "append",
                        OLD,
                        OLD + NEW,
                        (file, durability) -> Files.writeString(file, NEW, APPEND, durability)),
                new Scenario("change in place", OLD, "OLD content", (file, durability) -> {
                    try (FileChannel channel = FileChannel.open(file, WRITE, durability)) {
                        channel.write(StandardCharsets.UTF_8.encode("OLD"), 0);
                    }
                }),
                new Scenario(
                        "copy",
                        OLD,
                        NEW,
                        Map.of("source", NEW),
                        (file, durability) -> Files.copy(
                                with(file.resolveSibling("source"), durability),
                                with(file, durability),
                                REPLACE_EXISTING)),
                new Scenario(
                        "copy of a stream",
                        OLD,
                        NEW,
                        (file, durability) -> Files.copy(
                                new java.io.ByteArrayInputStream(NEW.getBytes(StandardCharsets.UTF_8)),
                                with(file, durability),
                                REPLACE_EXISTING)),
                new Scenario(
                        "move",
                        OLD,
                        NEW,
                        Map.of("source", NEW),
                        (file, durability) -> Files.move(
                                with(file.resolveSibling("source"), durability),
                                with(file, durability),
                                REPLACE_EXISTING)),
                new Scenario("move of what is not forced", OLD, NEW, (file, durability) -> {
                    Path source = file.resolveSibling("source");
                    Files.writeString(AtomicFiles.plain(source), NEW);
                    Files.move(with(source, durability), with(file, durability), REPLACE_EXISTING, ATOMIC_MOVE);
                }),
                new Scenario("after a dead writer", OLD, NEW, DEAD, CrashModelTest::stream));
    }

    /** What a writer leaves that was killed half way. */
    private static final Map<String, String> DEAD = Map.of("file.tmp", "half", anchorOfFile(), "half");

    private static String anchorOfFile() {
        try (FileSystem fileSystem = newFileSystem()) {
            Path file = fileSystem.getPath("/work/file");
            try (OutputStream out = Files.newOutputStream(AtomicFiles.atomic(file));
                    Stream<Path> entries = Files.list(file.getParent())) {
                String anchor = entries.map(entry -> entry.getFileName().toString())
                        .filter(name -> name.startsWith("."))
                        .findFirst()
                        .orElseThrow();
                out.flush();
                return anchor;
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static FileSystem newFileSystem() throws IOException {
        FileSystem fileSystem = Jimfs.newFileSystem(Configuration.unix());
        Files.createDirectory(fileSystem.getPath("/work/dir"));
        return fileSystem;
    }

    private static Path directory(FileSystem fileSystem) {
        return fileSystem.getPath("/work/dir");
    }

    static Stream<org.junit.jupiter.params.provider.Arguments> cases() {
        return scenarios().stream()
                .flatMap(scenario -> Stream.of(Durability.values())
                        .map(durability -> org.junit.jupiter.params.provider.Arguments.of(scenario, durability)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("cases")
    void a_crash_leaves_the_old_or_the_new_content(Scenario scenario, Durability durability) throws IOException {
        int operations = run(scenario, durability, -1);
        assertTrue(operations > 0, "nothing was seen");
        for (int faulty = 0; faulty < operations; faulty++) {
            run(scenario, durability, faulty);
        }
    }

    /**
     * Runs a scenario with a fault at one operation, if any, and looks at all states; returns how many operations there
     * are.
     */
    private static int run(Scenario scenario, Durability durability, int faulty) throws IOException {
        List<String> wrong = explore(scenario, durability, faulty);
        assertEquals(List.of(), wrong.stream().limit(5).toList(), "fault at " + faulty);
        return operations;
    }

    private static int operations; // of the last run
    private static boolean unforceable; // the last run was not let open the directory, which is no failure everywhere

    private static List<String> explore(Scenario scenario, Durability durability, int faulty) throws IOException {
        try (FileSystem fileSystem = newFileSystem()) {
            Path directory = directory(fileSystem);
            lay(directory, scenario);
            operations = 0;
            unforceable = false;
            CrashJournal journal = new CrashJournal(directory, (operation, path) -> {
                if (operations++ == faulty) {
                    unforceable |= path.equals(directory);
                    throw new IOException("injected");
                }
            });
            Path file = AtomicFiles.atomic(ObservedFileSystem.over(directory.resolve("file"), journal));
            Exception thrown = null;
            try {
                scenario.protocol.write(file, durability);
            } catch (IOException e) {
                thrown = e;
            }
            journal.note();
            List<String> wrong = new ArrayList<>();
            Set<String> allowed = allowedAtTheEnd(scenario, thrown);
            String atTheEnd = read(directory.resolve("file"));
            if (!allowed.contains(String.valueOf(atTheEnd))) {
                wrong.add("%s, but it is %s".formatted(thrown, atTheEnd));
            }
            boolean full = durability == Durability.FULL && thrown == null && !unforceable;
            look(scenario, durability, journal, full, wrong);
            return wrong;
        }
    }

    private static void lay(Path directory, Scenario scenario) throws IOException {
        if (scenario.old != null) {
            Files.writeString(directory.resolve("file"), scenario.old);
        }
        if (scenario.others == DEAD) {
            Path anchor = Files.writeString(directory.resolve(anchorOfFile()), "half");
            Files.createLink(directory.resolve("file.tmp"), anchor);
            return;
        }
        for (Map.Entry<String, String> other : scenario.others.entrySet()) {
            Files.writeString(directory.resolve(other.getKey()), other.getValue());
        }
    }

    /** The outcome does not lie. */
    private static Set<String> allowedAtTheEnd(Scenario scenario, Exception thrown) {
        String old = String.valueOf(scenario.old);
        if (thrown == null) {
            return Set.of(scenario.expected);
        }
        if (thrown instanceof AtomicCommitException e) {
            return Set.of(e.outcome() == Outcome.NOT_COMMITTED ? old : scenario.expected);
        }
        return scenario.name.startsWith("move") ? Set.of(old, scenario.expected) : Set.of(old);
    }

    private static void look(
            Scenario scenario, Durability durability, CrashJournal journal, boolean full, List<String> wrong) {
        Set<String> seen = new HashSet<>();
        List<Callable<String>> judgements = new ArrayList<>();
        for (Crash crash : Crash.values()) {
            if (crash != Crash.KILL && durability == Durability.NONE) {
                continue; // promises nothing then
            }
            for (int done = 0; done <= journal.length(); done++) {
                boolean closed = full && done == journal.length();
                int step = done;
                journal.afterCrash(done, crash, state -> {
                    EXPLORED.merge(crash, 1L, Long::sum);
                    if (seen.add(crash + " " + closed + state.key())) {
                        distinct++;
                        String where = "%s after step %d leaves %s: "
                                .formatted(
                                        crash, step, new TreeSet<>(state.names().keySet()));
                        judgements.add(() -> {
                            String what = judge(scenario, crash, closed, state);
                            return what == null ? null : where + what;
                        });
                    }
                });
            }
        }
        try {
            for (Future<String> judgement : JUDGES.invokeAll(judgements)) {
                if (judgement.get() != null) {
                    wrong.add(judgement.get());
                }
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns what is wrong with a state, or null. */
    private static String judge(Scenario scenario, Crash crash, boolean closed, State state) {
        byte[] content = state.content("file");
        String found = content == null ? null : new String(content, StandardCharsets.UTF_8);
        boolean isNew = scenario.expected.equals(found);
        boolean isOld = found == null ? scenario.old == null : found.equals(scenario.old);
        if (!isNew && !isOld) {
            return "file is " + (found == null ? "missing" : "'" + found.replace('\0', '0') + "'");
        }
        if (closed && !isNew) {
            return "it was not durable";
        }
        if (scenario.name.equals("move") && !isNew && state.content("source") == null) {
            return "the source is lost";
        }
        try (FileSystem fileSystem = newFileSystem()) {
            Path directory = directory(fileSystem);
            lay(directory, state);
            return recover(directory, crash);
        } catch (IOException e) {
            return "recovery failed: " + e;
        }
    }

    private static void lay(Path directory, State state) throws IOException {
        Path[] first = new Path[state.contents().size()];
        for (Map.Entry<String, Integer> entry : state.names().entrySet()) {
            Path name = directory.resolve(entry.getKey());
            int file = entry.getValue();
            if (first[file] == null) {
                first[file] = Files.write(name, state.contents().get(file));
            } else {
                Files.createLink(name, first[file]);
            }
        }
    }

    /** The next writer goes on by itself; what it leaves, {@code recover} removes. */
    private static String recover(Path directory, Crash crash) throws IOException {
        Path file = directory.resolve("file");
        try {
            Files.writeString(AtomicFiles.atomic(file), "next");
        } catch (FileAlreadyExistsException e) {
            Path named = directory.resolve("file.tmp");
            if (crash != Crash.POWER_CUT || !e.getMessage().contains("a file " + named)) {
                return "the next writer is refused: " + e.getMessage();
            }
            BY_HAND.merge(crash, 1L, Long::sum);
            Files.delete(named);
            Files.writeString(AtomicFiles.atomic(file), "next");
        }
        AtomicFiles.recover(directory);
        Set<String> left = names(directory);
        left.removeAll(Set.of("file", "source"));
        return "next".equals(read(file)) && left.isEmpty() ? null : "left after recovery: " + left;
    }

    private static String read(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file) : null;
    }

    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static List<String> exploreWrong(Protocol protocol) throws IOException {
        return explore(new Scenario("wrong on purpose", OLD, NEW, protocol), Durability.DATA, -1);
    }

    private static void write(Path temporary, boolean forced) throws IOException {
        try (FileChannel channel = FileChannel.open(temporary, CREATE, TRUNCATE_EXISTING, WRITE)) {
            channel.write(ByteBuffer.wrap(NEW.getBytes(StandardCharsets.UTF_8)));
            if (forced) {
                channel.force(true);
            }
        }
    }

    private static void assertBites(String finding, Protocol protocol) throws IOException {
        List<String> wrong = exploreWrong(protocol);
        assertTrue(wrong.stream().anyMatch(what -> what.contains(finding)), () -> finding + " is not in " + wrong);
    }

    @Test
    void the_model_finds_a_missing_force() throws IOException {
        assertBites("file is 'the new con", (file, durability) -> {
            Path plain = AtomicFiles.plain(file);
            Path temporary = plain.resolveSibling("x");
            write(temporary, false);
            Files.move(temporary, plain, ATOMIC_MOVE, REPLACE_EXISTING);
        });
    }

    @Test
    void the_model_finds_a_force_that_comes_too_late() throws IOException {
        assertBites("file is '0000", (file, durability) -> {
            Path plain = AtomicFiles.plain(file);
            Path temporary = plain.resolveSibling("x");
            write(temporary, false);
            Files.move(temporary, plain, ATOMIC_MOVE, REPLACE_EXISTING);
            try (FileChannel channel = FileChannel.open(plain, WRITE)) {
                channel.force(true);
            }
        });
    }

    @Test
    void the_model_finds_a_deletion_before_the_move() throws IOException {
        assertBites("leaves [x]: file is missing", (file, durability) -> {
            Path plain = AtomicFiles.plain(file);
            Path temporary = plain.resolveSibling("x");
            write(temporary, true);
            Files.delete(plain);
            Files.move(temporary, plain, ATOMIC_MOVE);
        });
    }

    @Test
    void the_model_finds_a_write_in_place() throws IOException {
        assertBites(
                "KILL after step 1 leaves [file]: file is ''",
                (file, durability) -> write(AtomicFiles.plain(file), true));
    }
}
