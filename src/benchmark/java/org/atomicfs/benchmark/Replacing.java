package org.atomicfs.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import org.atomicfs.testing.TestDirectory;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** A file that is replaced again and again. */
public abstract class Replacing extends Measured {
    private final Content content;
    private TestDirectory place;
    private Path file;

    Replacing(Content content) {
        this.content = content;
    }

    @Setup
    public void createPlace() throws IOException {
        place = Place.create();
        file = place.plain().resolve("file");
        Way.BY_HAND.replace(file, content);
    }

    @TearDown
    public void removePlace() throws IOException {
        place.close();
    }

    final void replace(Way way) throws IOException {
        way.replace(file, content);
    }
}
