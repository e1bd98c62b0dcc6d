package org.atomicfs.commit;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicCommitException.Outcome;
import org.atomicfs.AtomicFiles;
import org.atomicfs.AtomicWrite;
import org.atomicfs.AtomicWrite.Status;
import org.atomicfs.CommitPolicy;
import org.atomicfs.Durability;
import org.atomicfs.TemporaryName;
import org.atomicfs.testing.CapturedLogs;
import org.atomicfs.testing.DelegateKind;
import org.atomicfs.testing.DirectoryListing;
import org.atomicfs.testing.InjectedFaults;
import org.atomicfs.testing.InjectedFaults.Kind;
import org.atomicfs.testing.InjectedFaults.Moment;
import org.atomicfs.testing.ObservedFileSystem;
import org.atomicfs.testing.TestDirectory;
import org.atomicfs.testing.WriterKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Lets each call of the delegate fail, one after the other, by an exception of each kind, and looks whether anything is
 * broken afterwards: whether a name stays taken, a write pending, a channel open, a file in the directory, and whether
 * what the program was told is what there is.
 */
@ParameterizedClass
@EnumSource
class InjectedFaultsTest {
    /** What the library knows of the file system that fails. */
    enum Ground {
        /** The machine's own one, which the library knows. */
        BUILT_IN(DelegateKind.DEFAULT),
        /** The same one, behind a provider that the library does not know. */
        FOREIGN(DelegateKind.DEFAULT),
        IN_MEMORY(DelegateKind.JIMFS_UNIX);

        private final DelegateKind kind;

        Ground(DelegateKind kind) {
            this.kind = kind;
        }
    }

    private static final String OLD = "old";
    private static final String NEW = "newer";
    private static final long SLOW = LivenessLock.INTERVAL / 4;
    private static final int SOME = 3; // of so many files one is written through the plain delegate as well
    private static final int PATIENT_THREADS = 64; // they wait for the second look at what was left

    @Parameter
    Ground ground;

    private TestDirectory place;
    private Path plainRoot;
    private Path faultyRoot; // atomic, over a delegate that fails
    private CapturedLogs logs;
    private final InjectedFaults faults = new InjectedFaults();

    private final List<Trial> left = new ArrayList<>(); // whose temporaries could not be removed
    private final Map<String, Integer> points = new TreeMap<>();
    private int trials;
    private int made; // directories

    @BeforeEach
    void makePlace() {
        logs = new CapturedLogs();
        place = ground.kind.newDirectory();
        plainRoot = place.plain();
        faultyRoot = AtomicFiles.atomic(ObservedFileSystem.over(plainRoot, faults));
        if (ground == Ground.BUILT_IN) {
            Delegate.treatAsBuiltIn(AtomicFiles.plain(faultyRoot).getFileSystem());
        }
    }

    @AfterEach
    void removePlace() throws IOException {
        place.close();
        logs.close();
    }

    /** What a program does with a file, which has the content OLD if it has any. */
    private interface Program {
        void run(Trial trial) throws Throwable;
    }

    /** A program, and what it does to its file if nothing fails. */
    private record Case(String name, boolean exists, String result, Program program) {}

    /** One run of a program, in a directory of its own. */
    private final class Trial {
        final Case what;
        final OpenOption style;
        final int number = made++;
        final String directory = "d" + number;
        final Path plain = plainRoot.resolve(directory).resolve("file");
        final Path plainSource = plain.resolveSibling("source");
        final Path faulty = faultyRoot.resolve(directory).resolve("file");
        final Path faultySource = faulty.resolveSibling("source");
        String description = "";
        AtomicWrite handle; // null if there is none
        Throwable thrownByEnd; // by close() or another method that ends the write
        boolean ended;

        Trial(Case what, OpenOption style) throws IOException {
            this.what = what;
            this.style = style;
            Files.createDirectory(plain.getParent());
            Files.writeString(plainSource, NEW);
            if (what.exists) {
                Files.writeString(plain, OLD);
            }
        }

