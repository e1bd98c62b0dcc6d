package org.atomicfs.commit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Copies content from one channel to another, inside the kernel where both are its files. */
final class ContentCopy {
    private static final int BUFFER = 1 << 16; // bytes

    /** Bytes that are copied before it is asked again whether to go on: a fraction of a second's work. */
    private static final long PIECE = 1L << 26;

    private ContentCopy() {}

    /** Whether two files are seen to differ; looks at their beginnings alone. */
    static boolean differAtTheBeginning(Path one, Path other) throws IOException {
        return !beginningOf(one).equals(beginningOf(other));
    }

    private static ByteBuffer beginningOf(Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        try (SeekableByteChannel channel =
                file.getFileSystem().provider().newByteChannel(file, Set.of(StandardOpenOption.READ))) {
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
        }
        return buffer.flip();
    }

    /**
     * Copies all that is left in a channel.
     *
     * @param cancelled asked now and then; the rest is not copied once it is true
     * @return how many bytes
     */
    static long copy(SeekableByteChannel in, WritableByteChannel out, BooleanSupplier cancelled) throws IOException {
        long copied = 0;
        if (in instanceof FileChannel file) {
            long at = file.position();
            long n;
            while (!cancelled.getAsBoolean()
                    && (n = file.transferTo(at, PIECE, out)) > 0) { // -1 of others than the JDK
                at += n;
                copied += n;
            }
            file.position(at);
        }
        // to the very end: files of a kind that the kernel makes up as they are read tell a size of 0
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        while (!cancelled.getAsBoolean() && in.read(buffer) >= 0) {
            buffer.flip();
            copied += buffer.remaining();
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
            buffer.clear();
        }
        return copied;
    }
}
