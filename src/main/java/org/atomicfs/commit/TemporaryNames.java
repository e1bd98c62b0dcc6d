package org.atomicfs.commit;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.atomicfs.TemporaryName;

/**
 * Names of temporaries: always beside the destination, always ending in {@code .tmp}. A hidden one, which no other
 * program gives, is known by its digits: the last eight are the check digits of the sixteen before.
 *
 * <pre>
 *   x.tmp                            FIXED
 *   .x~0123456789abcdef01234567.tmp  the anchor that goes with it
 *   .x.0123456789abcdef01234567.tmp  UNIQUE
 * </pre>
 */
final class TemporaryNames {
    private static final String ENDING = ".tmp";
    private static final char BEFORE_ANCHOR_DIGITS = '~';
    private static final char BEFORE_UNIQUE_DIGITS = '.';

    /** The smallest limit, in bytes, of a file system in use (eCryptfs). */
    private static final int ALWAYS_TAKEN = 143;

    /** Room for the destination's own name in a shortened one: with all digits and the ending it is always taken. */
    private static final int SHORT = 90;

    private static final int DIGITS = 16;
    private static final int CHECK_DIGITS = 8;

    /** How many bytes UTF-8 needs for a {@code char} at the most. */
    private static final int MOST_BYTES = 3;

    private TemporaryNames() {}

    /** Digits that no other file has, with their check digits. */
    static String newCheckedDigits() {
        return checked(randomDigits());
    }

    /** The digits of a number, with their check digits. */
    static String checkedDigits(long number) {
        return checked(HexFormat.of().toHexDigits(number));
    }

    /** Whether a text is digits with their check digits. */
    static boolean isChecked(String text) {
        return text.length() == DIGITS + CHECK_DIGITS
                && check(text.substring(0, DIGITS)).regionMatches(0, text, DIGITS, CHECK_DIGITS);
    }

    /** The name that is wanted. */
    static Path full(Path destination, TemporaryName style) {
        String name = name(destination);
        try {
            return destination.resolveSibling(
                    style == TemporaryName.FIXED ? name + ENDING : hidden(name + BEFORE_UNIQUE_DIGITS, randomDigits()));
        } catch (InvalidPathException e) {
            return shortened(destination, style); // a name that cannot be spelled in this locale
        }
    }

    /** The path of a file that does not exist, in the same place or, for a root, in it. */
    static Path nowhere(Path path) {
        return path.getFileName() == null ? path.resolve(hidden("", randomDigits())) : full(path, TemporaryName.UNIQUE);
    }

    /** A name for a file system that does not take the full one; with {@code FIXED} always the same. */
    static Path shortened(Path destination, TemporaryName style) {
        String name = name(destination);
        String digits = digits(name);
        return style == TemporaryName.FIXED
                ? sibling(destination, "", name, BEFORE_ANCHOR_DIGITS + digits + ENDING)
                : sibling(
                        destination,
                        ".",
                        name,
                        BEFORE_ANCHOR_DIGITS + digits + BEFORE_UNIQUE_DIGITS + checked(randomDigits()) + ENDING);
    }

    /** The hidden name, always the same, that goes with a {@code FIXED} temporary. */
    static Path anchor(Path destination) {
        String name = name(destination);
        return sibling(destination, ".", name, BEFORE_ANCHOR_DIGITS + checked(digits(name)) + ENDING);
    }

    /** Whether a file has a hidden name that only atomicfs gives. */
    static boolean isHidden(Path file) {
        return beforeDigits(name(file)) > 0;
    }

    /** Whether a file with a hidden name is an anchor; otherwise it is a {@code UNIQUE} temporary. */
    static boolean isAnchor(Path hidden) {
        String name = name(hidden);
        int before = beforeDigits(name);
        return before > 0 && name.charAt(before) == BEFORE_ANCHOR_DIGITS;
    }

    /** Whether an anchor goes with a temporary, to go by their names. */
    static boolean isAnchorOf(Path anchor, Path temporary) {
        String hidden = name(anchor);
        int before = beforeDigits(hidden);
        String name = name(temporary);
        if (before <= 0 || hidden.charAt(before) != BEFORE_ANCHOR_DIGITS || !name.endsWith(ENDING)) {
            return false;
        }
        String kept = hidden.substring(1, before);
        String digits = hidden.substring(before + 1, before + 1 + DIGITS);
        String stem = name.substring(0, name.length() - ENDING.length());
        return stem.startsWith(kept)
                && (stem.equals(kept + BEFORE_ANCHOR_DIGITS + digits)
                        || digits(stem).equals(digits));
    }

    /** Whether it can be for the length of its name that a temporary could not be created. */
    static boolean mayBeTooLong(Path temporary) {
        String name = name(temporary);
        return name.length() * MOST_BYTES > ALWAYS_TAKEN && length(name) > ALWAYS_TAKEN;
    }

    /** Whether a file has a name that a temporary can have. */
    static boolean isPossible(String name) {
        return name.endsWith(ENDING);
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    /** Where the mark before the digits of a hidden name is; 0 if the name is not one. */
    private static int beforeDigits(String name) {
        int check = name.length() - ENDING.length() - CHECK_DIGITS;
        int digits = check - DIGITS;
        int before = digits - 1;
        if (before < 1 || name.charAt(0) != '.' || !name.endsWith(ENDING)) {
            return 0;
        }
        char mark = name.charAt(before);
        boolean marked = mark == BEFORE_ANCHOR_DIGITS || mark == BEFORE_UNIQUE_DIGITS;
        return marked && check(name.substring(digits, check)).regionMatches(0, name, check, CHECK_DIGITS) ? before : 0;
    }

    /**
     * A name made of as much of the destination's as there is room for, or of none of it where it cannot be spelled.
     */
    private static Path sibling(Path destination, String start, String name, String end) {
        try {
            return destination.resolveSibling(start + kept(name) + end);
        } catch (InvalidPathException unspeakable) {
            return destination.resolveSibling(start + end);
        }
    }

    private static String kept(String name) {
        if (name.length() <= SHORT / MOST_BYTES) {
            return name;
        }
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
        return "." + start + checked(digits) + ENDING;
    }

    private static String checked(String digits) {
        return digits + check(digits);
    }

    private static String randomDigits() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    /** Sixteen digits that belong to a name. */
    private static String digits(String name) {
        return HexFormat.of().toHexDigits(hash(name));
    }

    private static String check(String digits) {
        return HexFormat.of().toHexDigits((int) (hash("atomicfs " + digits) >>> Integer.SIZE));
    }

    /**
     * Not a cryptographic hash: two files that share an anchor exclude each other, and nothing worse happens. The last
     * steps are the finalizer of MurmurHash3, which spreads every bit over all others.
     */
    private static long hash(String text) {
        long hash = text.length();
        for (int i = 0; i < text.length(); i++) {
            hash = hash * 0x100000001b3L ^ text.charAt(i); // the prime of the FNV hash
            hash ^= hash >>> 29;
        }
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        return hash ^ hash >>> 33;
    }
}
