package org.atomicfs.commit;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The file that a transaction has in its root, as others see it: tells whether it lives, completes one that died
 * committed, and discards one that died before. A transaction has a lock on its file for as long as it lives; who
 * completes one has the lock meanwhile. Nothing is done for a transaction of another user, or of another version.
 */
final class IntentFile {
    /** What is known of a transaction. */
    enum State {
        /** Another process has it. */
        LIVE,
        /** This JVM has it, and {@link Registry} knows the temporaries of its members until the file is given up. */
        LIVE_HERE,
        /** Its process died before it was committed. */
        BEGUN,
        /** Its process died after it was committed. */
        COMMITTED,
        /** It is another user's, and cannot be seen to live. */
        FOREIGN,
        GONE;

        boolean isLive() {
            return this == LIVE || this == LIVE_HERE;
        }
    }

    /** What is done for a dead one. */
    enum Acting {
        NOTHING,
        /** A committed one is completed. */
        COMPLETES,
        /** A committed one is completed, and another one discarded. */
        SETTLES
    }

    /**
     * What was found, and done.
     *
     * @param file in the root
     * @param state before anything was done
     * @param removed temporaries of a transaction that was discarded
     * @param uncleaned directories of its members, as far as they are known, in which something failed; its file stays
     */
    record Found(Path file, State state, List<Path> removed, List<Path> uncleaned) {
        Found(Path file, State state) {
            this(file, state, List.of(), List.of());
        }
    }

    private final Delegate delegate;
    private final Path root;
    private final String id;
    private final Acting acting;
    private final Leftovers leftovers; // null unless one is discarded
    private List<Path> directories = List.of(); // of the members of one that is not committed, as far as it names them
    private final List<Path> removed = new ArrayList<>(); // temporaries of one that is discarded
    private final List<Path> uncleaned = new ArrayList<>(); // directories in which something failed
    private boolean cleaned; // whether nothing is left of it but its file

    IntentFile(Path root, String id, Acting acting, Leftovers leftovers) {
        delegate = Delegate.of(root);
        this.root = root;
        this.id = id;
        this.acting = acting;
        this.leftovers = leftovers;
    }

    /** The user's number, where there are such. */
    static Object owner(Path file) throws IOException {
        Delegate delegate = Delegate.of(file);
        if (delegate.identity() != Identity.UNIX || delegate.attributesIfExists(file) == null) {
            return null;
        }
        return FileState.read(delegate, file).owner();
    }

    private static boolean isForeign(Path file) throws IOException {
        Object owner = owner(file);
        return owner != null && !owner.equals(OtherUsers.thisUser());
    }

    /** The key of what is at a place. */
    static String keyOf(Path place) throws IOException {
        return Fingerprint.key(Delegate.of(place).attributesIfExists(place));
    }

    /** The sign of life first: it becomes the intent by one rename, and never the other way. */
    Found settle() throws IOException {
        Path begun = TransactionNames.BEGUN.in(root, id);
        Path intent = TransactionNames.INTENT.in(root, id);
        State state = look(begun, State.BEGUN, null);
        if (state == State.BEGUN) {
            LivenessLock.waitForSecondLook(); // it may have been created just now, and not be locked yet
            BasicFileAttributes found = delegate.attributesIfExists(begun);
            state = look(begun, State.BEGUN, found);
            if (state == State.BEGUN && acting == Acting.SETTLES) {
                directories.forEach(this::clean);
                cleaned = uncleaned.isEmpty();
                look(begun, State.BEGUN, found);
            }
        }
        if (state != State.GONE) {
            return new Found(begun, state, removed, uncleaned);
        }
        return new Found(intent, look(intent, State.COMMITTED, null));
    }

    /** Before the file is removed, which alone leads to the directories of members from the root. */
    private void clean(Path directory) {
        try {
            removed.addAll(leftovers.removeFrom(directory));
            Path pointer = TransactionNames.POINTER.in(directory, id);
            Delegate.provider(pointer).deleteIfExists(pointer);
        } catch (IOException | RuntimeException e) {
            Registry.logger().log(Level.DEBUG, directory.toString(), e);
            uncleaned.add(directory);
        }
    }

