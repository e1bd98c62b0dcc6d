package org.atomicfs.view;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import org.atomicfs.commit.PendingWrite;
import org.atomicfs.commit.Write;

/** A write through a delegate's channel that is no {@link java.nio.channels.FileChannel}. */
final class AtomicByteChannel implements SeekableByteChannel, WriteHandle {
    private final Write<SeekableByteChannel> write;
    private volatile boolean closed;

    AtomicByteChannel(Write<SeekableByteChannel> write) {
        this.write = write;
    }

    @Override
    public PendingWrite pending() {
        return write.pending();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        write.jumped();
        return write.look(channel -> channel.read(target));
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        if (!source.hasRemaining() && write.leavesOutEmptyWrites()) {
            return 0;
        }
        return write.change(channel -> {
            int n = channel.write(source);
            write.wrote(n);
            return n;
        });
    }

    @Override
    public long position() throws IOException {
        return write.look(SeekableByteChannel::position);
    }

    @Override
    public SeekableByteChannel position(long newPosition) throws IOException {
        write.jumped();
        write.attempt(channel -> channel.position(newPosition));
        return this;
    }

    @Override
    public long size() throws IOException {
        return write.look(SeekableByteChannel::size);
    }

    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
        Truncation.of(write, size);
        return this;
    }

    @Override
    public boolean isOpen() {
        return !closed && write.channel().isOpen();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        write.close(this);
    }
}
