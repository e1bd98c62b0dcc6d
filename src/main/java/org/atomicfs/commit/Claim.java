package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
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
import org.atomicfs.TemporaryName;

/**
 * One writer's hold on its temporary, which it locks for as long as it lives.
 *
 * <p>A {@code FIXED} temporary has two names: {@code x.tmp}, and a hidden one, the <em>anchor</em>, which only atomicfs
 * gives. The file is created and locked under its anchor, and then linked to {@code x.tmp}; the anchor goes last, after
 * {@code x.tmp} was renamed to {@code x}. So a writer that is killed leaves, wherever that happens, an anchor that can
 * be locked: the proof that all there is with it is a dead writer's. An {@code x.tmp} without an anchor is somebody
 * else's, and never touched. A {@code UNIQUE} temporary has a hidden name alone.
 *
 * <p>Where there are no links, or no locks, an {@code x.tmp} is created without an anchor. If its writer is killed then
 * nothing proves that, and a person has to remove it.
 */
final class Claim {
    private static final int ATTEMPTS = 100;

    private final Path temporary;
    private final Path anchor; // null without one
    private final FileChannel channel; // null where the delegate has none: nothing to lock or force
    private final Object fileKey;
    private FileLock lock; // null where the delegate has none, or it was given up

    private Claim(Path temporary, Path anchor, Created created) {
        this.temporary = temporary;
        this.anchor = anchor;
        this.channel = created.channel;
        this.fileKey = created.fileKey;
        this.lock = created.lock;
        OpenWrites.claimed(temporary, fileKey);
        if (anchor != null) {
            OpenWrites.claimed(anchor, fileKey);
        }
    }

    /**
     * Creates the temporary of a destination.
     *
     * @throws FileAlreadyExistsException if another writer has it, or a file is in the way that is not known to be a
     *     dead writer's
     */
    static Claim take(Path destination, AtomicOptions options, FileAttribute<?>... attributes) throws IOException {
        TemporaryName style = options.temporaryName();
        Path temporary = TemporaryNames.full(destination, style);
        try {
            return take(temporary, destination, style, attributes);
        } catch (FileSystemException e) {
            if (e.getClass() != FileSystemException.class || !TemporaryNames.mayBeTooLong(temporary)) {
                throw e;
            }
            try {
                return take(TemporaryNames.shortened(destination, style), destination, style, attributes);
            } catch (FileSystemException again) {
                if (again.getClass() != FileSystemException.class) {
                    throw again; // the name is not what is wrong
                }
                Failures.suppress(e, again);
                throw e;
            }
        }
    }

