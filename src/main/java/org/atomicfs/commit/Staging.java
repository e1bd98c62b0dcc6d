package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.Channel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.atomicfs.AtomicCommitException;

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
    private final Publication.Finish finish;
    private final boolean mayMakeLockFile;
    private volatile Target<C> target; // null before it is opened
    private volatile Original<C> original; // null unless it was opened with its content kept
    private volatile boolean changes;
    private boolean published; // whether the destination has the new content

    Staging(Path requested, Destination destination, OpenRequest request, Opener<C> opener, Publication.Finish finish) {
        this.requested = requested;
        this.destination = destination;
        this.request = request;
        this.opener = opener;
        mayMakeLockFile = finish == null && request.mayMakeLockFile();
        if (finish != null) {
            this.finish = finish;
        } else if (request.createsNew()) {
            this.finish = Publication.KEEP_NOTHING;
        } else {
            this.finish = new KeepReplaced(destination, request.atomic().keepOwner());
        }
    }

    Target<C> target() {
        return target;
    }

    /** Opens what is written first. */
    void begin(FileAttribute<?>... attributes) throws IOException {
        if (destination.inPlace()) {
            target = new Target.InPlace<>(opener.open(requested, request.options(), attributes));
        } else if (destination.exists() && !request.truncates()) {
            openOriginal();
        } else {
            try {
                makeTemporary(null, destination.exists() ? destination.mode() : attributes);
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
        if (finish instanceof KeepReplaced keeping) {
            keeping.of(original);
        }
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
            makeTemporary(cancelled, destination.mode());
        } finally {
            changes = target instanceof Target.Staged;
        }
    }

    /** Whether there is, or is about to be, a change of the {@link #original}. */
    boolean changes() {
        return changes;
    }

    /** An interrupt has no effect on that: it is for the caller's own operation to notice it, or not. */
    private void makeTemporary(BooleanSupplier cancelled, FileAttribute<?>... attributes) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            boolean copies = original != null;
            Claim claim = Claims.take(
                    destination.delegate(),
                    destination.path(),
                    request.atomic().temporaryName(),
                    opener.shares(destination.delegate(), request, copies) ? new SharedCreator(opener, request) : null,
                    attributes);
            try {
                C written = open(claim);
                if (copies) {
                    copyContent(claim, written, cancelled);
                }
                target = new Target.Staged<>(written, claim);
            } catch (Throwable e) {
                try {
                    claim.release(Claim.Outcome.DISCARDED);
                } catch (Throwable cleanup) {
                    Messages.suppress(e, cleanup);
                }
                throw e;
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Opens what the temporary is written through. */
    private C open(Claim claim) throws IOException {
        if (claim.file().isShared()) {
            return opener.over(claim.file().channel());
        }
        Set<OpenOption> options = request.forTemporary();
        destination.delegate().refuseLinks(options);
        C written = opener.open(claim.temporary(), options);
        claim.file().attach(written);
        claim.verify(0);
        return written;
    }

    /** Copies the old content, and goes to the same position in it. */
    private void copyContent(Claim claim, C written, BooleanSupplier cancelled) throws IOException {
        boolean through = claim.file().channel() instanceof SeekableByteChannel
                && claim.file().channel().isOpen();
        original.copy()
                .copy(
                        claim.temporary(),
                        through ? (SeekableByteChannel) claim.file().channel() : null,
                        cancelled);
        original.movePosition(original.channel(), written);
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
            GoingInPlace<C> going = new GoingInPlace<>(requested, destination, request, opener, finish);
            try {
                going.on(staged, toLock);
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
        if (destination.delegate().mustCloseBeforeRename()) {
            closeOriginal();
        }
        Publication publication = publication(request.createsNew());
        try {
            publication.publish(staged.claim(), finish, original == null ? size : -1);
        } finally {
            published = publication.isVisible();
            closeOriginal();
        }
    }

    /** Nothing was written through what is closed here, so a failure of that has nothing to tell. */
    private void closeOriginal() {
        if (original != null) {
            try {
                original.close();
            } catch (IOException | RuntimeException unwritten) {
                Registry.logger().log(Level.DEBUG, requested.toString(), unwritten);
            }
        }
    }

    private Publication publication(boolean exclusive) {
        return new Publication(
                requested, destination, exclusive, request.atomic().durability());
    }

    /** Whether the destination has the new content. */
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
