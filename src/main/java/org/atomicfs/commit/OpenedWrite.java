package org.atomicfs.commit;

import java.nio.file.Path;
import java.time.Duration;

/** Whose a write is, and when and where it was opened: by the thread that makes this, at that moment. */
abstract class OpenedWrite implements PendingWrite {
    private final Object owner;
    private final Path requested;
    private final Thread thread = Thread.currentThread();
    private final long opened = System.nanoTime();
    private final Throwable trace; // where it was opened; null unless that is wanted

    OpenedWrite(Object owner, Path requested, boolean traced) {
        this.owner = owner;
        this.requested = requested;
        trace = traced ? new Throwable("It was opened here") : null;
    }

    @Override
    public final Object owner() {
        return owner;
    }

    @Override
    public final Thread thread() {
        return thread;
    }

    @Override
    public final Throwable trace() {
        return trace;
    }

    @Override
    public final Path requested() {
        return requested;
    }

    @Override
    public final Duration age() {
        return Duration.ofNanos(System.nanoTime() - opened);
    }
}
