package org.atomicfs.commit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.DosFileAttributeView;
import java.nio.file.attribute.DosFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
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
        return has(file, "posix");
    }

    /**
     * Gives the temporary what belongs to the file that it is about to replace, if there is one.
     *
     * @return whether anything had to be given
     */
    static boolean keepReplaced(Path destination, Path temporary) throws IOException {
        Identity terms = Identity.of(destination.getFileSystem());
        Map<String, Object> replaced;
        try {
            replaced = terms.read(destination);
        } catch (NoSuchFileException e) {
            return false;
        }
        if (!Boolean.TRUE.equals(replaced.get("isRegularFile"))) {
            throw new FileSystemException(
                    destination.toString(), null, "it is no longer a regular file, so it is not replaced");
        }
        // the identity last: a file that was given away or closed to its owner cannot be given more
        return giveUserAttributes(destination, temporary)
                | giveAcl(destination, temporary)
                | giveDosFlags(destination, temporary)
                | terms.give(replaced, temporary);
    }

    /** Gives the temporary what {@code COPY_ATTRIBUTES} promises. */
    static boolean copyAll(Path source, BasicFileAttributes attributes, Path temporary) throws IOException {
        giveUserAttributes(source, temporary);
        if (source.getFileSystem() == temporary.getFileSystem()) {
            giveAcl(source, temporary);
            giveDosFlags(source, temporary);
            Identity terms = Identity.of(source.getFileSystem());
            terms.give(terms.read(source), temporary);
        } else if (attributes instanceof PosixFileAttributes posix && isPosix(temporary)) {
            view(temporary, PosixFileAttributeView.class).setPermissions(posix.permissions());
        }
        view(temporary, BasicFileAttributeView.class)
                .setTimes(attributes.lastModifiedTime(), attributes.lastAccessTime(), attributes.creationTime());
        return true;
    }

    private static boolean giveUserAttributes(Path from, Path to) throws IOException {
        if (!has(from, "user") || !has(to, "user")) {
            return false;
        }
        UserDefinedFileAttributeView given = view(from, UserDefinedFileAttributeView.class);
        List<String> names;
        try {
            names = given.list();
        } catch (IOException none) {
            return false; // this file store has none, or the file cannot be read
        }
        boolean any = false;
        for (String name : names) {
            ByteBuffer value = ByteBuffer.allocate(given.size(name));
            given.read(name, value);
            view(to, UserDefinedFileAttributeView.class).write(name, value.flip());
            any = true;
        }
        return any;
    }

    private static boolean giveAcl(Path from, Path to) throws IOException {
        if (!has(from, "acl")) {
            return false;
        }
        List<AclEntry> wanted = view(from, AclFileAttributeView.class).getAcl();
        if (wanted.equals(view(to, AclFileAttributeView.class).getAcl())) {
            return false;
        }
        view(to, AclFileAttributeView.class).setAcl(wanted);
        return true;
    }

    /** On Unix the JDK keeps these flags in a user-defined attribute. */
    private static boolean giveDosFlags(Path from, Path to) throws IOException {
        if (!has(from, "dos") || has(from, "unix")) {
            return false;
        }
        DosFileAttributes wanted = provider(from).readAttributes(from, DosFileAttributes.class, NOFOLLOW);
        DosFileAttributeView view = view(to, DosFileAttributeView.class);
        view.setHidden(wanted.isHidden());
        view.setSystem(wanted.isSystem());
        return true;
    }

    private static boolean has(Path file, String view) {
        return file.getFileSystem().supportedFileAttributeViews().contains(view);
    }

    private static <V extends FileAttributeView> V view(Path file, Class<V> type) {
        return provider(file).getFileAttributeView(file, type, NOFOLLOW);
    }

    private static FileSystemProvider provider(Path path) {
        return path.getFileSystem().provider();
    }
}
