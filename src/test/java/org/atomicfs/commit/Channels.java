package org.atomicfs.commit;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import org.atomicfs.AtomicOptions;
import org.atomicfs.Durability;

/**
 * Opens file channels for the tests of this package.
 *
 * @param sharing whether one channel is for locking, forcing and writing
 */
record Channels(boolean sharing) implements Opener<FileChannel> {
    static final AtomicOptions FAST =
            AtomicOptions.builder().durability(Durability.NONE).build();

    static OpenRequest request(OpenOption... options) {
        return OpenRequest.ofChannel(Set.of(options), FAST);
    }

    @Override
    public FileChannel open(Path file, Set<OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return FileChannel.open(file, options, attributes);
    }

    @Override
    public boolean shares(Delegate delegate, OpenRequest request, boolean copies) {
        return sharing;
    }

    @Override
    public Channel create(Path file, Set<OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return FileChannel.open(file, options, attributes);
    }

    @Override
    public FileChannel over(Channel created) {
        return (FileChannel) created;
    }
}
