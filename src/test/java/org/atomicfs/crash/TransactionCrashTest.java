package org.atomicfs.crash;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicFiles;
import org.atomicfs.AtomicOptions;
import org.atomicfs.Durability;
import org.atomicfs.FileTransaction;
import org.atomicfs.TemporaryName;
import org.atomicfs.testing.CrashJournal;
import org.atomicfs.testing.CrashJournal.Crash;
import org.atomicfs.testing.CrashJournal.State;
import org.atomicfs.testing.CrashJournal.States;
import org.atomicfs.testing.ObservedFileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Transactions in the model of what a crash leaves, with members in several directories: each scenario, without a fault
 * and with a fault at each of its operations, is cut off after each step, and every state that may be found then is
 * recovered, in one of the ways in which that can be done. Then all members are old, or all are new.
 */
class TransactionCrashTest {
    /**
     * Which operations fail: every one, or every so many, as the build says; those of all crashes are always looked at.
     */
    private static final int FAULTS_EACH = Integer.getInteger("faultsEach", 5);

    private static final String OLD = "old content";
    private static final String NEW = "the new content, longer";

    private static final long[] EXPLORED = new long[Crash.values().length];
    private static long distinct;

    /** By scenario: a state that was judged is not judged again, with whatever durability it was found. */
    private static final Map<String, Set<Long>> SEEN = new HashMap<>();

    /** What is another one in each run, and makes no other state. */
    private static final Pattern RANDOM = Pattern.compile(
            "[0-9a-f]{24}(?=\\.(intent|pointer|tmp))|\\d+-\\d+-\\d+T[0-9:.]+Z?|(?<=\nend \\d) [0-9a-f]+");

    /** Of contents and of names, which are the same ones in many states; cleared after each run. */
    private static final Map<byte[], Long> HASHES = new IdentityHashMap<>();

    private static final Map<String, Long> NAME_HASHES = new HashMap<>();

    /** Tells states apart, with 64 bits. */
    private static long hash(State state, long hashOfNames) {
        return hash(hashOfNames, state.contents());
    }

    /** Tells apart what states are possible. */
    private static long hash(States states, long hashOfNames) {
        long hash = hashOfNames;
        for (List<byte[]> versions : states.versions()) {
            hash = hash(hash, versions) * 31 + versions.size();
        }
        return hash;
    }

    private static long hash(long before, List<byte[]> contents) {
        long hash = before;
        for (byte[] content : contents) {
            hash = hash * 0x9E3779B97F4A7C15L
                    + HASHES.computeIfAbsent(content, bytes -> hash(0, new String(bytes, StandardCharsets.ISO_8859_1)));
            hash ^= hash >>> 29;
        }
        return hash;
    }

