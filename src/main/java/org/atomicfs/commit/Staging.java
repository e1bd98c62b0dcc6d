package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.function.BooleanSupplier;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.events.Observation;

/**
 * Where one write goes: to the destination itself, or to a temporary that is published or discarded. Changes of the
 * target are made by one thread at a time; others may look at it meanwhile.
 *
 * @param <C> what is written through
 */
final class Staging<C extends Closeable> {
    private final Path requested;
    private Destination destination; // as it was when it was opened
    private final OpenRequest request;
    private final Opener<C> opener;
    private final Publication.Finish finish; // null to keep the attributes of the file that is replaced
    private final boolean mayMakeLockFile;
    private final Upload upload; // null unless the destination is an object of a store
    private final TemporaryMaking<C> making;
    private volatile Target<C> target; // null before it is opened
    private volatile Original<C> original; // null unless it was opened with its content kept
    private volatile boolean changes;
    private boolean copied; // whether it was copied when it was opened, and not opened itself
    private boolean published; // whether the destination has the new content

    /** Measures what takes long; null unless somebody is to be told how it ends. */
    Observation observation;

    Staging(Path requested, Destination destination, OpenRequest request, Opener<C> opener, Publication.Finish finish) {
        this.requested = requested;
        this.destination = destination;
        upload = destination.delegate().isStore() ? new Upload(requested, destination, request) : null;
        this.request = upload == null ? request : upload.local();
        this.opener = opener;
        mayMakeLockFile = finish == null && request.mayMakeLockFile() && upload == null;
        making = new TemporaryMaking<>(this.request, opener, upload);
        this.finish = finish == null && request.createsNew() ? Publication.KEEP_NOTHING : finish;
    }

    Target<C> target() {
        return target;
    }

    /**
     * Opens what is written first.
     *
     * @param cancelled as for {@link #stage}, where the old content is copied at once
     */
    void begin(BooleanSupplier cancelled, FileAttribute<?>... attributes) throws IOException {
        if (destination.inPlace()) {
            target = new Target.InPlace<>(opener.open(requested, request.options(), attributes));
        } else if (destination.exists()
                && !request.truncates()
                && !destination.delegate().rewrites()) {
            openOriginal();
        } else {
            copied = destination.exists() && !request.truncates();
            try {
                target = making.make(
                        destination, null, copied, cancelled, destination.exists() ? destination.mode() : attributes);
            } catch (BusyException e) {
                Destination created = mayMakeLockFile ? Original.awaitCreated(destination) : null;
                if (created == null) {
                    throw e;
                }
                destination = created;
                openOriginal();
            }
        }
    }

    private void openOriginal() throws IOException {
        original = new Original<>(destination, request, opener);
        target = new Target.Unchanged<>(original.channel());
    }

    /**
     * Makes the temporary, with a copy of the content of an {@link Target.Unchanged} file, and goes on writing there.
     *
     * @param cancelled asked now and then; the rest is not copied once it is true
     */
    void stage(BooleanSupplier cancelled) throws IOException {
        changes = true;
        try {
            target = making.make(destination, original, false, cancelled, destination.mode());
        } finally {
            changes = target instanceof Target.Staged;
        }
    }

    /** Whether there is, or is about to be, a change of the {@link #original}. */
    boolean changes() {
        return changes;
    }

    /** Whether this is a new file that may have been made only to be locked by others. */
    boolean mayBeLockFile() {
        return !destination.exists() && mayMakeLockFile && target instanceof Target.Staged;
    }

    /** Publishes a lock file, so that others can lock it too, and goes on with it {@link Target.Unchanged}. */
    void publishEmpty() throws IOException {
        if (target instanceof Target.Staged<C> staged) {
            long position = staged.channel() instanceof SeekableByteChannel channel && !request.appends()
                    ? channel.position()
                    : 0;
            try {
                publication(true).publish(staged.claim(), Publication.KEEP_NOTHING, -1);
            } catch (AtomicCommitException e) {
                if (!(e.getCause() instanceof FileAlreadyExistsException)) {
                    throw e;
                }
                // another program has created it meanwhile: that is the file to lock
            }
            Path path = destination.path();
            destination = new Destination(
                    destination.delegate(), path, destination.delegate().attributes(path), destination.inPlace());
            openOriginal();
            if (position > 0 && target.channel() instanceof SeekableByteChannel opened) {
                opened.position(position);
            }
        }
    }

