package org.atomicfs;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.atomicfs.testing.DirectoryListing.names;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.IsolatedLibrary;
import org.atomicfs.testing.LogLines;
import org.atomicfs.testing.Needs;
import org.atomicfs.testing.ObservedFileSystem;
import org.atomicfs.testing.Poll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of open writes when the JVM ends. */
class ShutdownTest {
    @TempDir
    Path directory;

    private String run(Class<?> program) throws IOException {
        ChildProcess.Result result = ChildProcess.run(ChildProcess.program(program, directory.toString()), null);
        assertEquals(List.of(), LogLines.besideShutdown(result.err()));
        assertEquals(0, result.status());
        return result.out();
    }

    @Test
    void exit_aborts_what_is_open_but_lets_shutdown_hooks_write() throws IOException {
        assertEquals("not committed", run(Exiting.class));
        assertEquals(List.of("state"), names(directory));
        assertEquals(2_000_000, Files.size(directory.resolve("state")));
    }

    @Test
    void a_shutdown_hook_can_publish_an_archive_that_was_open() throws IOException {
        assertEquals("", run(ArchiveOpen.class));
        assertEquals(List.of("a.zip"), names(directory));
        try (FileSystem zip = FileSystems.newFileSystem(directory.resolve("a.zip"))) {
            assertEquals("1", Files.readString(zip.getPath("a")));
        }
    }

    /** Exits with a zip file system open, and closes it in a hook after the library's own hook has run. */
    static final class ArchiveOpen {
        private static OutputStream open; // for the garbage collector not to end it before the shutdown does

        public static void main(String[] arguments) throws IOException {
            Path directory = AtomicFiles.atomic(Path.of(arguments[0]));
            open = Files.newOutputStream(directory.resolve("open"));
            open.write(1);
            FileSystem zip = FileSystems.newFileSystem(directory.resolve("a.zip"), Map.of("create", "true"));
            Files.writeString(zip.getPath("a"), "1");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    Poll.until(
                            () -> AtomicFiles.pending(directory.resolve("open")).isEmpty());
                    zip.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
            System.exit(0);
        }
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

    /** The JVM starts the hooks in no particular order, the library's own somewhere among them. */
    @Test
    void hooks_publish_what_they_write_whether_the_librarys_own_was_started_before_them_or_not() throws IOException {
        assertEquals("", run(ManyHooks.class));
        assertEquals(ManyHooks.HOOKS, names(directory).size());
        for (String name : names(directory)) {
            assertEquals(ManyHooks.SIZE, Files.size(directory.resolve(name)), name);
        }
    }

    /** Exits with a write open and many hooks, each of which writes a file. */
    static final class ManyHooks {
        private static final int HOOKS = 64;
        private static final int SIZE = 300_000;

        private static OutputStream open; // for the garbage collector not to end it before the shutdown does

        public static void main(String[] arguments) throws IOException {
            Path directory = AtomicFiles.atomic(Path.of(arguments[0]));
            for (int i = 0; i < HOOKS; i++) {
                Path state = directory.resolve("state" + i);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> write(state)));
            }
            open = Files.newOutputStream(directory.resolve("open"));
            open.write(1);
            System.exit(0);
        }

