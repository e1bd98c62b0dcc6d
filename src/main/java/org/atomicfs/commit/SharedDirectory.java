package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Set;

/**
 * A directory such as {@code /tmp}, in which all users can create files and each can remove only his own: it has the
 * sticky bit. Linux can be told not to open another user's file there with {@code CREATE} (proc(5),
 * {@code protected_regular}): he may have put it in the way to get what a program writes there.
 */
final class SharedDirectory {
    private static final Set<String> USUAL = Set.of("/tmp", "/var/tmp", "/dev/shm", "/run/lock", "/var/lock");

    private static final int STICKY = 01000;
    private static final int WRITABLE_BY_OTHERS = 0022;

    private SharedDirectory() {}

    /**
     * Whether a regular file is another user's, in such a directory. Asks nothing of the kernel where it does not look
     * like that: in a directory with another name, and with a file that its owner alone can write.
     */
    static boolean hasForeign(Path file, BasicFileAttributes attributes) throws IOException {
        if (!Delegate.of(file).isUnix()) {
            return false;
        }
        Path directory = file.toAbsolutePath().getParent();
        if (!USUAL.contains(directory.toString()) && !isWritableByOthers(attributes)) {
            return false;
        }
        Map<String, Object> shared = Delegate.provider(directory).readAttributes(directory, "unix:mode,uid");
        int mode = (Integer) shared.get("mode");
        if ((mode & STICKY) == 0 || (mode & WRITABLE_BY_OTHERS) == 0) {
            return false;
        }
        Object owner = owner(file);
        return !owner.equals(shared.get("uid")) && !owner.equals(OtherUsers.thisUser());
    }

    private static boolean isWritableByOthers(BasicFileAttributes attributes) {
        if (!(attributes instanceof PosixFileAttributes posix)) {
            return false;
        }
        Set<PosixFilePermission> permissions = posix.permissions();
        return permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE);
    }

    private static Object owner(Path file) throws IOException {
        return Delegate.provider(file)
                .readAttributes(file, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                .get("uid");
    }
}
