package org.atomicfs.benchmark;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.atomicfs.AtomicFiles;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Listing a directory of 20,000 names that temporaries could have, while a file is written elsewhere. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class ListingBenchmark {
    private static final int FILES = 20_000;

    private Path directory;
    private Path written;
    private OutputStream pending;

    @Setup
    public void create() throws IOException {
        directory = Files.createTempDirectory("listing");
        for (int i = 0; i < FILES; i++) {
            Files.createFile(directory.resolve(i + ".tmp"));
        }
        written = Files.createTempFile("written", null);
        pending = Files.newOutputStream(AtomicFiles.atomic(written));
    }

    @TearDown
    public void delete() throws IOException {
        pending.close();
        Files.delete(written);
        for (int i = 0; i < FILES; i++) {
            Files.delete(directory.resolve(i + ".tmp"));
        }
        Files.delete(directory);
    }

    private static int list(Path directory) throws IOException {
        int count = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                count++;
            }
        }
        return count;
    }

    @Benchmark
    public int plain() throws IOException {
        return list(directory);
    }

    @Benchmark
    public int atomic() throws IOException {
        return list(AtomicFiles.atomic(directory));
    }
}
