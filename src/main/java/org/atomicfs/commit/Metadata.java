package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;

/** Attributes of files, never following a link: what is there, and what a new file takes over. */
final class Metadata {
    private static final LinkOption[] NOFOLLOW = {LinkOption.NOFOLLOW_LINKS};

    private Metadata() {}

    /** Attributes of the richest kind that the file system has, POSIX or basic. */
    static BasicFileAttributes read(Path file) throws IOException {
        Class<? extends BasicFileAttributes> type =
                isPosix(file) ? PosixFileAttributes.class : BasicFileAttributes.class;
        return provider(file).readAttributes(file, type, NOFOLLOW);
    }

    /** The attributes, or null when there is no such file. */
    static BasicFileAttributes readIfExists(Path file) throws IOException {
        try {
            return read(file);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** How to create a file with the mode of another, less what the process's umask takes away. */
    static FileAttribute<?>[] modeOf(BasicFileAttributes attributes, Path created) {
        return attributes instanceof PosixFileAttributes posix && isPosix(created)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(posix.permissions())}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** Gives the temporary what belongs to the file that it is about to replace, if there is one. */
    static void keepReplaced(Path destination, Path temporary) throws IOException {
        Identity terms = Identity.of(destination.getFileSystem());
        Map<String, Object> replaced;
        try {
            replaced = terms.read(destination);
        } catch (NoSuchFileException e) {
            return;
        }
        if (!Boolean.TRUE.equals(replaced.get("isRegularFile"))) {
            throw new FileSystemException(
                    destination.toString(), null, "it is no longer a regular file, so it is not replaced");
        }
        terms.give(replaced, temporary);
    }

    /** Gives the temporary what {@code COPY_ATTRIBUTES} promises. */
    static void copyAll(Path source, BasicFileAttributes attributes, Path temporary) throws IOException {
        if (source.getFileSystem() == temporary.getFileSystem()) {
            Identity terms = Identity.of(source.getFileSystem());
            terms.give(terms.read(source), temporary);
        } else if (attributes instanceof PosixFileAttributes posix && isPosix(temporary)) {
            view(temporary, PosixFileAttributeView.class).setPermissions(posix.permissions());
        }
        view(temporary, BasicFileAttributeView.class)
                .setTimes(attributes.lastModifiedTime(), attributes.lastAccessTime(), attributes.creationTime());
    }

    private static <V extends FileAttributeView> V view(Path file, Class<V> type) {
        return provider(file).getFileAttributeView(file, type, NOFOLLOW);
    }

    private static FileSystemProvider provider(Path path) {
        return path.getFileSystem().provider();
    }
}