        /** Writes, closes whatever happened, and tells of the first failure. */
        void use(WriterKind.Writer writer) throws Throwable {
            handle = writer.handle();
            Throwable first = null;
            try {
                writer.write(NEW);
            } catch (Throwable e) {
                first = e;
            }
            close(writer::close);
            throwFirst(first, thrownByEnd);
        }

        void close(Closeable end) {
            ended = true;
            try {
                end.close();
            } catch (Throwable e) {
                thrownByEnd = e;
            }
        }

        String content() throws IOException {
            return Files.exists(plain, LinkOption.NOFOLLOW_LINKS) ? Files.readString(plain) : null;
        }
    }

    private static Program writing(WriterKind how, OpenOption... options) {
        return trial -> trial.use(how.open(trial.faulty, with(trial.style, options)));
    }

    private static Set<OpenOption> with(OpenOption style, OpenOption... options) {
        return Stream.concat(Stream.of(style), Stream.of(options)).collect(java.util.stream.Collectors.toSet());
    }

    private static final Program IN_PART = trial -> {
        SeekableByteChannel channel = Files.newByteChannel(trial.faulty, with(trial.style, READ, WRITE));
        trial.handle = (AtomicWrite) channel;
        Throwable first = null;
        try {
            channel.position(1);
            channel.write(ByteBuffer.wrap("LD+".getBytes()));
            channel.truncate(3);
        } catch (Throwable e) {
            first = e;
        }
        trial.close(channel);
        throwFirst(first, trial.thrownByEnd);
    };

    private static final Program LOCKED = trial -> {
        FileChannel channel = FileChannel.open(trial.faulty, with(trial.style, CREATE, WRITE));
        trial.handle = (AtomicWrite) (Object) channel;
        Throwable first = null;
        try {
            channel.lock();
            channel.write(ByteBuffer.wrap(NEW.getBytes()));
            channel.force(true);
        } catch (Throwable e) {
            first = e;
        }
        trial.close(channel);
        throwFirst(first, trial.thrownByEnd);
    };

    private static final Program IN_TRY = trial -> {
        try (OutputStream out = Files.newOutputStream(trial.faulty, trial.style)) {
            trial.handle = (AtomicWrite) out;
            out.write(NEW.getBytes());
            out.flush();
        }
    };

    private static final Program COMMITTED = trial -> {
        OutputStream out = Files.newOutputStream(trial.faulty, trial.style, CommitPolicy.EXPLICIT, Durability.FULL);
        trial.handle = (AtomicWrite) out;
        Throwable first = null;
        try {
            out.write(NEW.getBytes());
            trial.handle.commit();
        } catch (Throwable e) {
            first = e;
        }
        trial.close(out);
        throwFirst(first, trial.thrownByEnd);
    };

    private static final Program ABORTED = trial -> {
        OutputStream out = Files.newOutputStream(trial.faulty, trial.style);
        trial.handle = (AtomicWrite) out;
        Throwable first = null;
        try {
            out.write(NEW.getBytes());
        } catch (Throwable e) {
            first = e;
        }
        trial.close(trial.handle::abort);
        throwFirst(first, trial.thrownByEnd);
    };

    private static final Program ABORTED_CHANGE = trial -> {
        OutputStream out = Files.newOutputStream(trial.faulty, trial.style, APPEND);
        trial.handle = (AtomicWrite) out;
        Throwable first = null;
        try {
            out.write(NEW.getBytes());
        } catch (Throwable e) {
            first = e;
        }
        trial.close(trial.handle::abort);
        throwFirst(first, trial.thrownByEnd);
    };

    private static void throwFirst(Throwable first, Throwable second) throws Throwable {
        if (first != null || second != null) {
            throw first != null ? first : second;
        }
    }

