package org.atomicfs.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.store.NIOFSDirectory;
import org.apache.lucene.tests.store.BaseDirectoryTestCase;
import org.apache.lucene.tests.store.BaseLockFactoryTestCase;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.atomicfs.AtomicFiles;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.runner.JUnitCore;
import org.junit.runner.Result;

/** Lucene's own tests of its directories and locks, on atomic paths. */
class LuceneIT {
    @LuceneTestCase.SuppressFileSystems("*")
    @LuceneTestCase.SuppressSysoutChecks(bugUrl = "some refuse at random to delete, which is logged")
    public static final class Nio extends BaseDirectoryTestCase {
        @Override
        protected Directory getDirectory(Path path) throws IOException {
            return new NIOFSDirectory(AtomicFiles.atomic(path));
        }
    }

    @LuceneTestCase.SuppressFileSystems("*")
    @LuceneTestCase.SuppressSysoutChecks(bugUrl = "some refuse at random to delete, which is logged")
    public static final class MMap extends BaseDirectoryTestCase {
        @Override
        protected Directory getDirectory(Path path) throws IOException {
            return new MMapDirectory(AtomicFiles.atomic(path));
        }
    }

    @LuceneTestCase.SuppressFileSystems("*")
    public static final class Locks extends BaseLockFactoryTestCase {
        @Override
        protected Directory getDirectory(Path path) throws IOException {
            return new NIOFSDirectory(AtomicFiles.atomic(path));
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {Nio.class, MMap.class, Locks.class})
    void passes(Class<?> suite) {
        Result result = new JUnitCore().run(suite);
        assertTrue(result.getRunCount() > 5, () -> result.getRunCount() + " tests");
        assertEquals(
                "",
                result.getFailures().stream()
                        .map(failure -> failure.getDescription() + "\n" + failure.getTrace())
                        .collect(Collectors.joining("\n")));
    }
}