    private static long hashOfNames(States states, boolean closed) {
        long hash = closed ? 1 : 0;
        for (Map.Entry<String, Integer> name : states.names().entrySet()) {
            hash = hash * 31 + NAME_HASHES.computeIfAbsent(name.getKey(), text -> hash(0, text));
            hash = (hash ^ name.getValue()) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return hash * 31 + states.keys().hashCode();
    }

    private static long hash(long before, String text) {
        String kept = text.indexOf('~') >= 0 || text.indexOf('T') >= 0
                ? RANDOM.matcher(text).replaceAll("")
                : text;
        long hash = before * 31 + kept.length();
        for (int i = 0; i < kept.length(); i++) {
            hash = (hash ^ kept.charAt(i)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return hash;
    }

    /** Many, because they wait most of the time: a lock that is free is looked at twice. */
    private static final ExecutorService JUDGES = Executors.newFixedThreadPool(200);

    @AfterAll
    static void tell() {
        JUDGES.shutdown();
        System.out.println("crash states of transactions explored: " + Arrays.toString(Crash.values()) + " "
                + Arrays.toString(EXPLORED) + ", distinct: " + distinct);
    }

    /** What is done to the files. */
    @FunctionalInterface
    private interface Protocol {
        void run(Path directory, AtomicOptions options) throws IOException;
    }

    /** How a state is put in order. */
    @FunctionalInterface
    private interface Recovery {
        void recover(Path directory) throws IOException;
    }

    /** What is there before, and what afterwards; null stands for no file. */
    private record Scenario(String name, Map<String, String> old, Map<String, String> expected, Protocol protocol) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Map<String, String> files(String... namesAndContents) {
        Map<String, String> result = new LinkedHashMap<>();
        for (int i = 0; i < namesAndContents.length; i += 2) {
            result.put(namesAndContents[i], namesAndContents[i + 1]);
        }
        return result;
    }

    private static void write(FileTransaction transaction, Path file) throws IOException {
        Files.writeString(transaction.path(file), NEW);
    }

    private static List<Scenario> scenarios() {
        return List.of(
                new Scenario(
                        "replace and create",
                        files("a", OLD, "dir/b", null),
                        files("a", NEW, "dir/b", NEW),
                        (directory, options) -> {
                            try (FileTransaction transaction = AtomicFiles.transaction(directory, options)) {
                                write(transaction, directory.resolve("a"));
                                write(transaction, directory.resolve("dir/b"));
                                transaction.commit();
                            }
                        }),
                new Scenario(
                        "delete and create exclusively",
                        files("a", OLD, "dir/b", null),
                        files("a", null, "dir/b", NEW),
                        (directory, options) -> {
                            try (FileTransaction transaction = AtomicFiles.transaction(directory, options)) {
                                transaction.delete(directory.resolve("a"));
                                Files.writeString(transaction.path(directory.resolve("dir/b")), NEW, CREATE_NEW);
                                transaction.commit();
                            }
                        }),
                new Scenario(
                        "three in one directory, prepared first",
                        files("a", OLD, "b", OLD, "c", OLD),
                        files("a", NEW, "b", NEW, "c", NEW),
                        (directory, options) -> {
                            try (FileTransaction transaction = AtomicFiles.transaction(directory, options)) {
                                write(transaction, directory.resolve("a"));
                                write(transaction, directory.resolve("b"));
                                write(transaction, directory.resolve("c"));
                                transaction.prepare();
                                transaction.commit();
                            }
                        }),
                new Scenario(
                        "unique names, away from the root",
                        files("dir/a", OLD, "other/b", OLD),
                        files("dir/a", NEW, "other/b", NEW),
                        (directory, options) -> {
                            AtomicOptions unique = AtomicOptions.builder()
                                    .durability(options.durability())
                                    .forceThreads(1)
                                    .temporaryName(TemporaryName.UNIQUE)
                                    .build();
                            try (FileTransaction transaction = AtomicFiles.transaction(directory, unique)) {
                                write(transaction, directory.resolve("dir/a"));
                                write(transaction, directory.resolve("other/b"));
                                transaction.commit();
                            }
                        }));
    }

    private static FileSystem newFileSystem() throws IOException {
        FileSystem fileSystem = Jimfs.newFileSystem(Configuration.unix());
        for (Path directory : directories(fileSystem)) {
            Files.createDirectories(directory);
        }
        return fileSystem;
    }

    private static Path base(FileSystem fileSystem) {
        return fileSystem.getPath("/work/root");
    }

    private static List<Path> directories(FileSystem fileSystem) {
        Path base = base(fileSystem);
        return List.of(base, base.resolve("dir"), base.resolve("other"));
    }

    static Stream<Arguments> cases() {
        return scenarios().stream()
                .flatMap(scenario -> Stream.of(Durability.values())
                        .filter(durability -> FAULTS_EACH == 1 || durability == Durability.NONE) // power cuts take long
                        .map(durability -> Arguments.of(scenario, durability)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("cases")
    void after_a_crash_and_a_recovery_all_members_are_old_or_all_are_new(Scenario scenario, Durability durability)
            throws IOException {
        Exploration exploration = new Exploration(scenario, durability, durability != Durability.NONE, null);
        int operations = exploration.run(-1);
        assertEquals(List.of(), exploration.wrong.stream().limit(5).toList());
        assertTrue(operations > 0, "nothing was seen");
        int offset = durability.ordinal() % FAULTS_EACH; // another choice for each durability
        for (int faulty = offset; faulty < operations; faulty += FAULTS_EACH) {
            exploration.run(faulty);
            assertEquals(List.of(), exploration.wrong.stream().limit(5).toList(), "fault at " + faulty);
        }
    }

    /** One scenario; a state that was judged is not judged again. */
    private static final class Exploration {
        private final Scenario scenario;
        private final Durability durability;
        private final boolean powerCuts;
        private final Recovery recovery; // null for all those of the library
        private final Set<Long> seen;
        private final Set<Long> looked = new HashSet<>(); // at all states with the same names
        private long hashOfNames; // of the states that are looked at
        private final List<String> wrong = new ArrayList<>();
        private int operations;
        private boolean unforceable;
        private CrashJournal journal;
        private int first; // the first step that is another one than without the fault

        Exploration(Scenario scenario, Durability durability, boolean powerCuts, Recovery recovery) {
            this.scenario = scenario;
            this.durability = durability;
            this.powerCuts = powerCuts;
            this.recovery = recovery;
            seen = recovery == null ? SEEN.computeIfAbsent(scenario.name, first -> new HashSet<>()) : new HashSet<>();
        }

        /**
         * Runs it with a fault at one operation, if any, and looks at all states; returns how many operations there
         * are.
         */
        int run(int faulty) throws IOException {
            try (FileSystem fileSystem = newFileSystem()) {
                Path base = base(fileSystem);
                for (Map.Entry<String, String> file : scenario.old.entrySet()) {
                    if (file.getValue() != null) {
                        Files.writeString(base.resolve(file.getKey()), file.getValue());
                    }
                }
                operations = 0;
                unforceable = false;
                first = 0;
                journal = new CrashJournal(base, directories(fileSystem), (operation, path) -> {
                    if (operations++ == faulty) {
                        first = journal.length();
                        // where a directory cannot be opened it is not forced, which is no failure everywhere
                        unforceable |= operation == ObservedFileSystem.Operation.OPEN && Files.isDirectory(path);
                        throw new IOException("injected");
                    }
                });
                AtomicOptions options = AtomicOptions.builder()
                        .durability(durability)
                        .forceThreads(1)
                        .build();
                Exception thrown = null;
                try {
                    scenario.protocol.run(ObservedFileSystem.over(base, journal), options);
                } catch (IOException e) {
                    thrown = e;
                }
                journal.note();
                int seenOperations = operations;
                if (recovery == null) {
                    judgeEnd(base, thrown);
                }
                look(thrown == null);
                HASHES.clear();
                NAME_HASHES.clear();
                return seenOperations;
            }
        }

        /** The outcome does not lie. */
        private void judgeEnd(Path base, Exception thrown) throws IOException {
            Map<String, String> found = read(base, scenario);
            boolean isOld = found.equals(scenario.old);
            boolean isNew = found.equals(scenario.expected);
            boolean right;
            if (thrown == null) {
                right = isNew;
            } else if (thrown instanceof AtomicCommitException e) {
                right = switch (e.outcome()) {
                    case NOT_COMMITTED -> isOld;
                    case COMMITTED, VISIBLE_NOT_DURABLE -> isNew;
                    case UNKNOWN -> false; // on a file system of this machine
                    case INCOMPLETE -> {
                        AtomicFiles.recover(base);
                        Map<String, String> recovered = read(base, scenario);
                        yield recovered.equals(scenario.expected) || isOld && recovered.equals(scenario.old);
                    }
                };
            } else {
                right = isOld;
            }
            if (!right) {
                wrong.add("%s, but it is %s".formatted(thrown, found));
            }
        }

        private void look(boolean committed) {
            for (Crash crash : Crash.values()) {
                if (crash != Crash.KILL && (!powerCuts || unforceable)) {
                    continue;
                }
                for (int done = first; done <= journal.length() && wrong.isEmpty(); done++) {
                    look(crash, done, committed && done == journal.length() && durability != Durability.NONE);
                }
            }
        }

        private void look(Crash crash, int done, boolean closed) {
            List<Callable<String>> judgements = new ArrayList<>();
            journal.afterCrash(
                    done,
                    crash,
                    states -> {
                        EXPLORED[crash.ordinal()] += states.count();
                        hashOfNames = hashOfNames(states, closed);
                        return looked.add(hash(states, hashOfNames));
                    },
                    state -> {
                        long hash = hash(state, hashOfNames);
                        if (seen.add(hash)) {
                            distinct++;
                            judgements.add(() -> {
                                String what = judge(state, closed, Math.floorMod(hash, 3 + scenario.old.size()));
                                return what == null
                                        ? null
                                        : "%s after step %d leaves %s: %s"
                                                .formatted(
                                                        crash,
                                                        done,
                                                        state.names().keySet(),
                                                        what);
                            });
                        }
                    });
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
        private String judge(State state, boolean closed, int way) {
            try (FileSystem fileSystem = newFileSystem()) {
                Path base = base(fileSystem);
                lay(base, state);
                for (Map.Entry<String, String> file : read(base, scenario).entrySet()) {
                    String content = file.getValue();
                    boolean isOld = java.util.Objects.equals(content, scenario.old.get(file.getKey()));
                    boolean isNew = java.util.Objects.equals(content, scenario.expected.get(file.getKey()));
                    if (!isOld && !isNew) {
                        return file + " is neither old nor new";
                    }
                }
                String overwritten = recover(base, way);
                Map<String, String> found = read(base, scenario);
                String what = judge(found, overwritten, closed);
                if (what != null || recovery != null) {
                    return what;
                }
                AtomicFiles.recover(base);
                for (Path directory : directories(fileSystem)) {
                    AtomicFiles.recover(directory);
                }
                if (!read(base, scenario).equals(found)) {
                    return "a second recovery changed " + found + " to " + read(base, scenario);
                }
                List<Path> left = left(base);
                return left.isEmpty() ? null : "left after the recovery by way " + way + ": " + left;
            } catch (IOException e) {
                return "the recovery by way " + way + " failed: " + e;
            }
        }

        private String judge(Map<String, String> found, String overwritten, boolean closed) {
            Map<String, String> allOld = new LinkedHashMap<>(scenario.old);
            Map<String, String> allNew = new LinkedHashMap<>(scenario.expected);
            if (overwritten != null) {
                allOld.put(overwritten, "next");
                allNew.put(overwritten, "next");
            }
            if (closed && !found.equals(allNew)) {
                return "it was not durable: " + found;
            }
            return found.equals(allOld) || found.equals(allNew) ? null : "mixed: " + found;
        }

        /** Recovers in one of the ways; returns the member that was written by that, or null. */
        private String recover(Path base, int way) throws IOException {
            if (recovery != null) {
                recovery.recover(base);
                return null;
            }
            switch (way) {
                case 0 -> AtomicFiles.recover(base);
                case 1 -> AtomicFiles.transaction(base).close();
                case 2 -> {
                    for (String file : scenario.old.keySet()) {
                        AtomicFiles.recover(base.resolve(file).getParent());
                    }
                }
                default -> {
                    String member = List.copyOf(scenario.old.keySet()).get(way - 3);
                    Path file = base.resolve(member);
                    try {
                        Files.writeString(AtomicFiles.atomic(file), "next");
                    } catch (FileAlreadyExistsException e) { // its anchor alone was lost by a power cut
                        Path named = file.resolveSibling(file.getFileName() + ".tmp");
                        if (!e.getMessage().contains("a file " + named)) {
                            throw e;
                        }
                        Files.delete(named);
                        Files.writeString(AtomicFiles.atomic(file), "next");
                    }
                    if (scenario.name.startsWith("unique")) { // which left no anchor for a writer to find
                        AtomicFiles.recover(base);
                    }
                    return member;
                }
            }
            return null;
        }
    }

    private static Map<String, String> read(Path base, Scenario scenario) throws IOException {
        Map<String, String> result = new LinkedHashMap<>();
        for (String name : scenario.old.keySet()) {
            Path file = base.resolve(name);
            result.put(name, Files.exists(file) ? Files.readString(file) : null);
        }
        return result;
    }

    /** What nobody but a person can remove: a temporary that has lost the name which proves whose it is. */
    private static List<Path> left(Path base) throws IOException {
        try (Stream<Path> all = Files.walk(base)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().startsWith("."))
                    .toList();
        }
    }

    /** Makes the files with the keys and times that they had. */
    private static void lay(Path base, State state) throws IOException {
        Map<Integer, Integer> byKey = new TreeMap<>(); // jimfs numbers files in the order in which they are made
        for (int i = 0; i < state.keys().size(); i++) {
            byKey.put((Integer) state.keys().get(i), i);
        }
        int last = key(base.resolve("other")); // which was made last
        Path dummy = base.getParent().resolve("dummy");
        for (Map.Entry<Integer, Integer> wanted : byKey.entrySet()) {
            int file = wanted.getValue();
            Path first = null;
            for (Map.Entry<String, Integer> name : state.names().entrySet()) {
                if (name.getValue() != file) {
                    continue;
                }
                Path path = base.resolve(name.getKey());
                if (first != null) {
                    Files.createLink(path, first);
                    continue;
                }
                first = path;
                while (last < wanted.getKey() - 1) {
                    Files.createFile(dummy);
                    last = key(dummy);
                    Files.delete(dummy);
                }
                Files.write(path, state.contents().get(file));
                last = key(path);
                assertEquals(wanted.getKey(), last);
                Files.setLastModifiedTime(path, state.times().get(file));
            }
        }
    }

    private static int key(Path file) throws IOException {
        return (Integer) Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private static void assertBites(String finding, Exploration exploration) throws IOException {
        exploration.run(-1);
        assertTrue(
                exploration.wrong.stream().anyMatch(what -> what.contains(finding)),
                () -> finding + " is not in " + exploration.wrong);
    }

    @Test
    void the_model_finds_renames_without_an_intent() throws IOException {
        Scenario scenario = new Scenario(
                "wrong on purpose",
                files("a", OLD, "dir/b", OLD),
                files("a", NEW, "dir/b", NEW),
                (directory, options) -> {
                    for (String name : List.of("a", "dir/b")) {
                        Files.writeString(directory.resolve(name + ".new"), NEW);
                    }
                    for (String name : List.of("a", "dir/b")) {
                        Files.move(
                                directory.resolve(name + ".new"),
                                directory.resolve(name),
                                StandardCopyOption.ATOMIC_MOVE,
                                StandardCopyOption.REPLACE_EXISTING);
                    }
                });
        assertBites("mixed: {a=" + NEW, new Exploration(scenario, Durability.FULL, false, AtomicFiles::recover));
    }

    @Test
    void the_model_finds_missing_forces() throws IOException {
        assertBites("mixed: ", new Exploration(scenarios().get(0), Durability.NONE, true, null));
    }

    /** A recovery that takes back what a committed transaction has begun to publish: what is published stays so. */
    @Test
    void the_model_finds_undo_in_the_place_of_redo() throws IOException {
        assertBites("mixed: ", new Exploration(scenarios().get(0), Durability.FULL, true, base -> {
            for (Path hidden : left(base)) {
                if (hidden.toString().endsWith(".intent")) {
                    Files.delete(hidden);
                }
            }
            AtomicFiles.recover(base);
            AtomicFiles.recover(base.resolve("dir"));
        }));
    }

    @Test
    void the_model_finds_a_next_writer_that_removes_the_temporary_of_a_member() throws IOException {
        assertBites("mixed: ", new Exploration(scenarios().get(0), Durability.FULL, true, base -> {
            Files.deleteIfExists(base.resolve("dir/b.tmp"));
            for (Path hidden : left(base)) {
                if (hidden.getFileName().toString().startsWith(".b")) {
                    Files.delete(hidden);
                }
            }
            AtomicFiles.recover(base);
        }));
    }
}
