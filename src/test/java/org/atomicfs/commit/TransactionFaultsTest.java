package org.atomicfs.commit;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicCommitException.Outcome;
import org.atomicfs.AtomicFiles;
import org.atomicfs.AtomicOptions;
import org.atomicfs.Durability;
import org.atomicfs.FileTransaction;
import org.atomicfs.TemporaryName;
import org.atomicfs.testing.CapturedLogs;
import org.atomicfs.testing.DelegateKind;
import org.atomicfs.testing.InjectedFaults;
import org.atomicfs.testing.InjectedFaults.Kind;
import org.atomicfs.testing.InjectedFaults.Moment;
import org.atomicfs.testing.ObservedFileSystem;
import org.atomicfs.testing.TestDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Lets each call of the delegate fail, one after the other, by an exception of each kind, while several files or a
 * directory are written at once. Then, and after a recovery, all is old or all is new, as the program was told; nothing
 * is left, nothing is held, and all can be written again.
 */
@ParameterizedClass
@EnumSource
class TransactionFaultsTest {
    /** What the library knows of the file system that fails. */
    enum Ground {
        /** The machine's own one; nothing is forced, since that takes long. */
        BUILT_IN(DelegateKind.DEFAULT, Durability.NONE),
        IN_MEMORY(DelegateKind.JIMFS_UNIX, Durability.FULL);

        private final DelegateKind kind;
        private final Durability durability;

        Ground(DelegateKind kind, Durability durability) {
            this.kind = kind;
            this.durability = durability;
        }
    }

    /** Which faults are injected: every one, or every so many, as the build says. */
    private static final int FAULTS_EACH = Integer.getInteger("faultsEach", 5);

    private static final String OLD = "old";
    private static final String NEW = "newer";
    private static final String AGAIN = "again";
    private static final int PATIENT_THREADS = 64; // they wait for the second look at what was left

    @Parameter
    Ground ground;

    private final InjectedFaults faults = new InjectedFaults();
    private final List<Trial> left = new ArrayList<>(); // which a recovery has to put in order
    private final Map<Moment, Integer> points = new TreeMap<>();
    private TestDirectory place;
    private Path faultyRoot; // over a delegate that fails
    private CapturedLogs logs;
    private int trials;
    private int made; // directories

    @BeforeEach
    void makePlace() {
        logs = new CapturedLogs();
        place = ground.kind.newDirectory();
        faultyRoot = ObservedFileSystem.over(place.plain(), faults);
        if (ground == Ground.BUILT_IN) {
            Delegate.treatAsBuiltIn(faultyRoot.getFileSystem());
        }
    }

    @AfterEach
    void removePlace() throws IOException {
        place.close();
        logs.close();
    }

    /** What a program does in a directory. */
    private interface Program {
        void run(Path directory, AtomicOptions.Builder options) throws IOException;
    }

    /** A program, what there is before, and what there is if nothing fails; null stands for no file. */
    private record Case(String name, Map<String, String> old, Map<String, String> expected, Program program) {
        boolean writesDirectory() {
            return old.containsKey("target/a");
        }
    }

    private static Map<String, String> files(String... namesAndContents) {
        Map<String, String> result = new LinkedHashMap<>();
        for (int i = 0; i < namesAndContents.length; i += 2) {
            result.put(namesAndContents[i], namesAndContents[i + 1]);
        }
        return result;
    }

    private static final Program REPLACE_CREATE_DELETE = (directory, options) -> {
        try (FileTransaction transaction = AtomicFiles.transaction(directory, options.build())) {
            Files.writeString(transaction.path(directory.resolve("one")), NEW);
            Files.writeString(transaction.path(directory.resolve("dir/new")), NEW);
            transaction.delete(directory.resolve("dir/two"));
            transaction.commit();
        }
    };

    private static final Program WRITE_DIRECTORY = (directory, options) -> AtomicFiles.writeDirectory(
            directory.resolve("target"),
            filled -> {
                Files.writeString(filled.resolve("a"), NEW);
                Files.writeString(Files.createDirectory(filled.resolve("sub")).resolve("b"), NEW);
            },
            options.build(),
            1);

