package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.events.Observation;

/**
 * From a temporary to the destination itself, for what is forced or locked before it is closed. Where an open file can
 * be renamed, the channel stays the same: what other threads or an executor write through it meanwhile is not lost, and
 * the rights of the file do not matter. For one write, by one thread.
 *
 * @param <C> what is written through
 */
final class GoingInPlace<C extends Closeable> {
    private final Path requested;
    private final Destination destination;
    private final OpenRequest request;
    private final Opener<C> opener;
    private final Publication.Finish finish;
    private C channel; // of the destination; null as long as there is none
    private boolean published;
    private Observation observation; // null unless somebody is to be told how the write ends

    GoingInPlace(
            Path requested, Destination destination, OpenRequest request, Opener<C> opener, Publication.Finish finish) {
        this.requested = requested;
        this.destination = destination;
        this.request = request;
        this.opener = opener;
        this.finish = finish;
    }

    /**
     * Publishes what was written so far.
     *
     * @param toLock whether nothing was written, and the file is to be locked: then a file that is there is opened
     *     instead, as a plain path does, since another process may have locked that one
     * @param observer measures what takes long; may be null
     */
    void on(Target.Staged<C> staged, boolean toLock, Observation observer) throws IOException {
        observation = observer;
        if (!toLock || request.createsNew()) {
            publish(staged, request.createsNew());
            return;
        }
        if (destination.delegate().attributesIfExists(destination.path()) != null) {
            staged.claim().release(Claim.Outcome.DISCARDED);
        } else {
            try {
                publish(staged, true);
                return;
            } catch (AtomicCommitException e) {
                if (!(e.getCause() instanceof FileAlreadyExistsException)) {
                    throw e;
                }
                // another program has created it meanwhile: that is the file to lock
            }
        }
        channel = opener.open(destination.path(), request.options());
        published = true;
    }

    private void publish(Target.Staged<C> staged, boolean exclusive) throws IOException {
        boolean staysOpen = !destination.delegate().mustCloseBeforeRename();
        Publication publication = new Publication(
                        requested, destination, exclusive, request.atomic().durability())
                .observedBy(observation);
        long position =
                !staysOpen && staged.channel() instanceof SeekableByteChannel seekable ? seekable.position() : 0;
        try {
            (staysOpen ? publication.stayingOpen() : publication).publish(staged.claim(), finish, -1);
        } finally {
            published = publication.isVisible();
            channel = published && staysOpen ? staged.channel() : null;
        }
        if (!staysOpen) {
            Set<OpenOption> options = request.forExisting();
            if (staged.channel() instanceof OutputStream) {
                options.add(StandardOpenOption.APPEND); // it has no position that could be set
            }
            channel = opener.open(destination.path(), options);
            if (channel instanceof SeekableByteChannel seekable) {
                seekable.position(position);
            }
        }
    }

    /** What is written through from now on; null if that is still the temporary. */
    C channel() {
        return channel;
    }

    /** Whether the destination has the new content. */
    boolean isPublished() {
        return published;
    }
}
