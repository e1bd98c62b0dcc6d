package org.atomicfs.commit;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The transactions that have to do with a directory: tells whether they live, completes those that died committed, and
 * discards those that died before. A transaction has a lock on its file in its root for as long as it lives; who
 * completes one has the lock meanwhile. Nothing is done for a transaction of another user, or of another version.
 */
final class Intents {
    /** What is known of a transaction. */
    enum State {
        LIVE,
        /** Its process died before it was committed. */
        BEGUN,
        /** Its process died after it was committed. */
        COMMITTED,
        GONE
    }

    /**
     * What was found, and done.
     *
     * @param file in the root
     * @param state before anything was done
     */
    record Found(Path file, State state) {}

    /** A pointer gets its name as soon as it is written. */
    private static final Duration LONGEST_LIFE_OF_A_NEW_POINTER = Duration.ofMinutes(1);

    private final Delegate delegate;
    private final Path directory;
    private final boolean acts;

    private Intents(Path directory, boolean acts) {
        delegate = Delegate.of(directory);
        this.directory = directory;
        this.acts = acts;
    }

    /** The transactions that have to do with a directory; nothing is done. */
    static List<Found> list(Path directory) throws IOException {
        return new Intents(directory.toRealPath(), false).all();
    }

    /**
     * Completes or discards those that are dead.
     *
     * @return what was found
     * @throws IOException if a dead one cannot be completed or discarded
     */
    static List<Found> settle(Path directory) throws IOException {
        return new Intents(directory.toRealPath(), true).all();
    }

    /** As {@link #settle}; whether any lives. */
    static boolean isAnyLive(Path directory) throws IOException {
        return settle(directory).stream().anyMatch(found -> found.state == State.LIVE);
    }

    private List<Found> all() throws IOException {
        Map<String, Path> pointers = new LinkedHashMap<>(); // by identifier; null for a transaction of this root
        try (DirectoryStream<Path> entries =
                Delegate.provider(directory).newDirectoryStream(directory, entry -> true)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                TransactionNames kind = TransactionNames.of(name);
                if (kind == TransactionNames.NEW_POINTER) {
                    removeOld(entry);
                } else if (kind == TransactionNames.POINTER) {
                    pointers.putIfAbsent(TransactionNames.id(name), entry);
                } else if (kind != null) {
                    pointers.put(TransactionNames.id(name), null);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        List<Found> result = new ArrayList<>();
        for (Map.Entry<String, Path> entry : pointers.entrySet()) {
            Found found = entry.getValue() == null
                    ? settle(directory, entry.getKey())
                    : settleByPointer(entry.getValue(), entry.getKey());
            if (found.state != State.GONE) {
                result.add(found);
            }
        }
        return result;
    }

    private void removeOld(Path newPointer) throws IOException {
        BasicFileAttributes found = delegate.attributesIfExists(newPointer);
        Instant limit = Instant.now().minus(LONGEST_LIFE_OF_A_NEW_POINTER);
        if (acts
                && found != null
                && found.lastModifiedTime().toInstant().isBefore(limit)
                && !OtherUsers.haveMade(delegate, newPointer)) {
            Delegate.provider(newPointer).deleteIfExists(newPointer);
        }
    }

    private Found settleByPointer(Path pointer, String id) throws IOException {
        IntentPointer leads;
        try {
            if (OtherUsers.haveMade(delegate, pointer)) {
                return new Found(pointer, State.GONE); // what others put into a shared directory is of no account
            }
            requireOwn(pointer);
            leads = IntentPointer.read(pointer);
        } catch (NoSuchFileException e) {
            return new Found(pointer, State.GONE);
        } catch (Intent.NotUnderstood e) {
            throw TransactionMessages.notRecovered(pointer, TransactionMessages.otherVersion(e.getMessage()));
        }
        if (leads != null && !leads.rootKey().equals(keyOf(leads.root()))) {
            throw TransactionMessages.notRecovered(pointer, TransactionMessages.rootMissing(leads.root()));
        }
        Found found = leads == null ? new Found(pointer, State.GONE) : settle(leads.root(), id);
        if (acts && found.state != State.LIVE) {
            Delegate.provider(pointer).deleteIfExists(pointer);
        }
        return found;
    }

    private String keyOf(Path place) throws IOException {
        return Fingerprint.key(delegate.attributesIfExists(place));
    }

    /** The sign of life first: it becomes the intent by one rename, and never the other way. */
    private Found settle(Path root, String id) throws IOException {
        Path begun = TransactionNames.BEGUN.in(root, id);
        Path intent = TransactionNames.INTENT.in(root, id);
        State state = look(begun, State.BEGUN, null);
        if (state == State.BEGUN) {
            LivenessLock.waitForSecondLook(); // it may have been created just now, and not be locked yet
            BasicFileAttributes found = delegate.attributesIfExists(begun);
            state = look(begun, State.BEGUN, found);
        }
        if (state != State.GONE) {
            return new Found(begun, state);
        }
        return new Found(intent, look(intent, State.COMMITTED, null));
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
                return State.LIVE;
            }
            if (OtherUsers.haveMade(delegate, file) || !found.isRegularFile()) {
                return State.GONE;
            }
            requireOwn(file);
            try (FileChannel channel = Delegate.provider(file)
                    .newFileChannel(
                            file,
                            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
                if (LivenessLock.tryLock(channel) == null) {
                    return State.LIVE;
                }
                BasicFileAttributes now = delegate.attributesIfExists(file);
                if (now == null || !Objects.equals(found.fileKey(), now.fileKey())) {
                    return State.GONE;
                }
                if (acts && dead == State.COMMITTED) {
                    complete(file, channel);
                } else if (acts && again != null && Objects.equals(again.fileKey(), now.fileKey())) {
                    Delegate.provider(file).deleteIfExists(file);
                }
                return dead;
            } catch (NoSuchFileException e) {
                return State.GONE;
            } catch (AccessDeniedException | UnsupportedOperationException e) {
                throw TransactionMessages.notRecovered(file, "it cannot be opened and locked: " + e);
            }
        }
    }

    /** What an intent says is done with the rights of this process: so it has to be its own user's. */
    private void requireOwn(Path file) throws IOException {
        if (delegate.identity() == Identity.UNIX) {
            Object owner = FileState.read(delegate, file).owner();
            if (!owner.equals(OtherUsers.thisUser())) {
                throw TransactionMessages.notRecovered(file, TransactionMessages.otherUser(owner));
            }
        }
    }

    /** Does what is left to do for a committed transaction, whose intent is open and locked. */
    private void complete(Path file, FileChannel channel) throws IOException {
        Intent intent;
        Path root = file.getParent();
        try {
            intent = Intent.parse(new BufferedReader(Channels.newReader(channel, StandardCharsets.US_ASCII)));
        } catch (Intent.NotUnderstood e) {
            throw TransactionMessages.notRecovered(file, TransactionMessages.otherVersion(e.getMessage()));
        }
        if (!intent.rootKey().equals(keyOf(root))) {
            throw TransactionMessages.notRecovered(file, "it was copied or moved here from another directory");
        }
        List<Path> directories = new ArrayList<>();
        Path missing = null;
        for (Intent.Directory directory : intent.directories()) {
            Path path = root.resolve(PathText.parse(root.getFileSystem(), directory.path()))
                    .normalize();
            boolean isThere = directory.key().equals(keyOf(path));
            missing = isThere ? missing : path;
            directories.add(isThere ? path : null);
        }
        Redo redo = new Redo(file, directories, intent.forced(), true);
        try (Forces forces = new Forces(1)) {
            redo.run(intent.steps(), forces);
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
