package org.atomicfs.view;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.Objects;
import org.atomicfs.commit.CallerLocks;
import org.atomicfs.commit.Opening;
import org.atomicfs.commit.PendingWrite;
import org.atomicfs.commit.Write;

/**
 * A write through a delegate's file channel.
 *
 * <p>A buffer mapped {@code READ_WRITE} outlives the channel: what is stored in it after {@code close()} reaches the
 * published file, and atomicfs cannot see it.
 */
final class AtomicFileChannel extends FileChannel implements WriteHandle {
    /** Not a lambda: the first one in a JVM takes longer than all else that the first write does. */
    static final Opening.Wrapper<FileChannel, FileChannel> WRAPPER = new Opening.Wrapper<>() {
        @Override
        public FileChannel wrap(Write<FileChannel> write) {
            return new AtomicFileChannel(write);
        }
    };

    /** As {@link #WRAPPER}, where it is not known before whether the delegate's channel is a file channel. */
    static final Opening.Wrapper<SeekableByteChannel, SeekableByteChannel> WRAPPER_IF_POSSIBLE =
            new Opening.Wrapper<>() {
                @Override
                @SuppressWarnings("unchecked") // a delegate opens all its byte channels in one class
                public SeekableByteChannel wrap(Write<SeekableByteChannel> write) {
                    return write.channel() instanceof FileChannel
                            ? new AtomicFileChannel((Write<FileChannel>) (Write<?>) write)
                            : new AtomicByteChannel(write);
                }
            };

    private final Write<? extends FileChannel> write;

    AtomicFileChannel(Write<? extends FileChannel> write) {
        this.write = write;
    }

    @Override
    public PendingWrite pending() {
        return write.pending();
    }

    private FileChannel channel() {
        return write.channel();
    }

    private long counted(long n) {
        write.wrote(n);
        return n;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        write.jumped();
        return write.look(channel -> channel.read(target));
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        write.jumped();
        return write.look(channel -> channel.read(targets, offset, length));
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        return write.look(channel -> channel.read(target, position));
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        if (!source.hasRemaining() && write.leavesOutEmptyWrites()) {
            return 0;
        }
        FileChannel channel = write.beginChange();
        try {
            return (int) counted(channel.write(source));
        } catch (Throwable e) {
            throw write.failed(e);
        } finally {
            write.endChange();
        }
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, sources.length);
        boolean any = Arrays.stream(sources, offset, offset + length).anyMatch(ByteBuffer::hasRemaining);
        if (!any && write.leavesOutEmptyWrites()) {
            return 0;
        }
        return write.change(channel -> counted(channel.write(sources, offset, length)));
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
        if (!source.hasRemaining() && position >= 0 && write.leavesOutEmptyWrites()) {
            return 0;
        }
        write.jumped();
        return write.change(channel -> (int) counted(channel.write(source, position)));
    }

    @Override
    public long position() throws IOException {
        return write.look(FileChannel::position);
    }

    @Override
    public FileChannel position(long newPosition) throws IOException {
        write.jumped();
        write.attempt(channel -> channel.position(newPosition));
        return this;
    }

    @Override
    public long size() throws IOException {
        return write.look(FileChannel::size);
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        Truncation.of(write, size);
        return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        write.force(channel -> {
            channel.force(metaData);
            return null;
        });
    }

    /**
     * The other channel is unwrapped, so that the kernel can copy from file to file. That cannot be had when a channel
     * for reading transfers to this one: that one is the delegate's own, and copies by way of a buffer to any channel
     * that it does not know. {@code transferFrom} is the way then.
     */
    @Override
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        return target instanceof AtomicFileChannel other
                ? other.write.change(to -> other.counted(channel().transferTo(position, count, to)))
                : write.look(channel -> channel.transferTo(position, count, target));
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
        write.jumped();
        return write.change(channel -> counted(channel.transferFrom(
                source instanceof AtomicFileChannel other ? other.channel() : source, position, count)));
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
        write.jumped();
        return mode == MapMode.READ_WRITE
                ? write.change(channel -> channel.map(mode, position, size))
                : write.attempt(channel -> channel.map(mode, position, size));
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
        long clipped = CallerLocks.clipped(position, size);
        CallerLocks.Held held =
                write.locking().lock(position, clipped, shared, channel -> channel.lock(position, clipped, shared));
        return AtomicFileLock.of(this, held, position, size);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        long clipped = CallerLocks.clipped(position, size);
        CallerLocks.Held held =
                write.locking().lock(position, clipped, shared, channel -> channel.tryLock(position, clipped, shared));
        return AtomicFileLock.of(this, held, position, size);
    }

    /** Closes this channel too: {@link #isOpen} cannot be overridden. */
    @Override
    public void commit() throws IOException {
        try {
            WriteHandle.super.commit();
        } finally {
            close();
        }
    }

    @Override
    public void abort() throws IOException {
        try {
            WriteHandle.super.abort();
        } finally {
            close();
        }
    }

    @Override
    protected void implCloseChannel() throws IOException {
        write.close(this);
    }
}
