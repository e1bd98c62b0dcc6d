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
    /** For a new file, which has no attributes to keep. */
    static final Publication.Finish KEEP_NOTHING = new Publication.Finish() {
        @Override
        public boolean apply(Path temporary, FileState born) {
            return false;
        }
    };

    /** Creates a temporary that can be written through the channel by which it is locked. */
    private final class CreateShared implements LockedFile.Creator {
        @Override
        public Channel create(Path file, FileAttribute<?>... attributes) throws IOException {
            return opener.create(file, request.forNewTemporary(), attributes);
        }

        @Override
        public boolean writesInCallingThread() {
            return opener.writesInCallingThread();
        }
    }

    /** Keeps the attributes of the file that is replaced. */
    private final class KeepReplaced implements Publication.Finish {
        @Override
        public boolean apply(Path temporary, FileState born) throws IOException {
            return Metadata.keepReplaced(
                    destination.delegate(),
                    destination.path(),
                    temporary,
                    born,
                    request.atomic().keepOwner());
        }
    }

    private final Path requested;
    private Destination destination; // as it was when it was opened
    private final OpenRequest request;
    private final Opener<C> opener;
    private final Publication.Finish finish;

    private volatile Target<C> target; // null before it is opened
    private LazyCopy copy; // null as long as there is none
    private boolean published; // whether the destination has the new content

    Staging(Path requested, Destination destination, OpenRequest request, Opener<C> opener, Publication.Finish finish) {
        this.requested = requested;
        this.destination = destination;
        this.request = request;
        this.opener = opener;
        this.finish = finish != null ? finish : request.createsNew() ? KEEP_NOTHING : new KeepReplaced();
    }

    Target<C> target() {
        return target;
    }

    /** Opens what is written first. */
    void begin(FileAttribute<?>... attributes) throws IOException {
        if (destination.inPlace()) {
            target = new Target.InPlace<>(opener.open(requested, request.options(), attributes));
        } else if (destination.exists() && !request.truncates()) {
            target = new Target.Unchanged<>(opener.open(destination.path(), request.forExisting()));
        } else {
            makeTemporary(null, null, destination.exists() ? destination.mode() : attributes);
        }
    }

    /**
     * Makes the temporary, with a copy of the content of an {@link Target.Unchanged} file, and goes on writing there.
     *
     * @param cancelled asked now and then; the rest is not copied once it is true
     */
    void stage(BooleanSupplier cancelled) throws IOException {
        makeTemporary(target.channel(), cancelled, destination.mode());
    }

    /** An interrupt has no effect on that: it is for the caller's own operation to notice it, or not. */
    private void makeTemporary(C original, BooleanSupplier cancelled, FileAttribute<?>... attributes)
            throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            boolean copies = original != null;
            Claim claim = Claims.take(
                    destination.delegate(),
                    destination.path(),
                    request.atomic().temporaryName(),
                    opener.shares(destination.delegate(), request, copies) ? new CreateShared() : null,
                    attributes);
            try {
                C written = open(claim);
                if (copies) {
                    copyContent(claim, original, written, cancelled);
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
    private void copyContent(Claim claim, C original, C written, BooleanSupplier cancelled) throws IOException {
        if (copy == null) {
            copy = new LazyCopy(destination);
        }
        boolean through = claim.file().channel() instanceof SeekableByteChannel
                && claim.file().channel().isOpen();
        copy.copy(
                claim.temporary(), through ? (SeekableByteChannel) claim.file().channel() : null, cancelled);
        if (original instanceof SeekableByteChannel from
                && written instanceof SeekableByteChannel to
                && !request.appends()) {
            to.position(from.position());
        }
        copy.retain(original);
    }

    /** Whether this is a new file that may have been made only to be locked by others. */
    boolean mayBeLockFile() {
        return !destination.exists() && request.mayMakeLockFile() && target instanceof Target.Staged;
    }

    /** Publishes a lock file, so that others can lock it too, and goes on with it {@link Target.Unchanged}. */
    void publishEmpty() throws IOException {
        if (target instanceof Target.Staged<C> staged) {
            try {
                publication(true).publish(staged.claim(), KEEP_NOTHING, -1);
            } catch (AtomicCommitException e) {
                if (!(e.getCause() instanceof FileAlreadyExistsException)) {
                    throw e;
                }
                // another program has created it meanwhile: that is the file to lock
            }
            Path path = destination.path();
            destination = new Destination(
                    destination.delegate(), path, destination.delegate().attributes(path), destination.inPlace());
            target = new Target.Unchanged<>(opener.open(path, request.forExisting()));
        }
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
            target.channel().close();
            return;
        }
        if (destination.delegate().mustCloseBeforeRename()) {
            closeCopy();
        }
        Publication publication = publication(request.createsNew());
        try {
            publication.publish(staged.claim(), finish, copy == null ? size : -1);
        } finally {
            published = publication.isVisible();
            closeCopy();
        }
    }

    /** Nothing was written through what is closed here, so a failure of that has nothing to tell. */
    private void closeCopy() {
        if (copy != null) {
            try {
                copy.close();
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
            closeCopy();
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
