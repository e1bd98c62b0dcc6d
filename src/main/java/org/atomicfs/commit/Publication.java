package org.atomicfs.commit;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.Durability;
import org.atomicfs.events.Observation;

/**
 * From a complete temporary to the destination: the second half of the commit protocol, in the order in which it
 * happens. For one publication, by one thread.
 */
final class Publication {
    private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(512); // together about a second

    /** Gives the temporary the attributes that the published file shall have. */
    @FunctionalInterface
    interface Finish {
        /**
         * Gives them.
         *
         * @param born what the temporary was when it was created
         * @return whether anything was done to the file, which may have dropped the lock on it
         */
        boolean apply(Path temporary, FileState born) throws IOException;

        /** Asked just before the file is published; throws if it must not be any more. */
        default void requireWanted() throws IOException {}
    }

    /** For a new file, which has no attributes to keep. */
    static final Finish KEEP_NOTHING = new Finish() {
        @Override
        public boolean apply(Path temporary, FileState born) {
            return false;
        }
    };

    private final Path requested; // for messages
    private final Destination destination;
    private final boolean exclusive; // whether a file that is there must not be replaced
    private final Durability durability;
    private Observation observation; // null unless somebody is to be told how the write ends
    private boolean staysOpen; // whether what is written through does
    private boolean visible; // whether the destination has the new content

    Publication(Path requested, Destination destination, boolean exclusive, Durability durability) {
        this.requested = requested;
        this.destination = destination;
        this.exclusive = exclusive;
        this.durability = durability;
    }

    /** Has the forces measured, unless it is null. */
    Publication observedBy(Observation observer) {
        observation = observer;
        return this;
    }

    Observation observation() {
        return observation;
    }

    /** What is written through stays open, and may be written meanwhile; only where an open file can be renamed. */
    Publication stayingOpen() {
        staysOpen = true;
        return this;
    }

    /** Whether readers see the new content. True from the rename on, whatever is thrown after it. */
    boolean isVisible() {
        return visible;
    }

