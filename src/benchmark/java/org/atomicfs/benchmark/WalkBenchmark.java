package org.atomicfs.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.atomicfs.testing.TestDirectory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** {@code Files.walk} over 100,000 files in 100 directories. Goal: atomic at most 1.15 times plain. */
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class WalkBenchmark extends Measured {
    @Param
    public PathKind kind;

    private TestDirectory place;
    private Path root;

    @Setup
    public void makeFiles() throws IOException {
        place = Place.create();
        for (int i = 0; i < 100; i++) {
            Path directory = Files.createDirectory(place.plain().resolve("directory-" + i));
            for (int j = 0; j < 1000; j++) {
                Files.createFile(directory.resolve("file-" + j));
            }
        }
        root = kind.of(place.plain());
    }

    @TearDown
    public void deleteFiles() throws IOException {
        place.close();
    }

    @Benchmark
    public long walk() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.count();
        }
    }
}
