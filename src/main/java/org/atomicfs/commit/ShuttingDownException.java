package org.atomicfs.commit;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** The JVM is shutting down, and the current thread is not one of its shutdown hooks. */
public final class ShuttingDownException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    private ShuttingDownException(String file) {
        super(file, null, Messages.SHUTTING_DOWN);
    }

    /** As its supertype, so that this class is not loaded to verify one that may throw it. */
    static FileSystemException about(Path requested) {
        return new ShuttingDownException(requested.toString());
    }
}
