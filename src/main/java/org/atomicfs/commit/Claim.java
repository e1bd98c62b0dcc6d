package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.spi.FileSystemProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.atomicfs.AtomicOptions;
import org.atomicfs.Durability;
import org.atomicfs.TemporaryName;

/**
 * One writer's hold on its temporary.
 *
 * <p>The temporary is created exclusively, marked as atomicfs's own, and locked for as long as the writer lives. A
 * temporary that is marked and can be locked belongs to a dead writer, and the next writer removes it. The mark goes on
 * <em>before</em> the lock, because setting it drops the lock ({@link Mark}); so both are done under another name
 * first, which nobody looks at. Where there are no links to give the file its name after that, a writer that takes the
 * newborn for dead in between removes it, which the owner sees from the file key, and it begins again.
 *
 * <p>The mark is taken off before the rename: were it taken off after, a writer killed in between would leave a marked
 * destination, and a person renaming that to {@code .tmp} would lose it. So a writer killed between the two leaves an
 * unmarked temporary, which is not removed automatically.
 */
final class Claim {
    /**
     * The byte that is locked. Locks are mandatory on Windows: a lock on bytes that are written would block the write.
     */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    private static final int ATTEMPTS = 100;

    private final Path temporary;
    private final FileChannel channel; // null where the delegate has none: nothing to lock or force
    private final Object fileKey;
    private FileLock lock; // held while the temporary is marked

    private Claim(Path temporary, FileChannel channel, Object fileKey, FileLock lock) {
        this.temporary = temporary;
        this.channel = channel;
        this.fileKey = fileKey;
        this.lock = lock;
        OpenWrites.claimed(temporary, fileKey);
    }

    /**
     * Creates the temporary of a destination.
     *
     * @throws FileAlreadyExistsException if another writer has it, or a file is in the way that cannot be proved to be
     *     a dead writer's
     */
    static Claim take(Path destination, AtomicOptions options, FileAttribute<?>... attributes) throws IOException {
        TemporaryName style = options.temporaryName();
        try {
            return take(TemporaryNames.full(destination, style), destination, options, attributes);
        } catch (FileSystemException e) {
            if (e.getClass() != FileSystemException.class || !TemporaryNames.mayBeTooLong(destination)) {
                throw e;
            }
            try {
                return take(TemporaryNames.shortened(destination, style), destination, options, attributes);
            } catch (FileSystemException again) {
                if (again.getClass() != FileSystemException.class) {
                    throw again; // the name is not what is wrong
                }
                Failures.suppress(e, again);
                throw e;
            }
        }
    }

