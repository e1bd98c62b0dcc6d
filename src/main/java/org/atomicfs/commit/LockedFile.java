package org.atomicfs.commit;

import java.io.Closeable;
import java.io.Flushable;
import java.io.IOException;
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
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * A file that this writer has created, and has locked where there are locks: the lock proves to others that the writer
 * lives ({@link LivenessLock}). One channel creates the file, has the lock and, wherever that is possible, takes the
 * content too. Used by one thread at a time.
 */
final class LockedFile {
    /** Creates a file, and opens it. */
    interface Creator {
        Channel create(Path file, FileAttribute<?>... attributes) throws IOException;

        /**
         * Whether an asynchronous channel that this creates writes in the calling thread, so that it can be waited for.
         */
        default boolean writesInCallingThread() {
            return true;
        }
    }

    /** How often the lock is tried, for a second or more, while another process has it that only looks. */
    private static final int ATTEMPTS = 10_000;

    private final Delegate delegate;
    private final Path name; // under which it is created
    private long begun; // when its creation began
    private Channel channel; // null when there is no file; a FileChannel or AsynchronousFileChannel can be locked
    private Closeable content; // what is written through, unless that is the channel
    private FileLock lock; // null where there are none, or it was given up
    private FileState born; // what it was when it was created; null if that is not known yet
    private boolean slow; // whether it took so long to lock the file that it had to be proved to be the same
    private boolean shared; // whether the channel was created to be written through
    private boolean left; // whether what is written through stays open

    LockedFile(Delegate delegate, Path name) {
        this.delegate = delegate;
        this.name = name;
    }

    /**
     * Creates the file, and locks it.
     *
     * @param sharing whether the channel that is created is to be written through
     * @return false when there is such a file, or the new one was taken for an abandoned one by another process
     */
    boolean create(Creator creator, boolean sharing, FileAttribute<?>... attributes) throws IOException {
        shared = sharing;
        begun = System.nanoTime();
        try {
            channel = create(creator, attributes);
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            if (delegate.isUnix() || delegate.attributesIfExists(name) == null) {
                throw e;
            }
            return false; // it is there: that was the reason, which others than the JDK do not tell
        }
        try {
            if (!LivenessLock.isPossibleFor(channel)) {
                close(); // nothing to lock or force
            } else {
                lock = lockIfPossible();
            }
            slow = lock != null && !LivenessLock.isSoon(begun);
            if (!slow || OpenFile.hasName(channel, name, creator.writesInCallingThread())) {
                born = FileState.read(delegate, name);
                return true;
            }
        } catch (NoSuchFileException removed) {
            // by the other process
        }
        close();
        forget();
        return false;
    }

    private Channel create(Creator creator, FileAttribute<?>... attributes) throws IOException {
        try {
            return creator.create(name, attributes);
        } catch (UnsupportedOperationException e) {
            if (!Metadata.areOurs(attributes)) {
                throw e;
            }
            Channel created = creator.create(name); // it takes no attributes: the mode follows
            try {
                Metadata.giveMode(name, attributes);
                return created;
            } catch (Throwable notGiven) {
                try (created) {
                    Delegate.provider(name).delete(name);
                }
                throw notGiven;
            }
        }
    }

    /** Goes on as if there had been no file. */
    void forget() {
        channel = null;
        born = null;
    }

    private FileLock lockIfPossible() throws IOException {
        try {
            return waitForLock(name);
        } catch (UnsupportedOperationException none) {
            return null;
        }
    }

