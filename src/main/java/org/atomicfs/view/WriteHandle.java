package org.atomicfs.view;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.atomicfs.AtomicWrite;
import org.atomicfs.commit.PendingWrite;

/** What every stream, channel and handle of a write says of it. */
interface WriteHandle extends AtomicWrite {
    /** The write in flight. */
    PendingWrite pending();

    /** The handle of a stream that is buried somewhere. */
    static AtomicWrite of(PendingWrite pending) {
        return new Alone(pending);
    }

    /** A handle without a stream. */
    record Alone(PendingWrite pending) implements WriteHandle {
        @Override
        public String toString() {
            return pending.toString();
        }
    }

    private Path wrap(Path plain) {
        return ((AtomicFileSystem) pending().owner()).wrap(plain);
    }

    /** Whether the path is of the file system that the handle's owner wraps; one for an upload is not. */
    private boolean isOfOwner(Path plain) {
        return plain.getFileSystem() == pending().requested().getFileSystem();
    }

    @Override
    default Path destination() {
        return wrap(pending().requested());
    }

    @Override
    default Optional<Path> temporary() {
        return pending().temporary().map(plain -> isOfOwner(plain) ? wrap(plain) : plain);
    }

    @Override
    default Status status() {
        return pending().status();
    }

    @Override
    default long bytesWritten() {
        return pending().bytesWritten();
    }

    @Override
    default Duration age() {
        return pending().age();
    }

    @Override
    default void markFailed(Throwable cause) {
        pending().markFailed(cause);
    }

    @Override
    default void abort() throws IOException {
        pending().abort();
    }

    @Override
    default void commit() throws IOException {
        try {
            pending().commit();
        } finally {
            Reference.reachabilityFence(this);
        }
    }
}
