package org.atomicfs.commit;

import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which mode a file gets in the place of another one, so that nobody may do with it what he may not do with the other.
 * Modes are the bits of chmod(2).
 */
final class Rights {
    private static final int SET_IDS = 06000;
    private static final int OWNER_READS = 0400;
    private static final int OWNER_WRITES = 0200;
    private static final int WRITE_OF_ANYBODY = 0222;
    static final int OWNER = 0700;
    private static final int OTHERS = 0007;
    static final int ALL = 07777;
    private static final PosixFilePermission[] PERMISSIONS = PosixFilePermission.values(); // from the highest bit down

    private Rights() {}

    /**
     * The mode of a temporary while it is written. Its group is not known when it is created, and so may read only what
     * all others may read as well. To write it is for the writer alone, who may be permitted that as another than the
     * owner; reading is needed to change its attributes.
     *
     * @param result of the file at the end
     */
    static int whileWritten(int result) {
        int writer = (result & WRITE_OF_ANYBODY) == 0 ? OWNER_READS : OWNER_READS | OWNER_WRITES;
        return result & OWNER | writer | forAnyGroup(result) & ~WRITE_OF_ANYBODY;
    }

    /**
     * The mode at the end.
     *
     * @param wanted of the file that is replaced or copied
     * @param groupGiven whether the new file has its group. If not, a member of the new one may do what both the old
     *     group and all others might do; the same goes for all others, who may be members of the old group now
     * @param setIdsKept whether the new file may run with the rights of its owner and group
     */
    static int atTheEnd(int wanted, boolean groupGiven, boolean setIdsKept) {
        int mode = wanted & ALL;
        if (!setIdsKept) {
            mode &= ~SET_IDS;
        }
        return groupGiven ? mode : mode & ~(OTHERS << 3 | OTHERS) | forAnyGroup(mode);
    }

    static boolean hasSetIds(int mode) {
        return (mode & SET_IDS) != 0;
    }

    private static int forAnyGroup(int mode) {
        int both = mode >> 3 & mode & OTHERS;
        return both << 3 | both;
    }

    static int bits(Set<PosixFilePermission> permissions) {
        int mode = 0;
        for (PosixFilePermission permission : permissions) {
            mode |= bit(permission);
        }
        return mode;
    }

    static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (PosixFilePermission permission : PERMISSIONS) {
            if ((mode & bit(permission)) != 0) {
                permissions.add(permission);
            }
        }
        return permissions;
    }

    private static int bit(PosixFilePermission permission) {
        return 1 << PERMISSIONS.length - 1 - permission.ordinal();
    }

    /** How to create a file that its owner alone may use, where there are permissions. */
    static FileAttribute<?>[] onlyForOwner(boolean posix) {
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
