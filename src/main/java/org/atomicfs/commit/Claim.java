package org.atomicfs.commit;

import java.io.Closeable;
import java.io.Flushable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One writer's hold on its temporary: its names, its lock and what it is written through. Made by {@link Claims};
 * whatever happens, one call of {@link #release} ends it.
 *
 * <p>A {@code FIXED} temporary has two names: {@code x.tmp}, and a hidden one, the <em>anchor</em>, which only atomicfs
 * gives. The file is created and locked under its anchor, and then linked to {@code x.tmp}; the anchor goes last, after
 * {@code x.tmp} was renamed to {@code x}. So a writer that is killed leaves, wherever that happens, an anchor that can
 * be locked: the proof that all there is with it is a dead writer's. An {@code x.tmp} without an anchor belongs to
 * another program, and is never touched. A {@code UNIQUE} temporary has a hidden name alone.
 *
 * <p>One channel creates the file, has the lock and, wherever that is possible, takes the content too; see
 * {@link LivenessLock}. Used by one thread at a time.
 */
final class Claim extends Unfinished.Removal {
    /** What became of the temporary. */
    enum Outcome {
        /** It was renamed to the destination. */
        RENAMED,
        /** The destination is a further name of it. */
        LINKED,
        /** It is not wanted. */
        DISCARDED
    }

    /** Creates a file, and opens it. */
    interface Creator {
        Channel create(Path file, FileAttribute<?>... attributes) throws IOException;
    }

    /** How often the lock is tried, for a second or more, while another process has it that only looks. */
    private static final int ATTEMPTS = 10_000;

    private static final int LARGEST_MARK = 1 << 16; // bytes

    private final Delegate delegate;
    private final Path temporary;
    private final Path anchor; // null without one
    private final Path reservedTemporary; // absolute, as Registry has it
    private final Path reservedAnchor;
    private final String temporaryName;
    private final String anchorName;
    private boolean temporaryReserved;
    private boolean anchorReserved;

    private long begun; // when the file's creation began
    private Channel channel; // null before the file is created; a FileChannel or AsynchronousFileChannel can be locked
    private FileLock lock; // null where there are none, or it was given up
    private FileState born; // what it was when it was created
    private Object file; // as Registry has it
    private boolean linked; // whether the temporary is a second name beside the anchor
    private Closeable content; // what is written through, unless that is the channel
    private boolean open; // whether the channel is, as far as it is for this to close it
    private boolean slow; // whether it took so long to lock the file that it had to be proved to be the same
    private boolean shared; // whether the channel was created to be written through
    private boolean released;

    Claim(Delegate delegate, Path temporary, Path anchor) {
        this.delegate = delegate;
        this.temporary = temporary;
        this.anchor = anchor;
        reservedTemporary = temporary.toAbsolutePath();
        temporaryName = temporary.getFileName().toString();
        reservedAnchor = anchor == null ? null : anchor.toAbsolutePath();
        anchorName = anchor == null ? null : anchor.getFileName().toString();
    }

    /** Reserves the names within this JVM; false when another writer of it has one. */
    boolean reserve() {
        temporaryReserved = Registry.reserve(reservedTemporary, temporaryName);
        anchorReserved = temporaryReserved && anchor != null && Registry.reserve(reservedAnchor, anchorName);
        return anchor == null ? temporaryReserved : anchorReserved;
    }

    /**
     * Creates the file under its hidden name, or its only one, and locks it where there are locks.
     *
     * @param sharing whether the channel that is created is to be written through
     * @return false when there is such a file, or the new one was taken for an abandoned one and removed
     */
    boolean create(Creator creator, boolean sharing, FileAttribute<?>... attributes) throws IOException {
        shared = sharing;
        begun = System.nanoTime();
        try {
            channel = creator.create(createdAs(), attributes);
        } catch (FileAlreadyExistsException e) {
            return false;
        }
        open = true;
        try {
            if (!LivenessLock.isPossibleFor(channel)) {
                close(); // nothing to lock or force
            } else {
                lock = lockNewborn();
            }
            slow = lock != null && !LivenessLock.isSoon(begun);
            if (!slow || isProved()) {
                born = FileState.read(delegate, createdAs());
                file = Registry.file(temporary, key());
                Registry.claim(file);
                return true;
            }
        } catch (NoSuchFileException removed) {
            // by another process, which took it for an abandoned one
        }
        close();
        channel = null;
        return false;
    }

    private Path createdAs() {
        return anchor == null ? temporary : anchor;
    }

    /** Returns null where there are no locks. */
    private FileLock lockNewborn() throws IOException {
        try {
            return tryLockFor(createdAs());
        } catch (UnsupportedOperationException none) {
            return null;
        }
    }

    /** Waits while another process has the lock, which looks for a moment, and then perhaps removes the file. */
    private FileLock tryLockFor(Path name) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            FileLock got = LivenessLock.tryLock(channel);
            if (got != null) {
                return got;
            }
            LivenessLock.waitForLooking();
            FileState found = FileState.read(delegate, name);
            if (born != null && !Objects.equals(key(), found.key())) {
                break;
            }
        }
        throw new FileSystemException(temporary.toString(), null, Messages.TAKEN_FOR_ABANDONED);
    }

    /**
     * Whether the name is still that of the file which is open, asked when the writer was stopped before it had the
     * lock: another process may have taken the file for an abandoned one, and a further one have created the next. Java
     * cannot ask an open file for its key; so the file gets a size that no other one has by chance, for a moment.
     */
    private boolean isProved() throws IOException {
        if (!(channel instanceof FileChannel file)) {
            return false;
        }
        long mark = 1 + ThreadLocalRandom.current().nextInt(LARGEST_MARK);
        try {
            file.write(ByteBuffer.allocate(1), mark - 1);
            boolean same = mark == FileState.read(delegate, createdAs()).size();
            file.truncate(0);
            return same;
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException notWritable) {
            return false; // by this channel
        }
    }

    /** Removes the file that was created, so that another one can be. */
    void startAgain() throws IOException {
        removeFiles(false);
        Registry.unclaim(file);
        file = null;
        born = null;
        channel = null;
    }

    /** Links the temporary's own name to the file that was created under the anchor. */
    Delegate.Linked link() throws IOException {
        if (lock == null || key() == null) {
            return Delegate.Linked.IMPOSSIBLE; // or at least in vain: it would prove nothing
        }
        Delegate.Linked result;
        try {
            result = delegate.link(temporary, anchor);
        } catch (Throwable e) {
            linked = isAt(temporary); // a file system can do it and report a failure
            throw e;
        }
        linked = result == Delegate.Linked.DONE || result == Delegate.Linked.TAKEN && isAt(temporary);
        return linked ? Delegate.Linked.DONE : result;
    }

    /** Takes what the content is written through, if that is not {@link #channel()}; it is closed with this. */
    void attach(Closeable separate) {
        content = separate;
    }

    /** Whether it can be proved, once this writer is gone, that what it left was its own. */
    boolean isAnchored() {
        return anchor != null && linked;
    }

    Path temporary() {
        return temporary;
    }

    /** Whether the last file was locked so slowly that it had to be proved to be the same. */
    boolean wasSlow() {
        return slow;
    }

    /** Whether {@link #channel()} can be written through by the caller. */
    boolean isShared() {
        return shared && LivenessLock.isPossibleFor(channel);
    }

    /** The channel that created the file. */
    Channel channel() {
        return channel;
    }

    /** What the file was when it was created. */
    FileState born() {
        return born;
    }

    private Object key() {
        return born == null ? null : born.key();
    }

    /** Whether the content can no longer be written, since its channel was closed underneath. */
    boolean isClosedUnderneath() {
        return !(content instanceof Channel separate ? separate : channel).isOpen();
    }

    /** Passes on what the content has buffered. */
    void flush() throws IOException {
        if (content instanceof Flushable buffered) {
            buffered.flush();
        }
    }

    /**
     * Takes the lock once more, after something was done that may have dropped it ({@link LivenessLock}).
     *
     * @throws FileSystemException if the temporary was taken for an abandoned one
     */
    void lockAgain() throws IOException {
        if (lock == null) {
            return;
        }
        lock.release();
        lock = null;
        lock = tryLockFor(temporary);
    }

    /** Forces content and attributes of the temporary. */
    void force() throws IOException {
        if (channel instanceof FileChannel file) {
            file.force(true);
        } else if (channel instanceof AsynchronousFileChannel file) {
            file.force(true);
        }
    }

    /**
     * Closes what the content was written through, so that no failure of that is missed, and keeps the lock.
     *
     * @param forced whether the content was forced: then closing cannot report anything new, and the one channel for
     *     all can stay open
     */
    void closeContent(boolean forced) throws IOException {
        if (content != null) {
            content.close();
            lockAgain();
        } else if (lock == null || !forced && anchor == null) {
            close(); // what is left to do takes no longer than another process waits before it looks again
        } else if (!forced) {
            Channel written = channel;
            channel = reopened();
            lock = null;
            written.close();
            lock = tryLockFor(temporary);
        }
    }

    /** A second channel of the same file. Whether it is the same one is verified before it is published. */
    private FileChannel reopened() throws IOException {
        Set<OpenOption> options = new HashSet<>(Set.of(StandardOpenOption.WRITE));
        delegate.refuseLinks(options);
        return Delegate.provider(anchor).newFileChannel(anchor, options);
    }

    /**
     * Checks that the temporary is still the file that was created, and has the content that was written.
     *
     * @param size in bytes; -1 if it is not known
     */
    void verify(long size) throws IOException {
        if (born == null) {
            return;
        }
        FileState now;
        try {
            now = FileState.read(delegate, temporary);
        } catch (NoSuchFileException e) {
            throw new NoSuchFileException(temporary.toString(), null, "the temporary was removed");
        }
        if (!Objects.equals(key(), now.key())) {
            throw new FileSystemException(temporary.toString(), null, "the temporary was replaced by another file");
        }
        if (size >= 0 && now.size() != size) {
            throw new FileSystemException(temporary.toString(), null, Messages.wrongSize(size, now.size()));
        }
    }

    /** Whether a file is the one that was created, under another name; false where that cannot be known. */
    boolean isAt(Path name) {
        try {
            return key() != null && key().equals(Metadata.read(delegate, name).fileKey());
        } catch (IOException unknown) {
            return false;
        }
    }

    /** Closes all that is open, and so gives the lock up. */
    void close() throws IOException {
        Closeable written = content;
        Closeable created = channel;
        try (written;
                created) {
            open = false;
        } finally {
            lock = null;
        }
    }

    /**
     * Ends the claim: removes the names that are not wanted any more, closes all that is open and lets others use the
     * names.
     *
     * @throws IOException if a name could not be removed; all the rest is done nevertheless
     */
    void release(Outcome outcome) throws IOException {
        if (released) {
            return; // another writer may have the names by now
        }
        released = true;
        try {
            if (outcome != Outcome.RENAMED) {
                removeFiles(false);
            } else if (lock == null || !finishRenamed()) {
                removeFiles(true);
            }
        } catch (Error e) {
            Unfinished.add(this);
            throw e;
        } finally {
            Registry.unclaim(file);
            if (temporaryReserved) {
                Registry.free(reservedTemporary, temporaryName);
            }
            if (anchorReserved) {
                Registry.free(reservedAnchor, anchorName);
            }
        }
    }

    /**
     * Removes the anchor and closes, without looking first: no other writer can have given the anchor's name to another
     * file, since this one still has the lock. Returns false where an open file cannot be removed.
     */
    private boolean finishRenamed() throws IOException {
        if (anchor != null) {
            try {
                delegate.unlink(anchor);
            } catch (IOException | RuntimeException open) {
                return false;
            }
        }
        close();
        return true;
    }

    @Override
    Path name() {
        return temporary;
    }

    @Override
    void remove() throws IOException {
        removeFiles(false);
    }

    /**
     * Removes the names, and the anchor last: it proves that the others may be removed. Removes before it closes, so
     * that no other process takes the file for an abandoned one meanwhile; and once more after closing, for systems
     * that do not remove open files, and for those where a file appears only when it is closed.
     */
    private void removeFiles(boolean renamed) throws IOException {
        if (channel == null) {
            return;
        }
        boolean deleted = false;
        try {
            if (lock != null && born != null) {
                delete(renamed);
                deleted = true;
            }
        } catch (Throwable whileOpen) {
            // once more, now that all is closed
        } finally {
            try {
                close();
            } catch (Throwable unwanted) {
                // it is about content that is not wanted; what counts is that no name is left
            }
        }
        if (!deleted) {
            delete(renamed);
        }
    }

    private void delete(boolean renamed) throws IOException {
        if (anchor == null) {
            if (!renamed) {
                deleteOurs(temporary);
            }
            return;
        }
        if (linked && !renamed) {
            deleteOurs(temporary);
        }
        deleteOurs(anchor);
    }

    /** Deletes a name, unless it is by now that of another file. */
    private void deleteOurs(Path name) throws IOException {
        if (born == null && !LivenessLock.isSoon(begun)) {
            return; // its name proves that it is abandoned: the next writer removes it
        }
        try {
            if (born == null
                    || Objects.equals(key(), Metadata.read(delegate, name).fileKey())) {
                Delegate.provider(name).delete(name);
            }
        } catch (NoSuchFileException gone) {
            // nothing to remove
        }
    }
}
