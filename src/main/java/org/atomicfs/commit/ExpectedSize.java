package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;

/** How large a temporary is to be that began as a copy: there are providers that lose what they were given. */
final class ExpectedSize {
    private ExpectedSize() {}

    /**
     * The size, in bytes; -1 if it is not known.
     *
     * @param copied bytes; -1 if that is not known
     * @param written bytes, all at the end; -1 if not all were written there
     */
    static long ofAppended(long copied, long written) {
        return copied < 0 || written < 0 ? -1 : copied + written;
    }

    /** The size as a channel tells it that is still open, where the provider is not known; otherwise -1. */
    static long ofUpdated(Destination destination, Closeable channel) {
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
