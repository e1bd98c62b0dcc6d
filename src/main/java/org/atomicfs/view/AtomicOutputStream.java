package org.atomicfs.view;

import java.io.IOException;
import java.io.OutputStream;
import org.atomicfs.commit.Opening;
import org.atomicfs.commit.PendingWrite;
import org.atomicfs.commit.Write;

/** The delegate's own output stream, with what the delegate's promises of interruption are. */
final class AtomicOutputStream extends OutputStream implements WriteHandle {
    /** Not a lambda: the first one in a JVM takes longer than all else that the first write does. */
    static final Opening.Wrapper<OutputStream, OutputStream> WRAPPER = new Opening.Wrapper<>() {
        @Override
        public OutputStream wrap(Write<OutputStream> write) {
            return new AtomicOutputStream(write);
        }
    };

    private final Write<OutputStream> write;

    AtomicOutputStream(Write<OutputStream> write) {
        this.write = write;
    }

    @Override
    public PendingWrite pending() {
        return write.pending();
    }

    @Override
    public void write(int b) throws IOException {
        OutputStream out = write.beginChange();
        try {
            out.write(b);
            write.wrote(1);
        } catch (Throwable e) {
            throw write.failed(e);
        } finally {
            write.endChange();
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0 && write.leavesOutEmptyWrites()) {
            return;
        }
        OutputStream out = write.beginChange();
        try {
            out.write(bytes, offset, length);
            write.wrote(length);
        } catch (Throwable e) {
            throw write.failed(e);
        } finally {
            write.endChange();
        }
    }

    @Override
    public void flush() throws IOException {
        write.attempt(out -> {
            out.flush();
            return null;
        });
    }

    @Override
    public void close() throws IOException {
        write.close(this);
    }
}
