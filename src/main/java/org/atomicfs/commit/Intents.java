package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.atomicfs.commit.IntentFile.Acting;
import org.atomicfs.commit.IntentFile.Found;
import org.atomicfs.commit.IntentFile.State;
import org.atomicfs.events.Recoveries;

/**
 * The transactions that have to do with a directory: those whose root it is, and those that have members in it, which
 * pointers lead to. Tells whether they live, and has dead ones completed or discarded.
 */
final class Intents {
    private final Delegate delegate;
    private final Path directory;
    private final Acting acting;
    private final Leftovers leftovers; // null unless transactions are discarded

    private Intents(Path directory, Acting acting, Leftovers leftovers) {
        delegate = Delegate.of(directory);
        this.directory = directory;
        this.acting = acting;
        this.leftovers = leftovers;
    }

    /** The transactions that have to do with a directory; nothing is done. */
    static List<Found> list(Path directory) throws IOException {
        return in(directory, Acting.NOTHING, null);
    }

    /**
     * Completes or discards those that are dead.
     *
     * @param leftovers removes what a discarded one left in the directories that it names
     * @return what was found
     * @throws IOException if a dead one cannot be completed or discarded
     */
    static List<Found> settle(Path directory, Leftovers leftovers) throws IOException {
        List<Found> settled = in(directory, Acting.SETTLES, leftovers);
        for (Found found : settled) {
            if (found.state() == State.COMMITTED || found.state() == State.BEGUN) {
                Recoveries.note(found.file());
            }
        }
        return settled;
    }

    /** As {@link #settle}, but discards none. */
    static List<Found> complete(Path directory) throws IOException {
        List<Found> completed = in(directory, Acting.COMPLETES, null);
        for (Found found : completed) {
            if (found.state() == State.COMMITTED) {
                Recoveries.note(found.file());
            }
        }
        return completed;
    }

    /** In a store of objects there are none: it has no keys and locks for a transaction. */
    private static List<Found> in(Path directory, Acting acting, Leftovers leftovers) throws IOException {
        return StoredObject.is(directory) ? List.of() : new Intents(directory.toRealPath(), acting, leftovers).all();
    }

    /**
     * Another process's transaction, of which a temporary may be a member whose lock is free; null if there is none.
     * Those of this JVM are of no account: a member of theirs is known to {@link Registry}.
     *
     * @throws IOException if it may be a member of another user's transaction
     */
    static Found findLive(List<Found> settled, Path temporary) throws IOException {
        Found foreign = findForeign(settled, temporary);
        if (foreign != null) {
            throw TransactionMessages.notRecovered(
                    foreign.file(), TransactionMessages.otherUser(IntentFile.owner(foreign.file())));
        }
        for (Found found : settled) {
            if (found.state() == State.LIVE) {
                return found;
            }
        }
        return null;
    }

    /** Another user's transaction, of which a temporary may be a member; null if there is none. */
    static Found findForeign(List<Found> all, Path temporary) throws IOException {
        for (Found found : all) {
            Object owner = found.state() == State.FOREIGN ? IntentFile.owner(found.file()) : null;
            if (owner != null && owner.equals(IntentFile.owner(temporary))) {
                return found;
            }
        }
        return null;
    }

    private List<Found> all() throws IOException {
        List<Path> incomplete = new ArrayList<>();
        Map<String, Path> pointers = new LinkedHashMap<>(); // by identifier; null for a transaction of this root
        try (DirectoryStream<Path> entries =
                Delegate.provider(directory).newDirectoryStream(directory, entry -> true)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                TransactionNames kind = TransactionNames.of(name);
                if (kind == TransactionNames.NEW_POINTER) {
                    incomplete.add(entry);
                } else if (kind == TransactionNames.POINTER) {
                    pointers.putIfAbsent(TransactionNames.id(name), entry);
                } else if (kind != null) {
                    pointers.put(TransactionNames.id(name), null);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        if (acting != Acting.NOTHING) {
            removeIncomplete(incomplete);
        }
        List<Found> result = new ArrayList<>();
        for (Map.Entry<String, Path> entry : pointers.entrySet()) {
            Found found = entry.getValue() == null
                    ? new IntentFile(directory, entry.getKey(), acting, leftovers).settle()
                    : settleByPointer(entry.getValue(), entry.getKey());
            if (found.state() != State.GONE) {
                result.add(found);
            }
        }
        return result;
    }

    /**
     * Removes a pointer that was never completed, if it is still there at the second look. One that is still empty may
     * be among them although its writer lives, but is very slow: it writes the pointer again.
     */
    private void removeIncomplete(List<Path> newPointers) throws IOException {
        Map<Path, Object> keys = new LinkedHashMap<>();
        for (Path pointer : newPointers) {
            BasicFileAttributes found = delegate.attributesIfExists(pointer);
            if (found != null && !OtherUsers.haveMade(delegate, pointer)) {
                keys.put(pointer, found.fileKey());
            }
        }
        if (keys.isEmpty()) {
            return;
        }
        LivenessLock.waitForSecondLook();
        for (Map.Entry<Path, Object> suspect : keys.entrySet()) {
            BasicFileAttributes now = delegate.attributesIfExists(suspect.getKey());
            boolean isSame = now != null && Objects.equals(now.fileKey(), suspect.getValue());
            if (isSame && !leadsToLive(suspect.getKey())) {
                Delegate.provider(suspect.getKey()).deleteIfExists(suspect.getKey());
            }
        }
    }

    /** Whether a pointer that has not got its name yet is complete, and its transaction lives. */
    private static boolean leadsToLive(Path newPointer) throws IOException {
        String id = TransactionNames.id(newPointer.getFileName().toString());
        try {
            IntentPointer leads = IntentPointer.read(newPointer);
            return leads != null
                    && new IntentFile(leads.root(), id, Acting.NOTHING, null)
                            .settle()
                            .state()
                            .isLive();
        } catch (NoSuchFileException | AccessDeniedException | Intent.NotUnderstood e) {
            return false;
        }
    }

    /** Whether no pointer is needed any more. */
    private boolean isDone(Found found) {
        return switch (found.state()) {
            case LIVE, LIVE_HERE, FOREIGN -> false;
            case BEGUN -> acting == Acting.SETTLES && found.uncleaned().isEmpty();
            case COMMITTED, GONE -> acting != Acting.NOTHING;
        };
    }

    private Found settleByPointer(Path pointer, String id) throws IOException {
        IntentPointer leads;
        try {
            if (OtherUsers.haveMade(delegate, pointer)) {
                return new Found(pointer, State.GONE); // what others put into a shared directory is of no account
            }
            leads = IntentPointer.read(pointer);
        } catch (AccessDeniedException e) {
            return new Found(pointer, State.FOREIGN);
        } catch (NoSuchFileException e) {
            return new Found(pointer, State.GONE);
        } catch (Intent.NotUnderstood e) {
            throw TransactionMessages.notRecovered(pointer, TransactionMessages.otherVersion(e.getMessage()));
        }
        if (leads != null && !leads.rootKey().equals(IntentFile.keyOf(leads.root()))) {
            throw TransactionMessages.notRecovered(pointer, TransactionMessages.rootMissing(leads.root()));
        }
        Found found = leads == null
                ? new Found(pointer, State.GONE)
                : new IntentFile(leads.root(), id, acting, leftovers).settle();
        if (isDone(found)) {
            Delegate.provider(pointer).deleteIfExists(pointer);
        }
        return found;
    }
}
