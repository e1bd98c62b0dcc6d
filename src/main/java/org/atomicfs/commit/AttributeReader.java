package org.atomicfs.commit;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;

/**
 * Reads attributes by their types, of the richest kind that there is: POSIX or basic. Not by their names: there are
 * file systems that know none, and answer nothing at all.
 */
final class AttributeReader {
    /** Only ever becomes poorer: a file system can list a view that it refuses. */
    private volatile Class<? extends BasicFileAttributes> type;

    AttributeReader(FileSystem fileSystem) {
        type = fileSystem.supportedFileAttributeViews().contains("posix")
                ? PosixFileAttributes.class
                : BasicFileAttributes.class;
    }

    /** Whether files have an owner, a group and permissions; as far as that is known. */
    boolean hasPosix() {
        return type == PosixFileAttributes.class;
    }

    /** Reads them. */
    BasicFileAttributes read(Path file, LinkOption... links) throws IOException {
        BasicFileAttributes found;
        try {
            found = file.getFileSystem().provider().readAttributes(file, type, links);
        } catch (FileNotFoundException e) {
            throw missing(file, e);
        } catch (UnsupportedOperationException refused) {
            if (!hasPosix()) {
                throw refused;
            }
            type = BasicFileAttributes.class;
            return read(file, links);
        }
        if (found == null && hasPosix()) { // there is no file, or it says in this way that it refuses
            found = file.getFileSystem().provider().readAttributes(file, BasicFileAttributes.class, links);
            if (found != null) {
                type = BasicFileAttributes.class;
            }
        }
        if (found == null) {
            throw missing(file, null);
        }
        return found;
    }

    /** Reads them, not following a link; null when there is no such file. */
    BasicFileAttributes readIfExists(Path file) throws IOException {
        try {
            return read(file, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static NoSuchFileException missing(Path file, FileNotFoundException cause) {
        NoSuchFileException missing = new NoSuchFileException(file.toString());
        missing.initCause(cause);
        return missing;
    }
}