        private static void write(Path state) {
            try (OutputStream out = Files.newOutputStream(state)) {
                for (int i = 0; i < SIZE; i += 1000) {
                    out.write(new byte[1000]);
                }
            } catch (IOException e) {
                System.out.println(e);
            }
        }
    }

    @Test
    void every_operation_of_an_aborted_write_tells_that_the_jvm_is_shutting_down() throws IOException {
        Files.writeString(directory.resolve("kept"), "old");
        assertEquals("", run(Told.class));
        assertEquals(List.of("kept"), names(directory));
        assertEquals("old", Files.readString(directory.resolve("kept")));
    }

    /** Goes on using its channels and streams during the shutdown; prints what does not tell the reason. */
    static final class Told {
        private interface Operation {
            void run() throws IOException;
        }

        public static void main(String[] arguments) throws IOException {
            Path directory = AtomicFiles.atomic(Path.of(arguments[0]));
            FileChannel channel = FileChannel.open(directory.resolve("channel"), CREATE, READ, WRITE);
            FileChannel kept = FileChannel.open(directory.resolve("kept"), READ, WRITE);
            FileChannel unchanged = FileChannel.open(directory.resolve("kept"), READ, WRITE);
            OutputStream stream = Files.newOutputStream(directory.resolve("stream"));
            channel.write(ByteBuffer.allocate(10));
            kept.write(ByteBuffer.allocate(10));
            stream.write(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                Poll.until(() -> ended(channel) && ended(kept) && ended(stream) && ended(unchanged));
                expectReason("write", () -> channel.write(ByteBuffer.allocate(1)));
                expectReason("write at", () -> channel.write(ByteBuffer.allocate(1), 0));
                expectReason("read", () -> channel.read(ByteBuffer.allocate(1)));
                expectReason("read at", () -> channel.read(ByteBuffer.allocate(1), 0));
                expectReason("size", channel::size);
                expectReason("position", channel::position);
                expectReason("set position", () -> channel.position(0));
                expectReason("truncate", () -> channel.truncate(0));
                expectReason("force", () -> channel.force(true));
                expectReason("close", channel::close);
                expectReason("kept write", () -> kept.write(ByteBuffer.allocate(1)));
                expectReason("kept close", kept::close);
                expectReason("first write", () -> unchanged.write(ByteBuffer.allocate(1)));
                expectReason("stream write", () -> stream.write(1));
                expectReason("stream close", stream::close);
            }));
            System.exit(0);
        }

        private static boolean ended(Object writer) {
            return ((AtomicWrite) writer).status() == AtomicWrite.Status.DISCARDED;
        }

        private static void expectReason(String what, Operation operation) {
            try {
                operation.run();
                System.out.println(what + " succeeded");
            } catch (IOException e) {
                if (!String.valueOf(e.getMessage()).contains("the JVM is shutting down")) {
                    System.out.println(what + ": " + e);
                }
            }
        }
    }

    @Test
    void a_thread_that_wrote_before_and_a_new_one_are_refused_and_learn_why() throws IOException {
        assertEquals("refused refused", run(Refused.class));
        assertEquals(List.of("before"), names(directory));
    }

    /** Writes during the shutdown in threads that are not hooks. */
    static final class Refused {
        public static void main(String[] arguments) throws IOException {
            Path directory = AtomicFiles.atomic(Path.of(arguments[0]));
            CountDownLatch ending = new CountDownLatch(1);
            CountDownLatch written = new CountDownLatch(1);
            Thread before = new Thread(() -> {
                write(directory.resolve("before"));
                written.countDown();
                await(ending);
                write(directory.resolve("again"));
            });
            before.start();
            await(written);
            OutputStream open = Files.newOutputStream(directory.resolve("open"));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                Poll.until(() -> ((AtomicWrite) open).status() == AtomicWrite.Status.DISCARDED);
                ending.countDown();
                join(before);
                System.out.print(" ");
                Thread during = new Thread(() -> write(directory.resolve("during")));
                during.start();
                join(during);
            }));
            System.exit(0);
        }

        private static void write(Path file) {
            try {
                Files.writeString(file, "x");
            } catch (FileSystemException e) {
                boolean told = e.getReason().contains("the JVM is shutting down")
                        && e.getFile().equals(AtomicFiles.plain(file).toString());
                System.out.print(told ? "refused" : e.toString());
            } catch (IOException e) {
                System.out.print(e);
            }
        }

        private static void await(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        private static void join(Thread thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void the_copy_at_the_first_change_is_cut_short_by_the_shutdown() throws IOException {
        try (RandomAccessFile big =
                new RandomAccessFile(directory.resolve("big").toFile(), "rw")) {
            big.setLength(BIG);
        }
        assertEquals("cut short", run(Copying.class));
        assertEquals(List.of("big"), names(directory));
        assertEquals(BIG, Files.size(directory.resolve("big")));
    }

    private static final long BIG = 3L << 30;

    /** Exits while a big file is copied; counts the writes of the copy. */
    static final class Copying {
        public static void main(String[] arguments) throws IOException {
            AtomicLong writes = new AtomicLong();
            CountDownLatch copying = new CountDownLatch(100);
            Path observed = ObservedFileSystem.over(Path.of(arguments[0], "big"), (operation, file) -> {
                if (operation == ObservedFileSystem.Operation.WRITE) {
                    writes.incrementAndGet();
                    copying.countDown();
                }
            });
            FileChannel channel = FileChannel.open(AtomicFiles.atomic(observed), READ, WRITE);
            Thread writer = new Thread(() -> {
                try {
                    channel.write(ByteBuffer.allocate(1), 0);
                } catch (IOException e) {
                    boolean told = e.getMessage().contains("the JVM is shutting down");
                    long ofAll = BIG / (1 << 13); // the JDK copies pieces of 8 KiB
                    System.out.print(told && writes.get() < ofAll / 2 ? "cut short" : writes + " writes, " + e);
                }
            });
            writer.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> Refused.join(writer)));
            Refused.await(copying);
            System.exit(0);
        }
    }

    @Test
    void a_named_pipe_that_waits_for_its_other_end_does_not_hold_the_shutdown_up() throws IOException {
        Needs.command("mkfifo");
        for (String pipe : List.of("unopened", "full")) {
            ChildProcess.run(List.of("mkfifo", directory.resolve(pipe).toString()), null);
        }
        run(Piping.class);
        assertEquals(List.of("full", "unopened"), names(directory));
    }

    /** Exits while one thread opens a pipe that is not read, and another one writes to a pipe that is full. */
    static final class Piping {
        public static void main(String[] arguments) throws IOException {
            Path directory = Path.of(arguments[0]);
            Path unopened = AtomicFiles.atomic(directory.resolve("unopened"));
            start(() -> Files.newOutputStream(unopened));
            RandomAccessFile full =
                    new RandomAccessFile(directory.resolve("full").toFile(), "rw");
            AtomicLong written = new AtomicLong();
            start(() -> {
                try (OutputStream out = Files.newOutputStream(AtomicFiles.atomic(directory.resolve("full")))) {
                    while (true) {
                        out.write(1);
                        written.incrementAndGet();
                    }
                }
            });
            Poll.until(() -> AtomicFiles.pending(unopened).isPresent() && written.get() >= 1 << 16);
            System.exit(full.getChannel().isOpen() ? 0 : 1);
        }

        private static void start(Callable<?> action) {
            Thread thread = new Thread(() -> {
                try {
                    action.call();
                } catch (Exception aborted) {
                    // as expected
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
    }

    @Test
    void each_write_is_discarded_once_in_a_thread_that_keeps_nothing_of_the_first_writers() throws IOException {
        assertEquals("root null null 1", run(InHook.class));
        assertEquals(List.of("first"), names(directory));
    }

    /** Prints the group, class loader and inherited value of the thread that discards, and how often it does. */
    static final class InHook {
        private static final InheritableThreadLocal<String> INHERITED = new InheritableThreadLocal<>();

        public static void main(String[] arguments) throws IOException {
            AtomicLong deletions = new AtomicLong();
            Path directory = AtomicFiles.atomic(ObservedFileSystem.over(Path.of(arguments[0]), (operation, file) -> {
                if (operation == ObservedFileSystem.Operation.DELETE
                        && file.toString().endsWith("open.tmp")) {
                    deletions.incrementAndGet();
                    Thread thread = Thread.currentThread();
                    System.out.print(thread.getThreadGroup().getParent() == null ? "root" : thread.getThreadGroup());
                    System.out.print(" " + thread.getContextClassLoader() + " " + INHERITED.get() + " ");
                }
            }));
            INHERITED.set("inherited");
            Thread first = new Thread(new ThreadGroup("of the first writer"), () -> {
                try {
                    Files.writeString(directory.resolve("first"), "x");
                    Files.newOutputStream(directory.resolve("open")).write(1);
                } catch (IOException e) {
                    e.printStackTrace();
                }
            });
            first.start();
            Refused.join(first);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                Poll.until(() -> AtomicFiles.pending().isEmpty());
                System.out.print(deletions);
            }));
            System.exit(0);
        }
    }

    /** Containers destroy the group of a program that they have run. */
    @Test
    void a_destroyed_thread_group_of_the_first_writer_changes_nothing() throws IOException {
        assertEquals("hook", run(DestroyedGroup.class));
        assertEquals(List.of("first"), names(directory));
    }

    /** Destroys the group of the thread that wrote first, and exits with a write open. */
    static final class DestroyedGroup {
        @SuppressWarnings({"deprecation", "removal"}) // it is what is tested
        public static void main(String[] arguments) throws IOException {
            Path directory = AtomicFiles.atomic(Path.of(arguments[0]));
            ThreadGroup group = new ThreadGroup("job");
            Thread first = new Thread(group, () -> {
                try {
                    Files.writeString(directory.resolve("first"), "x");
                } catch (IOException e) {
                    e.printStackTrace();
                }
            });
            first.start();
            Refused.join(first);
            group.destroy();
            Files.newOutputStream(directory.resolve("open")).write(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.print("hook")));
            System.exit(0);
        }
    }

    /** A server loads the library once, and each program with a class loader of its own. */
    @Test
    void when_nothing_is_written_the_program_that_wrote_first_can_be_unloaded() throws IOException {
        assertEquals("unloaded", run(Server.class));
    }

    /** Runs a program that writes, and unloads it. */
    static final class Server {
        public static void main(String[] arguments) throws Exception {
            WeakReference<ClassLoader> program = runProgram(arguments[0]);
            Poll.until(() -> {
                System.gc();
                return program.get() == null;
            });
            System.out.print("unloaded");
        }

        private static WeakReference<ClassLoader> runProgram(String directory) throws Exception {
            ProgramLoader loader = new ProgramLoader();
            loader.define(Writes.class).getMethod("run", String.class).invoke(null, directory);
            return new WeakReference<>(loader);
        }
    }

    /** Has one class of its own, and all others from the test's loader. */
    private static final class ProgramLoader extends ClassLoader {
        ProgramLoader() {
            super(ShutdownTest.class.getClassLoader());
        }

        Class<?> define(Class<?> type) throws IOException {
            String name = type.getName();
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            }
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
