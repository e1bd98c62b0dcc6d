package org.atomicfs.unwind.corpus;

import java.io.OutputStream;
import org.atomicfs.unwind.OpenSite;

/** A stream that asks on closing. */
public class Sink extends OutputStream {
    private final String name;
    private final OpenSite site;
    private boolean closed;

    public Sink(String name) {
        this.name = name;
        site = Closed.opened();
    }

    public static Sink open() {
        return new Sink("a");
    }

    public static Sink open(String name) {
        return new Sink(name);
    }

    @Override
    public void write(int b) {}

    @Override
    public void write(byte[] bytes) {}

    @Override
    public void write(byte[] bytes, int offset, int length) {}

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Closed.close(name, site);
        }
    }
}
