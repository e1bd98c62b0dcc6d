package org.atomicfs.benchmark;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.atomicfs.AtomicWrite;
import org.atomicfs.testing.TestDirectory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Unbuffered writes to a stream that is open already, beside the same writes to a plain one. Goal: atomic at most 1.05
 * times plain.
 */
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StreamBenchmark extends Measured {
    @Param
    public PathKind kind;

    private TestDirectory place;
    private OutputStream out;
    private final byte[] hundred = new byte[100];

    /** A new file for each iteration, so that it does not grow without end. */
    @Setup(Level.Iteration)
    public void open() throws IOException {
        place = Place.create();
        out = Files.newOutputStream(kind.of(place.plain().resolve("file")));
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException {
        if (out instanceof AtomicWrite write) {
            write.abort();
        }
        out.close();
        place.close();
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
