package org.atomicfs.commit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;

/**
 * The sign on a temporary that says "made by atomicfs": a user-defined attribute, on file systems that have them.
 *
 * <p>On Linux the JDK opens and closes the file to read or change such an attribute (UnixUserDefinedFileAttributeView),
 * and POSIX drops a process's record locks on a file whenever the process closes any descriptor of it, fcntl(2). So
 * every method here drops the lock on the file.
 */
final class Mark {
    private static final String NAME = "org.atomicfs.temporary";

    private Mark() {}

    /** Whether a user-defined attribute is the mark. */
    static boolean isName(String attribute) {
        return attribute.equals(NAME);
    }

    /** Marks the file; returns whether that could be done. */
    static boolean set(Path file) {
        try {
            UserDefinedFileAttributeView view = view(file);
            return view != null && view.write(NAME, ByteBuffer.wrap(new byte[] {'1'})) == 1;
        } catch (IOException | UnsupportedOperationException none) {
            return false;
        }
    }

    /** Whether the file is marked; false where that cannot be known. */
    static boolean isSet(Path file) {
        try {
            UserDefinedFileAttributeView view = view(file);
            return view != null && view.list().contains(NAME);
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }

    /** Takes the mark off. */
    static void clear(Path file) throws IOException {
        view(file).delete(NAME);
    }

    private static UserDefinedFileAttributeView view(Path file) {
        return file.getFileSystem()
                .provider()
                .getFileAttributeView(file, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }
}
