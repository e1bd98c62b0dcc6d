package org.atomicfs.commit;

import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Names that go with a directory {@code x} which is written at once. The hidden ones are like its anchor's, and so
 * always the same.
 *
 * <pre>
 *   .x~0123456789abcdef01234567.directory  the new directory while it is filled
 *   .x~0123456789abcdef01234567.link       the new link before it takes the place of the old one
 *   x~0123456789abcdef01234567             a generation, where x is a link: digits of the time, with check digits
 * </pre>
 */
final class DirectoryNames {
    private static final String DIRECTORY = ".directory";
    private static final String LINK = ".link";
    private static final String TEMPORARY = ".tmp";
    private static final char MARK = '~';
    private static final int DIGITS = 24; // check digits included

    private DirectoryNames() {}

    static Path filled(Path target) {
        return ending(target, DIRECTORY);
    }

    static Path link(Path target) {
        return ending(target, LINK);
    }

    private static Path ending(Path target, String ending) {
        String anchor = TemporaryNames.anchor(target).getFileName().toString();
        return target.resolveSibling(anchor.substring(0, anchor.length() - TEMPORARY.length()) + ending);
    }

    /**
     * The target that a hidden directory or link is for; null if it is none, or the target's name is too long to be in
     * it.
     */
    static Path targetOf(Path hidden) {
        String name = hidden.getFileName().toString();
        String ending = name.endsWith(LINK) ? LINK : DIRECTORY;
        int mark = name.length() - ending.length() - DIGITS - 1;
        if (mark < 2 || !name.startsWith(".") || !name.endsWith(ending) || name.charAt(mark) != MARK) {
            return null;
        }
        Path target = hidden.resolveSibling(name.substring(1, mark));
        return ending(target, ending).equals(hidden) ? target : null;
    }

    /** A generation that is newer than all others. */
    static Path newGeneration(Path target, String newest) {
        long time = System.currentTimeMillis() << 16;
        long after = newest == null ? 0 : HexFormat.fromHexDigitsToLong(newest, 0, 16) + 1;
        return target.resolveSibling(
                target.getFileName().toString() + MARK + TemporaryNames.checkedDigits(Math.max(time, after)));
    }

    /** The digits of a generation, by which they are ordered; null if a file is none of this target. */
    static String generation(Path target, Path file) {
        String before = target.getFileName().toString() + MARK;
        String name = file.getFileName().toString();
        String digits = name.startsWith(before) ? name.substring(before.length()) : "";
        return TemporaryNames.isChecked(digits) ? digits : null;
    }
}
