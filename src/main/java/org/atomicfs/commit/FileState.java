package org.atomicfs.commit;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What is known of a file at one moment: which one it is, whose it is and who may use it.
 *
 * @param key tells it from all other files that exist; null where there are no keys
 * @param regular whether it is a regular file
 * @param owner in the terms of {@link Delegate#identity()}; null where there are none
 * @param group as the owner
 * @param mode the bits of chmod(2), perhaps with those of the type; 0 where there are none
 * @param content changes with the content; null unless it is wanted
 */
record FileState(Object key, boolean regular, Object owner, Object group, int mode, Object content) {
    private static final String NUMBERS = "unix:uid,gid,mode,isRegularFile,fileKey"; // each costs 150 bytes and time
    private static final String CONTENT = "size,lastModifiedTime";

    private static volatile boolean toldOfLoss; // whether the log has a word on it

    /** Reads it, without following a link. */
    static FileState read(Delegate delegate, Path file) throws IOException {
        return read(delegate, file, false);
    }

    /**
     * As {@link #read(Delegate, Path)}.
     *
     * @param withContent whether to tell later if the content is the same still
     */
    static FileState read(Delegate delegate, Path file, boolean withContent) throws IOException {
        if (delegate.identity() == Identity.UNIX) {
            Map<String, Object> found = Delegate.provider(file)
                    .readAttributes(file, withContent ? NUMBERS + "," + CONTENT : NUMBERS, LinkOption.NOFOLLOW_LINKS);
            return new FileState(
                    found.get("fileKey"),
                    (Boolean) found.get("isRegularFile"),
                    found.get("uid"),
                    found.get("gid"),
                    (Integer) found.get("mode"),
                    withContent ? List.of(found.get("size"), found.get("lastModifiedTime")) : null);
        }
        BasicFileAttributes found = delegate.attributes(file);
        Object content = withContent ? contentOf(found) : null;
        if (found instanceof PosixFileAttributes posix) {
            return new FileState(
                    found.fileKey(),
                    found.isRegularFile(),
                    posix.owner(),
                    posix.group(),
                    Rights.bits(posix.permissions()),
                    content);
        }
        return new FileState(found.fileKey(), found.isRegularFile(), null, null, 0, content);
    }

    private static Object contentOf(BasicFileAttributes attributes) {
        return List.of(attributes.size(), attributes.lastModifiedTime());
    }

    /**
     * Whether this, read with its content, is the file that there was before, and not changed since.
     *
     * @param before null if there was none
     */
    boolean isStill(BasicFileAttributes before) {
        return before != null
                && Objects.equals(key, before.fileKey())
                && contentOf(before).equals(content);
    }

    /** What a file is given of another one's identity. */
    enum Giving {
        /**
         * It takes the other's place. Set-id bits only if a privileged process does that: the kernel takes them away
         * when another one writes to a file, even its owner.
         */
        PLACE,
        /** As PLACE, and a file whose owner or group cannot be given is refused. */
        PLACE_AND_OWNER,
        /**
         * It is a copy, made with {@code COPY_ATTRIBUTES}: as the JDK's own copy it keeps the set-id bits of the
         * caller's own files, and not even the group of a file whose owner cannot be given.
         */
        COPY
    }

    /**
     * Gives another file this one's owner and group, as far as that is allowed, and its mode, as far as nobody gains a
     * right by it. The mode last: a change of the owner takes bits of it away, chown(2).
     *
     * @param actual what the other file has now
     * @param about the path to speak of, should something not be allowed
     * @return whether anything was changed
     */
    boolean giveIdentity(Delegate delegate, FileState actual, Path to, Giving giving, Path about) throws IOException {
        Identity terms = delegate.identity();
        if (terms == Identity.NONE) {
            return false;
        }
        boolean sameOwner = Objects.equals(owner, actual.owner);
        boolean sameGroup = Objects.equals(group, actual.group);
        boolean ownerGiven = sameOwner || give(delegate, terms.owner(), owner, to, giving, about);
        boolean groupGiven = (ownerGiven || giving != Giving.COPY)
                && (sameGroup || give(delegate, terms.group(), group, to, giving, about));
        boolean given = ownerGiven && groupGiven;
        boolean keepsSetIds = Rights.hasSetIds(mode)
                && given
                && (giving == Giving.COPY || terms == Identity.UNIX && OtherUsers.keepsSetIds());
        int allowed = Rights.atTheEnd(mode, groupGiven, keepsSetIds);
        if (giving == Giving.COPY && !given) {
            allowed &= actual.mode | Rights.OWNER; // what the umask took away stays away
        }
        if (allowed != (actual.mode & Rights.ALL)) {
            set(terms.mode(), terms.ofMode(allowed), to);
            return true;
        }
        return !sameOwner && ownerGiven || !sameGroup && groupGiven;
    }

    /** Only a privileged process may give files away; for another one the new content stays the writer's own. */
    private static boolean give(Delegate delegate, String name, Object wanted, Path to, Giving giving, Path about)
            throws IOException {
        try {
            set(name, wanted, to);
            return true;
        } catch (UnsupportedOperationException e) {
            return false;
        } catch (IOException e) {
            if (!delegate.isNotPermitted(e, to)) {
                throw e;
            }
            if (giving == Giving.PLACE_AND_OWNER) {
                throw SystemErrors.explained(about.toString(), null, Messages.ownerRefused(name, wanted), e);
            }
            if (giving == Giving.PLACE && !toldOfLoss) {
                toldOfLoss = true;
                Registry.logger().log(Level.WARNING, Messages.ownerNotGiven(about, name, wanted, e));
            }
            return false;
        }
    }

    private static void set(String name, Object value, Path to) throws IOException {
        Delegate.provider(to).setAttribute(to, name, value, LinkOption.NOFOLLOW_LINKS);
    }
}
