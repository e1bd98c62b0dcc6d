package org.atomicfs.commit;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;

/** Creates a temporary that can be written through the channel by which it is locked. */
record CreateShared(Opener<?> opener, OpenRequest request) implements LockedFile.Creator {
    @Override
    public Channel create(Path file, FileAttribute<?>... attributes) throws IOException {
        return opener.create(file, request.forNewTemporary(), attributes);
    }

    @Override
    public boolean writesInCallingThread() {
        return opener.writesInCallingThread();
    }
}
