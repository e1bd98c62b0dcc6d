package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The file that was opened with its content kept. It is read and locked, and copied at the first change; other writers
 * can replace it meanwhile. Used by one thread at a time, except for {@link #channel}.
 *
 * @param <C> by which it was opened
 */
final class Original<C extends Closeable> implements Closeable {
    /** What is found at the path of the file. */
    enum Found {
        /** The file that was opened. */
        ITSELF,
        NOTHING,
        ANOTHER
    }

    /** How often the user-defined attributes are read at most: another program may change the file all the time. */
    private static final int READINGS = 5;

    private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long PAUSE = TimeUnit.MICROSECONDS.toNanos(200);

    private final OpenRequest request;
    private final Opener<C> opener;
    private Destination destination; // as it was when it was opened
    private volatile C channel;
    private Object key; // null if it is not known, or there are none
    private Retained retained = new Retained();
    private UserAttributes userAttributes; // null unless it is to be locked
    private boolean locked; // whether it was to be
    private int readings; // of the user-defined attributes

    /** Of the file before: operations on it that were under way are not cut short. */
    private Retained before = new Retained();

    Original(Destination destination, OpenRequest request, Opener<C> opener) throws IOException {
        this.destination = destination;
        this.request = request;
        this.opener = opener;
        channel = opener.open(destination.path(), request.forExisting());
        retained.add(channel);
    }

    /**
     * Waits a moment for a file that another writer is about to create. If it is a file that both want to lock, it is
     * published when that writer locks it, which it does next.
     *
     * @return null if it is not there by then
     */
    static Destination awaitCreated(Destination missing) throws IOException {
        long end = System.nanoTime() + PATIENCE;
        while (System.nanoTime() - end < 0) {
            BasicFileAttributes created = missing.delegate().attributesIfExists(missing.path());
            if (created != null) {
                return created.isRegularFile()
                        ? new Destination(missing.delegate(), missing.path(), created, false)
                        : null;
            }
            LockSupport.parkNanos(PAUSE);
        }
        return null;
    }

    C channel() {
        return channel;
    }

    Destination destination() {
        return destination;
    }

    private Path path() {
        return destination.path();
    }

    private Delegate delegate() {
        return destination.delegate();
    }

    /**
     * To be asked before the caller locks it: what cannot be read while it is locked is read now.
     *
     * @param reads whether that is allowed: this JVM has no lock on the file
     */
    void prepareLock(boolean reads) {
        locked = true;
        if (reads && userAttributes == null && readings < READINGS) {
            readings++;
            userAttributes = UserAttributes.read(delegate(), path());
        }
    }

    /** That it can be replaced: others may have locked other parts of the file, and changed them. */
    void requireStill() throws IOException {
        if (locked && look() == Found.ANOTHER) {
            throw new FileSystemException(path().toString(), null, Messages.REPLACED);
        }
    }

    /** Whether it has to be prepared once more, since it was changed in the meantime. */
    boolean isToBePreparedAgain() throws IOException {
        if (userAttributes == null || readings == READINGS || userAttributes.areCurrent()) {
            return false;
        }
        userAttributes = null;
        return true;
    }

    /** Its user-defined attributes, if they were read before and are the same now; otherwise null. */
    UserAttributes userAttributes() throws IOException {
        return userAttributes != null && userAttributes.areCurrent() ? userAttributes : null;
    }

    /**
     * Whether it was just published, and its writer has still to remove the anchor. Who looks whether that writer lives
     * opens the anchor and closes it, and drops the caller's lock by that.
     */
    boolean hasAnchor() throws IOException {
        BasicFileAttributes anchor = delegate().attributesIfExists(TemporaryNames.anchor(path()));
        BasicFileAttributes file = anchor == null ? null : delegate().attributesIfExists(path());
        return file != null && file.fileKey() != null && file.fileKey().equals(anchor.fileKey());
    }

    /** Its copy, which is still to be made. */
    LazyCopy copy() {
        return new LazyCopy(destination, channel, retained);
    }

    /**
     * Looks whether another file has its path by now. To be asked while the caller has a lock on it, so that another
     * writer who honours the lock does not replace it meanwhile.
     *
     * <p>The key of the open file is learnt the first time. From then on a look at the path is enough: as long as the
     * file is open, no other one gets its key.
     */
    Found look() throws IOException {
        BasicFileAttributes there = delegate().attributesIfExists(path());
        if (there == null) {
            return Found.NOTHING;
        }
        if (key != null || !SameFile.canAsk(channel)) {
            Object known = key != null ? key : destination.attributes().fileKey();
            return Objects.equals(there.fileKey(), known) ? Found.ITSELF : Found.ANOTHER;
        }
        if (!there.isRegularFile()) {
            return Found.ANOTHER;
        }
        C second;
        try {
            second = reopen();
        } catch (NoSuchFileException e) {
            return Found.NOTHING;
        }
        try {
            return compare(second, there.fileKey());
        } finally {
            if (delegate().isUnix()) {
                retained.add(second);
            } else {
                second.close(); // drops no lock
            }
        }
    }

    private Found compare(C second, Object keyBefore) throws IOException {
        switch (SameFile.ask(channel, second)) {
            case DIFFERENT:
                return Found.ANOTHER;
            case UNKNOWN:
                return Objects.equals(keyBefore, destination.attributes().fileKey()) ? Found.ITSELF : Found.ANOTHER;
            default:
                BasicFileAttributes after = delegate().attributesIfExists(path());
                if (after == null) {
                    return Found.NOTHING;
                }
                if (!Objects.equals(after.fileKey(), keyBefore)) {
                    return Found.ANOTHER;
                }
                key = keyBefore;
                return Found.ITSELF;
        }
    }

    private C reopen() throws IOException {
        Set<OpenOption> options = request.forExisting();
        delegate().refuseLinks(options);
        return opener.open(path(), options);
    }

    /** Goes on with the file that is at the path now, at the same position. Stays with this one if there is none. */
    void moveOn() throws IOException {
        while (true) {
            BasicFileAttributes there = delegate().attributesIfExists(path());
            if (there == null) {
                return;
            }
            if (!there.isRegularFile()) {
                throw new FileSystemException(path().toString(), null, Messages.NO_LONGER_REGULAR);
            }
            C next;
            try {
                next = reopen();
            } catch (NoSuchFileException e) {
                return;
            }
            retained.add(next);
            BasicFileAttributes after = delegate().attributesIfExists(path());
            if (after != null && Objects.equals(after.fileKey(), there.fileKey())) {
                moveOnTo(next, there);
                return;
            }
        }
    }

    private void moveOnTo(C next, BasicFileAttributes attributes) throws IOException {
        movePosition(channel, next);
        Retained ofNext = new Retained();
        ofNext.add(next);
        retained.remove(next);
        Retained outdated = before;
        before = retained;
        retained = ofNext;
        channel = next;
        destination = new Destination(delegate(), path(), attributes, false);
        key = null;
        userAttributes = null;
        readings = 0;
        outdated.close();
    }

    /** Gives one channel the position of another, if they have any. */
    void movePosition(C from, C to) throws IOException {
        if (from instanceof SeekableByteChannel left
                && to instanceof SeekableByteChannel reached
                && !request.appends()) {
            reached.position(left.position());
        }
    }

    @Override
    public void close() throws IOException {
        try {
            retained.close();
        } finally {
            before.close();
        }
    }
}
