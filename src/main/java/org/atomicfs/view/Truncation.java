package org.atomicfs.view;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import org.atomicfs.commit.Write;

/** Truncating to no less than the size changes nothing but the position. */
final class Truncation {
    private Truncation() {}

    /**
     * Truncates. A file that is still the destination itself is never asked to: it could have grown since its size was
     * looked at.
     */
    static void of(Write<? extends SeekableByteChannel> write, long size) throws IOException {
        write.jumped();
        if (size >= 0 && write.isUnchanged() && size >= write.channel().size()) {
            write.attempt(channel -> channel.position() > size ? channel.position(size) : channel);
        } else {
            write.change(channel -> channel.truncate(size));
        }
    }
}