    /**
     * Takes the lock. Another process that looks has it for a moment, and then perhaps removes the file.
     *
     * @param current a name that the file has now
     */
    private FileLock waitForLock(Path current) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            FileLock got = LivenessLock.tryLock(channel);
            if (got != null) {
                return got;
            }
            LivenessLock.waitForLooking();
            BasicFileAttributes found = delegate.attributes(current);
            if (born != null && !Objects.equals(key(), found.fileKey())) {
                break;
            }
        }
        throw new FileSystemException(current.toString(), null, Messages.TAKEN_FOR_ABANDONED);
    }

    /** Whether there is a file. */
    boolean exists() {
        return channel != null;
    }

    /** Whether the last file was locked so slowly that it had to be proved to be the same. */
    boolean wasSlow() {
        return slow;
    }

    boolean isLocked() {
        return lock != null;
    }

    /** Whether the file has just been created, so that no other one can have its name. */
    boolean isNewborn() {
        return LivenessLock.isSoon(begun);
    }

    /** Whether {@link #channel()} can be written through by the caller. */
    boolean isShared() {
        return shared && LivenessLock.isPossibleFor(channel);
    }

    /** The channel that created the file. */
    Channel channel() {
        return channel;
    }

    /** Takes what the content is written through, if that is not {@link #channel()}; it is closed with this. */
    void attach(Closeable separate) {
        content = separate;
    }

    /** What the file was when it was created; null if that is not known. */
    FileState born() {
        return born;
    }

    Object key() {
        return born == null || delegate.reader().isKeyless() ? null : born.key();
    }

    /** Whether what was found at a name is this file, as far as keys tell. */
    boolean is(BasicFileAttributes found, Path at) throws IOException {
        return Objects.equals(key(), found.fileKey()) || !delegate.reader().keepsKeys(at);
    }

    /** Whether a name is one of this file; false where that cannot be known. */
    boolean isAt(Path other) {
        try {
            return key() != null && key().equals(delegate.attributes(other).fileKey());
        } catch (IOException unknown) {
            return false;
        }
    }

    /** Deletes a name if it is one of this file, or always where the file is not {@code known}. */
    boolean deleteName(Path other, boolean known) throws IOException {
        try {
            BasicFileAttributes found = known ? delegate.attributes(other) : null;
            if (!known || is(found, other)) {
                Delegate.provider(other).delete(other);
                requireGone(other, found);
                return true;
            }
        } catch (NoSuchFileException gone) {
            // nothing to remove here
        }
        return false;
    }

    /** There are providers that do nothing, and do not tell. Another writer may have made its own file by now. */
    private void requireGone(Path deleted, BasicFileAttributes before) throws IOException {
        boolean there = !delegate.isKnown() && delegate.reader().isSurelyThere(deleted);
        if (there && (before == null || FileVersion.isSame(before, delegate.attributesIfExists(deleted)))) {
            throw new FileSystemException(deleted.toString(), null, ProviderMessages.notRemoved(deleted));
        }
    }

    /** Passes on what the content has buffered. */
    void flush() throws IOException {
        if (content instanceof Flushable buffered) {
            buffered.flush();
        }
    }

    /** Forces content and attributes to the device. */
    void force() throws IOException {
        if (channel instanceof FileChannel file) {
            file.force(true);
        } else if (channel instanceof AsynchronousFileChannel file) {
            file.force(true);
        }
    }

    /**
     * Takes the lock once more, after something was done that may have dropped it.
     *
     * @param current a name that the file has now
     * @throws FileSystemException if the file was taken for an abandoned one
     */
    void lockAgain(Path current) throws IOException {
        if (lock != null) {
            lock.release();
            lock = null;
            lock = waitForLock(current);
        }
    }

    /** Closes what the content was written through, and keeps the lock. */
    void closeContent(Path current) throws IOException {
        if (content != null) {
            content.close();
            lockAgain(current);
        } else if (lock != null) {
            Channel written = channel;
            Set<OpenOption> options = new HashSet<>(Set.of(StandardOpenOption.WRITE));
            delegate.refuseLinks(options);
            channel = Delegate.provider(name).newFileChannel(name, options); // whether it is the same is verified later
            lock = null;
            written.close();
            lock = waitForLock(current);
        } else {
            close();
        }
    }

    /** From now on {@link #close} gives the lock up, and leaves what is written through open for the caller. */
    void leaveOpen() {
        left = true;
    }

    /** Closes all that is open, and so gives the lock up. */
    void close() throws IOException {
        if (left && content == null) {
            if (lock != null && lock.isValid()) { // an interrupt of another thread may have closed the channel
                lock.release();
            }
            lock = null;
            return;
        }
        Closeable written = left ? null : content;
        Closeable created = channel;
        try (written;
                created) {
            lock = null;
        }
    }
}
