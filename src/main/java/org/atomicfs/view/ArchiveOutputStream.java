package org.atomicfs.view;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What zipfs writes a new archive to, when it is closed. For use by one thread at a time. */
final class ArchiveOutputStream extends OutputStream {
    private final OutputStream out;
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

    /** Where it fails zipfs leaves its file, and does not close itself to the end. */
    @Override
    public void close() throws IOException {
        boolean closed = false;
        try {
            out.close();
            closed = true;
        } finally {
            if (closed) {
                ifWritten.run();
            } else {
                ifFailed.run();
                Files.deleteIfExists(file);
            }
        }
    }
}
