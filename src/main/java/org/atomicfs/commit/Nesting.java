package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.atomicfs.TemporaryName;

/** Finds out whether a thread would wait for a write of its own. */
public final class Nesting {
    private Nesting() {}

    /**
     * Whether this thread is writing a file with a {@code FIXED} temporary, under this name of the file or another, or
     * has begun the transaction of which it is a member: then the transaction would not be ended.
     */
    public static boolean isWrittenByThisThread(Path plain) {
        return isOpenedByThisThread(plain) || isMemberOfThisThread(plain);
    }

    private static boolean isMemberOfThisThread(Path plain) {
        Thread current = Thread.currentThread();
        try {
            return Claims.ownerOf(plain) == current
                    || Files.isSymbolicLink(plain) && Claims.ownerOf(plain.toRealPath()) == current;
        } catch (IOException missing) {
            return false;
        }
    }

    private static boolean isOpenedByThisThread(Path plain) {
        List<Path> names = List.of(
                TemporaryNames.full(plain, TemporaryName.FIXED),
                TemporaryNames.shortened(plain, TemporaryName.FIXED),
                TemporaryNames.anchor(plain));
        for (PendingWrite write : Registry.list()) {
            Path temporary =
                    write.thread() == Thread.currentThread() ? write.temporary().orElse(null) : null;
            if (temporary != null && names.stream().anyMatch(name -> isSame(name, temporary))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSame(Path name, Path temporary) {
        try {
            return Files.isSameFile(name, temporary);
        } catch (IOException missing) {
            return false;
        }
    }
}
