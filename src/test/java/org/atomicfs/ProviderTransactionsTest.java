package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.github.marschall.memoryfilesystem.MemoryFileSystemBuilder;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.atomicfs.testing.CapturedLogs;
import org.atomicfs.testing.DirectoryListing;
import org.atomicfs.testing.ObservedFileSystem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Transactions over file systems in memory: some remove no file that is open. */
class ProviderTransactionsTest {
    enum Kind {
        JIMFS_UNIX("/work") {
            @Override
            FileSystem open() {
                return Jimfs.newFileSystem(Configuration.unix());
            }
        },
        JIMFS_MACOS("/work") {
            @Override
            FileSystem open() {
                return Jimfs.newFileSystem(Configuration.osX());
            }
        },
        JIMFS_WINDOWS("C:\\work") {
            @Override
            FileSystem open() {
                return Jimfs.newFileSystem(Configuration.windows());
            }
        },
        MEMORY_LINUX("/work") {
            @Override
            FileSystem open() throws IOException {
                return MemoryFileSystemBuilder.newLinux().build("transactionsLinux");
            }
        },
        MEMORY_MACOS("/work") {
            @Override
            FileSystem open() throws IOException {
                return MemoryFileSystemBuilder.newMacOs().build("transactionsMac");
            }
        },
        MEMORY_WINDOWS("C:\\work") {
            @Override
            FileSystem open() throws IOException {
                return MemoryFileSystemBuilder.newWindows().build("transactionsWindows");
            }
        };

        private final String directory;

        Kind(String directory) {
            this.directory = directory;
        }

        abstract FileSystem open() throws IOException;

        Path directory(FileSystem fileSystem) throws IOException {
            return Files.createDirectories(fileSystem.getPath(directory));
        }
    }

    private static void write(FileTransaction transaction, Path directory, String content) throws IOException {
        for (String name : List.of("one", "two")) {
            Files.writeString(transaction.path(directory.resolve(name)), content);
        }
    }

    private static void assertHas(Path directory, String content) throws IOException {
        assertEquals(content, Files.readString(directory.resolve("one")));
        assertEquals(content, Files.readString(directory.resolve("two")));
        assertEquals(List.of("one", "two"), DirectoryListing.names(directory));
        assertEquals(List.of(), AtomicFiles.pending());
    }

    @ParameterizedTest
    @EnumSource
    void one_after_the_other_is_committed_or_rolled_back(Kind kind) throws IOException {
        try (FileSystem fileSystem = kind.open();
                CapturedLogs logs = new CapturedLogs()) {
            Path directory = kind.directory(fileSystem);
            for (String content : List.of("created", "replaced", "replaced again")) {
                try (FileTransaction transaction = AtomicFiles.transaction(directory)) {
                    write(transaction, directory, content);
                    transaction.commit();
                }
                assertHas(directory, content);
                try (FileTransaction transaction = AtomicFiles.transaction(directory)) {
                    write(transaction, directory, "not wanted");
                    transaction.prepare();
                    transaction.rollback();
                }
                assertHas(directory, content);
                Files.writeString(AtomicFiles.atomic(directory.resolve("one")), content);
                assertEquals(List.of(), AtomicFiles.recover(directory));
            }
            try (FileTransaction transaction = AtomicFiles.transaction(directory)) {
                transaction.delete(directory.resolve("one"));
                transaction.delete(directory.resolve("two"));
                transaction.commit();
            }
            assertEquals(List.of(), DirectoryListing.names(directory));
            assertEquals(List.of(), logs.records());
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_that_could_not_be_completed_is_completed_by_a_recovery(Kind kind) throws IOException {
        try (FileSystem fileSystem = kind.open()) {
            Path directory = kind.directory(fileSystem);
            boolean[] fails = {true};
            Path observed = ObservedFileSystem.over(directory, (operation, file) -> {
                boolean publishes = operation == ObservedFileSystem.Operation.MOVE
                        || operation == ObservedFileSystem.Operation.LINK;
                if (fails[0] && publishes && Files.exists(directory.resolve("one"))) {
                    throw new IOException("not now");
                }
            });
            try (FileTransaction transaction = AtomicFiles.transaction(observed)) {
                write(transaction, observed, "new");
                AtomicCommitException failed = assertThrows(AtomicCommitException.class, transaction::commit);
                assertEquals(AtomicCommitException.Outcome.INCOMPLETE, failed.outcome());
            }
            fails[0] = false;
            AtomicFiles.recover(observed);
            assertHas(directory, "new");
        }
    }
}
