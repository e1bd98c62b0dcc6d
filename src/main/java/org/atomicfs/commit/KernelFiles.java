package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Set;

/**
 * Linux's files that are no files of a disk: what is in {@code /proc} and {@code /sys}. Writing to one is a message to
 * the kernel, and no other file can take its place.
 */
final class KernelFiles {
    private static final Set<String> TYPES = Set.of(
            "proc",
            "sysfs",
            "cgroup",
            "cgroup2",
            "debugfs",
            "tracefs",
            "securityfs",
            "configfs",
            "selinuxfs",
            "smackfs",
            "binfmt_misc",
            "bpf",
            "efivarfs",
            "pstore",
            "resctrl",
            "fusectl");

    private static final int ALL_PERMISSIONS = 9;

    private KernelFiles() {}

    /**
     * Whether a link leads where its text does not: {@code /proc/self/fd/1} to an open file, which may be a pipe or
     * have no name any more, proc(5). Asks nothing more of the kernel for the links of a disk, which have all
     * permissions and a size, symlink(7).
     */
    static boolean isMagic(Path link, BasicFileAttributes attributes) {
        boolean ofDisk = !(attributes instanceof PosixFileAttributes posix)
                || posix.permissions().size() == ALL_PERMISSIONS && attributes.size() != 0;
        return !ofDisk && Delegate.of(link).isUnix() && (isOnProc(link) || "proc".equals(typeBeside(link)));
    }

    /** The quicker way, which also needs no table of mounts; proc can be mounted in other places as well. */
    private static boolean isOnProc(Path link) {
        try {
            return device(link).equals(device(link.getFileSystem().getPath("/proc")));
        } catch (IOException e) {
            return false;
        }
    }

    private static Object device(Path file) throws IOException {
        return Delegate.provider(file)
                .readAttributes(file, "unix:dev", LinkOption.NOFOLLOW_LINKS)
                .get("dev");
    }

    /** The type of file system that a link is on: asked about the link itself, the delegate would follow it. */
    private static String typeBeside(Path link) {
        return type(link.toAbsolutePath().getParent());
    }

    /** Whether a regular file is one of these. Costs nothing where the path does not look like it. */
    static boolean isLikely(Path file) {
        if (!Delegate.of(file).isUnix()) {
            return false;
        }
        String path = file.toAbsolutePath().toString();
        return (path.startsWith("/proc/") || path.startsWith("/sys/")) && is(file);
    }

    /** Whether a regular file is one of these, wherever it is mounted. */
    static boolean is(Path file) {
        String type = Delegate.of(file).isUnix() ? type(file) : null;
        return type != null && TYPES.contains(type);
    }

    /** The type of the file system that a file is on; null if it cannot be found out. */
    private static String type(Path file) {
        try {
            return Delegate.provider(file).getFileStore(file).type();
        } catch (IOException | RuntimeException unknown) {
            return null;
        }
    }
}
