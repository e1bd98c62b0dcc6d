package org.atomicfs.clients;

import java.io.ByteArrayInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.List;

/** What is written, in the forms that libraries take. One that is broken fails after more than a half. */
public final class Source {
    /** How many rows there are: enough for buffers to be written before the end. */
    public static final int ROWS = 3000;

    private static final int BROKEN_AT = 2000;

    private final boolean broken;

    private Source(boolean broken) {
        this.broken = broken;
    }

    public static Source complete() {
        return new Source(false);
    }

    static Source broken() {
        return new Source(true);
    }

    /** The rows, each of which is different. */
    public List<String> rows() {
        return new AbstractList<>() {
            @Override
            public String get(int index) {
                if (index == BROKEN_AT) {
                    end();
                }
                return row(index);
            }

            @Override
            public int size() {
                return ROWS;
            }
        };
    }

    private static String row(int index) {
        return "row number " + index;
    }

    /** The rows as lines. */
    public InputStream bytes() {
        InputStream bytes = new ByteArrayInputStream(text());
        int end = text().length * BROKEN_AT / ROWS;
        return new InputStream() {
            private int done;

            @Override
            public int read() throws IOException {
                if (done++ == end) {
                    end();
                }
                return bytes.read();
            }
        };
    }

    /** The lines that {@link #bytes} and {@link #rows} have when they do not fail. */
    static byte[] text() {
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < ROWS; row++) {
            text.append(row(row)).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Where the caller's own stream has to fail: one that lets a thousand bytes through. */
    OutputStream through(OutputStream out) {
        return new FilterOutputStream(out) {
            private int done;

            @Override
            public void write(int b) throws IOException {
                if (done++ == 1000) {
                    end();
                }
                out.write(b);
            }
        };
    }

    /** Fails if the source is a broken one. */
    void end() {
        if (broken) {
            throw new SourceBrokeException();
        }
    }
}
