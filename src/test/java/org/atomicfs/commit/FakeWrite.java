package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.atomicfs.AtomicWrite.Status;

/** A write that does nothing, for the tests of what others do with writes; counts how often it is aborted. */
final class FakeWrite implements PendingWrite {
    private final Object owner;
    private final Path requested;
    private final Path destination;
    private final IOException failure; // of an abort; null if there is none
    int aborted;

    FakeWrite(Object owner, Path requested, Path destination, IOException failure) {
        this.owner = owner;
        this.requested = requested;
        this.destination = destination;
        this.failure = failure;
    }

    @Override
    public boolean isLocked() {
        return false;
    }

    @Override
    public Throwable trace() {
        return null;
    }

    @Override
    public Object owner() {
        return owner;
    }

    @Override
    public Thread thread() {
        return Thread.currentThread();
    }

    @Override
    public boolean endsWithJvm() {
        return true;
    }

    @Override
    public Path requested() {
        return requested;
    }

    @Override
    public Path destination() {
        return destination;
    }

    @Override
    public Optional<Path> temporary() {
        return Optional.empty();
    }

    @Override
    public Status status() {
        return Status.OPEN;
    }

    @Override
    public long bytesWritten() {
        return 0;
    }

    @Override
    public Duration age() {
        return Duration.ZERO;
    }

    @Override
    public boolean markFailed(Throwable cause) {
        return false;
    }

    @Override
    public void commit() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void abort() throws IOException {
        abort(null);
    }

    @Override
    public void keepOpen() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void abort(IOException reason) throws IOException {
        aborted++;
        if (failure != null) {
            throw failure;
        }
    }
}