    private static final List<Case> CASES = List.of(
            new Case("create by a stream", false, NEW, writing(WriterKind.STREAM, CREATE, TRUNCATE_EXISTING)),
            new Case("replace by a stream", true, NEW, writing(WriterKind.STREAM, CREATE, TRUNCATE_EXISTING)),
            new Case(
                    "replace by a byte channel", true, NEW, writing(WriterKind.BYTE_CHANNEL, WRITE, TRUNCATE_EXISTING)),
            new Case(
                    "replace by a file channel, durably",
                    true,
                    NEW,
                    writing(WriterKind.FILE_CHANNEL, WRITE, TRUNCATE_EXISTING, Durability.FULL)),
            new Case(
                    "replace by an asynchronous channel, not forced",
                    true,
                    NEW,
                    writing(WriterKind.ASYNCHRONOUS, WRITE, TRUNCATE_EXISTING, Durability.NONE)),
            new Case("create new by a stream", false, NEW, writing(WriterKind.STREAM, CREATE_NEW)),
            new Case(
                    "create new by a byte channel, not forced",
                    false,
                    NEW,
                    writing(WriterKind.BYTE_CHANNEL, WRITE, CREATE_NEW, Durability.NONE)),
            new Case("append by a stream", true, OLD + NEW, writing(WriterKind.STREAM, APPEND)),
            new Case("append by a byte channel", true, OLD + NEW, writing(WriterKind.BYTE_CHANNEL, APPEND)),
            new Case("change in part", true, "oLD", IN_PART),
            new Case("create, lock, write and force", false, NEW, LOCKED),
            new Case("replace in try", true, NEW, IN_TRY),
            new Case("commit", true, NEW, COMMITTED),
            new Case("abort", true, OLD, ABORTED),
            new Case("abort after appending", true, OLD, ABORTED_CHANGE),
            new Case(
                    "write",
                    true,
                    NEW,
                    trial -> AtomicFiles.write(trial.faulty, out -> out.write(NEW.getBytes()), trial.style)),
            new Case(
                    "write if absent",
                    false,
                    NEW,
                    trial -> AtomicFiles.writeIfAbsent(trial.faulty, out -> out.write(NEW.getBytes()))),
            new Case("copy", false, NEW, trial -> Files.copy(trial.faultySource, trial.faulty)),
            new Case(
                    "copy and replace",
                    true,
                    NEW,
                    trial -> Files.copy(trial.faultySource, trial.faulty, REPLACE_EXISTING, COPY_ATTRIBUTES)),
            new Case(
                    "copy from another file system",
                    true,
                    NEW,
                    trial -> Files.copy(trial.plainSource, trial.faulty, REPLACE_EXISTING)),
            new Case(
                    "copy a stream",
                    true,
                    NEW,
                    trial -> Files.copy(new ByteArrayInputStream(NEW.getBytes()), trial.faulty, REPLACE_EXISTING)),
            new Case("move", false, NEW, trial -> Files.move(trial.faultySource, trial.faulty)),
            new Case(
                    "move and replace",
                    true,
                    NEW,
                    trial -> Files.move(trial.faultySource, trial.faulty, REPLACE_EXISTING)),
            new Case(
                    "move from another file system",
                    true,
                    NEW,
                    trial -> Files.move(AtomicFiles.atomic(trial.plainSource), trial.faulty, REPLACE_EXISTING)),
            new Case(
                    "move in one step",
                    true,
                    NEW,
                    trial -> Files.move(trial.faultySource, trial.faulty, REPLACE_EXISTING, ATOMIC_MOVE)));

