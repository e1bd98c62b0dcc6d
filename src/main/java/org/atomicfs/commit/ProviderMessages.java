package org.atomicfs.commit;

import java.nio.file.Path;

/** What is told of file systems that do not do what they say. */
final class ProviderMessages {
    private ProviderMessages() {}

    /** Of a temporary file that is left. */
    static String notRemoved(Path left) {
        return "this file system did not remove " + left + ", and reported no failure: delete that in another way";
    }
}
