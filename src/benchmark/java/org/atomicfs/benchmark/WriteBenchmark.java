package org.atomicfs.benchmark;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.atomicfs.AtomicFiles;
import org.atomicfs.Durability;
import org.atomicfs.TemporaryName;
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

/** Replacing a file of 4 KiB, against the hand-written create, write and rename. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class WriteBenchmark {
    private final byte[] content = new byte[4096];
    private Path plain;
    private Path atomic;

    @Setup
    public void makeDirectory() throws IOException {
        plain = Files.createTempDirectory("write").resolve("file");
        atomic = AtomicFiles.atomic(plain);
        Files.write(plain, content);
    }

    @TearDown
    public void deleteDirectory() throws IOException {
        Files.delete(plain);
        Files.delete(plain.getParent());
    }

    @Benchmark
    public void byHand() throws IOException {
        Path temporary = plain.resolveSibling("file.tmp");
        try (OutputStream out = Files.newOutputStream(temporary)) {
            out.write(content);
        }
        Files.move(temporary, plain, StandardCopyOption.ATOMIC_MOVE);
    }

    @Benchmark
    public void byHandForced() throws IOException {
        Path temporary = plain.resolveSibling("file.tmp");
        try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.wrap(content));
            out.force(true);
        }
        Files.move(temporary, plain, StandardCopyOption.ATOMIC_MOVE);
    }

    @Benchmark
    public void lean() throws IOException {
        write(Durability.NONE, TemporaryName.UNIQUE);
    }

    @Benchmark
    public void unforced() throws IOException {
        write(Durability.NONE, TemporaryName.FIXED);
    }

    @Benchmark
    public void standard() throws IOException {
        write(Durability.DATA, TemporaryName.FIXED);
    }

    private void write(Durability durability, TemporaryName name) throws IOException {
        try (OutputStream out = Files.newOutputStream(
                atomic,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                durability,
                name)) {
            out.write(content);
        }
    }
}
