package org.atomicfs.benchmark;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.atomicfs.AtomicFiles;
import org.atomicfs.AtomicWrite;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Unbuffered writes to a stream that is open already, beside the same writes to a plain one. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class StreamBenchmark {
    @Param({"plain", "atomic"})
    String path;

    private Path file;
    private OutputStream out;
    private final byte[] hundred = new byte[100];

    /** A new file for each iteration, so that it does not grow without end. */
    @Setup(Level.Iteration)
    public void open() throws IOException {
        file = Files.createTempFile("stream", null);
        out = Files.newOutputStream(path.equals("plain") ? file : AtomicFiles.atomic(file));
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException {
        if (out instanceof AtomicWrite write) {
            write.abort();
        }
        out.close();
        Files.delete(file);
    }

    @Benchmark
    public void oneByte() throws IOException {
        out.write(1);
    }

    @Benchmark
    public void hundredBytes() throws IOException {
        out.write(hundred);
    }
}
