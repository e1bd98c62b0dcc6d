package org.atomicfs.benchmark;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import okio.BufferedSink;
import okio.FileSystem;
import okio.Okio;
import org.apache.zookeeper.common.AtomicFileOutputStream;
import org.atomicfs.AtomicFiles;
import org.atomicfs.Durability;
import org.atomicfs.TemporaryName;
import org.eclipse.jgit.internal.storage.file.LockFile;

/** The ways to replace a file in one rename: by hand, with this library, with others. */
public enum Way {
    BY_HAND {
        @Override
        void replace(Path file, Content content) throws IOException {
            Path temporary = temporary(file);
            try (OutputStream out = Files.newOutputStream(temporary)) {
                content.writeTo(out);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        }
    },
    BY_HAND_FORCED {
        @Override
        void replace(Path file, Content content) throws IOException {
            Path temporary = temporary(file);
            try (FileChannel channel =
                            FileChannel.open(temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    OutputStream out = Channels.newOutputStream(channel)) {
                content.writeTo(out);
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        }
    },
    /** As it is without any option: forced. */
    ATOMIC {
        @Override
        void replace(Path file, Content content) throws IOException {
            atomically(file, content);
        }
    },
    ATOMIC_UNFORCED {
        @Override
        void replace(Path file, Content content) throws IOException {
            atomically(file, content, Durability.NONE);
        }
    },
    /** With the fewest system calls: not forced, and writers of one file do not exclude each other. */
    ATOMIC_LEAN {
        @Override
        void replace(Path file, Content content) throws IOException {
            atomically(file, content, Durability.NONE, TemporaryName.UNIQUE);
        }
    },
    /** Forced. */
    JGIT {
        @Override
        void replace(Path file, Content content) throws IOException {
            LockFile lock = new LockFile(file.toFile());
            if (!lock.lock()) {
                throw new IOException("locked: " + file);
            }
            lock.setFSync(true);
            try (OutputStream out = lock.getOutputStream()) {
                content.writeTo(out);
            }
            if (!lock.commit()) {
                throw new IOException("not committed: " + file);
            }
        }
    },
    /** Forced. */
    ZOOKEEPER {
        @Override
        void replace(Path file, Content content) throws IOException {
            File destination = file.toFile();
            try (OutputStream out = new AtomicFileOutputStream(destination)) {
                content.writeTo(out);
            }
        }
    },
    /** Not forced. */
    OKIO {
        @Override
        void replace(Path file, Content content) throws IOException {
            okio.Path destination = okio.Path.get(file);
            okio.Path temporary = okio.Path.get(temporary(file));
            try (BufferedSink sink = Okio.buffer(FileSystem.SYSTEM.sink(temporary));
                    OutputStream out = sink.outputStream()) {
                content.writeTo(out);
            }
            FileSystem.SYSTEM.atomicMove(temporary, destination);
        }
    };

    abstract void replace(Path file, Content content) throws IOException;

    private static Path temporary(Path file) {
        return file.resolveSibling(file.getFileName() + ".tmp");
    }

    private static void atomically(Path file, Content content, OpenOption... options) throws IOException {
        try (OutputStream out = Files.newOutputStream(AtomicFiles.atomic(file), options)) {
            content.writeTo(out);
        }
    }
}
