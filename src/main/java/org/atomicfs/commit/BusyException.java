package org.atomicfs.commit;

import java.nio.file.FileAlreadyExistsException;

/** Another writer, which lives, has the temporary: a {@link FileAlreadyExistsException} that will pass. */
public final class BusyException extends FileAlreadyExistsException {
    private static final long serialVersionUID = 1L;

    BusyException(String file, String reason) {
        super(file, null, reason);
    }
}
