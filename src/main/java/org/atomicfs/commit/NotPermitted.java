package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.atomicfs.TemporaryName;

/** Recognises, on Unix, that something failed because this process may not do it. */
final class NotPermitted {
    static final String TEXT = "Operation not permitted"; // EPERM, untranslated
    private static final String INVALID = "Invalid argument"; // EINVAL

    private NotPermitted() {}

    /**
     * Whether a change of owner or group failed for that reason. The JDK tells of EPERM by the system's text alone,
     * which may be translated; EINVAL is what chown(2) answers in a user namespace, as containers have it, for an owner
     * who does not exist there.
     */
    static boolean isCauseOf(IOException e, Path file) {
        if (e.getClass() != FileSystemException.class) {
            return false;
        }
        String reason = ((FileSystemException) e).getReason();
        return TEXT.equals(reason) || INVALID.equals(reason) || isTextOfNotPermitted(reason, file);
    }

    /** Compares a text with that of link(2) for a directory, which is always EPERM. */
    private static boolean isTextOfNotPermitted(String text, Path file) {
        Path directory = file.toAbsolutePath().getParent();
        try {
            directory.getFileSystem().provider().createLink(TemporaryNames.full(file, TemporaryName.UNIQUE), directory);
            return false;
        } catch (FileSystemException refused) {
            return text != null && text.equals(refused.getReason());
        } catch (IOException | RuntimeException unknown) {
            return false;
        }
    }
}
