package org.atomicfs.view;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.atomicfs.AtomicWrite;
import org.atomicfs.commit.Transaction;

/** What every stream, channel and handle of a write says of it. */
interface WriteHandle extends AtomicWrite {
    /** The write in flight. */
    Transaction<?> transaction();

    /** A handle without a stream. */
    static AtomicWrite of(Transaction<?> transaction) {
        return (WriteHandle) () -> transaction;
    }

    private Path wrap(Path plain) {
        return ((AtomicFileSystem) transaction().owner()).wrap(plain);
    }

    @Override
    default Path destination() {
        return wrap(transaction().requested());
    }

    @Override
    default Optional<Path> temporary() {
        return transaction().temporary().map(this::wrap);
    }

    @Override
    default Status status() {
        return transaction().status();
    }

    @Override
    default long bytesWritten() {
        return transaction().bytesWritten();
    }

    @Override
    default Duration age() {
        return transaction().age();
    }

    @Override
    default void markFailed(Throwable cause) {
        transaction().markFailed(cause);
    }

    @Override
    default void abort() throws IOException {
        transaction().abort();
    }

    @Override
    default void commit() throws IOException {
        try {
            transaction().commit();
        } finally {
            Reference.reachabilityFence(this);
        }
    }
}
