package org.atomicfs.commit;

import java.io.Closeable;
import java.io.Flushable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * All that a write has open, to be closed at the end and not before: closing any channel of a file drops the locks that
 * the caller, or the claim, has on it (POSIX record locks, fcntl(2)).
 */
final class Content implements Closeable, Flushable {
    private final Supplier<? extends Closeable> written;
    private final List<Closeable> retained = new ArrayList<>();

    /**
     * Nothing but what is written through.
     *
     * @param written gives the channel or stream, as it is at the end
     */
    Content(Supplier<? extends Closeable> written) {
        this.written = written;
    }

    /** Adds something to be closed. */
    <T extends Closeable> T retain(T open) {
        retained.add(open);
        return open;
    }

    @Override
    public void flush() throws IOException {
        if (written.get() instanceof Flushable buffered) {
            buffered.flush();
        }
    }

    @Override
    public void close() throws IOException {
        IOException first = null;
        for (int i = -1; i < retained.size(); i++) {
            try {
                (i < 0 ? written.get() : retained.get(i)).close();
            } catch (IOException e) {
                if (first == null) {
                    first = e;
                } else {
                    Failures.suppress(first, e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
