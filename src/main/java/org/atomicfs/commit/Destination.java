package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.AccessMode;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import org.atomicfs.TemporaryName;

/**
 * The file that an open is really about, symbolic links followed.
 *
 * @param delegate its file system
 * @param path where the new content goes
 * @param attributes of the file that is there; null when there is none
 * @param inPlace whether it is written in place: it is no regular file, or lives only as long as its channel
 */
record Destination(Delegate delegate, Path path, BasicFileAttributes attributes, boolean inPlace) {
    /** As many as Linux follows, path_resolution(7). */
    private static final int MAX_LINKS = 40;

    /**
     * Looks for the destination of an open, and throws what a plain open would throw.
     *
     * <p>Links are followed one by one rather than by {@code toRealPath}, which needs the target to exist and costs a
     * system call for every name on the way.
     */
    static Destination find(Path path, OpenRequest request, Opener<?> opener) throws IOException {
        Path file = path;
        Delegate delegate = Delegate.of(path);
        BasicFileAttributes found = delegate.attributesIfExists(file);
        if (request.createsNew() && found != null) {
            refuseOptions(path, request, opener);
            throw new FileAlreadyExistsException(path.toString());
        }
        if (request.deletesOnClose()) {
            return new Destination(delegate, path, found, true);
        }
        for (int links = 0; found != null && found.isSymbolicLink(); links++) {
            if (!request.followsLinks() || links == MAX_LINKS) {
                throw refusal(path, request, opener, "Is a symbolic link that cannot be followed");
            }
            file = file.resolveSibling(Delegate.provider(file).readSymbolicLink(file));
            found = delegate.attributesIfExists(file);
        }
        if (found == null) {
            if (!request.creates()) {
                refuseOptions(path, request, opener);
                throw new NoSuchFileException(path.toString());
            }
            return new Destination(delegate, file, null, false);
        }
        if (found.isDirectory()) {
            throw refusal(path, request, opener, "Is a directory");
        }
        if (!found.isRegularFile()) {
            return new Destination(delegate, file, found, true);
        }
        if (request.truncates()) {
            // a file whose content is kept is opened, which is the better check
            Delegate.provider(file).checkAccess(file, AccessMode.WRITE);
        }
        return new Destination(delegate, file, found, false);
    }

    /**
     * Lets the delegate refuse options that it takes for no file: it looks at those first. Asks about a file that does
     * not exist, so that nothing can happen to one that does.
     */
    private static void refuseOptions(Path path, OpenRequest request, Opener<?> opener) {
        Path nowhere = TemporaryNames.full(path, TemporaryName.UNIQUE);
        try {
            opener.open(nowhere, request.forTemporary()).close();
        } catch (IOException noSuchFile) {
            // the options are taken
        }
    }

    /** What the delegate itself says to such an open. */
    private static IOException refusal(Path path, OpenRequest request, Opener<?> opener, String reason) {
        try {
            opener.open(path, request.forExisting()).close();
            return new FileSystemException(path.toString(), null, reason);
        } catch (IOException e) {
            return e;
        }
    }

    /** How to create a file with the mode of this one, which exists. */
    FileAttribute<?>[] mode() {
        return Metadata.whileWritten(attributes, path);
    }

    boolean exists() {
        return attributes != null;
    }
}
