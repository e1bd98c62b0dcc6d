package programs;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.FileHandler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.IntStream;

/** An ordinary program. Its first argument says what it does, the second one in which directory. */
public final class WholeJvm {
    private WholeJvm() {}

    public static void main(String[] args) throws Exception {
        Path directory = args.length > 1 ? Path.of(args[1]) : null;
        switch (args[0]) {
            case "writes" -> writes(directory);
            case "in-place" -> inPlace(directory);
            case "long-lived" -> longLived(directory);
            case "going-in-place" -> goingInPlace(directory);
            case "secure" -> secure(directory);
            case "paths" -> paths(directory);
            case "logs" -> logs(directory);
            case "plain" -> plain(directory);
            case "fails" -> fails(directory.resolve("out"));
            case "temporary" -> temporary();
            case "stops" -> stops(directory);
            case "closed-directory" -> closedDirectory(directory);
            case "own-temporaries" -> ownTemporaries(directory);
            case "changed-while-open" -> changedWhileOpen(directory);
            case "changed-by-others" -> changedByOthers(directory);
            case "taken" -> taken(directory);
            case "moved-directory" -> movedDirectory(directory);
            default -> throw new AssertionError(args[0]);
        }
        System.out.print("done");
    }

    private static void equal(Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new AssertionError("expected: " + expected + ", but was: " + actual);
        }
    }

    /** Names in a directory, as another program sees them. */
    private static List<String> names(Path directory) {
        return Arrays.stream(directory.toFile().list()).sorted().toList();
    }

    private static void fails(Path out) throws IOException {
        try (OutputStream stream = Files.newOutputStream(out)) {
            stream.write('x');
            throw new IllegalStateException("fails");
        } catch (IllegalStateException e) {
            equal("fails", e.getMessage());
        }
    }

    private static void writes(Path directory) throws Exception {
        Path out = directory.resolve("out");
        Files.writeString(out, "old");
        try (OutputStream stream = Files.newOutputStream(out)) {
            stream.write("new".getBytes());
            equal("old", Files.readString(out));
        }
        equal("new", Files.readString(out));
        fails(out);
        equal("new", Files.readString(out));
        try (SeekableByteChannel channel = Files.newByteChannel(out, CREATE, TRUNCATE_EXISTING, WRITE)) {
            channel.write(ByteBuffer.wrap("channel".getBytes()));
            equal("new", Files.readString(out));
        }
        equal("channel", Files.readString(out));
        Files.copy(new ByteArrayInputStream("copied".getBytes()), out, StandardCopyOption.REPLACE_EXISTING);
        Path other = directory.resolve("other");
        Files.copy(out, other);
        Files.writeString(out, "newer");
        Files.move(out, other, StandardCopyOption.REPLACE_EXISTING);
        equal("newer", Files.readString(other));
        equal(List.of("other"), names(directory));
    }

    private static void inPlace(Path directory) throws Exception {
        Path file = directory.resolve("file");
        for (OpenOption[] how : new OpenOption[][] {
            {READ, WRITE, CREATE},
            {APPEND},
            {WRITE},
            {WRITE, TRUNCATE_EXISTING, READ},
            {WRITE, TRUNCATE_EXISTING, DSYNC}
        }) {
            try (FileChannel channel = FileChannel.open(file, how)) {
                channel.write(ByteBuffer.wrap("seen".getBytes()));
                String content = Files.readString(file);
                equal(true, content.contains("seen"));
                equal(List.of("file"), names(directory));
            }
        }
        Path lock = directory.resolve("a.lck");
        try (FileChannel channel = FileChannel.open(lock, CREATE_NEW, WRITE)) {
            equal(List.of("a.lck", "file"), names(directory));
            equal(true, channel.isOpen());
        }
    }

    private static void longLived(Path directory) throws Exception {
        Path forced = directory.resolve("forced");
        try (FileChannel channel = FileChannel.open(forced, CREATE_NEW, WRITE)) {
            channel.write(ByteBuffer.wrap("one".getBytes()));
            equal(false, Files.exists(forced));
            channel.force(false);
            equal("one", Files.readString(forced));
            equal(List.of("forced"), names(directory));
            channel.write(ByteBuffer.wrap(", two".getBytes()));
            equal("one, two", Files.readString(forced));
            channel.force(true);
            equal(8L, channel.position());
        }
        equal("one, two", Files.readString(forced));
        Path locked = directory.resolve("locked");
        try (FileChannel channel = FileChannel.open(locked, CREATE_NEW, WRITE)) {
            try (FileLock lock = channel.lock()) {
                equal(true, lock.isValid());
                equal("", Files.readString(locked));
                channel.write(ByteBuffer.wrap("mine".getBytes()));
                equal("mine", Files.readString(locked));
            }
        }
        Path asynchronous = directory.resolve("asynchronous");
        try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(asynchronous, CREATE_NEW, WRITE)) {
            channel.write(ByteBuffer.wrap("a".getBytes()), 0).get();
            channel.force(true);
            equal("a", Files.readString(asynchronous));
            channel.write(ByteBuffer.wrap("b".getBytes()), 1).get();
            equal("ab", Files.readString(asynchronous));
        }
        concurrent(directory.resolve("concurrent"));
        Path replaced = directory.resolve("forced");
        try (FileChannel channel = FileChannel.open(replaced, CREATE, TRUNCATE_EXISTING, WRITE)) {
            channel.write(ByteBuffer.wrap("three".getBytes()));
            equal("one, two", Files.readString(replaced));
            channel.force(true);
            equal("three", Files.readString(replaced));
            throw new IllegalStateException("after it was published");
        } catch (IllegalStateException e) {
            equal(0, e.getSuppressed().length);
        }
        equal("three", Files.readString(replaced));
        equal(List.of("asynchronous", "concurrent", "forced", "locked"), names(directory));
    }

    /** One thread writes, another one forces. */
    private static void concurrent(Path file) throws Exception {
        int writes = 2_000;
        try (FileChannel channel = FileChannel.open(file, CREATE_NEW, WRITE)) {
            Throwable[] failure = new Throwable[1];
            Thread writer = new Thread(() -> {
                try {
                    for (int i = 0; i < writes; i++) {
                        channel.write(ByteBuffer.wrap(new byte[] {(byte) i}));
                    }
                } catch (Throwable e) {
                    failure[0] = e;
                }
            });
            writer.start();
            for (int i = 0; i < 10; i++) {
                channel.force(false);
            }
            writer.join();
            if (failure[0] != null) {
                throw new AssertionError(failure[0]);
            }
        }
        byte[] content = Files.readAllBytes(file);
        equal(writes, content.length);
        for (int i = 0; i < writes; i++) {
            equal((byte) i, content[i]);
        }
    }

    private static void goingInPlace(Path directory) throws Exception {
        lockedTwice(directory.resolve("locked"));
        forcedByHandler(directory.resolve("asynchronous"));
        for (int i = 0; i < 50; i++) {
            lookedAtMeanwhile(directory.resolve("looked-at"));
        }
        Path failed = Files.writeString(directory.resolve("failed"), "old");
        try (FileChannel channel = FileChannel.open(failed, TRUNCATE_EXISTING, WRITE)) {
            try {
                channel.write(ByteBuffer.wrap("new".getBytes()), -1);
                throw new AssertionError("written");
            } catch (IllegalArgumentException e) {
                channel.force(true);
            }
        } catch (IOException e) {
            equal("old", Files.readString(failed));
        }
        equal("old", Files.readString(failed));
        equal(List.of("asynchronous", "failed", "locked"), names(directory));
    }

    /** Who locks a file that others have locked does not put another file in its place. */
    private static void lockedTwice(Path file) throws Exception {
        OpenOption[] how = {CREATE, TRUNCATE_EXISTING, WRITE};
        try (FileChannel one = FileChannel.open(file, how);
                FileLock lock = one.lock();
                FileChannel two = FileChannel.open(file, how)) {
            equal(true, lock.isValid());
            one.write(ByteBuffer.wrap("one".getBytes()));
            try {
                throw new AssertionError("locked twice: " + two.tryLock());
            } catch (OverlappingFileLockException e) {
                equal("", Files.readString(file)); // truncated, as by a plain path
            }
        }
    }

    /** The only thread of the executor forces, while another write waits for that thread. */
    private static void forcedByHandler(Path file) throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        CountDownLatch begun = new CountDownLatch(1);
        executor.execute(() -> awaitUninterrupted(begun));
        CountDownLatch forced = new CountDownLatch(2);
        Throwable[] failure = new Throwable[1];
        try (AsynchronousFileChannel channel =
                AsynchronousFileChannel.open(file, Set.of(CREATE_NEW, WRITE), executor)) {
            CompletionHandler<Integer, Void> forcing = new CompletionHandler<>() {
                @Override
                public void completed(Integer n, Void attachment) {
                    try {
                        channel.force(true);
                    } catch (IOException e) {
                        failed(e, attachment);
                    }
                    forced.countDown();
                }

                @Override
                public void failed(Throwable e, Void attachment) {
                    failure[0] = e;
                }
            };
            channel.write(ByteBuffer.wrap("a".getBytes()), 0, null, forcing);
            channel.write(ByteBuffer.wrap("b".getBytes()), 1, null, forcing);
            begun.countDown();
            if (!forced.await(20, TimeUnit.SECONDS)) {
                System.err.println("force() waits for a write that waits for it: " + failure[0]);
                Runtime.getRuntime().halt(1);
            }
            equal("ab", Files.readString(file));
        } finally {
            executor.shutdownNow();
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Another thread asks for the position and the size while the file is published. */
    private static void lookedAtMeanwhile(Path file) throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        CountDownLatch running = new CountDownLatch(1);
        try (FileChannel channel = FileChannel.open(file, CREATE_NEW, WRITE)) {
            channel.write(ByteBuffer.wrap("1".getBytes()));
            Throwable[] failure = new Throwable[1];
            Thread looking = new Thread(() -> {
                try {
                    while (!done.get()) {
                        equal(1L, channel.position());
                        equal(1L, channel.size());
                        running.countDown();
                    }
                } catch (Throwable e) {
                    failure[0] = e;
                    running.countDown();
                }
            });
            looking.start();
            running.await();
            channel.force(false);
            done.set(true);
            looking.join();
            if (failure[0] != null) {
                throw new AssertionError(failure[0]);
            }
        }
        Files.delete(file);
    }

    private static void secure(Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "old");
        try (DirectoryStream<Path> opened = Files.newDirectoryStream(directory)) {
            SecureDirectoryStream<Path> stream = (SecureDirectoryStream<Path>) opened;
            try (SeekableByteChannel channel = stream.newByteChannel(Path.of("file"), Set.of(READ, WRITE))) {
                channel.write(ByteBuffer.wrap("g".getBytes()));
                equal("gld", Files.readString(file));
            }
            try (SeekableByteChannel channel = stream.newByteChannel(Path.of("a.lck"), Set.of(CREATE_NEW, WRITE))) {
                equal(true, channel.isOpen());
                equal(List.of("a.lck", "file"), names(directory));
            }
            Path made = directory.resolve("new");
            try (SeekableByteChannel channel = stream.newByteChannel(Path.of("new"), Set.of(CREATE_NEW, WRITE))) {
                channel.write(ByteBuffer.wrap("1".getBytes()));
                equal(false, Files.exists(made));
                ((FileChannel) channel).force(true);
                channel.write(ByteBuffer.wrap("2".getBytes()));
                equal("12", Files.readString(made));
            }
        }
    }

    private static void paths(Path directory) throws Exception {
        Path file = directory.resolve("a file");
        equal(FileSystems.getDefault(), file.getFileSystem());
        equal(file, new File(directory.toFile(), "a file").toPath());
        equal(new File(directory.toString(), "a file"), file.toFile());
        equal("file", file.toUri().getScheme());
        equal(true, file.toUri().toString().startsWith("file:///"));
        equal(file.toAbsolutePath(), Path.of(file.toUri()));
        equal(file.toAbsolutePath(), Path.of(new File(file.toString()).toURI()));
        Files.writeString(file, "1");
        Path temporary = Files.createTempFile(directory, "prefix", ".suffix");
        equal(false, Files.getPosixFilePermissions(temporary).toString().contains("OTHERS"));
        Files.delete(temporary);
        Path atomic = Path.of(URI.create("atomic:" + file.toUri().getRawPath()));
        equal("atomic", atomic.toUri().getScheme());
        Files.writeString(atomic, "2");
        equal("2", Files.readString(file));
        equal(true, Files.isSameFile(file, Path.of(URI.create(file.toUri().toString()))));
        try {
            FileSystems.getDefault().close();
            throw new AssertionError("closed");
        } catch (UnsupportedOperationException e) {
            equal(true, FileSystems.getDefault().isOpen());
        }
    }

    private static void logs(Path directory) throws Exception {
        String pattern = directory.resolve("log").toString();
        FileHandler one = new FileHandler(pattern);
        FileHandler two = new FileHandler(pattern);
        one.publish(new LogRecord(Level.INFO, "first"));
        equal(List.of("log", "log.1", "log.1.lck", "log.lck"), names(directory));
        equal(true, Files.readString(directory.resolve("log")).contains("first"));
        one.close();
        two.close();
        equal(List.of("log", "log.1"), names(directory));
    }

    /** What a program does without the library. */
    private static void plain(Path directory) throws Exception {
        Path out = directory.resolve("out");
        Files.writeString(out, "old");
        try (OutputStream stream = Files.newOutputStream(out)) {
            stream.write("new".getBytes());
            equal("new", Files.readString(out));
        }
        Files.copy(new ByteArrayInputStream("copied".getBytes()), out, StandardCopyOption.REPLACE_EXISTING);
        fails(out);
        equal("x", Files.readString(out));
        equal(List.of("out"), names(directory));
    }

    private static void temporary() throws Exception {
        Path directory = Files.createTempDirectory("plain");
        plain(directory);
        Files.delete(directory.resolve("out"));
        Files.delete(directory);
    }

    /** Stops as programs do on SIGTERM: a hook waits for the work to end, and saves what is to be saved. */
    private static void stops(Path directory) throws Exception {
        Thread main = Thread.currentThread();
        ExecutorService pool = Executors.newSingleThreadExecutor(WholeJvm::daemon);
        pool.submit(() -> Files.writeString(directory.resolve("before"), "x")).get();
        CountDownLatch stopping = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stopping.countDown();
            try {
                main.join();
                pool.submit(() -> Files.writeString(directory.resolve("pool"), "x"))
                        .get();
                Thread made = daemon(() -> write(directory.resolve("thread")));
                made.start();
                made.join();
                IntStream.range(0, 4).parallel().forEach(i -> write(directory.resolve("parallel" + i)));
                Thread copying = daemon(() -> copy(directory.resolve("before"), directory.resolve("copy")));
                copying.start();
                copying.join();
            } catch (Exception e) {
                e.printStackTrace();
            }
        }));
        new Thread(() -> System.exit(0)).start();
        stopping.await();
        write(directory.resolve("state"));
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    private static void write(Path file) {
        try {
            Files.writeString(file, "x");
        } catch (IOException e) {
            e.printStackTrace();
        }
    }

    private static void copy(Path file, Path copy) {
        try {
            Files.copy(file, copy);
        } catch (IOException e) {
            e.printStackTrace();
        }
    }

    /** A file that may be written, in a directory that may not. */
    private static void closedDirectory(Path directory) throws Exception {
        Path file = directory.resolve("file");
        Files.writeString(file, "stream");
        equal("stream", Files.readString(file));
        try (FileChannel channel = FileChannel.open(file, TRUNCATE_EXISTING, WRITE)) {
            channel.write(ByteBuffer.wrap("channel".getBytes()));
        }
        equal("channel", Files.readString(file));
        Path target = Files.writeString(directory.resolve("open").resolve("target"), "old");
        try {
            Files.copy(directory.resolve("unreadable"), target, REPLACE_EXISTING);
            throw new AssertionError("copied");
        } catch (AccessDeniedException e) {
            equal("old", Files.readString(target));
        }
        Path made = directory.resolve("new");
        try {
            Files.writeString(made, "x");
            throw new AssertionError("created");
        } catch (AccessDeniedException e) {
            equal(made.toString(), e.getMessage()); // as the plain provider says it
        }
    }

    private static void ownTemporaries(Path directory) throws Exception {
        Path file = directory.resolve("file");
        Path beside = Files.writeString(directory.resolve("file.tmp"), "mine");
        Files.writeString(file, "1");
        Files.copy(new ByteArrayInputStream("2".getBytes()), file, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(beside, file, StandardCopyOption.REPLACE_EXISTING);
        equal("mine", Files.readString(file));
        Files.delete(file);
        Files.copy(new ByteArrayInputStream("new".getBytes()), file);
        equal("new", Files.readString(file));
        equal("mine", Files.readString(beside));
        Files.delete(beside);

        try (OutputStream first = Files.newOutputStream(file)) {
            first.write("first".getBytes());
            try (OutputStream second = Files.newOutputStream(file)) {
                second.write("second".getBytes());
            }
            equal("second", Files.readString(file));
        }
        equal("first", Files.readString(file));

        try (OutputStream stream = Files.newOutputStream(file)) {
            stream.write("direct".getBytes());
            Files.writeString(beside, "by way of a temporary");
            equal("direct", Files.readString(file));
            equal("by way of a temporary", Files.readString(beside));
        }
        equal("direct", Files.readString(file));
        Files.delete(beside);

        Path mutex = directory.resolve("mutex");
        try (FileChannel held = FileChannel.open(mutex, CREATE_NEW, WRITE)) {
            equal(true, held.isOpen());
            try {
                throw new AssertionError(FileChannel.open(mutex, CREATE_NEW, WRITE));
            } catch (FileAlreadyExistsException e) {
                equal(mutex.toString(), e.getFile());
            }
        }
        equal(List.of("file", "mutex"), names(directory));
    }

    /** What a program does with a file by its path, while it has it open to write it. */
    @FunctionalInterface
    private interface Change {
        void of(Path file) throws IOException;
    }

    /** Changes a file half way through writing it, and returns what is there in the end. */
    private static String written(Path file, Change change) throws IOException {
        Files.writeString(file, "old");
        try (OutputStream stream = Files.newOutputStream(file)) {
            stream.write("one,".getBytes());
            equal("old", Files.readString(file));
            change.of(file);
            stream.write("two".getBytes());
        }
        return Files.exists(file) ? Files.readString(file) : "none";
    }

    private static void changedWhileOpen(Path directory) throws Exception {
        Path file = directory.resolve("file");
        Path other = directory.resolve("other");
        Set<PosixFilePermission> mine = Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        equal("one,two", written(file, path -> Files.setPosixFilePermissions(path, mine)));
        equal(mine, Files.getPosixFilePermissions(file));
        Files.delete(file);
        equal("one,two", written(file, path -> Files.setAttribute(path, "posix:permissions", mine)));
        equal(mine, Files.getPosixFilePermissions(file));
        equal("one,two", written(file, path -> Files.setLastModifiedTime(path, FileTime.fromMillis(0))));
        equal("none", written(file, Files::delete));
        equal("none", written(file, path -> equal(true, Files.deleteIfExists(path))));
        equal("none", written(file, path -> Files.move(path, other)));
        equal(List.of("other"), names(directory));
        equal("one,two", Files.readString(other));
        equal("moved", written(file, path -> Files.move(Files.writeString(other, "moved"), path, REPLACE_EXISTING)));
        equal("one,two", written(file, path -> Files.createLink(other, path)));
        equal("one,two", Files.readString(other));
        Files.delete(other);
        equal("one,twory", written(file, path -> Files.writeString(path, "entry", APPEND)));
        equal("ONE,two", written(file, path -> {
            try (FileChannel channel = FileChannel.open(path, READ, WRITE)) {
                channel.write(ByteBuffer.wrap("ONE".getBytes()), 0);
            }
        }));
        equal("ONE,two", written(file, path -> {
            try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(path, WRITE)) {
                channel.write(ByteBuffer.wrap("ONE".getBytes()), 0).get();
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError(e);
            }
        }));
        changedBySecureStream(directory, file, mine);
        Path moved = Files.createDirectory(directory.resolve("moved"));
        equal("none", written(moved.resolve("file"), path -> Files.move(moved, other)));
        equal("one,two", Files.readString(other.resolve("file")));
        Files.delete(other.resolve("file"));
        Files.delete(other);
        Files.delete(file);
        try (OutputStream stream = Files.newOutputStream(file)) { // a new one
            stream.write("sec".getBytes());
            Files.setPosixFilePermissions(file, mine);
            stream.write("ret".getBytes());
        }
        equal("secret", Files.readString(file));
        equal(List.of("file"), names(directory));
    }

    private static void changedBySecureStream(Path directory, Path file, Set<PosixFilePermission> mine)
            throws IOException {
        Path name = file.getFileName();
        try (DirectoryStream<Path> opened = Files.newDirectoryStream(directory)) {
            SecureDirectoryStream<Path> stream = (SecureDirectoryStream<Path>) opened;
            equal("none", written(file, path -> stream.deleteFile(name)));
            equal(
                    "one,two",
                    written(
                            file,
                            path -> stream.getFileAttributeView(name, PosixFileAttributeView.class)
                                    .setPermissions(mine)));
            equal(mine, Files.getPosixFilePermissions(file));
            equal("none", written(file, path -> stream.move(name, stream, Path.of("other"))));
            equal("one,two", Files.readString(file.resolveSibling("other")));
            stream.move(Path.of("other"), stream, name);
        }
    }

    private static void changedByOthers(Path directory) throws IOException {
        for (String name : List.of("appended", "created", "untouched")) {
            Path file = directory.resolve(name);
            if (!name.equals("created")) {
                Files.writeString(file, "old");
            }
            try (OutputStream stream = Files.newOutputStream(file)) {
                stream.write("new".getBytes());
                if (!name.equals("untouched")) {
                    try (FileOutputStream other = new FileOutputStream(file.toFile(), true)) {
                        other.write("other".getBytes());
                    }
                }
            }
            equal("new", Files.readString(file));
        }
    }

    /** The open says that a file is there, which is how threads and programs exclude each other by one. */
    private static void taken(Path directory) throws Exception {
        Path source = Files.writeString(directory.resolve("source"), "x");
        raced(directory, Files::createFile);
        raced(directory, path -> Files.copy(source, path));
        raced(directory, path -> Files.copy(new ByteArrayInputStream("x".getBytes()), path));

        ExecutorService pool = Executors.newFixedThreadPool(8, WholeJvm::daemon);
        Path shared = directory.resolve("shared");
        Callable<Boolean> writingAndDeleting = () -> {
            for (int i = 0; i < 300; i++) {
                Files.writeString(shared, "x");
                Files.deleteIfExists(shared);
            }
            return true;
        };
        for (Future<Boolean> done : pool.invokeAll(Collections.nCopies(8, writingAndDeleting))) {
            equal(true, done.get());
        }

        Path file = directory.resolve("file");
        equal("one,two", written(file, path -> refused(() -> Files.createDirectory(path))));
        equal("one,two", written(file, path -> refused(() -> Files.createSymbolicLink(path, directory))));
        equal("one,two", written(file, path -> refused(() -> Files.createLink(path, source))));
        Path made = directory.resolve("made");
        try (OutputStream stream = Files.newOutputStream(made, CREATE_NEW)) {
            stream.write("1".getBytes());
            refused(() -> Files.createDirectory(made));
            stream.write("2".getBytes());
        }
        equal("12", Files.readString(made));
        equal(List.of("file", "made", "source"), names(directory));
    }

    /** Creates files, each by several threads at once. */
    private static void raced(Path directory, Change creation) throws Exception {
        int threads = 8;
        int files = 150;
        ExecutorService pool = Executors.newFixedThreadPool(threads, WholeJvm::daemon);
        for (int i = 0; i < files; i++) {
            Path file = directory.resolve("file" + i);
            CyclicBarrier begin = new CyclicBarrier(threads);
            List<Future<Boolean>> created = new ArrayList<>();
            for (int j = 0; j < threads; j++) {
                created.add(pool.submit(() -> {
                    begin.await();
                    try {
                        creation.of(file);
                        return true;
                    } catch (FileAlreadyExistsException e) {
                        return false;
                    }
                }));
            }
            int winners = 0;
            for (Future<Boolean> one : created) {
                winners += one.get() ? 1 : 0;
            }
            equal(1, winners);
            Files.delete(file);
        }
        pool.shutdown();
    }

    private static void refused(Callable<Path> creation) {
        try {
            throw new AssertionError("created: " + creation.call());
        } catch (FileAlreadyExistsException e) {
            equal(true, Files.isRegularFile(Path.of(e.getFile())));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** By the stream of a directory alone, which is moved, with what is written in it. */
    private static void movedDirectory(Path directory) throws Exception {
        Path inner = Files.createDirectories(directory.resolve("outer").resolve("inner"));
        try (DirectoryStream<Path> opened = Files.newDirectoryStream(inner.getParent())) {
            SecureDirectoryStream<Path> stream = (SecureDirectoryStream<Path>) opened;
            try (OutputStream written = Files.newOutputStream(inner.resolve("file"))) {
                written.write("one,".getBytes());
                stream.move(Path.of("inner"), stream, Path.of("moved"));
                written.write("two".getBytes());
            }
            Files.move(inner.getParent(), directory.resolve("elsewhere"));
            try (SeekableByteChannel channel = stream.newByteChannel(Path.of("late"), Set.of(CREATE_NEW, WRITE))) {
                channel.write(ByteBuffer.wrap("late".getBytes()));
            }
        }
        Path elsewhere = directory.resolve("elsewhere");
        equal("one,two", Files.readString(elsewhere.resolve("moved").resolve("file")));
        equal("late", Files.readString(elsewhere.resolve("late")));
        equal(List.of("late", "moved"), names(elsewhere));
    }
}
