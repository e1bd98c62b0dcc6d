package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Copies a file that is to be changed in part when it is opened, and through what the caller writes through: there are
 * file systems where a file is what was written since the last open, and appears when that is closed.
 */
final class WholeCopy {
    private WholeCopy() {}

    /**
     * Copies.
     *
     * @param written of the temporary, at whose beginning it is
     * @param appends whether the caller writes on at the end; otherwise at the beginning
     * @param cancelled asked now and then; the rest is not copied once it is true
     * @throws java.nio.file.FileSystemException if a file can be written only from its beginning on, and as a whole
     */
    static void copy(Path file, Closeable written, boolean appends, BooleanSupplier cancelled) throws IOException {
        try (SeekableByteChannel from = Delegate.provider(file).newByteChannel(file, Set.of(StandardOpenOption.READ))) {
            if (written instanceof SeekableByteChannel channel) {
                ContentCopy.copy(from, channel, cancelled);
                if (!appends) {
                    channel.position(0);
                }
            } else if (written instanceof OutputStream stream && appends) {
                ContentCopy.copy(from, Channels.newChannel(stream), cancelled);
            } else {
                throw new UnsupportedOperationException();
            }
        } catch (UnsupportedOperationException e) {
            throw SystemErrors.explained(file.toString(), null, Messages.ONLY_WHOLE, e);
        }
    }
}
