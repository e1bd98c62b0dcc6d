package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;

/**
 * How the delegate opens one kind of stream or channel.
 *
 * @param <C> the kind
 */
public interface Opener<C extends Closeable> {
    /** Opens a plain path. */
    C open(Path file, Set<OpenOption> options, FileAttribute<?>... attributes) throws IOException;

    /**
     * Whether the temporary can be locked, forced and written through one channel, which {@link #create} makes.
     *
     * @param copies whether the old content is copied into it first, through that same channel
     */
    boolean shares(Delegate delegate, OpenRequest request, boolean copies);

    /** Creates a file and opens it for all three purposes. Only where it {@link #shares}. */
    Channel create(Path file, Set<OpenOption> options, FileAttribute<?>... attributes) throws IOException;

    /** Whether what {@link #create} makes writes in the calling thread, so that it can be waited for. */
    default boolean writesInCallingThread() {
        return true;
    }

    /** What writes through a channel that {@link #create} made. Closing the channel closes it. */
    C over(Channel created);
}
