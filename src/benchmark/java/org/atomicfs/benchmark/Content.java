package org.atomicfs.benchmark;

import java.io.IOException;
import java.io.OutputStream;

/** What is written: one block, several times. */
final class Content {
    private final byte[] block;
    private final int times;

    Content(int blockSize, int times) {
        this.block = new byte[blockSize];
        this.times = times;
    }

    void writeTo(OutputStream out) throws IOException {
        for (int i = 0; i < times; i++) {
            out.write(block);
        }
    }
}
