package org.atomicfs.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.atomicfs.testing.TestDirectory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/** Many threads at once, each of which replaces a file of its own. The time is that of one thread for one file. */
@State(Scope.Benchmark)
public class ScaleBenchmark extends Measured {
    /** Whether the files of all threads are in one directory, or each is in a directory of its own. */
    public enum Directories {
        ONE,
        EACH
    }

    @Param({"BY_HAND", "BY_HAND_FORCED", "ATOMIC", "ATOMIC_LEAN"})
    public Way way;

    @Param
    public Directories directories;

    private final Content content = new Content(1024, 1);
    private final AtomicInteger threads = new AtomicInteger();
    private TestDirectory place;

    @Setup
    public void createPlace() throws IOException {
        place = Place.create();
    }

    @TearDown
    public void removePlace() throws IOException {
        place.close();
    }

    private Path newFile() throws IOException {
        String name = "file" + threads.incrementAndGet();
        Path directory = directories == Directories.ONE
                ? place.plain()
                : Files.createDirectory(place.plain().resolve("directory-of-" + name));
        Path file = directory.resolve(name);
        Way.BY_HAND.replace(file, content);
        return file;
    }

    /** The file of one thread. */
    @State(Scope.Thread)
    public static class Own {
        private Path file;

        @Setup
        public void create(ScaleBenchmark all) throws IOException {
            file = all.newFile();
        }
    }

    @Benchmark
    @Threads(1)
    public void threads01(Own own) throws IOException {
        way.replace(own.file, content);
    }

    @Benchmark
    @Threads(4)
    public void threads04(Own own) throws IOException {
        way.replace(own.file, content);
    }

    @Benchmark
    @Threads(16)
    public void threads16(Own own) throws IOException {
        way.replace(own.file, content);
    }

    @Benchmark
    @Threads(64)
    public void threads64(Own own) throws IOException {
        way.replace(own.file, content);
    }
}
