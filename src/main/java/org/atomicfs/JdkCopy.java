package org.atomicfs;

import java.io.InputStream;
import java.lang.StackWalker.StackFrame;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * The JDK's own copying to an atomic path: {@link Files#copy(InputStream, Path, CopyOption...)}, and the copy between
 * two providers (CopyMoveHelper), which ends there. With {@code REPLACE_EXISTING} it deletes the target first, and then
 * creates it anew. Here the deletion is put off until the new file takes the target's place. Who calls is seen from the
 * stack; the deletions of all others are done at once.
 *
 * <p>A copy between providers can fail after its deletion was put off, and this is not told of that. Then the deletion
 * must not be owed to a later copy, which perhaps has no {@code REPLACE_EXISTING}. So it is bound to the same way of
 * copying and to the very file that was to be deleted, and is forgotten at the next look at whether a file exists, with
 * which a copy between providers begins when it must not replace.
 */
final class JdkCopy {
    private static final String FILES = Files.class.getName();
    private static final String HELPER = "java.nio.file.CopyMoveHelper";
    private static final String DELETE = "deleteIfExists";
    private static final int DEPTH = 8; // of our own frames and the JDK's, to the one that is looked for

    private static final StackWalker WALKER = StackWalker.getInstance();

    /** The deletion that this thread has put off, see {@link #deletion}; null if there is none. */
    private static final ThreadLocal<List<Object>> OWED = new ThreadLocal<>();

    private JdkCopy() {}

    /** Whether it is a copy that asks for a deletion. */
    static boolean isDeleting() {
        return copyThatCalls(DELETE) != null;
    }

    /** Whether it is a copy between providers that is about to copy attributes. */
    static boolean isCopyingAttributes() {
        return copyThatCalls("getFileAttributeView") != null;
    }

    /** Whether a file of another provider is being moved, which the JDK deletes as soon as it is copied. */
    static boolean isMovingFromElsewhere() {
        return WALKER.walk(all -> all.limit(DEPTH + 4).anyMatch(frame -> is(frame, HELPER, "moveToForeignTarget")));
    }

    /** Puts the deletion of a file off, for which a copy has asked. */
    static void putOff(Path plain, BasicFileAttributes found) {
        OWED.set(deletion(plain, found, copyThatCalls(DELETE)));
    }

    /** Whether this thread has put a deletion off: its copy is under way, or has failed. */
    static boolean isOwing() {
        return OWED.get() != null;
    }

    /** Whether the deletion of this file was put off, and is to be made good now, for a directory. */
    static boolean owesDeletion(Path plain, BasicFileAttributes found) {
        return makesGood(plain, found, "createDirectory");
    }

    /** Whether it is a copy that opens the file, whose deletion was put off, to replace it now. */
    static boolean replaces(Path plain, BasicFileAttributes found) {
        return makesGood(plain, found, "newOutputStream");
    }

    /** Forgets a deletion of this file that a failed copy has left. */
    static void forget(Path plain) {
        List<Object> owed = OWED.get();
        if (owed != null && owed.contains(plain)) {
            OWED.remove();
        }
    }

    private static boolean makesGood(Path plain, BasicFileAttributes found, String method) {
        List<Object> owed = OWED.get();
        OWED.remove();
        String copy = found == null || owed == null ? null : copyThatCalls(method);
        return copy != null && deletion(plain, found, copy).equals(owed);
    }

    /**
     * What is to be deleted, for whom. Of classes of the JDK alone: what a failed copy leaves in a thread must not keep
     * this library's class loader.
     */
    private static List<Object> deletion(Path plain, BasicFileAttributes found, String copy) {
        Object file = found.fileKey();
        if (file == null) { // nor have all a time of creation
            file = found.creationTime() != null ? found.creationTime() : found.lastModifiedTime();
        }
        if (file == null) {
            file = found.size();
        }
        return List.of(plain, file, copy);
    }

    /** The class whose copying has called the method of {@link Files} that led here; null if it was no copying. */
    private static String copyThatCalls(String method) {
        List<StackFrame> frames = WALKER.walk(all -> all.limit(DEPTH).toList());
        int i = 0;
        while (i < frames.size() && !is(frames.get(i), FILES, method)) {
            i++;
        }
        boolean ofStream = i + 1 < frames.size() && is(frames.get(i + 1), FILES, "copy");
        int helper = ofStream ? i + 2 : i + 1; // a copy between providers ends in that of a stream
        if (helper < frames.size() && is(frames.get(helper), HELPER, "copyToForeignTarget")) {
            return HELPER;
        }
        return ofStream ? FILES : null;
    }

    private static boolean is(StackFrame frame, String type, String method) {
        return frame.getMethodName().equals(method) && frame.getClassName().equals(type);
    }
}
