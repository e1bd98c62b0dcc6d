package org.atomicfs.commit;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.atomicfs.TemporaryName;

/**
 * Names of temporaries: always beside the destination, always ending in {@code .tmp}. A hidden one, which nobody but
 * atomicfs gives, is known by its digits: the last eight are the check digits of the sixteen before.
 */
final class TemporaryNames {
    private static final String ENDING = ".tmp";

    /** The smallest limit, in bytes, of a file system in use (eCryptfs). */
    private static final int ALWAYS_TAKEN = 143;

    /** Room for the destination's own name in a shortened one: with all digits and the ending it is always taken. */
    private static final int SHORT = 90;

    private static final Pattern HIDDEN =
            Pattern.compile("\\..*[.~](?<digits>\\p{XDigit}{16})(?<check>\\p{XDigit}{8})\\.tmp", Pattern.DOTALL);
    private static final Pattern ANCHOR =
            Pattern.compile("\\.(?<kept>.*)~(?<digits>\\p{XDigit}{16})\\p{XDigit}{8}\\.tmp", Pattern.DOTALL);

    private TemporaryNames() {}

    /** The name that is wanted. */
    static Path full(Path destination, TemporaryName style) {
        String name = name(destination);
        try {
            return destination.resolveSibling(
                    switch (style) {
                        case FIXED -> name + ENDING;
                        case UNIQUE -> hidden(name + ".", randomDigits());
                    });
        } catch (InvalidPathException e) {
            return shortened(destination, style); // a name that cannot be spelled in this locale
        }
    }

    /** A name for a file system that does not take the full one; with {@code FIXED} always the same. */
    static Path shortened(Path destination, TemporaryName style) {
        String digest = digits(name(destination));
        return switch (style) {
            case FIXED -> sibling(destination, kept -> kept + "~" + digest + ENDING);
            case UNIQUE -> sibling(destination, kept -> hidden(kept + "~" + digest + ".", randomDigits()));
        };
    }

    /** The hidden name, always the same, that goes with a {@code FIXED} temporary. */
    static Path anchor(Path destination) {
        String digest = digits(name(destination));
        return sibling(destination, kept -> hidden(kept + "~", digest));
    }

    /** Whether a file has a hidden name that only atomicfs gives. */
    static boolean isHidden(Path file) {
        Matcher matcher = HIDDEN.matcher(name(file));
        return matcher.matches() && check(matcher.group("digits")).equals(matcher.group("check"));
    }

    /** Whether a file with a hidden name is an anchor; otherwise it is a {@code UNIQUE} temporary. */
    static boolean isAnchor(Path hidden) {
        return ANCHOR.matcher(name(hidden)).matches();
    }

    /** Whether an anchor goes with a temporary, to go by their names. */
    static boolean isAnchorOf(Path anchor, Path temporary) {
        Matcher matcher = ANCHOR.matcher(name(anchor));
        String name = name(temporary);
        if (!matcher.matches() || !name.startsWith(matcher.group("kept")) || !name.endsWith(ENDING)) {
            return false;
        }
        String stem = name.substring(0, name.length() - ENDING.length());
        String digits = matcher.group("digits");
        return stem.equals(matcher.group("kept") + "~" + digits) || digits(stem).equals(digits);
    }

    /** Whether it can be for the length of its name that a temporary could not be created. */
    static boolean mayBeTooLong(Path temporary) {
        return length(name(temporary)) > ALWAYS_TAKEN;
    }

    /** Whether a file has a name that a temporary can have. */
    static boolean isPossible(Path file) {
        return file.toString().endsWith(ENDING);
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    private interface Dress {
        String of(String kept);
    }

    private static Path sibling(Path destination, Dress dress) {
        try {
            return destination.resolveSibling(dress.of(kept(name(destination))));
        } catch (InvalidPathException unspeakable) {
            return destination.resolveSibling(dress.of(""));
        }
    }

    /** As much of a name as there is room for. */
    private static String kept(String name) {
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
        return kept.toString();
    }

    private static int length(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String hidden(String start, String digits) {
        return "." + start + digits + check(digits) + ENDING;
    }

    private static String randomDigits() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    /** Sixteen digits that belong to a name. */
    private static String digits(String name) {
        return hash(name, 8);
    }

    private static String check(String digits) {
        return hash("atomicfs " + digits, 4);
    }

    private static String hash(String text, int bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
