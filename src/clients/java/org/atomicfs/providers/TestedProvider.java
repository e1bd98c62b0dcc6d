package org.atomicfs.providers;

import java.io.Closeable;
import java.nio.file.Path;

/** A provider of others, with all that it needs to run: its server is started by the test. */
public interface TestedProvider {
    /** A file system that is open. Closing it stops its server too. */
    interface Opened extends Closeable {
        /** A plain path of an empty directory. */
        Path directory();

        @Override
        void close();
    }

    /** The library and its version, and what it is used for if it has several uses; Markdown. */
    String name();

    /**
     * Makes a file system.
     *
     * @return null where what it needs, beside the test's own dependencies, is not installed
     */
    Opened open() throws Exception;
}
