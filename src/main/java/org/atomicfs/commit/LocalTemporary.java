package org.atomicfs.commit;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.atomicfs.TemporaryName;

/**
 * Makes the temporaries of uploads, which are files of this machine. They are as all temporaries with a hidden name:
 * created exclusively, locked while their writer lives, and removed by others when it is dead. Only their owner can
 * read them, and their names do not tell what they are for: the directory may be that of all users.
 */
final class LocalTemporary {
    private static final String NAME = "atomicfs-upload";

    /** How often a directory is looked through at the most. */
    private static final long INTERVAL = TimeUnit.MINUTES.toNanos(1);

    /** When directories were looked through the last time. */
    private static final Map<Path, Long> LOOKED_THROUGH = new HashMap<>();

    private LocalTemporary() {}

    /**
     * Creates one, and removes what dead writers have left beside it.
     *
     * @param object for messages
     * @param sharing as for {@link Claims#take}
     */
    static Claim create(Path object, Path directory, LockedFile.Creator sharing) throws IOException {
        removeAbandoned(directory);
        Delegate local = Delegate.of(directory);
        FileAttribute<?>[] rights = local.hasPosix()
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try {
            return Claims.take(local, directory.resolve(NAME), TemporaryName.UNIQUE, sharing, rights);
        } catch (IOException e) {
            throw SystemErrors.explained(object.toString(), null, StoreMessages.notKept(directory, e), e);
        }
    }

    private static void removeAbandoned(Path directory) {
        synchronized (LOOKED_THROUGH) {
            Long last = LOOKED_THROUGH.get(directory);
            long now = System.nanoTime();
            if (last != null && now - last < INTERVAL) {
                return;
            }
            LOOKED_THROUGH.put(directory, now);
        }
        try {
            Abandoned.removeAll(directory);
        } catch (IOException | RuntimeException e) { // what is there does not hinder this write
            Registry.logger().log(Level.DEBUG, directory.toString(), e);
        }
    }

    /** Gives one a name under which it is not taken for abandoned; it is the only copy of its content. */
    static Path keep(Claim claim) throws IOException {
        Path temporary = claim.temporary();
        String name = temporary.getFileName().toString();
        Path kept = temporary.resolveSibling(name.substring(1, name.lastIndexOf('.')));
        claim.close();
        Delegate.of(temporary).moveToFreeName(temporary, kept);
        return kept;
    }
}
