package org.atomicfs.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicFiles;
import org.atomicfs.Durability;
import org.atomicfs.TemporaryName;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.MountedFileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writers that are killed with SIGKILL at any moment, one after the other and two at once. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class KillIT {
    /** Of all tests together; {@code mvn -Pkills verify} makes it 1,000. */
    private static final int KILLS = Integer.getInteger("kills", 50);

    private static final int FILE_SYSTEMS = 5;
    private static final AtomicInteger KILLED = new AtomicInteger();
    private static final AtomicInteger READ = new AtomicInteger();

    @AfterAll
    static void tell() {
        System.out.println("writers killed: " + KILLED + ", complete files read meanwhile: " + READ);
    }

    /** A file is a number of these. */
    private static byte[] part(Random random) throws IOException {
        byte[] content = new byte[random.nextInt(200_000)];
        random.nextBytes(content);
        ByteArrayOutputStream part = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(part);
        out.writeInt(content.length);
        out.writeLong(sum(content));
        out.write(content);
        return part.toByteArray();
    }

    private static long sum(byte[] content) {
        CRC32 sum = new CRC32();
        sum.update(content);
        return sum.getValue();
    }

    /** Whether a file consists of whole parts. */
    private static void check(Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(new java.io.ByteArrayInputStream(Files.readAllBytes(file)))) {
            assertEquals(false, in.available() == 0, "empty");
            while (in.available() > 0) {
                byte[] content = new byte[in.readInt()];
                long sum = in.readLong();
                in.readFully(content);
                assertEquals(sum, sum(content));
            }
        }
    }

    /** Writes one file again and again, in every way, until it is killed. */
    static final class Writer {
        public static void main(String[] arguments) throws IOException {
            Path directory = AtomicFiles.atomic(Path.of(arguments[0]));
            Path file = directory.resolve("file");
            Random random = new Random(Long.parseLong(arguments[1]));
            for (boolean told = false; ; ) {
                try {
                    write(file, random);
                    if (!told) {
                        System.out.println("wrote");
                        told = true;
                    }
                } catch (FileAlreadyExistsException e) {
                    if (e.getMessage().contains("delete it")) {
                        throw e; // a person would have to
                    }
                    Thread.onSpinWait(); // the other one writes
                } catch (AtomicCommitException e) {
                    if (!e.getMessage().contains("taken for an abandoned")) {
                        throw e;
                    }
                } catch (FileSystemException e) {
                    if (!e.getMessage().contains("replaced by another file after it was opened")) {
                        throw e; // else the other one was faster than our append
                    }
                }
            }
        }

        private static void write(Path file, Random random) throws IOException {
            byte[] part = part(random);
            Durability durability = random.nextInt(4) == 0 ? Durability.FULL : Durability.NONE;
            switch (random.nextInt(6)) {
                case 0 -> {
                    Path source = Files.createTempFile("source", null);
                    Files.write(source, part);
                    Files.copy(source, file, StandardCopyOption.REPLACE_EXISTING);
                    Files.delete(source);
                }
                case 1 -> {
                    if (size(file) < 1_000_000) {
                        Files.write(file, part, StandardOpenOption.APPEND, durability);
                    }
                }
                case 2 -> AtomicFiles.recover(file.getParent());
                case 3 -> put(file, part, TemporaryName.UNIQUE, durability);
                default -> put(file, part, durability);
            }
        }

        private static long size(Path file) throws IOException {
            return Files.exists(file) ? Files.size(file) : Long.MAX_VALUE;
        }

        private static void put(Path file, byte[] part, OpenOption... options) throws IOException {
            try (OutputStream out = Files.newOutputStream(file, options)) {
                for (int at = 0; at < part.length; at += 50_000) {
                    out.write(part, at, Math.min(50_000, part.length - at));
                }
            }
        }
    }

    private static Process start(Path directory, long seed) throws IOException {
        return new ProcessBuilder(ChildProcess.command(
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        directory.toString(),
                        Long.toString(seed)))
                .redirectErrorStream(true)
                .start();
    }

    /** Reads all the time, until it is interrupted. */
    private static Void readAlways(Path file) throws IOException {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                check(file);
                READ.incrementAndGet();
            } catch (java.nio.channels.ClosedByInterruptException end) {
                return null;
            }
        }
        return null;
    }

    @ParameterizedTest
    @ValueSource(strings = {"here", "tmpfs", "ext4", "xfs", "btrfs"})
    void a_killed_writer_harms_nobody(String where) throws Exception {
        if (where.equals("here")) {
            Path directory = Files.createTempDirectory("kill");
            kill(directory, where);
            Files.delete(directory.resolve("file"));
            Files.delete(directory);
            return;
        }
        try (MountedFileSystem mount = MountedFileSystem.of(where)) {
            kill(Files.createDirectory(mount.directory().resolve("work")), where);
        }
    }

    private static void kill(Path directory, String where) throws Exception {
        Random random = new Random(20261123 + where.hashCode());
        Path file = Files.write(directory.resolve("file"), part(random));
        ExecutorService reader = Executors.newSingleThreadExecutor();
        Future<Void> reading = reader.submit((Callable<Void>) () -> readAlways(file));
        for (int kills = 0; kills < KILLS / FILE_SYSTEMS; ) {
            List<Process> writers = new ArrayList<>(List.of(start(directory, random.nextLong())));
            if (random.nextBoolean()) {
                writers.add(start(directory, random.nextLong()));
            }
            for (Process writer : writers) {
                BufferedReader output = writer.inputReader(StandardCharsets.UTF_8);
                String said = output.readLine();
                assertEquals(
                        "wrote", said, () -> where + ": " + output.lines().toList()); // after what the last one left
            }
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(30_000))); // the moment
            for (Process writer : writers) {
                assertEquals(true, writer.isAlive(), where);
                writer.destroyForcibly();
            }
            for (Process writer : writers) {
                assertEquals(128 + 9, ChildProcess.await(writer));
                KILLED.incrementAndGet();
                kills++;
            }
            check(file);
        }
        reader.shutdownNow();
        reading.get(1, TimeUnit.MINUTES);
        Files.write(AtomicFiles.atomic(file), part(random));
        AtomicFiles.recover(directory);
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(file), left.toList());
        }
    }
}
