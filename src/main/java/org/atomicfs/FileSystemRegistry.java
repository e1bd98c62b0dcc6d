package org.atomicfs;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.spi.FileSystemProvider;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import org.atomicfs.commit.Transaction;
import org.atomicfs.view.AtomicFileSystem;

/**
 * The atomic file systems of one provider, by the file system that they wrap. Each has an implicit one with the default
 * options, which is made when it is needed; one with options of its own takes its place until it is closed.
 */
final class FileSystemRegistry {
    private final FileSystemProvider provider;

    /** Weak in both directions: an atomic file system that no path uses can be made again. */
    private final Map<FileSystem, Reference<AtomicFileSystem>> implicit = new WeakHashMap<>();

    private final Map<FileSystem, AtomicFileSystem> explicit = new HashMap<>();

    FileSystemRegistry(FileSystemProvider provider) {
        this.provider = provider;
    }

    /** The atomic file system over a plain one. */
    synchronized AtomicFileSystem get(FileSystem plain) {
        AtomicFileSystem found = explicit.get(plain);
        if (found == null) {
            Reference<AtomicFileSystem> known = implicit.get(plain);
            found = known == null ? null : known.get();
        }
        if (found == null) {
            found = new AtomicFileSystem(provider, plain, AtomicOptions.defaults(), null);
            implicit.put(plain, new WeakReference<>(found));
        }
        return found;
    }

    /** Makes one with options, to be found by {@link #get} until it is closed. */
    synchronized AtomicFileSystem add(FileSystem plain, AtomicOptions options) {
        explicit.keySet().removeIf(delegate -> !delegate.isOpen());
        if (explicit.containsKey(plain)) {
            throw new FileSystemAlreadyExistsException(
                    "There is an atomic: file system with options over %s already; close that first".formatted(plain));
        }
        AtomicFileSystem made = unregistered(plain, options, this::remove);
        explicit.put(plain, made);
        return made;
    }

    private synchronized void remove(AtomicFileSystem closed) {
        explicit.remove(closed.delegate(), closed);
    }

    /** Makes one that is known only to its maker. */
    AtomicFileSystem unregistered(FileSystem plain, AtomicOptions options) {
        return unregistered(plain, options, closed -> {});
    }

    /** Makes one for the members of a transaction. */
    AtomicFileSystem of(Transaction transaction, FileSystem plain, AtomicOptions options) {
        return new AtomicFileSystem(transaction, provider, plain, options);
    }

    private AtomicFileSystem unregistered(FileSystem plain, AtomicOptions options, Consumer<AtomicFileSystem> onClose) {
        return new AtomicFileSystem(provider, plain, options, onClose);
    }
}
