package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.AccessMode;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;

/**
 * The file that an open is really about, symbolic links followed.
 *
 * @param delegate its file system
 * @param path where the new content goes
 * @param attributes of the file that is there; null when there is none
 * @param inPlace whether it is written in place: it is no regular file of a disk, has no path of its own, or lives only
 *     as long as its channel
 */
record Destination(Delegate delegate, Path path, BasicFileAttributes attributes, boolean inPlace) {
    /** Looks for the destination of an open, and throws what a plain open would throw. */
    static Destination find(Path path, OpenRequest request, Opener<?> opener, FileAttribute<?>... attributes)
            throws IOException {
        try {
            Destination found = lookAgainIfGone(path, request, opener);
            if (found.exists() && !found.inPlace && (attributes == null || attributes.length > 0)) {
                refuseOptions(path, request, opener, attributes); // the file is there and does not get them
            }
            return found;
        } catch (IOException | RuntimeException e) {
            refuseOptions(path, request, opener, attributes);
            throw e;
        }
    }

    /** Another program may delete the file between two looks: then it is created. */
    private static Destination lookAgainIfGone(Path path, OpenRequest request, Opener<?> opener) throws IOException {
        try {
            return look(path, request, opener);
        } catch (NoSuchFileException e) {
            if (!request.creates()) {
                throw e;
            }
            return look(path, request, opener);
        }
    }

    private static Destination look(Path path, OpenRequest request, Opener<?> opener) throws IOException {
        Path file = path;
        Delegate delegate = Delegate.of(path);
        if (path.getFileName() == null) { // a root: nothing is beside it, and only the delegate knows what to say
            return new Destination(delegate, path, null, true);
        }
        BasicFileAttributes found = delegate.attributesIfExists(file);
        if (request.createsNew() && found != null) {
            throw new FileAlreadyExistsException(path.toString());
        }
        if (request.deletesOnClose()) {
            return new Destination(delegate, path, found, true);
        }
        if (found != null && found.isSymbolicLink()) {
            LinkTarget target = request.followsLinks() ? LinkTarget.follow(path, found) : null;
            if (target == null) {
                throw refusal(
                        path,
                        request,
                        opener,
                        new FileSystemException(path.toString(), null, "Is a symbolic link that cannot be followed"));
            }
            if (target.isMagic()) {
                return new Destination(delegate, path, found, true);
            }
            file = target.path();
            found = target.attributes();
        }
        if (found == null) {
            if (!request.creates()) {
                // newer JDKs take a file in the place of a directory for a missing one when they read attributes
                throw refusal(path, request, opener, new NoSuchFileException(path.toString()));
            }
            return new Destination(delegate, file, null, false);
        }
        if (found.isDirectory()) {
            throw refusal(path, request, opener, new FileSystemException(path.toString(), null, "Is a directory"));
        }
        if (!found.isRegularFile() || isOfKernel(file, found, request)) {
            return new Destination(delegate, file, found, true);
        }
        if ((request.creates() || request.truncates()) && SharedDirectory.hasForeign(file, found)) {
            if (request.creates()) {
                opener.open(file, request.forExistingOrNew()).close(); // if the kernel lets us
            }
            if (request.truncates() && !OtherUsers.isPrivileged()) { // it can be written, and not replaced
                throw new FileSystemException(path.toString(), null, SystemErrors.notReplaceable(NotPermitted.TEXT));
            }
        }
        if (request.truncates()) {
            // a file whose content is kept is opened, which is the better check
            try {
                Delegate.provider(file).checkAccess(file, AccessMode.WRITE);
            } catch (UnsupportedOperationException unknown) {
                // it does not tell, and may refuse when it is asked to rename
            }
        }
        return new Destination(delegate, file, found, false);
    }

    /**
     * The kernel's own files say that they are empty. Those that keep their content are not created, which would tell.
     */
    private static boolean isOfKernel(Path file, BasicFileAttributes found, OpenRequest request) throws IOException {
        if (KernelFiles.isLikely(file)) {
            return true;
        }
        boolean asks =
                !request.truncates() && found.size() == 0 && Delegate.of(file).isUnix();
        return asks && KernelFiles.isLikely(file.toRealPath());
    }

    /**
     * Lets the delegate refuse options and attributes that it takes for no file: it looks at those first. Asks about a
     * file that does not exist, so that nothing can happen to one that does.
     */
    static void refuseOptions(Path path, OpenRequest request, Opener<?> opener, FileAttribute<?>... attributes) {
        Path nowhere = TemporaryNames.nowhere(path);
        try {
            opener.open(nowhere, request.forTemporary(), attributes).close();
            Delegate.provider(nowhere).deleteIfExists(nowhere); // some create what is opened, though not asked to
        } catch (IOException noSuchFile) {
            // the options are taken
        }
    }

    /** What the delegate itself says to such an open. */
    private static IOException refusal(
            Path path, OpenRequest request, Opener<?> opener, FileSystemException otherwise) {
        try {
            opener.open(path, request.forExisting()).close();
            return otherwise;
        } catch (IOException e) {
            return e;
        }
    }

    /**
     * Refuses, before anything is created, to replace a file where that cannot be done in one step.
     *
     * @param requested for the exception
     */
    void requireReplaceable(Path requested) throws IOException {
        if (!inPlace && !delegate.isFreeOrReplaceable(path)) {
            throw new FileSystemException(requested.toString(), null, Messages.CANNOT_REPLACE);
        }
    }

    /** Finds out, before it is opened so, whether opening it with its content kept does keep it. */
    void learnWhetherItIsKept(OpenRequest request) throws IOException {
        if (exists() && !inPlace && !request.truncates()) {
            delegate.findOutWhetherItRewrites(path);
        }
    }

    /** How to create a file with the mode of this one, which exists. */
    FileAttribute<?>[] mode() {
        return Metadata.whileWritten(attributes, path);
    }

    /** The same, written in place. */
    Destination asInPlace() {
        return new Destination(delegate, path, attributes, true);
    }

    boolean exists() {
        return attributes != null;
    }
}
