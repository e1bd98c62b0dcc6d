package org.atomicfs.unwind.corpus;

import java.io.IOException;

/** The failure of a shape. */
public class Boom extends IOException {
    private static final long serialVersionUID = 1;

    public Boom() {
        super("boom");
    }

    public static void maybe(boolean fails) throws Boom {
        if (fails) {
            throw new Boom();
        }
    }
}
