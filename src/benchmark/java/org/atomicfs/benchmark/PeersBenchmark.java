package org.atomicfs.benchmark;

import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Replacing a file of 1 KiB by hand, with this library and with others. */
@State(Scope.Benchmark)
public class PeersBenchmark extends Replacing {
    @Param
    public Way way;

    public PeersBenchmark() {
        super(new Content(1024, 1));
    }

    @Benchmark
    public void replace() throws IOException {
        replace(way);
    }
}
