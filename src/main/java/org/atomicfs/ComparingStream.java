package org.atomicfs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/** Passes on what is written, and compares it with what another stream has. For use by one thread at a time. */
final class ComparingStream extends OutputStream {
    private final OutputStream out;
    private final InputStream compared;
    private byte[] buffer = new byte[0];
    private boolean same = true;

    /** @param compared read to its end, or to the first difference; not closed */
    ComparingStream(OutputStream out, InputStream compared) {
        this.out = out;
        this.compared = compared;
    }

    /** Whether all that the other stream has was written, and nothing else. */
    boolean isSame() throws IOException {
        return same && compared.read() < 0;
    }

    @Override
    public void write(int b) throws IOException {
        out.write(b);
        same = same && compared.read() == (b & 0xff);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        if (!same) {
            return;
        }
        if (buffer.length == 0) {
            buffer = new byte[8192];
        }
        for (int done = 0; same && done < length; ) {
            int part = Math.min(buffer.length, length - done);
            int read = compared.readNBytes(buffer, 0, part);
            int from = offset + done;
            same = read == part && Arrays.equals(buffer, 0, part, bytes, from, from + part);
            done += part;
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
