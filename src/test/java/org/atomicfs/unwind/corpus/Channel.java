package org.atomicfs.unwind.corpus;

import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import org.atomicfs.unwind.OpenSite;

/** A channel that asks on closing. */
public class Channel implements SeekableByteChannel {
    private final String name;
    private final OpenSite site;
    private boolean closed;
    private long written;

    public Channel(String name) {
        this.name = name;
        site = Closed.opened();
    }

    @Override
    public int write(ByteBuffer bytes) {
        int count = bytes.remaining();
        bytes.position(bytes.limit());
        written += count;
        return count;
    }

    @Override
    public int read(ByteBuffer bytes) {
        return -1;
    }

    @Override
    public long position() {
        return written;
    }

    @Override
    public SeekableByteChannel position(long position) {
        return this;
    }

    @Override
    public long size() {
        return written;
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        return this;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Closed.close(name, site);
        }
    }
}
