package org.atomicfs.commit;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/**
 * Whether a file in the place of a temporary may be another user's doing. Asked in directories where users share a
 * place and cannot remove each other's files, as {@code /tmp}: there a privileged process must not be led to open or
 * remove what is not its own. Where everybody who can put a file into the directory can also remove all that is there,
 * nothing is gained by leading another process to do it.
 */
final class OtherUsers {
    private static final int STICKY = 01000;
    private static final int WRITABLE_BY_ALL = 00002;

    private static final int WRITABLE_BY_GROUP = 00020;
    private static final int CAP_FSETID = 4; // capabilities(7)

    private static volatile Map<String, Object> identity; // of this process, as numbers; null if it is not known yet

    private OtherUsers() {}

    /** Whether a file is another user's; false where that is of no account. */
    static boolean haveMade(Delegate delegate, Path file) throws IOException {
        return isShared(delegate, file) && !read(file, "unix:uid").get("uid").equals(thisUser());
    }

    /**
     * Whether another user can have given the name to a file of this user, so that it seems to be a temporary; false
     * where that is of no account.
     */
    static boolean mayHaveLinked(Delegate delegate, Path file) throws IOException {
        if (!isShared(delegate, file)) {
            return false;
        }
        Map<String, Object> found = read(file, "unix:mode,nlink,gid");
        int names = (Integer) found.get("nlink");
        return names > 2 || names == 2 && (!areLinksProtected() || isWritableByOthers(found));
    }

    /** A member of the group of this process may write what it creates with the umask of the user-private groups. */
    private static boolean isWritableByOthers(Map<String, Object> found) throws IOException {
        int mode = (Integer) found.get("mode");
        return (mode & WRITABLE_BY_ALL) != 0
                || (mode & WRITABLE_BY_GROUP) != 0
                        && !found.get("gid").equals(identity().get("gid"));
    }

    private static boolean isShared(Delegate delegate, Path file) throws IOException {
        if (delegate.identity() != Identity.UNIX) {
            return false;
        }
        int mode =
                (Integer) read(file.toAbsolutePath().getParent(), "unix:mode").get("mode");
        return (mode & (STICKY | WRITABLE_BY_ALL)) != 0;
    }

    /** Whether the kernel lets users link only to files that they may write, proc_sys_fs(5). */
    private static boolean areLinksProtected() {
        try {
            return Files.readString(Path.of("/proc/sys/fs/protected_hardlinks"))
                    .strip()
                    .equals("1");
        } catch (IOException | RuntimeException unknown) {
            return false;
        }
    }

    /** Whether this process may do with other users' files what it wants, as far as that can be told from its user. */
    static boolean isPrivileged() throws IOException {
        return thisUser().equals(0);
    }

    /** Whether the kernel leaves the set-id bits of a file that this process writes to. */
    static boolean keepsSetIds() throws IOException {
        if (!isPrivileged()) {
            return false;
        }
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("CapEff:")) {
                    long capabilities = Long.parseUnsignedLong(
                            line.substring(line.indexOf(':') + 1).strip(), 16);
                    return (capabilities >> CAP_FSETID & 1) != 0;
                }
            }
        } catch (IOException | NumberFormatException unknown) {
            // another system than Linux
        }
        return true;
    }

    static Object thisUser() throws IOException {
        return identity().get("uid");
    }

    /** It is that of what this process creates; {@code /proc/self} can be root's all the same. */
    private static Map<String, Object> identity() throws IOException {
        Map<String, Object> known = identity;
        if (known == null) {
            Path created = File.createTempFile("atomicfs", null).toPath();
            try {
                known = read(created, "unix:uid,gid");
            } finally {
                Files.delete(created);
            }
            identity = known;
        }
        return known;
    }

    private static Map<String, Object> read(Path file, String attributes) throws IOException {
        return Delegate.provider(file).readAttributes(file, attributes, LinkOption.NOFOLLOW_LINKS);
    }
}
