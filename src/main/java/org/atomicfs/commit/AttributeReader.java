package org.atomicfs.commit;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.spi.FileSystemProvider;
import java.util.Set;

/**
 * Reads attributes by their types, of the richest kind that there is: POSIX or basic. Not by their names: there are
 * file systems that know none, and answer nothing at all.
 */
final class AttributeReader {
    /** Only ever becomes poorer: a file system can list a view that it refuses. */
    private volatile Class<? extends BasicFileAttributes> type;

    private final boolean builtIn;
    private volatile boolean keysKnown; // whether it is known what the keys are worth
    private volatile boolean keyless; // whether they change with the content, so that they are left out

    /**
     * A reader.
     *
     * @param builtIn whether it is the JDK's own file system
     * @param keysKnown whether a file is known to keep its key, if it has one
     */
    AttributeReader(FileSystem fileSystem, boolean builtIn, boolean keysKnown) {
        this.builtIn = builtIn;
        this.keysKnown = keysKnown;
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
        if (found == null && isThere(file)) {
            throw new FileSystemException(file.toString(), null, ProviderMessages.NO_ATTRIBUTES);
        }
        if (found == null) {
            throw missing(file, null);
        }
        return keyless ? KeylessAttributes.of(found) : found;
    }

    /** Whether files have keys, by which two names of one file differ from the names of two files. */
    boolean hasKeys(Path directory) throws IOException {
        return builtIn || read(directory, LinkOption.NOFOLLOW_LINKS).fileKey() != null;
    }

    /** Whether it was found out that keys are worth nothing here. */
    boolean isKeyless() {
        return keyless;
    }

    /**
     * Whether a file that has another key than before is another file. Asked only then: of a provider that is not known
     * it is tried, with a small file beside that one, whether a key changes with the content, as that of an upload may.
     * If so, there are no keys from then on.
     */
    boolean keepsKeys(Path file) throws IOException {
        if (!keysKnown) {
            synchronized (this) {
                if (!keysKnown) {
                    keyless = !KeyTrial.keepsBeside(file);
                    keysKnown = true;
                }
            }
        }
        return !keyless;
    }

    /** Asks in other ways about a file without attributes: there are providers that say by null that there is none. */
    private static boolean isThere(Path file) throws IOException {
        FileSystemProvider provider = file.getFileSystem().provider();
        try {
            provider.checkAccess(file);
            return true;
        } catch (AccessDeniedException refused) {
            throw refused;
        } catch (IOException missing) {
            return false;
        } catch (UnsupportedOperationException unknown) {
            try {
                provider.newByteChannel(file, Set.of(StandardOpenOption.READ)).close();
                return true;
            } catch (NoSuchFileException | FileNotFoundException missing) {
                return false;
            }
        }
    }

    /** Reads them, not following a link; null when there is no such file. */
    BasicFileAttributes readIfExists(Path file) throws IOException {
        try {
            return read(file, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Whether it is known that there is no such file; false where that cannot be found out. */
    boolean isSurelyMissing(Path file) {
        try {
            return readIfExists(file) == null;
        } catch (Throwable unknown) { // an error too: what the caller has just done is done
            return false;
        }
    }

    /** Whether it is known that there is a file. */
    boolean isSurelyThere(Path file) {
        try {
            return readIfExists(file) != null;
        } catch (Throwable unknown) {
            return false; // what the provider says of a missing file is not always known for that
        }
    }

    private static NoSuchFileException missing(Path file, FileNotFoundException cause) {
        NoSuchFileException missing = new NoSuchFileException(file.toString());
        missing.initCause(cause);
        return missing;
    }
}
