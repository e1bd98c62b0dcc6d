package org.atomicfs.benchmark;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a map keyed by paths does. Goal: atomic at most twice plain. */
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PathBenchmark extends Measured {
    @Param
    public PathKind kind;

    private Path directory;
    private Path other;

    @Setup
    public void makePaths() {
        directory = kind.of(Path.of("/data/pipeline/stage-7"));
        other = directory.resolve("part-00042.parquet");
    }

    @Benchmark
    public int resolveEqualsAndHash() {
        Path path = directory.resolve("part-00042.parquet");
        return path.equals(other) ? path.hashCode() : 0;
    }
}