    private static final List<Case> CASES = List.of(
            new Case(
                    "replace, create and delete",
                    files("one", OLD, "dir/two", OLD, "dir/new", null),
                    files("one", NEW, "dir/two", null, "dir/new", NEW),
                    REPLACE_CREATE_DELETE),
            new Case(
                    "unique names, several threads",
                    files("one", OLD, "dir/two", OLD, "dir/new", null),
                    files("one", NEW, "dir/two", null, "dir/new", NEW),
                    (directory, options) -> REPLACE_CREATE_DELETE.run(
                            directory,
                            options.temporaryName(TemporaryName.UNIQUE).forceThreads(2))),
            new Case(
                    "create exclusively, prepared first",
                    files("one", OLD, "dir/two", null),
                    files("one", NEW, "dir/two", NEW),
                    (directory, options) -> {
                        try (FileTransaction transaction = AtomicFiles.transaction(directory, options.build())) {
                            Files.writeString(transaction.path(directory.resolve("dir/two")), NEW, CREATE_NEW, WRITE);
                            Files.writeString(transaction.path(directory.resolve("one")), NEW);
                            transaction.prepare();
                            transaction.commit();
                        }
                    }),
            new Case(
                    "move into",
                    files("one", OLD, "source", NEW, "dir/two", OLD),
                    files("one", NEW, "source", null, "dir/two", NEW),
                    (directory, options) -> {
                        try (FileTransaction transaction = AtomicFiles.transaction(directory, options.build())) {
                            Files.move(
                                    transaction.path(directory.resolve("source")),
                                    transaction.path(directory.resolve("dir/two")),
                                    REPLACE_EXISTING);
                            Files.writeString(transaction.path(directory.resolve("one")), NEW);
                            transaction.commit();
                        }
                    }),
            new Case("delete one alone", files("one", OLD), files("one", (String) null), (directory, options) -> {
                try (FileTransaction transaction = AtomicFiles.transaction(directory, options.build())) {
                    transaction.delete(directory.resolve("one"));
                    transaction.commit();
                }
            }),
            new Case("write one alone", files("one", OLD), files("one", NEW), (directory, options) -> {
                try (FileTransaction transaction = AtomicFiles.transaction(directory, options.build())) {
                    Files.writeString(transaction.path(directory.resolve("one")), NEW);
                    transaction.commit();
                }
            }),
            new Case(
                    "roll back",
                    files("one", OLD, "dir/two", OLD),
                    files("one", OLD, "dir/two", OLD),
                    (directory, options) -> {
                        try (FileTransaction transaction = AtomicFiles.transaction(directory, options.build())) {
                            Files.writeString(transaction.path(directory.resolve("one")), NEW);
                            transaction.delete(directory.resolve("dir/two"));
                            transaction.prepare();
                            transaction.rollback();
                        }
                    }),
            new Case(
                    "write a new directory",
                    files("target/a", null, "target/sub/b", null),
                    files("target/a", NEW, "target/sub/b", NEW),
                    WRITE_DIRECTORY),
            new Case(
                    "write a new generation",
                    files("target/a", OLD, "target/sub/b", OLD),
                    files("target/a", NEW, "target/sub/b", NEW),
                    WRITE_DIRECTORY));

    /** One run of a program, in a directory of its own. */
    private final class Trial {
        final Case what;
        final String name = "d" + made++;
        final Path plain = place.plain().resolve(name);
        final Path faulty = faultyRoot.resolve(name);
        String description = "";
        Throwable told; // null if nothing was thrown

