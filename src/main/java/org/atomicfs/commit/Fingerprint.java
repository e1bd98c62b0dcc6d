package org.atomicfs.commit;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells one file from all others, in a text that a later process understands. A key alone is not enough: kernels give
 * the number of a removed file to the next one, at once.
 *
 * @param key as {@link #key}
 * @param size in bytes
 * @param modified when its content was changed last, as exactly as the file system tells it
 */
record Fingerprint(String key, long size, Instant modified) {
    /** What the JDK's keys on Unix look like. The number of a device is another one after the next boot. */
    private static final Pattern UNIX_KEY = Pattern.compile("\\(dev=.*,ino=(\\d+)\\)");

    /** Takes the place of the key of a file that is not there. */
    static final String NONE = "-";

    static Fingerprint of(BasicFileAttributes found) {
        FileTime modified = found.lastModifiedTime(); // which not all file systems tell
        return new Fingerprint(key(found), found.size(), modified == null ? Instant.EPOCH : modified.toInstant());
    }

    /** The key of a file in its directory; {@link #NONE} for null. */
    static String key(BasicFileAttributes found) {
        if (found == null || found.fileKey() == null) {
            return NONE;
        }
        String key = found.fileKey().toString();
        Matcher unix = UNIX_KEY.matcher(key);
        return unix.matches() ? unix.group(1) : key.replaceAll("\\s", "_");
    }

    @Override
    public String toString() {
        return key + " " + size + " " + modified;
    }
}
