package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.spi.FileSystemProvider;

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
        BasicFileAttributes replaced = readIfExists(destination);
        if (replaced == null) {
            return;
        }
        if (!replaced.isRegularFile()) {
            throw new FileSystemException(
                    destination.toString(), null, "it is no longer a regular file, so it is not replaced");
        }
        giveOwner(replaced, temporary);
        giveMode(replaced, temporary);
    }

    /** Gives the temporary what {@code COPY_ATTRIBUTES} promises. */
    static void copyAll(Path source, BasicFileAttributes attributes, Path temporary) throws IOException {
        if (source.getFileSystem() == temporary.getFileSystem()) { // an owner is known only to its own
            giveOwner(attributes, temporary);
        }
        giveMode(attributes, temporary);
        provider(temporary)
                .getFileAttributeView(temporary, BasicFileAttributeView.class, NOFOLLOW)
                .setTimes(attributes.lastModifiedTime(), attributes.lastAccessTime(), attributes.creationTime());
    }

    /** To be done before the mode: changing the owner takes set-user-ID bits away, chown(2). */
    private static void giveOwner(BasicFileAttributes from, Path to) throws IOException {
        if (!(from instanceof PosixFileAttributes wanted) || !(read(to) instanceof PosixFileAttributes actual)) {
            return;
        }
        if (!wanted.owner().equals(actual.owner())) {
            tryTo(() -> posix(to).setOwner(wanted.owner()));
        }
        if (!wanted.group().equals(actual.group())) {
            tryTo(() -> posix(to).setGroup(wanted.group()));
        }
    }

    private static void giveMode(BasicFileAttributes from, Path to) throws IOException {
        if (from instanceof PosixFileAttributes wanted
                && read(to) instanceof PosixFileAttributes actual
                && !wanted.permissions().equals(actual.permissions())) {
            posix(to).setPermissions(wanted.permissions());
        }
    }

    private static PosixFileAttributeView posix(Path file) {
        return provider(file).getFileAttributeView(file, PosixFileAttributeView.class, NOFOLLOW);
    }

    /** Only a privileged process may give files away; that it may not is no failure. */
    private static void tryTo(Change change) {
        try {
            change.make();
        } catch (IOException notPermitted) {
            // the new content stays the writer's own, as if the file had been created by it
        }
    }

    @FunctionalInterface
    private interface Change {
        void make() throws IOException;
    }

    private static FileSystemProvider provider(Path path) {
        return path.getFileSystem().provider();
    }
}
