package org.atomicfs.commit;

import java.nio.file.FileSystemException;

/** The JVM is shutting down, and the current thread is not one of its shutdown hooks. */
public final class ShuttingDownException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    ShuttingDownException(String file) {
        super(file, null, Messages.SHUTTING_DOWN);
    }
}
