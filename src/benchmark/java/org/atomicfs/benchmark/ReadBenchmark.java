package org.atomicfs.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.atomicfs.testing.TestDirectory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Opening a file and reading it to its end in blocks of 8 KiB. Goal: atomic at most 1.02 times plain. */
@State(Scope.Benchmark)
public class ReadBenchmark extends Measured {
    private static final int BLOCK = 8 << 10;

    @Param
    public PathKind kind;

    /** How long the file is, in blocks: a small one shows the cost of opening. */
    @Param({"1", "1024"})
    public int blocks;

    private final byte[] block = new byte[BLOCK];
    private TestDirectory place;
    private Path file;

    @Setup
    public void create() throws IOException {
        place = Place.create();
        Path plain = place.plain().resolve("file");
        Way.BY_HAND.replace(plain, new Content(BLOCK, blocks));
        file = kind.of(plain);
    }

    @TearDown
    public void remove() throws IOException {
        place.close();
    }

    @Benchmark
    public long read() throws IOException {
        long size = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                size += n;
            }
        }
        return size;
    }
}
