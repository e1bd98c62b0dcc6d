package org.atomicfs.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.atomicfs.AtomicFiles;
import org.atomicfs.AtomicOptions;
import org.atomicfs.Durability;
import org.atomicfs.FileTransaction;
import org.atomicfs.testing.TestDirectory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Replaces 1,000 files of 4 KiB in one directory, so that they survive a power cut once that is done. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class GroupBenchmark extends Measured {
    private static final int FILES = 1000;
    private static final int THREADS = 8;

    /** How they are replaced. */
    public enum Way {
        /** All are written, forced by a pool of threads and renamed, and then the directory is forced; one by one. */
        BY_HAND_FORCED {
            @Override
            void replace(Path directory, byte[] content) throws IOException {
                ExecutorService pool = Executors.newFixedThreadPool(THREADS);
                try {
                    for (int i = 0; i < FILES; i++) {
                        Files.write(directory.resolve("new" + i), content);
                    }
                    List<Future<?>> forced = new ArrayList<>();
                    for (int i = 0; i < FILES; i++) {
                        Path file = directory.resolve("new" + i);
                        forced.add(pool.submit(() -> {
                            force(file, StandardOpenOption.WRITE);
                            return null;
                        }));
                    }
                    for (Future<?> each : forced) {
                        each.get();
                    }
                    for (int i = 0; i < FILES; i++) {
                        rename(directory, i);
                    }
                    force(directory, StandardOpenOption.READ);
                } catch (InterruptedException | ExecutionException e) {
                    throw new IOException(e);
                } finally {
                    pool.shutdown();
                }
            }
        },
        /** One after the other by hand, each forced and the directory after it. */
        LOOP_BY_HAND {
            @Override
            void replace(Path directory, byte[] content) throws IOException {
                for (int i = 0; i < FILES; i++) {
                    try (FileChannel channel = FileChannel.open(
                            directory.resolve("new" + i), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                        channel.write(ByteBuffer.wrap(content));
                        channel.force(true);
                    }
                    rename(directory, i);
                    force(directory, StandardOpenOption.READ);
                }
            }
        },
        /** One after the other, with {@code Durability.FULL}. */
        LOOP {
            @Override
            void replace(Path directory, byte[] content) throws IOException {
                for (int i = 0; i < FILES; i++) {
                    Files.write(AtomicFiles.atomic(directory.resolve("file" + i)), content, FULL);
                }
            }
        },
        /** By one transaction, with {@code Durability.FULL}. */
        TRANSACTION {
            @Override
            void replace(Path directory, byte[] content) throws IOException {
                AtomicOptions options = AtomicOptions.builder()
                        .durability(Durability.FULL)
                        .forceThreads(THREADS)
                        .build();
                try (FileTransaction transaction = AtomicFiles.transaction(directory, options)) {
                    for (int i = 0; i < FILES; i++) {
                        Files.write(transaction.path(directory.resolve("file" + i)), content);
                    }
                    transaction.commit();
                }
            }
        };

        private static final java.nio.file.OpenOption[] FULL = {
            Durability.FULL, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE
        };

        abstract void replace(Path directory, byte[] content) throws IOException;

        private static void force(Path file, StandardOpenOption how) throws IOException {
            try (FileChannel channel = FileChannel.open(file, how)) {
                channel.force(true);
            }
        }

        private static void rename(Path directory, int i) throws IOException {
            Files.move(
                    directory.resolve("new" + i),
                    directory.resolve("file" + i),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Param
    public Way way;

    private final byte[] content = new byte[4096];
    private TestDirectory place;

    @Setup
    public void createPlace() throws IOException {
        place = Place.create();
    }

    @TearDown
    public void removePlace() throws IOException {
        place.close();
    }

    /** What the last one has not written back yet is not for the next one to wait for. */
    @Setup(Level.Iteration)
    public void settle() throws IOException, InterruptedException {
        new ProcessBuilder("sync").start().waitFor();
    }

    @Benchmark
    public void replace() throws IOException {
        way.replace(place.plain(), content);
    }
}
