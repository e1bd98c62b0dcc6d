package org.atomicfs.crash;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.atomicfs.AtomicFiles;
import org.atomicfs.Durability;
import org.atomicfs.TemporaryName;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.DirectoryListing;
import org.atomicfs.testing.LogLines;
import org.atomicfs.testing.Needs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** JVMs that end, in every way but a kill, while their threads go on opening writes. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class ShutdownIT {
    /** For each kind of thread; {@code -Dshutdowns=100} makes it more. */
    private static final int SHUTDOWNS = Integer.getInteger("shutdowns", 20);

    private static final List<String> FIGURES = new ArrayList<>();

    @AfterAll
    static void tell() {
        System.out.println("shutdowns: " + FIGURES);
    }

    /** How a JVM ends. */
    private enum End {
        SIGTERM,
        EXIT,
        RETURN
    }

    /** What threads the program writes in. */
    private enum Kind {
        PLATFORM,
        DAEMON,
        /** A new daemon thread for each write. */
        NEW_FOR_EACH,
        /** Needs Java 21. */
        VIRTUAL,
        /** A new virtual thread for each write. */
        NEW_VIRTUAL_FOR_EACH;

        List<End> ends() {
            return this == PLATFORM ? List.of(End.SIGTERM, End.EXIT) : List.of(End.values());
        }

        boolean isVirtual() {
            return this == VIRTUAL || this == NEW_VIRTUAL_FOR_EACH;
        }

        /** Starts a thread that writes again and again, or one after the other. */
        void start(Runnable write) {
            switch (this) {
                case PLATFORM, DAEMON -> {
                    Thread thread = new Thread(() -> repeat(write));
                    thread.setDaemon(this == DAEMON);
                    thread.start();
                }
                case VIRTUAL -> startVirtual(() -> repeat(write));
                case NEW_FOR_EACH, NEW_VIRTUAL_FOR_EACH -> {
                    Thread starter = new Thread(() -> repeat(() -> join(startOne(write))));
                    starter.setDaemon(true);
                    starter.start();
                }
            }
        }

        private Thread startOne(Runnable write) {
            if (this == NEW_VIRTUAL_FOR_EACH) {
                return startVirtual(write);
            }
            Thread thread = new Thread(write);
            thread.setDaemon(true);
            thread.start();
            return thread;
        }

        private static void repeat(Runnable action) {
            while (true) {
                action.run();
            }
        }

        private static void join(Thread thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        private static Thread startVirtual(Runnable action) {
            try { // a method of Java 21
                return (Thread) Thread.class
                        .getMethod("startVirtualThread", Runnable.class)
                        .invoke(null, action);
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** A way of writing. A complete file has as many bytes as the way says, all the same. */
    private enum Way {
        SHORT(100) {
            @Override
            void write(Path file, byte value) throws IOException {
                Files.write(file, filled(value, size), Durability.NONE);
            }
        },
        UNIQUE(200) {
            @Override
            void write(Path file, byte value) throws IOException {
                Files.write(file, filled(value, size), Durability.NONE, TemporaryName.UNIQUE);
            }
        },
        LONG(400_000) {
            @Override
            void write(Path file, byte value) throws IOException {
                byte[] part = filled(value, 1000);
                try (OutputStream out =
                        Files.newOutputStream(file, CREATE, WRITE, TRUNCATE_EXISTING, Durability.NONE)) {
                    for (int at = 0; at < size; at += part.length) {
                        out.write(part);
                    }
                }
            }
        },
        /** The old content is copied first. */
        CHANGE(300_000) {
            @Override
            void write(Path file, byte value) throws IOException {
                try (FileChannel channel = FileChannel.open(file, Set.of(CREATE, READ, WRITE, Durability.NONE))) {
                    channel.write(ByteBuffer.wrap(filled(value, size)), 0);
                }
            }
        },
        COPY(250_000) {
            @Override
            void write(Path file, byte value) throws IOException {
                Path source = AtomicFiles.plain(file).getParent().resolveSibling("source");
                Files.copy(source, file, StandardCopyOption.REPLACE_EXISTING);
            }
        };

        final int size;

        Way(int size) {
            this.size = size;
        }

        abstract void write(Path file, byte value) throws IOException;

        void check(Path file) throws IOException {
            byte[] content = Files.readAllBytes(file);
            assertEquals(size, content.length, file.toString());
            assertEquals(-1, Arrays.mismatch(filled(content[0], size), content), file.toString());
        }
    }

    private static byte[] filled(byte value, int size) {
        byte[] content = new byte[size];
        Arrays.fill(content, value);
        return content;
    }

    /** Writes one file in each way, again and again, until it is ended or ends itself. */
    static final class Writer {
        public static void main(String[] arguments) throws Exception {
            Path directory = AtomicFiles.atomic(Path.of(arguments[0]));
            Kind kind = Kind.valueOf(arguments[1]);
            End end = End.valueOf(arguments[2]);
            Random random = new Random(Long.parseLong(arguments[3]));
            CountDownLatch allWritten = new CountDownLatch(Way.values().length);
            for (Way way : Way.values()) {
                kind.start(new Loop(directory, way, allWritten));
            }
            allWritten.await();
            System.out.println("ready");
            if (end == End.SIGTERM) {
                LockSupport.park();
            }
            LockSupport.parkNanos(random.nextInt(50_000_000)); // the moment
            if (end == End.EXIT) {
                System.exit(0);
            }
        }

        /** One write at a time. */
        private static final class Loop implements Runnable {
            private final Path directory;
            private final Way way;
            private final CountDownLatch allWritten;
            private int written;

            Loop(Path directory, Way way, CountDownLatch allWritten) {
                this.directory = directory;
                this.way = way;
                this.allWritten = allWritten;
            }

            @Override
            public void run() {
                try {
                    way.write(directory.resolve(way.name()), (byte) ++written);
                    if (written == 1) {
                        allWritten.countDown();
                    }
                } catch (IOException e) {
                    if (!String.valueOf(e.getMessage()).contains("the JVM is shutting down")) {
                        e.printStackTrace();
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_jvm_that_ends_leaves_complete_files_and_nothing_else(Kind kind) throws Exception {
        if (kind.isVirtual()) {
            Needs.java(21, "virtual threads");
        }
        Needs.signal("TERM");
        Path parent = Files.createTempDirectory("shutdown");
        Files.write(parent.resolve("source"), filled((byte) 1, Way.COPY.size));
        Path directory = Files.createDirectory(parent.resolve("work"));
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int run = 0; run < SHUTDOWNS; run++) {
            End end = kind.ends().get(run % kind.ends().size());
            String what = kind + " " + end + ", run " + run + " of seed " + seed;
            shutDown(directory, kind, end, random, what);
            Set<String> expected = new TreeSet<>();
            for (Way way : Way.values()) {
                way.check(directory.resolve(way.name()));
                expected.add(way.name());
            }
            assertEquals(List.copyOf(expected), DirectoryListing.names(directory), what);
        }
        FIGURES.add(kind + " " + SHUTDOWNS);
        for (Way way : Way.values()) {
            Files.delete(directory.resolve(way.name()));
        }
        Files.delete(directory);
        Files.delete(parent.resolve("source"));
        Files.delete(parent);
    }

    private static void shutDown(Path directory, Kind kind, End end, Random random, String what) throws IOException {
        Process writer = new ProcessBuilder(ChildProcess.program(
                        Writer.class, directory.toString(), kind.name(), end.name(), Long.toString(random.nextLong())))
                .redirectErrorStream(true)
                .start();
        BufferedReader output = writer.inputReader(StandardCharsets.UTF_8);
        assertEquals("ready", output.readLine(), what);
        if (end == End.SIGTERM) {
            LockSupport.parkNanos(random.nextInt(50_000_000)); // the moment
            writer.toHandle().destroy(); // Process.destroy would close the output as well
        }
        assertEquals(
                List.of(),
                LogLines.besideShutdown(String.join("\n", output.lines().toList())),
                what);
        assertEquals(end == End.SIGTERM ? 128 + 15 : 0, ChildProcess.await(writer), what);
    }
}
