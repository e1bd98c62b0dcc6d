package org.atomicfs.benchmark;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Replacing a file of 64 MiB, written in blocks of 8 KiB. */
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class LargeFileBenchmark extends Replacing {
    @Param({"BY_HAND", "BY_HAND_FORCED", "ATOMIC", "ATOMIC_LEAN"})
    public Way way;

    public LargeFileBenchmark() {
        super(new Content(8 << 10, 8 << 10));
    }

    @Benchmark
    public void replace() throws IOException {
        replace(way);
    }
}
