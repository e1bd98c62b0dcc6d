package org.atomicfs.view;

import java.nio.file.Path;
import org.atomicfs.commit.OpenRequest;

/** Which writes of a file system are atomic, when it stands in for the JVM's default one. Asked for writes only. */
public interface Selection {
    /** Whether a file that is opened for writing is written atomically; otherwise it is written in place. */
    boolean selects(Path plain, OpenRequest request);

    /** Whether a copy or move to this path is atomic. */
    boolean selects(Path plain);
}
