package org.atomicfs.view;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.atomicfs.AtomicWrite;

/** What zipfs writes a new archive to, when it is closed. For use by one thread at a time. */
final class ArchiveOutputStream extends OutputStream {
    private final OutputStream out; // an AtomicWrite
    private final Runnable ifWritten;
    private final Runnable ifFailed;
    private final Path file; // which zipfs has created

    ArchiveOutputStream(OutputStream out, Runnable ifWritten, Runnable ifFailed, Path file) {
        this.out = out;
        this.ifWritten = ifWritten;
        this.ifFailed = ifFailed;
        this.file = file;
    }

    @Override
    public void write(int b) throws IOException {
        out.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    /**
     * Where the content is not published zipfs leaves its file, and does not close itself to the end. An exception that
     * zipfs has got before does not always come by here.
     */
    @Override
    public void close() throws IOException {
        try {
            out.close();
        } finally {
            if (((AtomicWrite) out).status() == AtomicWrite.Status.COMMITTED) {
                ifWritten.run();
            } else {
                ifFailed.run();
                Files.deleteIfExists(file);
            }
        }
    }
}