    @Test
    void nothing_is_broken_whatever_call_fails_for_whatever_reason() throws Exception {
        List<String> broken = new ArrayList<>();
        for (TemporaryName style : TemporaryName.values()) {
            for (Case each : CASES) {
                if (style == TemporaryName.UNIQUE
                        && (ground == Ground.FOREIGN || each.name.matches("(copy|move|write if).*"))) {
                    continue; // those take no options
                }
                long descriptors = descriptors();
                for (Moment when : Moment.values()) {
                    if (when == Moment.FROM_THEN_ON && (ground == Ground.FOREIGN || style == TemporaryName.UNIQUE)) {
                        continue; // it takes long, and shows no more than it does with the others
                    }
                    int count = run(each, style, when, null, 0, broken);
                    points.merge(when.toString(), count, Integer::sum);
                    for (Kind by : Kind.values()) {
                        for (int at = 1; at <= count; at++) {
                            if (when == Moment.FROM_THEN_ON && at % Kind.values().length != by.ordinal()) {
                                continue; // one kind each: most of that was seen before
                            }
                            run(each, style, when, by, at, broken);
                        }
                    }
                }
                if (descriptors() != descriptors) {
                    broken.add(each.name + ", " + style + ": descriptors " + descriptors + ", then " + descriptors());
                }
            }
        }
        checkLeft(broken);
        System.out.println(ground + ": points " + points + " x kinds " + Kind.values().length + ": " + trials
                + " faults, after " + left.size() + " of which names were left for the next writer");
        assertTrue(trials > 1000, "only " + trials + " faults");
        assertEquals("", String.join("\n", broken));
    }

    /** Runs a program once, lets one call fail, and looks. Returns how many calls there were. */
    private int run(Case each, TemporaryName style, Moment when, Kind by, int at, List<String> broken)
            throws IOException {
        Trial trial = new Trial(each, style);
        int open = ObservedFileSystem.countOpen(AtomicFiles.plain(faultyRoot));
        Throwable told = null;
        faults.arm(by, when, at);
        long begun = System.nanoTime();
        try {
            each.program.run(trial);
        } catch (Throwable e) {
            told = e;
        }
        int count = faults.seen();
        String operation = faults.failed();
        boolean happened = faults.thrown();
        boolean said = told != null
                && String.valueOf(told.getMessage())
                        .matches("(?s).*(could not be removed|not known to be an abandoned).*");
        boolean slow = System.nanoTime() - begun > SLOW; // then it is not known whose the newborn file is
        boolean mayLeave = faults.mayLeaveFiles() || when == Moment.FROM_THEN_ON || said || slow;
        faults.disarm();
        trial.description = "%s, %s, %s by %s at %d (%s)".formatted(each.name, style, when, by, at, operation);
        if (by != null && !happened) {
            return count; // the calls differ from one run to the next
        }
        trials += by == null ? 0 : 1;
        try {
            checkTold(trial, by, told);
            checkNothingHeld(open);
            if (checkNames(trial, mayLeave)) {
                left.add(trial); // it takes a while until another writer may remove that
            } else {
                checkCanBeWritten(trial);
                checkNothingHeld(open);
            }
        } catch (Throwable e) {
            broken.add(trial.description + ": " + e + (told == null ? "" : " [told: " + told + "]"));
        }
        return count;
    }

    /** How many files in the directory of this test the process has open. */
    private long descriptors() throws IOException {
        Path all = Path.of("/proc/self/fd");
        if (!Files.exists(all)) {
            return 0;
        }
        long count = 0;
        for (String name : DirectoryListing.names(all)) {
            try {
                Path open = Files.readSymbolicLink(all.resolve(name));
                count += open.toString().startsWith(plainRoot.toString()) ? 1 : 0;
            } catch (NoSuchFileException closed) {
                // that of the listing itself
            }
        }
        return count;
    }

