package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What stays open until a write has ended: closing any channel of a file drops the record locks that the caller has on
 * it (POSIX, fcntl(2)).
 */
final class Retained implements Closeable {
    private final List<Closeable> open = new ArrayList<>(3);

    void add(Closeable retained) {
        open.add(retained);
    }

    /** Leaves it to others to close one. */
    void remove(Closeable retained) {
        open.remove(retained);
    }

    /** Closes, if it is not null, what nothing was written through: a failure of that has nothing to tell. */
    static void closeUnwritten(Closeable unwritten, Path about) {
        try {
            if (unwritten != null) {
                unwritten.close();
            }
        } catch (IOException | RuntimeException e) {
            Registry.logger().log(Level.DEBUG, about.toString(), e);
        }
    }

    /** Closes all, whatever is thrown, and throws what was thrown first. */
    @Override
    public void close() throws IOException {
        Throwable first = null;
        for (int i = 0; i < open.size(); i++) {
            try {
                open.get(i).close();
            } catch (Throwable e) {
                if (first == null) {
                    first = e;
                } else {
                    Messages.suppress(first, e);
                }
            }
        }
        open.clear();
        Messages.rethrow(first);
    }
}
