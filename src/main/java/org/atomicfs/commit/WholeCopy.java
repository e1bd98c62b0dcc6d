package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Copies a file that is to be changed in part when it is opened, and through what the caller writes through: there are
 * file systems where a file is what was written since the last open, and appears when that is closed.
 *
 * @param file that is to be changed
 * @param appends whether the caller writes on at the end; otherwise at the beginning
 */
record WholeCopy(Path file, boolean appends) {
    /**
     * Copies.
     *
     * @param written of the temporary, at whose beginning it is
     * @param cancelled asked now and then; the rest is not copied once it is true
     * @return how many bytes
     * @throws java.nio.file.FileSystemException if a file can be written only from its beginning on, and as a whole
     */
    long copy(Closeable written, BooleanSupplier cancelled) throws IOException {
        WritableByteChannel to = through(written);
        try (SeekableByteChannel from = Delegate.provider(file).newByteChannel(file, Set.of(StandardOpenOption.READ))) {
            if (to == null) {
                requireEmpty(from);
                return 0;
            }
            long copied = ContentCopy.copy(from, to, cancelled);
            if (!appends) {
                SeekableByteChannel seekable = (SeekableByteChannel) to;
                if (seekable.position() != copied) {
                    throw new FileSystemException(
                            file.toString(), null, ProviderMessages.notTaken(seekable.position(), copied));
                }
                seekable.position(0);
            }
            return copied;
        } catch (UnsupportedOperationException e) {
            throw SystemErrors.explained(file.toString(), null, Messages.ONLY_WHOLE, e);
        }
    }

    /** There is nothing to copy, and the first byte is the end, too. */
    private static void requireEmpty(SeekableByteChannel from) throws IOException {
        if (from.read(ByteBuffer.allocate(1)) >= 0) {
            throw new UnsupportedOperationException();
        }
    }

    /** A channel through what the caller writes through; null if he could not write on where he wants. */
    private WritableByteChannel through(Closeable written) {
        if (written instanceof SeekableByteChannel channel) {
            return channel;
        }
        return written instanceof OutputStream stream && appends ? Channels.newChannel(stream) : null;
    }
}
