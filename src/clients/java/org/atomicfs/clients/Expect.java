package org.atomicfs.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a complete file has. */
final class Expect {
    private Expect() {}

    static void rows(long found) {
        assertEquals(Source.ROWS, found);
    }

    static void text(Path file) throws IOException {
        text(Files.readAllBytes(file));
    }

    static void text(byte[] found) {
        assertEquals(new String(Source.text(), StandardCharsets.UTF_8), new String(found, StandardCharsets.UTF_8));
    }
}