    /** What the program was told has to be what there is. */
    private static void checkTold(Trial trial, Kind by, Throwable told) throws IOException {
        String before = trial.what.exists ? OLD : null;
        String content = trial.content();
        boolean isNew = trial.what.result.equals(content);
        if (trial.what.program == LOCKED && "".equals(content)) {
            return; // a file that is locked is published empty
        }
        assertTrue(isNew || java.util.Objects.equals(before, content), "content: " + content);
        if (by == null) {
            assertTrue(told == null, "without a fault: " + told);
        }
        if (told == null) {
            assertTrue(isNew, "success without new content");
        }
        boolean discards = trial.what.result.equals(before);
        boolean byDelegateItself = trial.what.name.equals("move in one step");
        if (told instanceof AtomicCommitException e) {
            assertEquals(isNew && !discards, e.outcome() != Outcome.NOT_COMMITTED, "outcome " + e.outcome());
        } else if (told instanceof IOException && !discards && !byDelegateItself) {
            // a move that can be neither ended nor undone leaves both names
            boolean both = trial.what.name.startsWith("move") && Files.exists(trial.plainSource);
            assertTrue(!isNew || both, "new content, and " + told);
        }
        if (trial.what.name.startsWith("move")) {
            assertTrue(isNew || Files.exists(trial.plainSource), "the source is gone, the target is old");
        }
        if (trial.handle == null) {
            return;
        }
        Status expected = isNew && !discards ? Status.COMMITTED : Status.DISCARDED;
        assertEquals(expected, trial.handle.status(), "status");
        if (trial.ended) {
            checkSecondClose(trial, isNew && !discards, discards);
        }
    }

    /** Closing again tells what closing told if that was no answer, and changes nothing. */
    private static void checkSecondClose(Trial trial, boolean isNew, boolean discards) throws IOException {
        Status status = trial.handle.status();
        Throwable again = null;
        try {
            ((Closeable) trial.handle).close();
        } catch (Throwable e) {
            again = e;
        }
        assertEquals(status, trial.handle.status(), "status after the second close");
        if (isNew) {
            assertEquals(null, again, "second close");
        } else if (!discards) {
            assertTrue(
                    trial.thrownByEnd instanceof AtomicCommitException
                            || again instanceof AtomicCommitException e && e.outcome() == Outcome.NOT_COMMITTED
                            || trial.thrownByEnd != null && trial.handle instanceof FileChannel // closes but once
                            || trial.what.program == COMMITTED,
                    "close() told " + trial.thrownByEnd + ", and then " + again);
        }
    }

    private void checkNothingHeld(int open) throws IOException {
        assertEquals(List.of(), Registry.held(), "held");
        assertEquals(List.of(), AtomicFiles.pending(), "pending");
        assertEquals(open, ObservedFileSystem.countOpen(AtomicFiles.plain(faultyRoot)), "open channels");
    }

    /** Returns whether names were left that the next writer has to remove. */
    private static boolean checkNames(Trial trial, boolean mayLeave) throws IOException {
        List<String> names = foreignNames(trial);
        if (names.isEmpty()) {
            return false;
        }
        assertTrue(mayLeave, "left: " + names);
        assertTrue(names.stream().anyMatch(name -> name.startsWith(".")), "left without a proof: " + names);
        return true;
    }

    private static List<String> foreignNames(Trial trial) throws IOException {
        return DirectoryListing.names(trial.plain.getParent()).stream()
                .filter(name -> !Set.of("file", "source").contains(name))
                .toList();
    }

    /** The file can be written through the same delegate, and through one that never failed. */
    private static void checkCanBeWritten(Trial trial) throws IOException {
        Files.writeString(trial.faulty, "again", CREATE, TRUNCATE_EXISTING, WRITE, Durability.NONE);
        assertEquals("again", trial.content());
        if (trial.number % SOME == 0) {
            Files.writeString(AtomicFiles.atomic(trial.plain), " and again", CREATE, APPEND, Durability.NONE);
            assertEquals("again and again", trial.content());
        }
        if (trial.style == TemporaryName.UNIQUE) {
            AtomicFiles.recover(trial.plain.getParent()); // no other writer has the same temporary
        }
        assertEquals(List.of(), foreignNames(trial), "left after writing again");
    }

    /** What could not be removed does not hinder the next writer, which removes it. */
    private void checkLeft(List<String> broken) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(PATIENT_THREADS);
        try {
            List<Callable<String>> checks = new ArrayList<>();
            for (Trial trial : left) {
                checks.add(() -> {
                    try {
                        checkCanBeWritten(trial);
                        return null;
                    } catch (Throwable e) {
                        return trial.description + ", later: " + e;
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
        assertEquals(List.of(), Registry.held(), "held");
    }
}
