package org.atomicfs.commit;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;

/** Creates a temporary that can be written through the channel by which it is locked. */
final class SharedCreator implements LockedFile.Creator {
    private final Opener<?> opener;
    private final OpenRequest request;

    SharedCreator(Opener<?> opener, OpenRequest request) {
        this.opener = opener;
        this.request = request;
    }

    @Override
    public Channel create(Path file, FileAttribute<?>... attributes) throws IOException {
        return opener.create(file, request.forNewTemporary(), attributes);
    }

    @Override
    public boolean writesInCallingThread() {
        return opener.writesInCallingThread();
    }
}