        Trial(Case what) throws IOException {
            this.what = what;
            Files.createDirectories(plain.resolve("dir"));
            if (what.writesDirectory() && what.old.get("target/a") != null) {
                for (int i = 0; i < 3; i++) { // of which the oldest ones go
                    AtomicFiles.writeDirectory(
                            i == 0 ? plain.resolve("target~first") : plain.resolve("target"),
                            filled -> {
                                Files.writeString(filled.resolve("a"), OLD);
                                Files.writeString(
                                        Files.createDirectory(filled.resolve("sub"))
                                                .resolve("b"),
                                        OLD);
                            },
                            options().build(),
                            9);
                    if (i == 0) {
                        Path first = plain.resolve("target~first");
                        Files.createSymbolicLink(plain.resolve("target"), first.getFileName());
                    }
                }
                return;
            }
            for (Map.Entry<String, String> file : what.old.entrySet()) {
                if (file.getValue() != null) {
                    Files.writeString(plain.resolve(file.getKey()), file.getValue());
                }
            }
        }

        Map<String, String> content() throws IOException {
            Map<String, String> result = new LinkedHashMap<>();
            for (String file : what.old.keySet()) {
                Path path = plain.resolve(file);
                result.put(file, Files.exists(path) ? Files.readString(path) : null);
            }
            return result;
        }

        /** What is there besides the files themselves and the directories that they are in. */
        List<String> others() throws IOException {
            try (Stream<Path> all = Files.walk(plain)) {
                return all.map(path -> plain.relativize(path).toString())
                        .filter(path -> path.matches("(.*/)?\\..*|.*\\.tmp"))
                        .toList();
            }
        }
    }

    private AtomicOptions.Builder options() {
        return AtomicOptions.builder().durability(ground.durability).forceThreads(1);
    }

    @Test
    void all_is_old_or_all_is_new_whatever_call_fails_for_whatever_reason() throws Exception {
        List<String> broken = new ArrayList<>();
        for (Case each : CASES) {
            for (Moment when : Moment.values()) {
                int count = run(each, when, null, 0, broken);
                points.merge(when, count, Integer::sum);
                for (Kind by : Kind.values()) {
                    int step = when == Moment.FROM_THEN_ON ? 3 * FAULTS_EACH : FAULTS_EACH;
                    for (int at = 1 + by.ordinal() % step; at <= count; at += step) { // another choice for each kind
                        run(each, when, by, at, broken);
                    }
                }
            }
        }
        checkLeft(broken);
        System.out.println("transactions, " + ground + ": points " + points + " x kinds " + Kind.values().length + ": "
                + trials + " faults, after " + left.size() + " of which something was left for a recovery");
        assertTrue(trials > 100, "only " + trials + " faults");
        assertEquals("", String.join("\n", broken));
    }

    /** Runs a program once, lets one call fail, and looks. Returns how many calls there were. */
    private int run(Case each, Moment when, Kind by, int at, List<String> broken) throws IOException {
        Trial trial = new Trial(each);
        int open = ObservedFileSystem.countOpen(faultyRoot);
        List<String> held = Registry.held(); // by a trial that broke something
        faults.arm(by, when, at);
        try {
            each.program.run(trial.faulty, options());
        } catch (Throwable e) {
            trial.told = e;
        }
        int count = faults.seen();
        boolean happened = faults.thrown();
        trial.description = "%s, %s by %s at %d (%s)".formatted(each.name, when, by, at, faults.failed());
        faults.disarm();
        if (by != null && !happened) {
            return count; // the calls differ from one run to the next
        }
        trials += by == null ? 0 : 1;
        try {
            checkTold(trial, by);
            checkNothingHeld(open, held);
            if (!trial.others().isEmpty() || isUnknown(trial.told)) {
                left.add(trial); // it takes a while until a recovery may remove that
            } else {
                checkOldOrNew(trial, trial.content());
                checkCanBeWritten(trial);
                checkNothingHeld(open, held);
            }
        } catch (Throwable e) {
            broken.add(description(trial, e));
        }
        return count;
    }

    private static String description(Trial trial, Throwable e) {
        return trial.description + ": " + e + (trial.told == null ? "" : " [told: " + trial.told + "]");
    }

    private static boolean isUnknown(Throwable told) {
        return told instanceof Error
                || told instanceof AtomicCommitException e
                        && (e.outcome() == Outcome.INCOMPLETE || e.outcome() == Outcome.UNKNOWN);
    }

