package org.atomicfs.benchmark;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.atomicfs.AtomicFiles;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a map keyed by paths does. Goal: atomic at most twice plain. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PathBenchmark {
    @Param({"plain", "atomic"})
    public String kind;

    private Path directory;
    private Path other;

    @Setup
    public void makePaths() {
        Path plain = Path.of("/data/pipeline/stage-7");
        directory = kind.equals("plain") ? plain : AtomicFiles.atomic(plain);
        other = directory.resolve("part-00042.parquet");
    }

    @Benchmark
    public int resolveEqualsAndHash() {
        Path path = directory.resolve("part-00042.parquet");
        return path.equals(other) ? path.hashCode() : 0;
    }
}