    /**
     * Looks at a file, and does what is to be done for its transaction if that is dead.
     *
     * @param dead what it is if it is not locked
     * @param again what it was at the look before; null at the first one
     */
    private State look(Path file, State dead, BasicFileAttributes again) throws IOException {
        synchronized (LivenessLock.OPENING) {
            BasicFileAttributes found = delegate.attributesIfExists(file);
            if (found == null) {
                return State.GONE;
            }
            if (Registry.isClaimed(file, found.fileKey())) {
                return State.LIVE_HERE;
            }
            if (OtherUsers.haveMade(delegate, file) || !found.isRegularFile()) {
                return State.GONE;
            }
            try (FileChannel channel = LivenessLock.open(file)) {
                if (LivenessLock.tryLock(channel) == null) {
                    return State.LIVE;
                }
                BasicFileAttributes now = delegate.attributesIfExists(file);
                if (now == null || !Objects.equals(found.fileKey(), now.fileKey())) {
                    return State.GONE;
                }
                if (isForeign(file)) {
                    return State.FOREIGN; // what it says would be done with the rights of this process
                }
                if (acting != Acting.NOTHING && dead == State.COMMITTED) {
                    complete(file, channel);
                } else if (again != null && Objects.equals(again.fileKey(), now.fileKey())) {
                    directories = existing(Intent.directoriesOf(reader(channel)));
                    if (cleaned) {
                        closeBeforeRemoval(channel);
                        Delegate.provider(file).deleteIfExists(file);
                    }
                }
                return dead;
            } catch (NoSuchFileException e) {
                return State.GONE;
            } catch (AccessDeniedException | UnsupportedOperationException e) {
                if (isForeign(file)) {
                    return State.FOREIGN;
                }
                throw TransactionMessages.notRecovered(file, "it cannot be opened and locked: " + e);
            }
        }
    }

    private void closeBeforeRemoval(FileChannel channel) throws IOException {
        if (!delegate.removesOpenFiles()) {
            channel.close();
        }
    }

    private static BufferedReader reader(FileChannel channel) {
        return new BufferedReader(Channels.newReader(channel, StandardCharsets.US_ASCII));
    }

    private Path path(Intent.Directory directory) {
        return root.resolve(PathText.parse(root.getFileSystem(), directory.path()))
                .normalize();
    }

    private List<Path> existing(List<Intent.Directory> named) throws IOException {
        List<Path> result = new ArrayList<>();
        for (Intent.Directory directory : named) {
            try {
                Path path = path(directory);
                if (directory.key().equals(keyOf(path))) {
                    result.add(path);
                }
            } catch (IllegalArgumentException torn) {
                // by a power cut
            }
        }
        return result;
    }

    /** Does what is left to do for a committed transaction, whose intent is open and locked. */
    private void complete(Path file, FileChannel channel) throws IOException {
        Intent intent;
        try {
            intent = Intent.parse(reader(channel));
        } catch (Intent.NotUnderstood e) {
            throw TransactionMessages.notRecovered(file, TransactionMessages.otherVersion(e.getMessage()));
        }
        if (!intent.rootKey().equals(keyOf(root))) {
            throw TransactionMessages.notRecovered(file, "it was copied or moved here from another directory");
        }
        List<Path> directories = new ArrayList<>();
        Path missing = null;
        for (Intent.Directory directory : intent.directories()) {
            Path path = path(directory);
            boolean isThere = directory.key().equals(keyOf(path));
            missing = isThere ? missing : path;
            directories.add(isThere ? path : null);
        }
        Redo redo = new Redo(file, directories, intent.forced(), true);
        try (Forces forces = new Forces(1)) {
            redo.run(intent.steps(), forces);
            closeBeforeRemoval(channel);
            redo.removeIntent();
        } catch (IOException e) {
            FileSystemException refused = TransactionMessages.notRecovered(
                    file, missing == null ? e.toString() : TransactionMessages.directoryMissing(missing));
            refused.initCause(e);
            throw refused;
        }
        redo.cleanUp(intent.steps());
    }
}
