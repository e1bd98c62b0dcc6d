package org.atomicfs.unwind.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;

/** Sources that fail in the middle. */
public final class Inputs {
    private Inputs() {}

    public static InputStream bytes(boolean fails) {
        return new InputStream() {
            private int count;

            @Override
            public int read() throws IOException {
                if (count++ > 3) {
                    Boom.maybe(fails);
                    return -1;
                }
                return 1;
            }
        };
    }

    public static Iterable<String> lines(boolean fails) {
        return () -> new Iterator<>() {
            private int count;

            @Override
            public boolean hasNext() {
                return count < 3;
            }

            @Override
            public String next() {
                if (fails && count == 1) {
                    throw new IllegalStateException("no more");
                }
                return "line " + count++;
            }
        };
    }
}
