package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.TreeMap;
import org.atomicfs.AtomicOptions;
import org.atomicfs.Durability;

/**
 * From a directory that is filled to the target: forced, then renamed, or reached by a new link. For one publication,
 * by one thread.
 */
final class DirectoryPublication {
    private final Delegate delegate;
    private final Path requested; // for messages
    private final Path target; // absolute
    private final Path filled;
    private final AtomicOptions options;
    private final int kept; // generations beside the current one
    private boolean published; // whether the target is the new directory

    DirectoryPublication(Path requested, Path target, Path filled, AtomicOptions options, int kept) {
        delegate = Delegate.of(target);
        this.requested = requested;
        this.target = target;
        this.filled = filled;
        this.options = options;
        this.kept = kept;
    }

    /**
     * Publishes it.
     *
     * @param there what is at the target; null if nothing is
     */
    void publish(BasicFileAttributes there) throws IOException {
        try {
            forceAll();
            if (there != null && there.isSymbolicLink()) {
                swapLink();
            } else {
                rename();
            }
        } catch (RuntimeException e) {
            if (published) {
                throw TransactionMessages.doneAlthough(requested, options.durability(), e);
            }
            throw e;
        }
    }

    private void forceAll() throws IOException {
        if (options.durability() != Durability.NONE) {
            try (Forces forces = new Forces(options.forceThreads())) {
                Tree.force(filled, forces);
                forces.await();
            }
        }
    }

    private void rename() throws IOException {
        Object key = delegate.attributes(filled).fileKey();
        try {
            Delegate.provider(filled).move(filled, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (DirectoryNotEmptyException e) {
            throw TransactionMessages.directoryNotEmpty(requested, target, e);
        } catch (IOException | RuntimeException e) {
            if (!isDoneAfter(e, () -> isMoved(key))) {
                throw e;
            }
        }
        published = true;
        forceParent();
    }

    /** Tells whether a step was done. */
    @FunctionalInterface
    private interface Look {
        boolean isDone() throws IOException;
    }

    /** A file system can do the step that publishes, and report a failure. */
    private boolean isDoneAfter(Exception reported, Look look) throws IOException {
        try {
            return look.isDone();
        } catch (IOException | RuntimeException unknown) {
            Messages.suppress(reported, unknown);
            throw TransactionMessages.notKnown(requested, reported);
        }
    }

    private boolean isMoved(Object key) throws IOException {
        BasicFileAttributes found = delegate.attributesIfExists(target);
        return found != null
                && Objects.equals(key, found.fileKey())
                && delegate.attributesIfExists(filled) == null; // where there are no keys
    }

    private void forceParent() throws IOException {
        Publication.forceDirectory(requested, new Destination(delegate, target, null, false), options.durability());
    }

    /**
     * The new link is first: it tells what is to be removed, if this dies before the link takes the old one's place.
     */
    private void swapLink() throws IOException {
        TreeMap<String, Path> generations = Generations.all(target);
        String replaced = DirectoryNames.generation(target, target.toRealPath());
        Path generation = DirectoryNames.newGeneration(target, generations.isEmpty() ? null : generations.lastKey());
        Path link = DirectoryNames.link(target);
        try {
            Delegate.provider(link).createSymbolicLink(link, generation.getFileName());
            Delegate.provider(filled).move(filled, generation, StandardCopyOption.ATOMIC_MOVE);
            if (options.durability() != Durability.NONE) {
                delegate.forceDirectory(target.getParent()); // what the link leads to is there before the link
            }
            replace(link, generation);
            published = true;
        } catch (Throwable e) {
            try {
                Generations.removeUnpublished(target);
            } catch (IOException | RuntimeException cleanup) {
                Messages.suppress(e, cleanup);
            }
            throw e;
        }
        forceParent();
        Path read = kept > 0 && replaced != null ? generations.remove(replaced) : null;
        Generations.removeOld(generations, read == null ? kept : kept - 1);
    }

    private void replace(Path link, Path generation) throws IOException {
        try {
            delegate.replace(link, target);
        } catch (IOException | RuntimeException e) {
            if (!isDoneAfter(e, () -> Generations.isCurrent(target, generation))) {
                throw e;
            }
        }
    }
}
