package org.atomicfs.view;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Arrays;
import java.util.Set;
import org.atomicfs.AtomicOptions;
import org.atomicfs.commit.EarlyPublication;
import org.atomicfs.commit.FileCopy;
import org.atomicfs.commit.FileMove;
import org.atomicfs.commit.OpenRequest;
import org.atomicfs.commit.Opener;
import org.atomicfs.commit.Opening;
import org.atomicfs.commit.Refusal;

/**
 * Opens, copies and moves in place of the JVM's default file system, for programs that do not know that they write
 * atomically: where that is refused, the temporary gets a name of its own, or the plain provider does what was asked
 * for.
 */
final class StandIn {
    private StandIn() {}

    static <C extends Closeable> C open(
            AtomicPath path,
            OpenRequest request,
            Opener<C> opener,
            Opening.Wrapper<C, C> wrapper,
            FileAttribute<?>... attributes)
            throws IOException {
        AtomicFileSystem owner = path.getFileSystem();
        FileSystemException refusal;
        try {
            return Opening.open(owner, path.plain(), request, opener, wrapper, attributes);
        } catch (FileSystemException e) {
            refusal = e;
        }
        boolean isFreed = refusal instanceof FileAlreadyExistsException && EarlyPublication.ofTemporary(path.plain());
        if (isFreed || Refusal.isOfName(refusal, request.createsNew())) {
            OpenRequest again = request.createsNew() ? request : request.withUniqueTemporary();
            try {
                return Opening.open(owner, path.plain(), again, opener, wrapper, attributes);
            } catch (FileSystemException e) {
                refusal = e;
            }
        }
        if (!Refusal.isOfAtomicOpen(refusal)) {
            throw refusal;
        }
        return opener.open(path.plain(), request.options(), attributes);
    }

    /** Opens a file that takes the place of whatever is there. */
    static <C extends Closeable> C replace(
            AtomicPath path, OpenRequest request, Opener<C> opener, Opening.Wrapper<C, C> wrapper) throws IOException {
        AtomicFileSystem owner = path.getFileSystem();
        FileSystemException refusal;
        try {
            return Opening.replacing(owner, path.plain(), request, opener, wrapper);
        } catch (FileSystemException e) {
            refusal = e;
        }
        if (Refusal.isOfName(refusal, false)) {
            try {
                return Opening.replacing(owner, path.plain(), request.withUniqueTemporary(), opener, wrapper);
            } catch (FileSystemException e) {
                refusal = e;
            }
        }
        if (!Refusal.isOfAtomicOpen(refusal)) {
            throw refusal;
        }
        path.plain().getFileSystem().provider().deleteIfExists(path.plain());
        Set<OpenOption> creation = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return opener.open(path.plain(), creation);
    }

    static void copy(AtomicPath source, AtomicPath target, CopyOption... how) throws IOException {
        AtomicOptions options = target.getFileSystem().options();
        FileSystemException refusal;
        try {
            copy(source, target, options, how);
            return;
        } catch (FileSystemException e) {
            refusal = e;
        }
        requireNotTaken(refusal, how);
        if (Refusal.isOfName(refusal, !replaces(how))) {
            copy(source, target, OpenRequest.uniqueTemporary(options), how);
        } else if (Refusal.isOfCopy(refusal, target.plain())) {
            Path plain = source.plain();
            plain.getFileSystem().provider().copy(plain, target.plain(), how);
        } else {
            throw refusal;
        }
    }

    private static void copy(AtomicPath source, AtomicPath target, AtomicOptions options, CopyOption... how)
            throws IOException {
        FileCopy.copy(target.getFileSystem(), source.plain(), target.plain(), options, Openers.BYTE_CHANNELS, how);
    }

    static void move(AtomicPath source, AtomicPath target, CopyOption... how) throws IOException {
        AtomicOptions options = target.getFileSystem().options();
        FileSystemException refusal;
        try {
            move(source, target, options, how);
            return;
        } catch (FileSystemException e) {
            refusal = e;
        }
        requireNotTaken(refusal, how);
        if (Refusal.isOfName(refusal, !replaces(how))) {
            move(source, target, OpenRequest.uniqueTemporary(options), how);
        } else if (Refusal.isOfCopy(refusal, target.plain())) {
            FileMove.asDelegate(source.plain(), target.plain(), how);
        } else {
            throw refusal;
        }
    }

    private static void move(AtomicPath source, AtomicPath target, AtomicOptions options, CopyOption... how)
            throws IOException {
        FileMove.move(target.getFileSystem(), source.plain(), target.plain(), options, Openers.BYTE_CHANNELS, how);
    }

    /** Says as a plain path that another one has made the target, if that is why it could not be published. */
    private static void requireNotTaken(FileSystemException refusal, CopyOption... how) throws IOException {
        if (!replaces(how) && refusal.getCause() instanceof FileAlreadyExistsException taken) {
            throw taken;
        }
    }

    private static boolean replaces(CopyOption... how) {
        return Arrays.asList(how).contains(StandardCopyOption.REPLACE_EXISTING);
    }
}
