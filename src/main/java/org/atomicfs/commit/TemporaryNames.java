package org.atomicfs.commit;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.atomicfs.TemporaryName;

/** Names of temporaries: always beside the destination, always ending in {@code .tmp}. */
final class TemporaryNames {
    private static final String ENDING = ".tmp";

    /**
     * Room for the destination's own name in a shortened one, in bytes of UTF-8. With the digest, the random digits and
     * the ending it stays below 143 bytes, the smallest limit of a file system in use (eCryptfs).
     */
    private static final int SHORT = 100;

    private TemporaryNames() {}

    /** The name that is wanted. */
    static Path full(Path destination, TemporaryName style) {
        String name = destination.getFileName().toString();
        try {
            return destination.resolveSibling(dress(name, style));
        } catch (InvalidPathException e) {
            return shortened(destination, style); // a name that cannot be spelled in this locale
        }
    }

    /** A name for a file system that does not take the full one; the same for the same destination. */
    static Path shortened(Path destination, TemporaryName style) {
        String name = destination.getFileName().toString();
        StringBuilder kept = new StringBuilder();
        int bytes = 0;
        for (int i = 0, point; i < name.length(); i += Character.charCount(point)) {
            point = name.codePointAt(i);
            bytes += length(Character.toString(point));
            if (bytes > SHORT) {
                break;
            }
            kept.appendCodePoint(point);
        }
        String digest = digest(name);
        try {
            return destination.resolveSibling(dress(kept + "~" + digest, style));
        } catch (InvalidPathException e) {
            return destination.resolveSibling(dress("~" + digest, style));
        }
    }

    /** Whether it can be for the length of its name that a temporary could not be created. */
    static boolean mayBeTooLong(Path destination) {
        return length(destination.getFileName().toString()) > SHORT;
    }

    /** Whether a file has a name that a temporary can have. */
    static boolean isPossible(Path file) {
        return file.toString().endsWith(ENDING);
    }

    private static int length(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String dress(String name, TemporaryName style) {
        return switch (style) {
            case FIXED -> name + ENDING;
            case UNIQUE -> "." + name + "." + randomDigits() + ENDING;
        };
    }

    private static String randomDigits() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    private static String digest(String name) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