    /** Whether what is forced or locked now is to be found at the destination, and written in place from then on. */
    boolean isToGoOnInPlace() {
        return request.goesOnInPlace() && target instanceof Target.Staged && original == null;
    }

    /**
     * Publishes what was written so far, and goes on in place, at the same position.
     *
     * @param toLock whether nothing was written, and the file is to be locked
     */
    void goOnInPlace(boolean toLock) throws IOException {
        if (target instanceof Target.Staged<C> staged) {
            GoingInPlace<C> going = new GoingInPlace<>(requested, destination, request, opener, finish());
            try {
                going.on(staged, toLock, observation);
            } finally {
                published = going.isPublished();
                target = going.channel() == null ? target : new Target.InPlace<>(going.channel());
            }
        }
    }

    /** The file that was opened with its content kept, which is what to lock; null if there is none. */
    Original<C> original() {
        return original;
    }

    /** Goes on with the file that has replaced the one that was opened, {@link Target.Unchanged}. */
    void moveOn() throws IOException {
        original.moveOn();
        destination = original.destination();
        target = new Target.Unchanged<>(original.channel());
    }

    boolean isClosedUnderneath() {
        return target instanceof Target.Staged<C> staged
                && staged.channel() instanceof Channel channel
                && !channel.isOpen();
    }

    /** Ends a write that has changed nothing of a file copied at the open, which stays; returns false for others. */
    boolean endUnchanged() throws IOException {
        if (copied) {
            published = true;
            discard();
        }
        return copied;
    }

    /**
     * Publishes what was written, and closes everything.
     *
     * @param size of what was written to an empty file, in bytes; -1 if it is not known
     */
    void publish(long size) throws IOException {
        if (!(target instanceof Target.Staged<C> staged)) {
            published = true;
            try {
                target.channel().close();
            } finally {
                closeOriginal();
            }
            return;
        }
        boolean changed = original != null || copied;
        long expected = changed
                ? ExpectedSize.of(destination, request.appends(), making.bytesCopied(), size, staged.channel())
                : size;
        try {
            if (upload == null) {
                rename(staged.claim(), expected);
            } else {
                upload(staged.claim(), expected);
            }
        } finally {
            closeOriginal();
        }
    }

    private void rename(Claim claim, long size) throws IOException {
        if (destination.delegate().mustCloseBeforeRename()) {
            closeOriginal();
        }
        Publication publication = publication(request.createsNew());
        try {
            publication.publish(claim, finish(), size);
        } finally {
            published = publication.isVisible();
        }
    }

    private void upload(Claim claim, long size) throws IOException {
        try {
            upload.publish(claim, finish(), size);
        } finally {
            published = upload.isVisible();
        }
    }

    /** Leaves it to a transaction to publish what was written, and closes all but the temporary. */
    void handOver(Handover transaction, long size) throws IOException {
        if (!(target instanceof Target.Staged<C> staged)) {
            publish(size);
            return;
        }
        boolean isNew = request.createsNew();
        Publication publication = publication(isNew);
        publication.complete(staged.claim(), finish());
        finish().requireWanted();
        boolean changed = original != null || copied;
        long known = changed ? -1 : size;
        transaction.take(new Completed(requested, destination, publication, staged.claim(), known, isNew, changed));
        published = true;
        closeOriginal();
    }

    /** Nothing was written through what is closed here, so a failure of that has nothing to tell. */
    private void closeOriginal() {
        if (original != null || upload != null) {
            Retained.closeUnwritten(original, requested);
            Retained.closeUnwritten(upload, requested);
        }
    }

    private Publication.Finish finish() {
        return finish != null
                ? finish
                : new KeepReplaced<>(destination, original, request.atomic().keepOwner(), request.goesOnInPlace());
    }

    private Publication publication(boolean exclusive) {
        return new Publication(
                        requested, destination, exclusive, request.atomic().durability())
                .observedBy(observation);
    }

    /** Whether the destination has the new content, or a transaction has it. */
    boolean isPublished() {
        return published;
    }

    /** Discards what was written, and closes everything. */
    void discard() throws IOException {
        Target<C> discarded = target;
        try {
            if (discarded instanceof Target.Staged<C> staged) {
                release(staged.claim());
            } else if (discarded != null) {
                discarded.channel().close();
            }
        } finally {
            closeOriginal();
        }
    }

    private void release(Claim claim) throws IOException {
        try {
            claim.release(Claim.Outcome.DISCARDED);
        } catch (IOException | RuntimeException e) {
            throw Messages.notRemoved(requested, claim.temporary(), e);
        }
    }
}
