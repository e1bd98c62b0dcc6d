package org.atomicfs;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.atomicfs.commit.FileVersion;
import org.atomicfs.commit.OpenRequest;
import org.atomicfs.view.AtomicFileSystem;
import org.atomicfs.view.AtomicPath;
import org.atomicfs.view.Opens;

/** Writes of a file by who knows its old content. While one is under way no other atomic writer replaces the file. */
final class Rewriting {
    /** How often an update begins again because a program without atomicfs has replaced the file meanwhile. */
    private static final int ATTEMPTS = 16;

    private Rewriting() {}

    /** The file as it is before it is written: its content, and what tells it from another one. */
    private static final class Old implements AutoCloseable {
        final InputStream content; // empty if there is no file
        private final Path file;
        private final BasicFileAttributes attributes; // null if there is no file

        private Old(Path file, InputStream content, BasicFileAttributes attributes) {
            this.file = file;
            this.content = content;
            this.attributes = attributes;
        }

        static Old open(Path file) throws IOException {
            while (true) {
                BasicFileAttributes before = attributesIfExists(file);
                if (before == null) {
                    return new Old(file, InputStream.nullInputStream(), null);
                }
                try {
                    Old old = new Old(file, Files.newInputStream(file), before);
                    if (old.isStill()) {
                        return old;
                    }
                    old.close();
                } catch (NoSuchFileException gone) {
                    // look again
                }
            }
        }

        private static BasicFileAttributes attributesIfExists(Path file) throws IOException {
            try {
                return Files.readAttributes(file, BasicFileAttributes.class);
            } catch (NoSuchFileException e) {
                return null;
            }
        }

        boolean exists() {
            return attributes != null;
        }

        /** Whether the same file, with the same content by its size and time, is there. */
        boolean isStill() throws IOException {
            return FileVersion.isSame(AtomicFiles.plain(file), attributes, attributesIfExists(file));
        }

        @Override
        public void close() throws IOException {
            content.close();
        }
    }

    private static OpenOption[] options(OpenOption... given) {
        List<OpenOption> all = new ArrayList<>(List.of(given));
        for (OpenOption option : given) {
            boolean ours =
                    option instanceof Durability || option instanceof AtomicListener || option == TemporaryName.FIXED;
            if (!ours && option != CommitPolicy.EXPLICIT) {
                throw new IllegalArgumentException(option + " not allowed: only a Durability or an AtomicListener is");
            }
        }
        all.addAll(List.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                CommitPolicy.EXPLICIT,
                TemporaryName.FIXED));
        return all.toArray(OpenOption[]::new);
    }

    /** @see AtomicFiles#writeIfChanged */
    static boolean ifChanged(Path path, AtomicFiles.Content content, OpenOption... options) throws IOException {
        Path file = AtomicFiles.atomic(path);
        OutputStream out = Files.newOutputStream(file, options(options));
        return AtomicFiles.commitIf((AtomicWrite) out, () -> {
            try (Old old = Old.open(file)) {
                ComparingStream compared = new ComparingStream(out, new BufferedInputStream(old.content));
                content.writeTo(compared);
                return !old.exists() || !compared.isSame() || !old.isStill();
            }
        });
    }

    /** @see AtomicFiles#update */
    static void update(Path path, AtomicFiles.Change change, OpenOption... options) throws IOException {
        AtomicPath file = AtomicPath.atomic(AtomicFiles.atomic(path));
        OpenOption[] all = options(options);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (updateOnce(file, change, all)) {
                return;
            }
        }
        throw new FileSystemException(
                path.toString(),
                null,
                "not updated: a program that does not use atomicfs has replaced it each of " + ATTEMPTS + " times");
    }

    private static boolean updateOnce(AtomicPath file, AtomicFiles.Change change, OpenOption... options)
            throws IOException {
        AtomicFileSystem fileSystem = file.getFileSystem();
        fileSystem.checkOpen();
        OutputStream out = Opens.stream(
                file, OpenRequest.ofStream(options, fileSystem.options().waitingForOthers()));
        return AtomicFiles.commitIf((AtomicWrite) out, () -> {
            try (Old old = Old.open(file)) {
                change.apply(old.content, out);
                return old.isStill();
            }
        });
    }
}