    private static Claim take(Path temporary, Path destination, AtomicOptions options, FileAttribute<?>... attributes)
            throws IOException {
        if (OpenWrites.isDestination(temporary)) {
            throw new BusyException(
                    destination.toString(),
                    "its temporary would be %s, which is being written itself; wait for that, or write with"
                                    .formatted(temporary)
                            + " TemporaryName.UNIQUE");
        }
        if (!OpenWrites.reserve(temporary)) {
            throw busy(destination, temporary, "another writer of this JVM");
        }
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                Claim claim = createSafely(temporary, destination, options, attributes);
                if (claim != null) {
                    return claim;
                }
                removeDead(temporary, destination);
            }
            throw busy(destination, temporary, "other processes");
        } catch (Throwable e) {
            OpenWrites.free(temporary);
            throw e;
        }
    }

    private static Claim createSafely(
            Path temporary, Path destination, AtomicOptions options, FileAttribute<?>... attributes)
            throws IOException {
        if (options.temporaryName() == TemporaryName.FIXED && temporary.getFileSystem() == FileSystems.getDefault()) {
            try {
                return createAside(temporary, destination, attributes);
            } catch (UnsupportedOperationException noLinksOrMarksOrLocks) {
                // by its name at once, then
            } catch (AccessDeniedException e) {
                throw denied(temporary, e);
            }
        }
        return create(temporary, options, attributes);
    }

    /**
     * Creates the temporary under a name that nobody else looks at, marks and locks it there, and only then gives it
     * its name, by a link. So nobody can take it for a dead writer's between the mark and the lock. Returns null when
     * there is such a file; throws an UnsupportedOperationException where that cannot be done.
     */
    private static Claim createAside(Path temporary, Path destination, FileAttribute<?>... attributes)
            throws IOException {
        Path aside = TemporaryNames.shortened(destination, TemporaryName.UNIQUE);
        OpenWrites.reserve(aside); // so that it is not listed
        try {
            return createAside(aside, temporary, destination, attributes);
        } finally {
            OpenWrites.free(aside);
        }
    }

    private static Claim createAside(Path aside, Path temporary, Path destination, FileAttribute<?>... attributes)
            throws IOException {
        FileChannel channel = provider(aside)
                .newFileChannel(aside, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes);
        try {
            boolean marked = Mark.set(aside);
            FileLock lock = lock(channel);
            if (!marked || lock == null) {
                throw new UnsupportedOperationException("nothing to be proved here");
            }
            Object fileKey = key(aside);
            try {
                provider(aside).createLink(temporary, aside);
            } catch (FileAlreadyExistsException e) {
                channel.close();
                return null;
            } catch (FileSystemException e) {
                if (e.getClass() == FileSystemException.class && !TemporaryNames.mayBeTooLong(destination)) {
                    throw new UnsupportedOperationException(e);
                }
                throw e;
            }
            return new Claim(temporary, channel, fileKey, lock);
        } catch (Throwable e) {
            channel.close();
            throw e;
        } finally {
            provider(aside).deleteIfExists(aside);
        }
    }

    /** Returns null when there is such a file, or was taken for dead and removed. */
    private static Claim create(Path temporary, AtomicOptions options, FileAttribute<?>... attributes)
            throws IOException {
        SeekableByteChannel created;
        try {
            created = provider(temporary)
                    .newByteChannel(
                            temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes);
        } catch (FileAlreadyExistsException e) {
            return null;
        } catch (AccessDeniedException e) {
            throw denied(temporary, e);
        }
        try {
            if (!(created instanceof FileChannel channel)) {
                created.close();
                return new Claim(temporary, null, key(temporary), null);
            }
            Object fileKey = key(temporary);
            boolean unique = options.temporaryName() == TemporaryName.UNIQUE;
            if (unique && options.durability() == Durability.NONE) {
                return new Claim(temporary, channel, fileKey, null); // the lean form
            }
            boolean marked = !unique && Mark.set(temporary);
            FileLock lock = lock(channel);
            for (int i = 0; marked && lock == null && i < ATTEMPTS; i++) {
                // whoever takes it for dead has the lock for a moment, and then the file is gone
                Thread.yield();
                key(temporary);
                lock = lock(channel);
            }
            if (!Objects.equals(fileKey, key(temporary))) {
                channel.close();
                return null;
            }
            if (marked && lock == null) {
                Mark.clear(temporary);
            }
            return new Claim(temporary, channel, fileKey, marked ? lock : null);
        } catch (NoSuchFileException removed) {
            created.close();
            return null;
        } catch (Throwable e) {
            try (created) {
                provider(temporary).delete(temporary);
            } catch (IOException cleanup) {
                Failures.suppress(e, cleanup);
            }
            throw e;
        }
    }

    /** The lock, or null where another process has it, or the file system has none. */
    private static FileLock lock(FileChannel channel) {
        try {
            return channel.tryLock(LOCKED_BYTE, 1, false);
        } catch (IOException | UnsupportedOperationException | OverlappingFileLockException none) {
            return null;
        }
    }

    /**
     * Removes the temporary if its writer is dead; returns normally also when it is gone already.
     *
     * <p>The mark is read twice: only one that is seen after the lock could be had proves that the writer did not take
     * it off to publish. At worst, a writer that was born, and came to its commit, between the two locks fails cleanly.
     */
    private static void removeDead(Path temporary, Path destination) throws IOException {
        try {
            BasicFileAttributes found = Metadata.read(temporary);
            if (OpenWrites.isClaimed(temporary, found.fileKey())) {
                throw busy(destination, temporary, "another writer of this JVM");
            }
            if (!found.isRegularFile() || !Mark.isSet(temporary)) {
                throw stranger(destination, temporary, found);
            }
            try (FileChannel channel = provider(temporary)
                    .newFileChannel(temporary, Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
                FileLock first = lock(channel);
                if (first == null || !Mark.isSet(temporary)) {
                    throw busy(destination, temporary, "another process");
                }
                first.release(); // reading the mark has dropped it: take it once more, to delete under it
                if (lock(channel) == null) {
                    throw busy(destination, temporary, "another process");
                }
                if (Objects.equals(found.fileKey(), key(temporary))) {
                    provider(temporary).delete(temporary);
                }
            }
        } catch (NoSuchFileException gone) {
            // its writer, or another one that found it dead, was faster
        }
    }

    private static AccessDeniedException denied(Path temporary, AccessDeniedException e) {
        AccessDeniedException said = new AccessDeniedException(
                temporary.toString(), null, "its temporary %s cannot be created beside it".formatted(temporary));
        said.initCause(e);
        return said;
    }

    private static BusyException busy(Path destination, Path temporary, String who) {
        return new BusyException(
                destination.toString(),
                "it is being written by %s, whose temporary is %s; wait for it, or write with".formatted(who, temporary)
                        + " TemporaryName.UNIQUE if the last commit shall win");
    }

    private static FileAlreadyExistsException stranger(Path destination, Path temporary, BasicFileAttributes found) {
        Duration age = Duration.between(found.lastModifiedTime().toInstant(), Instant.now());
        return new FileAlreadyExistsException(
                destination.toString(),
                null,
                "it cannot be written while there is a file %s (last modified %s, %d s ago), which is"
                                .formatted(temporary, found.lastModifiedTime(), age.toSeconds())
                        + " not known to be an abandoned temporary; if no program uses it any more delete it,"
                        + " or write with TemporaryName.UNIQUE");
    }

    Path temporary() {
        return temporary;
    }

    /**
     * Takes the lock once more: the JDK opens and closes the file to change attributes, which drops it. If somebody has
     * taken the temporary for a dead writer's meanwhile, {@link #verify} tells.
     */
    void lockAgain() throws IOException {
        if (lock != null) {
            lock.release();
            lock(channel);
        }
    }

    /** Forces content and attributes of the temporary. */
    void force() throws IOException {
        if (channel != null) {
            channel.force(true);
        }
    }

    /** Whether the file of that name is still the one that was created. */
    void verify() throws IOException {
        Object now;
        try {
            now = key(temporary);
        } catch (NoSuchFileException e) {
            throw new NoSuchFileException(temporary.toString(), null, "the temporary was removed");
        }
        if (!Objects.equals(fileKey, now)) {
            throw new FileSystemException(temporary.toString(), null, "the temporary was replaced by another file");
        }
    }

    /** Gives up mark and lock, so that the temporary can be renamed as it is. */
    void release() throws IOException {
        if (lock != null) {
            Mark.clear(temporary);
            lock = null;
        }
        if (channel != null) {
            channel.close();
        }
    }

    /**
     * Removes the temporary, unless the name belongs to another file by now, and closes the content. Removes before it
     * closes, so that nobody takes the file for a dead writer's meanwhile; and once more after closing, for systems
     * that do not remove open files.
     */
    void discard(Closeable content) throws IOException {
        try (content;
                channel) {
            delete();
            return;
        } catch (IOException open) {
            // once more, now that all is closed
        }
        delete();
    }

    private void delete() throws IOException {
        try {
            if (Objects.equals(fileKey, key(temporary))) {
                provider(temporary).delete(temporary);
            }
        } catch (NoSuchFileException gone) {
            // nothing to remove
        }
    }

    /** Lets others of this JVM use the name; to be called once the temporary is gone. */
    void forget() {
        OpenWrites.unclaimed(temporary, fileKey);
        OpenWrites.free(temporary);
    }

    private static Object key(Path file) throws IOException {
        return Metadata.read(file).fileKey();
    }

    private static FileSystemProvider provider(Path path) {
        return path.getFileSystem().provider();
    }
}