    /**
     * Publishes, and releases the claim. Whatever is thrown, the temporary is gone afterwards, or the exception says
     * that it is not.
     *
     * <p>An interrupt that came before is put off until the end: everything was written, and closing a plain file
     * succeeds in an interrupted thread.
     *
     * @param size of the content in bytes; -1 if it is not known
     */
    void publish(Claim claim, Finish attributes, long size) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            Claim.Outcome outcome;
            try {
                complete(claim, attributes);
                makeDurable(claim, size);
                attributes.requireWanted();
                outcome = exclusive && link(claim) ? Claim.Outcome.LINKED : rename(claim, size);
            } catch (Throwable e) {
                outcome = afterFailure(claim, e);
            }
            visible = true;
            finish(claim, outcome);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Looks what is at the destination after a failure. If it is the old content, what was written is discarded and the
     * failure thrown.
     *
     * @return what there is left to do, if a failure was reported of what has been done
     */
    private Claim.Outcome afterFailure(Claim claim, Throwable failure) throws IOException {
        try {
            visible = claim.file().isAt(destination.path());
        } catch (Throwable unknown) {
            Messages.suppress(failure, unknown);
        }
        if (visible && failure instanceof Exception) {
            return Claim.Outcome.LINKED;
        }
        boolean left = false;
        try {
            claim.release(visible ? Claim.Outcome.LINKED : Claim.Outcome.DISCARDED);
        } catch (Throwable cleanup) {
            left = cleanup instanceof Exception;
            Messages.suppress(failure, cleanup);
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (left) {
            throw Messages.notRemoved(requested, claim.temporary(), failure);
        }
        if (failure instanceof AtomicCommitException known) {
            throw known;
        }
        throw Messages.notCommitted(requested, failure);
    }

    /** Passes on what is held back, and gives the temporary its attributes. */
    void complete(Claim claim, Finish attributes) throws IOException {
        claim.file().flush();
        if (attributes.apply(claim.temporary(), claim.file().born())) {
            claim.lockAgain();
        }
    }

    /** Forces the temporary, if that is asked for, and checks it. */
    void makeDurable(Claim claim, long size) throws IOException {
        if (durability != Durability.NONE) {
            long began = begin();
            force(claim);
            forced(began);
        }
        if (staysOpen) {
            claim.verify(-1);
        } else {
            claim.closeContent(durability != Durability.NONE, size);
        }
    }

    private long begin() {
        return observation == null ? 0 : System.nanoTime();
    }

    private void forced(long began) {
        if (observation != null) {
            observation.forced(began);
        }
    }

    /** EINVAL is what fsync(2) answers where it is not possible; the JDK gives it by its text alone. */
    private static void force(Claim claim) throws IOException {
        try {
            claim.file().force();
        } catch (IOException e) {
            String text = String.valueOf(e.getMessage());
            if (text.equals("Invalid argument") || text.contains("not supported") || text.contains("not implemented")) {
                throw new IOException(SystemErrors.notForced(e), e);
            }
            throw e;
        }
    }

    /**
     * Publishes without ever overwriting. Returns false where the delegate has no links: then the best that it offers
     * is a move that refuses to replace. In-memory file systems decide that under their own lock; on a real one without
     * links (FAT) another process can come in between.
     */
    private boolean link(Claim claim) throws IOException {
        Delegate.Linked linked = destination.delegate().link(destination.path(), claim.temporary());
        if (linked == Delegate.Linked.TAKEN) {
            throw new FileAlreadyExistsException(requested.toString());
        }
        return linked == Delegate.Linked.DONE
                || claim.file().isAt(destination.path()); // a file system can do it and report a failure
    }

    /** The one step that a reader can see. */
    private Claim.Outcome rename(Claim claim, long size) throws IOException {
        if (destination.delegate().mustCloseBeforeRename()) {
            claim.close();
        }
        BasicFileAttributes before = exclusive ? null : destination.delegate().beforeRename(destination.path());
        for (long pause = SHORTEST_PAUSE; ; pause *= 2) {
            boolean renamed = false;
            try {
                if (exclusive) {
                    destination.delegate().moveToFreeName(claim.temporary(), destination.path());
                } else {
                    destination.delegate().replace(claim.temporary(), destination.path());
                }
                renamed = true;
            } catch (Throwable e) {
                FailedRename failed = new FailedRename(requested, destination, claim, before);
                if (failed.isDoneAfter(e, pause <= LONGEST_PAUSE)) {
                    return failed.outcome();
                }
            }
            if (renamed) {
                requireThere(claim, size);
                return Claim.Outcome.RENAMED;
            }
            LockSupport.parkNanos(pause);
            claim.verify(size);
        }
    }

    /** A provider that is not known may have copied a part, or moved it elsewhere, and not tell. */
    private void requireThere(Claim claim, long size) throws IOException {
        if (size < 0 || destination.delegate().isKnown()) {
            return;
        }
        BasicFileAttributes found;
        try {
            found = destination.delegate().attributesIfExists(destination.path());
        } catch (Throwable unknown) {
            return; // the rename was reported as done
        }
        if (found == null || found.size() != size) {
            claim.release(Claim.Outcome.KEPT);
            throw ProviderMessages.notMoved(requested, found == null ? -1 : found.size(), size);
        }
    }

    /** What is left to do once readers see the new content. */
    private void finish(Claim claim, Claim.Outcome outcome) throws AtomicCommitException {
        AtomicCommitException first = null;
        boolean anchored = claim.isAnchored();
        if (staysOpen) {
            claim.file().leaveOpen();
        }
        try {
            claim.release(outcome);
        } catch (IOException e) {
            if (anchored) { // the next writer of the file will remove it
                Registry.logger().log(Level.WARNING, Messages.leftAnchor(requested, e));
            } else {
                first = Messages.leftBehind(requested, claim.temporary(), e);
            }
        }
        try {
            long began = begin();
            forceDirectory(requested, destination, durability);
            if (durability == Durability.FULL) {
                forced(began);
            }
        } catch (AtomicCommitException e) {
            if (first != null) {
                Messages.suppress(e, first);
            }
            throw e;
        }
        if (first != null) {
            throw first;
        }
    }

    /** Forces the name of the destination, if that is asked for. */
    static void forceDirectory(Path requested, Destination destination, Durability durability)
            throws AtomicCommitException {
        if (durability == Durability.FULL) {
            try {
                destination
                        .delegate()
                        .forceDirectory(destination.path().toAbsolutePath().getParent());
            } catch (IOException | UnsupportedOperationException e) {
                throw Messages.notDurable(requested, e);
            }
        }
    }
}
