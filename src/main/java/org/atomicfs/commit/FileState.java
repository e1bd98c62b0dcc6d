package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Map;
import java.util.Objects;

/**
 * What is known of a file at one moment: which one it is, whose it is and who may use it.
 *
 * @param key tells it from all other files that exist; null where there are no keys
 * @param regular whether it is a regular file
 * @param owner in the terms of {@link Delegate#identity()}; null where there are none
 * @param group as the owner
 * @param mode as the owner
 */
record FileState(Object key, boolean regular, Object owner, Object group, Object mode) {
    private static final String NUMBERS = "unix:uid,gid,mode,isRegularFile,fileKey"; // each costs 150 bytes and time

    /** Reads it, without following a link. */
    static FileState read(Delegate delegate, Path file) throws IOException {
        if (delegate.identity() == Identity.UNIX) {
            Map<String, Object> found =
                    Delegate.provider(file).readAttributes(file, NUMBERS, LinkOption.NOFOLLOW_LINKS);
            return new FileState(
                    found.get("fileKey"),
                    (Boolean) found.get("isRegularFile"),
                    found.get("uid"),
                    found.get("gid"),
                    found.get("mode"));
        }
        BasicFileAttributes found = delegate.attributes(file);
        PosixFileAttributes posix = found instanceof PosixFileAttributes it ? it : null;
        return new FileState(
                found.fileKey(),
                found.isRegularFile(),
                posix == null ? null : posix.owner(),
                posix == null ? null : posix.group(),
                posix == null ? null : posix.permissions());
    }

    /**
     * Gives another file this one's owner, group and mode, as far as they differ. The mode last: a change of the owner
     * takes bits of it away, chown(2).
     *
     * @param actual what the other file has now
     * @return whether anything differed
     */
    boolean giveIdentity(Delegate delegate, FileState actual, Path to) throws IOException {
        Identity terms = delegate.identity();
        if (terms == Identity.NONE) {
            return false;
        }
        boolean given = giveIfAllowed(terms.owner(), owner, actual.owner, to)
                | giveIfAllowed(terms.group(), group, actual.group, to);
        if (given || !Objects.equals(mode, actual.mode)) {
            set(terms.mode(), mode, to);
            return true;
        }
        return false;
    }

    /** Only a privileged process may give files away; for another one the new content stays the writer's own. */
    private static boolean giveIfAllowed(String name, Object wanted, Object actual, Path to) {
        if (Objects.equals(wanted, actual)) {
            return false;
        }
        try {
            set(name, wanted, to);
        } catch (IOException notAllowed) {
            return true;
        }
        return true;
    }

    private static void set(String name, Object value, Path to) throws IOException {
        Delegate.provider(to).setAttribute(to, name, value, LinkOption.NOFOLLOW_LINKS);
    }
}
