package org.atomicfs;

import java.io.InputStream;
import java.lang.StackWalker.StackFrame;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The JDK's own copying to an atomic path: {@link Files#copy(InputStream, Path, CopyOption...)}, and the copy between
 * two providers (CopyMoveHelper), which ends there. It deletes the target first and creates it anew. Here the deletion
 * is put off until the new file takes the target's place. Who calls is seen from the stack; everybody else's deletion
 * is done at once.
 */
final class JdkCopy {
    private static final String FILES = Files.class.getName();
    private static final String HELPER = "java.nio.file.CopyMoveHelper";
    private static final int DEPTH = 8; // of our own frames and the JDK's, to the one that is looked for

    private static final StackWalker WALKER = StackWalker.getInstance();

    /**
     * The file whose deletion this thread has put off. A copy between providers that fails before it opens its target
     * leaves it set; that is harmless, because only a copy that has just asked for the deletion gets to open the
     * target.
     */
    private static final ThreadLocal<Path> SPARED = new ThreadLocal<>();

    private JdkCopy() {}

    /** Notes that a file is not to be deleted yet, if a copy asks for the deletion. */
    static boolean spares(Path plain) {
        boolean copying = isCalledBy("deleteIfExists");
        if (copying) {
            SPARED.set(plain);
        }
        return copying;
    }

    /** Whether the deletion of this file was put off, and is to be made good now. */
    static boolean owesDeletion(Path plain) {
        boolean owed = plain.equals(SPARED.get()) && isCalledBy("createDirectory");
        if (owed) {
            SPARED.remove();
        }
        return owed;
    }

    /** Whether it is a copy that opens the file, whose deletion was put off, to replace it now. */
    static boolean replaces(Path plain) {
        boolean replaced = plain.equals(SPARED.get()) && isCalledBy("newOutputStream");
        if (replaced) {
            SPARED.remove();
        }
        return replaced;
    }

    /** Whether the method of {@link Files} that led here was called by a copy of the JDK. */
    private static boolean isCalledBy(String method) {
        List<StackFrame> frames = WALKER.walk(all -> all.limit(DEPTH).toList());
        for (int i = 0; i + 1 < frames.size(); i++) {
            if (is(frames.get(i), FILES, method)) {
                StackFrame caller = frames.get(i + 1);
                return is(caller, FILES, "copy") || is(caller, HELPER, "copyToForeignTarget");
            }
        }
        return false;
    }

    private static boolean is(StackFrame frame, String type, String method) {
        return frame.getMethodName().equals(method) && frame.getClassName().equals(type);
    }
}
