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
    private static final int WRITABLE_BY_OTHERS = 00022;

    private static volatile Object user; // of this process, as a number; null if it is not known yet

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
        Map<String, Object> found = read(file, "unix:mode,nlink");
        int names = (Integer) found.get("nlink");
        boolean linkable = ((Integer) found.get("mode") & WRITABLE_BY_OTHERS) != 0 || !areLinksProtected();
        return names > 2 || names == 2 && linkable;
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

    /** The user of this process is the owner of what it creates; {@code /proc/self} can be root's all the same. */
    static Object thisUser() throws IOException {
        Object known = user;
        if (known == null) {
            Path created = File.createTempFile("atomicfs", null).toPath();
            try {
                known = read(created, "unix:uid").get("uid");
            } finally {
                Files.delete(created);
            }
            user = known;
        }
        return known;
    }

    private static Map<String, Object> read(Path file, String attributes) throws IOException {
        return Delegate.provider(file).readAttributes(file, attributes, LinkOption.NOFOLLOW_LINKS);
    }
}