    /** What the program was told has to be what there is, before any recovery. */
    private static void checkTold(Trial trial, Kind by) throws IOException {
        Map<String, String> content = trial.content();
        if (by == null) {
            assertTrue(trial.told == null, "without a fault: " + trial.told);
        }
        if (trial.told == null) {
            assertEquals(trial.what.expected, content, "success");
        } else if (trial.told instanceof AtomicCommitException e && !isUnknown(e)) {
            boolean isNew = e.outcome() != Outcome.NOT_COMMITTED;
            assertEquals(isNew ? trial.what.expected : trial.what.old, content, "outcome " + e.outcome());
        } else if (!isUnknown(trial.told)) {
            assertEquals(trial.what.old, content, "failure");
        }
    }

    private static void checkOldOrNew(Trial trial, Map<String, String> content) {
        assertTrue(content.equals(trial.what.old) || content.equals(trial.what.expected), "mixed: " + content);
    }

    private void checkNothingHeld(int open, List<String> before) throws IOException {
        List<String> held = new ArrayList<>(Registry.held());
        held.removeAll(before);
        assertEquals(List.of(), held, "held");
        assertEquals(List.of(), AtomicFiles.pending(), "pending");
        assertEquals(open, ObservedFileSystem.countOpen(faultyRoot), "open channels");
    }

    /** All can be written through the same delegate, alone and together. */
    private void checkCanBeWritten(Trial trial) throws IOException {
        if (trial.what.writesDirectory()) {
            boolean isLink = Files.isSymbolicLink(trial.plain.resolve("target"));
            if (!isLink && Files.exists(trial.plain.resolve("target"), LinkOption.NOFOLLOW_LINKS)) {
                return; // a directory is not replaced
            }
            trial.what.program.run(trial.faulty, options());
            assertEquals(trial.what.expected, trial.content(), "written again");
            try (Stream<Path> all = Files.list(trial.plain)) {
                long directories = all.filter(
                                path -> path.getFileName().toString().matches("target~[0-9a-f]{24}"))
                        .count();
                assertEquals(isLink ? 2 : 0, directories, "generations");
            }
        } else {
            for (String file : trial.what.old.keySet()) {
                Files.writeString(
                        AtomicFiles.atomic(trial.faulty.resolve(file)),
                        AGAIN,
                        CREATE,
                        TRUNCATE_EXISTING,
                        WRITE,
                        Durability.NONE);
                assertEquals(AGAIN, Files.readString(trial.plain.resolve(file)));
            }
            AtomicOptions options = options().durability(Durability.NONE).build();
            try (FileTransaction transaction = AtomicFiles.transaction(trial.faulty, options)) {
                for (String file : trial.what.old.keySet()) {
                    Files.writeString(transaction.path(trial.faulty.resolve(file)), NEW);
                }
                transaction.commit();
            }
            for (String file : trial.what.old.keySet()) {
                assertEquals(NEW, Files.readString(trial.plain.resolve(file)));
            }
        }
        assertEquals(List.of(), trial.others(), "left after writing again");
    }

    /** A recovery puts in order what the faults have left. */
    private void checkLeft(List<String> broken) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(PATIENT_THREADS);
        try {
            List<Callable<String>> checks = new ArrayList<>();
            for (Trial trial : left) {
                checks.add(() -> {
                    try {
                        AtomicFiles.recover(trial.plain);
                        checkOldOrNew(trial, trial.content());
                        if (!isUnknown(trial.told)) {
                            checkTold(trial, Kind.IO);
                        }
                        AtomicFiles.recover(trial.plain.resolve("dir"));
                        assertEquals(List.of(), trial.others(), "left after the recovery");
                        checkCanBeWritten(trial);
                        return null;
                    } catch (Throwable e) {
                        return description(trial, e) + ", later";
                    }
                });
            }
            for (Future<String> check : threads.invokeAll(checks)) {
                if (check.get() != null) {
                    broken.add(check.get());
                }
            }
        } finally {
            threads.shutdown();
        }
        if (!Registry.held().isEmpty()) {
            broken.add("held at the end: " + Registry.held());
        }
    }
}
