package org.atomicfs.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.atomicfs.testing.TestDirectory;

/** Where benchmarks write: below the directory that the system property {@code benchmark.directory} names. */
final class Place {
    private Place() {}

    /** A new, empty directory. Closing it removes it with all that is in it. */
    static TestDirectory create() throws IOException {
        String parent = System.getProperty("benchmark.directory", System.getProperty("java.io.tmpdir"));
        return new TestDirectory(Files.createTempDirectory(Path.of(parent), "benchmark"), null);
    }
}
