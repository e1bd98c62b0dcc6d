package org.atomicfs.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicFiles;
import org.atomicfs.AtomicOptions;
import org.atomicfs.Durability;
import org.atomicfs.FileTransaction;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.MountedFileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes that commit transactions, and processes that recover them, are killed with SIGKILL at any moment. */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class TransactionKillIT {
    /** Of all tests together; {@code mvn -Pkills verify} makes it 500. */
    private static final int KILLS = Integer.getInteger("transactionKills", 30);

    private static final int FILE_SYSTEMS = 5;
    private static final List<String> MEMBERS = List.of("a", "one/b", "one/c", "two/d", "two/e");

    /** Is there in every second generation. */
    private static final String SOMETIMES = "one/f";

    private static final AtomicInteger KILLED = new AtomicInteger();
    private static final AtomicInteger COMPLETED = new AtomicInteger();

    @AfterAll
    static void tell() {
        System.out.println(
                "processes killed in transactions: " + KILLED + "; recoveries that completed one: " + COMPLETED);
    }

    /** Commits one generation of all files after the other, until it is killed. */
    static final class Writer {
        public static void main(String[] arguments) throws IOException {
            Path root = Path.of(arguments[0]);
            Random random = new Random(Long.parseLong(arguments[1]));
            boolean told = false;
            for (long generation = Long.parseLong(arguments[2]); ; generation++) {
                Durability durability = random.nextInt(3) > 0 ? Durability.FULL : Durability.NONE;
                AtomicOptions options = AtomicOptions.builder()
                        .durability(durability)
                        .forceThreads(1 + random.nextInt(8))
                        .build();
                try (FileTransaction transaction = AtomicFiles.transaction(root, options)) {
                    for (String member : MEMBERS) {
                        Files.writeString(transaction.path(root.resolve(member)), content(generation, random));
                    }
                    Path sometimes = root.resolve(SOMETIMES);
                    if (generation % 2 == 0) {
                        Files.writeString(transaction.path(sometimes), content(generation, random));
                    } else if (Files.exists(sometimes)) {
                        transaction.delete(sometimes);
                    }
                    transaction.commit();
                } catch (FileAlreadyExistsException e) {
                    if (e.getMessage().contains("delete it")) {
                        throw e; // a person would have to
                    }
                    generation--; // the other process recovers what a third one left
                } catch (AtomicCommitException e) {
                    if (!e.getMessage().contains("taken for an abandoned")) { // by the other process
                        throw e;
                    }
                    generation--;
                }
                if (!told) {
                    System.out.println("wrote");
                    told = true;
                }
            }
        }

        private static String content(long generation, Random random) {
            return (generation + "\n").repeat(1 + random.nextInt(2000));
        }
    }

    /** Recovers all the time, until it is killed. */
    static final class Recoverer {
        public static void main(String[] arguments) throws IOException {
            Path root = Path.of(arguments[0]);
            for (boolean told = false; ; told = true) {
                for (Path directory : directories(root)) {
                    AtomicFiles.recover(directory);
                    AtomicFiles.temporaries(directory);
                }
                if (!told) {
                    System.out.println("wrote");
                }
            }
        }
    }

    private static List<Path> directories(Path root) {
        return List.of(root, root.resolve("one"), root.resolve("two"));
    }

    private static Process start(Class<?> program, String... arguments) throws IOException {
        return new ProcessBuilder(ChildProcess.program(program, arguments))
                .redirectErrorStream(true)
                .start();
    }

    @ParameterizedTest
    @ValueSource(strings = {"here", "tmpfs", "ext4", "xfs", "btrfs"})
    void after_a_kill_all_members_are_of_one_generation(String where) throws Exception {
        if (where.equals("here")) {
            Path root = Files.createTempDirectory("kill");
            kill(root, where);
            delete(root);
            return;
        }
        try (MountedFileSystem mount = MountedFileSystem.of(where)) {
            kill(Files.createDirectory(mount.directory().resolve("work")), where);
        }
    }

    private static void kill(Path root, String where) throws Exception {
        for (Path directory : directories(root)) {
            Files.createDirectories(directory);
        }
        Random random = new Random(20261126 + where.hashCode());
        long generation = 0;
        for (int kills = 0; kills < KILLS / FILE_SYSTEMS; ) {
            List<Process> processes = new ArrayList<>();
            try {
                processes.add(start(
                        Writer.class,
                        root.toString(),
                        Long.toString(random.nextLong()),
                        Long.toString(generation + 1)));
                if (random.nextInt(3) == 0) {
                    processes.add(start(Recoverer.class, root.toString()));
                }
                for (Process process : processes) {
                    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
                    String said = output.readLine();
                    assertEquals(
                            "wrote", said, () -> where + ": " + output.lines().toList());
                }
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(30_000))); // the moment
                for (Process process : processes) {
                    assertTrue(process.isAlive(), where);
                }
            } finally {
                processes.forEach(Process::destroyForcibly);
            }
            for (Process process : processes) {
                assertEquals(128 + 9, ChildProcess.await(process));
                KILLED.incrementAndGet();
                kills++;
            }
            generation = recoverAndCheck(root, random.nextInt(4), where);
        }
        try (Stream<Path> all = Files.walk(root)) {
            List<Path> hidden = all.filter(file -> file.getFileName().toString().startsWith("."))
                    .toList();
            assertEquals(List.of(), hidden, where);
        }
    }

    /** Returns the generation that all members have. */
    private static long recoverAndCheck(Path root, int way, String where) throws IOException {
        String next = null;
        switch (way) {
            case 0 -> AtomicFiles.recover(root).forEach(TransactionKillIT::count);
            case 1 -> AtomicFiles.recover(root.resolve("two")).forEach(TransactionKillIT::count);
            case 2 -> AtomicFiles.transaction(root).close();
            default -> {
                next = "two/d";
                Files.writeString(AtomicFiles.atomic(root.resolve(next)), "next");
            }
        }
        Map<String, Long> generations = new TreeMap<>();
        for (String member : MEMBERS) {
            if (!member.equals(next)) {
                generations.put(member, generation(root.resolve(member)));
            }
        }
        long generation = generations.get("a");
        String left = where + ", way " + way + ": " + generations;
        assertEquals(1, generations.values().stream().distinct().count(), left);
        boolean exists = Files.exists(root.resolve(SOMETIMES));
        assertEquals(generation % 2 == 0, exists, left);
        if (exists) {
            assertEquals(generation, generation(root.resolve(SOMETIMES)), left);
        }
        for (Path directory : directories(root)) {
            AtomicFiles.recover(directory).forEach(TransactionKillIT::count);
        }
        return generation;
    }

    private static void count(Path recovered) {
        if (recovered.toString().endsWith(".intent")) {
            COMPLETED.incrementAndGet();
        }
    }

    private static long generation(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        assertEquals(1, lines.stream().distinct().count(), file.toString());
        return Long.parseLong(lines.get(0));
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (NoSuchFileException gone) {
            throw new AssertionError(gone);
        }
    }
}
