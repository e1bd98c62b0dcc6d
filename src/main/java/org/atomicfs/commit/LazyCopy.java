package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Copies the content of a file, which was opened to be changed in part, to the temporary, when it is changed first. */
final class LazyCopy {
    private final Destination destination;
    private final Closeable original;
    private final Retained retained;

    private static final long LARGE = 1L << 30; // in bytes: copying it takes about a second

    /**
     * A copy of a file.
     *
     * @param original by which it was opened; null if that is not known
     * @param retained keeps open what is opened here
     */
    LazyCopy(Destination destination, Closeable original, Retained retained) {
        this.destination = destination;
        this.original = original;
        this.retained = retained;
    }

    /**
     * Copies the file that was opened.
     *
     * @param temporary where to
     * @param channel of the temporary, if it can be written through; null if another one has to be opened
     * @param cancelled asked now and then; the rest is not copied once it is true
     * @return how many bytes
     * @throws FileSystemException if the destination is no longer the file that was opened
     */
    long copy(Path temporary, SeekableByteChannel channel, BooleanSupplier cancelled) throws IOException {
        Path file = destination.path();
        if (SharedDirectory.hasForeign(file, destination.attributes()) && !OtherUsers.isPrivileged()) {
            throw new FileSystemException(file.toString(), null, SystemErrors.notReplaceable(NotPermitted.TEXT));
        }
        SeekableByteChannel from;
        try {
            from = open(file, StandardOpenOption.READ);
        } catch (AccessDeniedException e) {
            throw SystemErrors.denied(file, SystemErrors.unreadable(), e);
        }
        requireSame(from);
        if (from.size() > LARGE) {
            Registry.logger().log(Level.INFO, SystemErrors.largeCopy(file, from.size()));
        }
        SeekableByteChannel to = channel != null ? channel : open(temporary, StandardOpenOption.WRITE);
        return ContentCopy.copy(from, to, cancelled);
    }

    private SeekableByteChannel open(Path file, OpenOption option) throws IOException {
        SeekableByteChannel opened = Delegate.provider(file).newByteChannel(file, Set.of(option));
        retained.add(opened);
        return opened;
    }

    /** That the path has still the file that was opened. */
    private void requireSame(Closeable atPath) throws IOException {
        SameFile.Answer answer = SameFile.ask(original, atPath);
        if (answer == SameFile.Answer.UNKNOWN) {
            Object key = destination.delegate().attributes(destination.path()).fileKey();
            answer = Objects.equals(key, destination.attributes().fileKey())
                    ? SameFile.Answer.SAME
                    : SameFile.Answer.DIFFERENT;
        }
        if (answer == SameFile.Answer.DIFFERENT) {
            throw new FileSystemException(destination.path().toString(), null, Messages.REPLACED);
        }
    }
}
