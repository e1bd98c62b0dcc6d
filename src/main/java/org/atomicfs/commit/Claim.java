package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;

/**
 * One writer's hold on its temporary: the names, and the file that has them. Made by {@link Claims}; whatever happens,
 * one call of {@link #release} ends it.
 *
 * <p>A {@code FIXED} temporary has two names: {@code x.tmp}, and a hidden one, the <em>anchor</em>, which only atomicfs
 * gives. The file is created and locked under its anchor, and then linked to {@code x.tmp}; the anchor goes last, after
 * {@code x.tmp} was renamed to {@code x}. So a writer that is killed leaves, wherever that happens, an anchor that can
 * be locked: the proof that all there is with it is a dead writer's. An {@code x.tmp} without an anchor belongs to
 * another program, and is never touched. A {@code UNIQUE} temporary has a hidden name alone.
 *
 * <p>Used by one thread at a time.
 */
final class Claim extends Unfinished.Removal {
    /** What became of the temporary. */
    enum Outcome {
        /** It was renamed to the destination. */
        RENAMED,
        /** The destination is a further name of it. */
        LINKED,
        /** It is not wanted. */
        DISCARDED,
        /** It has the only copy of the content, and stays where it is. */
        KEPT
    }

    private final Delegate delegate;
    private final Path temporary;
    private final Path anchor; // null without one
    private final Path reservedTemporary; // absolute, as Registry has it
    private final Path reservedAnchor;
    private final String temporaryName;
    private final String anchorName;
    private final LockedFile file;
    private boolean temporaryReserved;
    private boolean anchorReserved;
    private Object registered; // the file, as Registry has it; null if it has not
    private boolean linked; // whether the temporary is a second name beside the anchor
    private boolean released;

    /**
     * Nothing is reserved or created yet.
     *
     * @param anchor null for a temporary without one
     */
    Claim(Delegate delegate, Path temporary, Path anchor) {
        this.delegate = delegate;
        this.temporary = temporary;
        this.anchor = anchor;
        file = new LockedFile(delegate, anchor == null ? temporary : anchor);
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

    /** Creates the file, under its hidden name or its only one, as {@link LockedFile#create}. */
    boolean create(LockedFile.Creator creator, boolean sharing, FileAttribute<?>... attributes) throws IOException {
        if (!file.create(creator, sharing, attributes)) {
            return false;
        }
        registered = Registry.file(temporary, file.key());
        Registry.claim(registered);
        return true;
    }

    /** Removes the file that was created, so that another one can be. */
    void startAgain() throws IOException {
        removeFiles(false);
        Registry.unclaim(registered);
        registered = null;
        file.forget();
    }

    /** Links the temporary's own name to the file that was created under the anchor. */
    Delegate.Linked link() throws IOException {
        if (!file.isLocked() || file.key() == null) {
            return Delegate.Linked.IMPOSSIBLE; // or at least in vain: it would prove nothing
        }
        Delegate.Linked result;
        try {
            result = delegate.link(temporary, anchor);
        } catch (Throwable e) {
            linked = file.isAt(temporary); // a file system can do it and report a failure
            throw e;
        }
        linked = result == Delegate.Linked.DONE || file.isAt(temporary);
        return linked ? Delegate.Linked.DONE : result;
    }

    /** Whether it can be proved later that what this writer left was its own. */
    boolean isAnchored() {
        return linked;
    }

    /** Its hidden name; null without one. */
    Path anchor() {
        return anchor;
    }

    /** The name under which the temporary is written and published. */
    Path temporary() {
        return temporary;
    }

    /** The temporary as an open file, for what has nothing to do with its names. */
    LockedFile file() {
        return file;
    }

    /** Takes the lock once more, after something was done that may have dropped it ({@link LivenessLock}). */
    void lockAgain() throws IOException {
        file.lockAgain(temporary);
    }

    /**
     * Closes what the content was written through, so that no failure of that is missed, and checks that the temporary
     * is still the file that was created, with that content.
     *
     * @param forced whether the content was forced: then closing a shared channel cannot report anything new, and it
     *     stays open for its lock
     * @param size in bytes; -1 if it is not known
     */
    void closeContent(boolean forced, long size) throws IOException {
        boolean wholly = file.isShared() && !forced && anchor == null;
        if (wholly && delegate.isUnix()) {
            verify(size); // while it is open it can be found, should its directory be elsewhere
            file.close(); // what is left to do takes no longer than another process waits before it looks again
            return;
        }
        if (wholly) {
            file.close();
        } else if (!file.isShared() || !forced || !file.isLocked()) {
            try {
                file.closeContent(temporary);
            } catch (NoSuchFileException e) {
                verify(-1);
                throw e;
            }
        }
        verify(size);
    }

    /** Closes all that is open, and so gives the lock up. */
    void close() throws IOException {
        file.close();
    }

    /**
     * Checks that the temporary is still the file that was created, and has the content that was written.
     *
     * @param size in bytes; -1 if it is not known
     */
    void verify(long size) throws IOException {
        BasicFileAttributes now = delegate.attributesIfExists(temporary);
        if (now == null || !file.is(now, temporary)) {
            Path elsewhere = Elsewhere.directoryOf(delegate, temporary, file.key());
            throw Messages.notThere(now != null, elsewhere, temporary, anchor);
        }
        if (size >= 0 && now.size() != size) {
            throw new FileSystemException(temporary.toString(), null, Messages.wrongSize(size, now.size()));
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
            if (outcome == Outcome.LINKED || outcome == Outcome.DISCARDED) {
                removeFiles(false);
            } else if (outcome == Outcome.KEPT || !file.isLocked() || !finishRenamed()) {
                removeFiles(true); // with the anchor the next writer would take the rest for abandoned
            }
        } catch (Error e) {
            Unfinished.add(this);
            throw e;
        } finally {
            freeNames();
        }
    }

    /** Ends the claim, and leaves the names to others: those that are dealt with already, or a recovery. */
    void leave() {
        if (!released) {
            released = true;
            freeNames();
        }
    }

    private void freeNames() {
        Registry.unclaim(registered);
        if (temporaryReserved) {
            Registry.free(reservedTemporary, temporaryName);
        }
        if (anchorReserved) {
            Registry.free(reservedAnchor, anchorName);
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
        file.close();
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
        if (!file.exists()) {
            return;
        }
        boolean deleted = false;
        try {
            if (file.isLocked() && file.born() != null) {
                delete(renamed);
                deleted = true;
            }
        } catch (Throwable whileOpen) { // once more, now that all is closed
        } finally {
            try {
                file.close();
            } catch (Throwable unwanted) {
                // it is about content that is not wanted; what counts is that no name is left
            }
        }
        if (!deleted) {
            delete(renamed);
        }
    }

    private void delete(boolean renamed) throws IOException {
        if (!renamed && (anchor == null || linked)) {
            deleteOurs(temporary);
        }
        if (anchor != null) {
            deleteOurs(anchor);
        }
    }

    /** Deletes a name, unless it is by now that of another file; also where its directory is now. */
    private void deleteOurs(Path name) throws IOException {
        boolean known = file.born() != null;
        if (!known && !file.isNewborn()) {
            return; // a free lock proves that it is abandoned: the next writer removes it
        }
        if (file.deleteName(name, known) || !known) {
            return;
        }
        Path elsewhere = Elsewhere.directoryOf(delegate, name, file.key());
        if (elsewhere != null) {
            file.deleteName(elsewhere.resolve(name.getFileName()), true);
        }
    }
}