    private static Claim take(Path temporary, Path destination, TemporaryName style, FileAttribute<?>... attributes)
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
            return style == TemporaryName.FIXED && hasKeys(destination)
                    ? takeAnchored(temporary, destination, attributes)
                    : takeAlone(temporary, destination, attributes);
        } catch (AccessDeniedException e) {
            OpenWrites.free(temporary);
            throw denied(temporary, e);
        } catch (Throwable e) {
            OpenWrites.free(temporary);
            throw e;
        }
    }

    private static Claim takeAnchored(Path temporary, Path destination, FileAttribute<?>... attributes)
            throws IOException {
        Path anchor = TemporaryNames.anchor(destination);
        OpenWrites.reserve(anchor); // so that it is not listed
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                Created created = Created.at(anchor, true, attributes);
                if (created == null) {
                    removeDead(anchor, temporary, destination);
                    continue;
                }
                switch (created.link(temporary)) {
                    case DONE -> {
                        return new Claim(temporary, anchor, created);
                    }
                    case TAKEN -> {
                        created.discard();
                        refuseStranger(destination, temporary);
                    }
                    case IMPOSSIBLE -> {
                        created.discard();
                        OpenWrites.free(anchor);
                        return takeAlone(temporary, destination, attributes);
                    }
                }
            }
            throw busy(destination, temporary, "other processes");
        } catch (Throwable e) {
            OpenWrites.free(anchor);
            throw e;
        }
    }

    /** Whether two names of one file can be told from those of two. */
    private static boolean hasKeys(Path destination) throws IOException {
        Path directory = destination.toAbsolutePath().getParent();
        return destination.getFileSystem() == FileSystems.getDefault() || key(directory) != null;
    }

    private static void removeDead(Path anchor, Path temporary, Path destination) throws IOException {
        switch (Leftover.remove(anchor, temporary)) {
            case LIVE -> throw busy(destination, temporary, writerOf(anchor));
            case UNKNOWN -> refuseStranger(destination, anchor);
            case DEAD, GONE -> {
                // the name is free
            }
        }
    }

    private static String writerOf(Path file) throws IOException {
        BasicFileAttributes found = Metadata.readIfExists(file);
        boolean ours = found != null && OpenWrites.isClaimed(file, found.fileKey());
        return ours ? "another writer of this JVM" : "another process";
    }

    private static Claim takeAlone(Path temporary, Path destination, FileAttribute<?>... attributes)
            throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Created created = Created.at(temporary, false, attributes);
            if (created != null) {
                return new Claim(temporary, null, created);
            }
            refuseStranger(destination, temporary);
        }
        throw busy(destination, temporary, "other processes");
    }

    /** A file without an anchor; nothing is said if it is gone again. */
    private static void refuseStranger(Path destination, Path temporary) throws IOException {
        BasicFileAttributes found = Metadata.readIfExists(temporary);
        if (found != null && OpenWrites.isClaimed(temporary, found.fileKey())) {
            throw busy(destination, temporary, "another writer of this JVM");
        }
        if (found != null) {
            throw stranger(destination, temporary, found);
        }
    }

    /** Whether a second name could be given to a file. */
    private enum Linked {
        DONE,
        TAKEN,
        IMPOSSIBLE
    }

    /** A file that was just created, and locked where there are locks. */
    private record Created(Path path, FileChannel channel, Object fileKey, FileLock lock) {
        /** Returns null when there is such a file, or was taken for dead and removed. */
        static Created at(Path path, boolean isAnchor, FileAttribute<?>... attributes) throws IOException {
            SeekableByteChannel created;
            try {
                created = provider(path)
                        .newByteChannel(
                                path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes);
            } catch (FileAlreadyExistsException e) {
                return null;
            }
            try {
                if (!(created instanceof FileChannel channel)) {
                    created.close();
                    return new Created(path, null, key(path), null);
                }
                Object fileKey = key(path);
                FileLock lock = lock(channel, path);
                if (isAnchor && !Objects.equals(fileKey, key(path))) {
                    channel.close();
                    return null;
                }
                return new Created(path, channel, fileKey, lock);
            } catch (NoSuchFileException removed) {
                created.close();
                return null;
            } catch (Throwable e) {
                try (created) {
                    provider(path).delete(path);
                } catch (IOException cleanup) {
                    Failures.suppress(e, cleanup);
                }
                throw e;
            }
        }

        /** Whoever takes the newborn for dead has the lock for a moment, and then the file is gone. */
        private static FileLock lock(FileChannel channel, Path path) throws IOException {
            for (int i = 0; i < ATTEMPTS; i++) {
                try {
                    FileLock lock = Locks.tryLock(channel);
                    if (lock != null) {
                        return lock;
                    }
                } catch (UnsupportedOperationException none) {
                    return null;
                }
                Locks.waitForLooking();
                key(path);
            }
            return null;
        }

        Linked link(Path name) throws IOException {
            if (lock == null || fileKey == null) {
                return Linked.IMPOSSIBLE; // or at least in vain: it would prove nothing
            }
            try {
                provider(path).createLink(name, path);
                return Linked.DONE;
            } catch (FileAlreadyExistsException e) {
                return Linked.TAKEN;
            } catch (UnsupportedOperationException none) {
                return Linked.IMPOSSIBLE;
            } catch (FileSystemException e) {
                if (e.getClass() == FileSystemException.class && !TemporaryNames.mayBeTooLong(name)) {
                    return Linked.IMPOSSIBLE; // what the JDK makes of EPERM
                }
                discard();
                throw e;
            }
        }

        void discard() throws IOException {
            try (channel) {
                provider(path).deleteIfExists(path);
                return;
            } catch (IOException open) {
                // once more, now that it is closed
            }
            provider(path).deleteIfExists(path);
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

    private static FileAlreadyExistsException stranger(Path destination, Path found, BasicFileAttributes attributes) {
        Duration age = Duration.between(attributes.lastModifiedTime().toInstant(), Instant.now());
        return new FileAlreadyExistsException(
                destination.toString(),
                null,
                "it cannot be written while there is a file %s (last modified %s, %d s ago), which is"
                                .formatted(found, attributes.lastModifiedTime(), age.toSeconds())
                        + " not known to be an abandoned temporary; if no program uses it any more delete it,"
                        + " or write with TemporaryName.UNIQUE");
    }

    /** Whether it can be proved, once this is gone, that what it left was its own. */
    boolean isAnchored() {
        return anchor != null;
    }

    Path temporary() {
        return temporary;
    }

    /**
     * Takes the lock once more, after something was done that may have dropped it ({@link Locks}).
     *
     * @throws FileSystemException if the temporary was taken for a dead writer's
     */
    void lockAgain() throws IOException {
        if (lock == null) {
            return;
        }
        lock.release();
        for (int attempt = 0; (lock = Locks.tryLock(channel)) == null; attempt++) { // somebody looks, for a moment
            if (attempt == ATTEMPTS || !isAt(temporary)) {
                throw new FileSystemException(
                        temporary.toString(), null, "the temporary was taken for an abandoned one");
            }
            Locks.waitForLooking();
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

    /** Whether a file is the one that was created, under another name; false where that cannot be known. */
    boolean isAt(Path file) {
        try {
            return fileKey != null && fileKey.equals(key(file));
        } catch (IOException unknown) {
            return false;
        }
    }

    /** Closes all that it has open, and so gives the lock up. */
    void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }

    /** Removes the names that are left of a file that was published by a rename, and closes. */
    void finishRenamed() throws IOException {
        remove(null);
    }

    /** As {@link #finishRenamed}, of one that was published by a link and so has its temporary name still. */
    void finishLinked() throws IOException {
        remove(null, temporary);
    }

    /** Removes the temporary, unless its names belong to another file by now, and closes the content. */
    void discard(Closeable content) throws IOException {
        remove(content, temporary);
    }

    /**
     * Removes some names, and the anchor last: it proves that the others may be removed. Removes before it closes, so
     * that nobody takes the file for a dead writer's meanwhile; and once more after closing, for systems that do not
     * remove open files.
     */
    private void remove(Closeable content, Path... names) throws IOException {
        try (content;
                channel) {
            delete(names);
            return;
        } catch (IOException open) {
            // once more, now that all is closed
        }
        delete(names);
    }

    private void delete(Path... names) throws IOException {
        for (Path name : names) {
            delete(name);
        }
        if (anchor != null) {
            delete(anchor);
        }
    }

    private void delete(Path name) throws IOException {
        try {
            if (Objects.equals(fileKey, key(name))) {
                provider(name).delete(name);
            }
        } catch (NoSuchFileException gone) {
            // nothing to remove
        }
    }

    /** Lets others of this JVM use the names; to be called once the temporary is gone. */
    void forget() {
        OpenWrites.unclaimed(temporary, fileKey);
        OpenWrites.free(temporary);
        if (anchor != null) {
            OpenWrites.unclaimed(anchor, fileKey);
            OpenWrites.free(anchor);
        }
    }

    private static Object key(Path file) throws IOException {
        return Metadata.read(file).fileKey();
    }

    private static FileSystemProvider provider(Path path) {
        return path.getFileSystem().provider();
    }
}
