package org.atomicfs.benchmark;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.atomicfs.testing.TestDirectory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Listing a directory of 20,000 names that temporaries could have, while a file is written elsewhere. Goal: atomic at
 * most 1.1 times plain.
 */
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ListingBenchmark extends Measured {
    private static final int FILES = 20_000;

    @Param
    public PathKind kind;

    private TestDirectory listed;
    private TestDirectory elsewhere;
    private OutputStream pending;
    private Path directory;

    @Setup
    public void create() throws IOException {
        listed = Place.create();
        for (int i = 0; i < FILES; i++) {
            Files.createFile(listed.plain().resolve(i + ".tmp"));
        }
        directory = kind.of(listed.plain());
        elsewhere = Place.create();
        pending = Files.newOutputStream(elsewhere.atomic().resolve("written"));
    }

    @TearDown
    public void remove() throws IOException {
        pending.close();
        elsewhere.close();
        listed.close();
    }

    @Benchmark
    public int list() throws IOException {
        int count = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                count++;
            }
        }
        return count;
    }
}
