package org.atomicfs.commit;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * Does what an intent says, as often as it is asked to: a step that is done already is recognised by the file, and left
 * alone. Both the process that committed and one that recovers do it this way.
 */
final class Redo {
    private final Delegate delegate;
    private final Path intent;
    private final String id;
    private final List<Path> directories; // null for one that is not there
    private final boolean forced;
    private final boolean recovers;
    private IOException first; // of the failures; null if there is none

    /**
     * Does nothing yet.
     *
     * @param intent its file, which has that name
     * @param directories in the order of their numbers; null for one that is not there any more
     * @param recovers whether others may have written the members since they were committed; what they wrote stays
     */
    Redo(Path intent, List<Path> directories, boolean forced, boolean recovers) {
        delegate = Delegate.of(intent);
        this.intent = intent;
        id = TransactionNames.id(intent.getFileName().toString());
        this.directories = directories;
        this.forced = forced;
        this.recovers = recovers;
    }

    /**
     * Gives all members their names. The anchors stay until the intent is gone: they keep others from writing a member
     * that is not yet what was committed.
     *
     * @param forces forces the directories
     * @throws IOException the first failure; what could be done is done, and the intent stays
     */
    void run(Iterable<Intent.Step> steps, Forces forces) throws IOException {
        if (forced) {
            forces.submitDirectory(delegate, intent.getParent()); // before that, a power cut may take the intent back
            forces.await();
        }
        for (Intent.Step step : steps) {
            try {
                take(step);
            } catch (IOException | RuntimeException e) {
                failed(e instanceof IOException io ? io : new IOException(e));
            }
        }
        Messages.rethrow(first);
        if (forced) {
            for (Path directory : directories) {
                forces.submitDirectory(delegate, directory);
            }
            forces.await();
        }
    }

    /** Removes the intent, when all that it says is done. */
    void removeIntent() throws IOException {
        Delegate.provider(intent).deleteIfExists(intent);
    }

    private void failed(IOException e) {
        if (first == null) {
            first = e;
        } else {
            Messages.suppress(first, e);
        }
    }

    private Path in(Intent.Step step, String name) throws FileSystemException {
        Path directory = directories.get(step.directory());
        if (directory == null) {
            throw new NoSuchFileException(
                    PathText.parse(intent.getFileSystem(), name).toString());
        }
        return directory.resolve(PathText.parse(intent.getFileSystem(), name));
    }

    private void take(Intent.Step step) throws IOException {
        Path destination = in(step, step.destination());
        Path temporary = in(step, step.temporary());
        BasicFileAttributes found = delegate.attributesIfExists(temporary);
        BasicFileAttributes there = delegate.attributesIfExists(destination);
        boolean published = step.kind() != Intent.Kind.DELETE && isFile(step, there);
        if (published) {
            return;
        }
        boolean touched = recovers && isTouched(step, found);
        if (touched && found.size() != step.file().size()) {
            throw new FileSystemException(destination.toString(), null, TransactionMessages.changed(temporary));
        }
        if (!touched && !isTemporary(step, found)) {
            if (!recovers) {
                throw new NoSuchFileException(
                        destination.toString(), null, TransactionMessages.temporaryGone(temporary));
            }
            return; // it was done, and another process has written the member since
        }
        if (step.kind() == Intent.Kind.DELETE && there == null) {
            return;
        }
        if (recovers && !Fingerprint.key(there).equals(step.old())) {
            Registry.logger().log(Level.WARNING, TransactionMessages.superseded(destination, intent));
            return;
        }
        switch (step.kind()) {
            case REPLACE -> replace(step, temporary, destination);
            case CREATE -> create(step, temporary, destination);
            case DELETE -> Delegate.provider(destination).deleteIfExists(destination);
        }
    }

    private static boolean isTemporary(Intent.Step step, BasicFileAttributes found) {
        return found != null && Fingerprint.of(found).equals(step.file());
    }

    /**
     * Whether it is the temporary although its time or size is another one: as long as the anchor leads to the same
     * file, no other file can have that file's number.
     */
    private boolean isTouched(Intent.Step step, BasicFileAttributes found) throws IOException {
        return isFile(step, found)
                && !isTemporary(step, found)
                && !step.anchor().equals(Fingerprint.NONE)
                && isFile(step, delegate.attributesIfExists(in(step, step.anchor())));
    }

    private static boolean isFile(Intent.Step step, BasicFileAttributes found) {
        return found != null && Fingerprint.key(found).equals(step.file().key());
    }

    private void replace(Intent.Step step, Path temporary, Path destination) throws IOException {
        try {
            delegate.replace(temporary, destination);
        } catch (IOException | RuntimeException e) {
            if (!isFile(step, delegate.attributesIfExists(destination))) { // else it was done in spite of the failure
                throw e;
            }
        }
    }

    /**
     * Never replaces a file that another program has created meanwhile. The temporary's name stays until the new one is
     * forced: a power cut could keep the removal alone.
     */
    private void create(Intent.Step step, Path temporary, Path destination) throws IOException {
        Delegate.Linked linked = delegate.link(destination, temporary);
        if (linked == Delegate.Linked.DONE || isFile(step, delegate.attributesIfExists(destination))) {
            return;
        }
        if (linked == Delegate.Linked.TAKEN) {
            Registry.logger().log(Level.WARNING, TransactionMessages.superseded(destination, intent));
        } else {
            delegate.moveToFreeName(temporary, destination);
        }
    }

    /**
     * Removes the other names and the pointers, once the intent is gone. What cannot be removed harms nobody: the next
     * writer, or recovery, of its directory removes it.
     */
    void cleanUp(Iterable<Intent.Step> steps) {
        for (Intent.Step step : steps) {
            try {
                Path temporary = in(step, step.temporary());
                if ((recovers || step.kind() != Intent.Kind.REPLACE)
                        && isTemporary(step, delegate.attributesIfExists(temporary))) {
                    delegate.unlink(temporary);
                }
                Path anchor = step.anchor().equals(Fingerprint.NONE) ? null : in(step, step.anchor());
                if (anchor != null && isFile(step, delegate.attributesIfExists(anchor))) {
                    delegate.unlink(anchor);
                }
            } catch (IOException | RuntimeException e) {
                Registry.logger().log(Level.DEBUG, step.anchor(), e);
            }
        }
        for (Path directory : directories) {
            try {
                Path pointer = TransactionNames.POINTER.in(directory, id);
                if (!directory.equals(intent.getParent())) {
                    Delegate.provider(pointer).deleteIfExists(pointer);
                }
            } catch (IOException | RuntimeException e) {
                Registry.logger().log(Level.DEBUG, directory.toString(), e);
            }
        }
    }
}
