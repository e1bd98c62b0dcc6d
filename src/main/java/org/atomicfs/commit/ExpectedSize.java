package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;

/** How large a temporary is to be that began as a copy: there are providers that lose what they were given. */
final class ExpectedSize {
    private ExpectedSize() {}

    /**
     * The size of one that was appended to or changed, in bytes; -1 if it is not known.
     *
     * @param appends whether all was written at the end
     * @param copied bytes; -1 if that is not known
     * @param written bytes; -1 if something else was done than to write on
     * @param channel what was written through
     */
    static long of(Destination destination, boolean appends, long copied, long written, Closeable channel) {
        return appends ? ofAppended(copied, written) : ofUpdated(destination, channel);
    }

    private static long ofAppended(long copied, long written) {
        return copied < 0 || written < 0 ? -1 : copied + written;
    }

    /** The size as a channel tells it that is still open, where the provider is not known; otherwise -1. */
    private static long ofUpdated(Destination destination, Closeable channel) {
        if (destination.delegate().isKnown() || !(channel instanceof SeekableByteChannel open)) {
            return -1;
        }
        try {
            long size = open.size();
            return size == 0 ? -1 : size; // there are channels that tell none
        } catch (IOException | RuntimeException unknown) {
            return -1;
        }
    }
}
