package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;

/**
 * How the delegate opens one kind of stream or channel.
 *
 * @param <C> the kind
 */
@FunctionalInterface
public interface Opener<C extends Closeable> {
    /** Opens a plain path. */
    C open(Path file, Set<OpenOption> options, FileAttribute<?>... attributes) throws IOException;
}
