package org.atomicfs.commit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.atomicfs.events.Recoveries;

/**
 * What writers left that died: looks for it, proves that it is abandoned, and removes it. A temporary has a hidden name
 * that only atomicfs gives, and a lock that its writer has for as long as it lives ({@link LivenessLock}): so a lock
 * that is free at two looks proves that the writer is dead. The lock is held while the names are removed; a writer that
 * has just created the file, and has not locked it yet, notices that, and begins again.
 */
public final class Abandoned {
    /** What is known of the writer of a temporary. */
    public enum State {
        /** It writes, in this process or another one. */
        LIVE,
        /** It is dead, and all that it left may be removed, or was. */
        DEAD,
        /** It is dead, and what it left is the intent of a committed transaction: not to be removed, but completed. */
        COMMITTED,
        /** It cannot be known: the file system has no locks, the file cannot be opened, or it may be another user's. */
        UNKNOWN,
        /** The file is not there any more. */
        GONE
    }

    /**
     * A temporary that was found in a directory.
     *
     * @param path that of the {@code FIXED} temporary if it is there, else the hidden name
     * @param state of its writer
     */
    public record Temporary(Path path, State state) {}

    /** A symbolic link has no lock. Between making one and renaming it there are microseconds. */
    private static final Duration LONGEST_LIFE_OF_A_LINK = Duration.ofMinutes(1);

    /** Whether a look is all, or what is abandoned is removed. */
    private enum Purpose {
        LOOK,
        REMOVE
    }

    private final Delegate delegate;
    private boolean discards = true; // transactions that died before their commit

    private Abandoned(Delegate delegate) {
        this.delegate = delegate;
    }

    /** The temporaries in a directory, not below it. */
    public static List<Temporary> list(Path directory) throws IOException {
        return new Abandoned(Delegate.of(directory)).all(directory, Purpose.LOOK);
    }

    /** Removes what dead writers left in a directory, not below it; returns all temporaries that were found. */
    public static List<Temporary> removeAll(Path directory) throws IOException {
        return new Abandoned(Delegate.of(directory)).all(directory, Purpose.REMOVE);
    }

    /**
     * As {@link #removeAll}, for a transaction that died before its commit: its file, and those of others, stay.
     *
     * @return what was removed
     */
    static List<Path> removeBeforeIntent(Path directory) throws IOException {
        Abandoned abandoned = new Abandoned(Delegate.of(directory));
        abandoned.discards = false;
        List<Path> removed = new ArrayList<>();
        for (Temporary temporary : abandoned.all(directory, Purpose.REMOVE)) {
            if (temporary.state() == State.DEAD) {
                removed.add(temporary.path());
            }
        }
        return removed;
    }

    private List<IntentFile.Found> intents(Path directory, Purpose purpose) throws IOException {
        if (purpose == Purpose.LOOK) {
            return Intents.list(directory);
        }
        return discards ? Intents.settle(directory, Abandoned::removeBeforeIntent) : Intents.complete(directory);
    }

    /**
     * Removes what a dead writer left.
     *
     * @param hidden the name that proves it
     * @param temporary a further name that the file may have; if it belongs to another file it is left alone
     * @throws BusyException if it may be a member of a live transaction of another process
     */
    static State remove(Path hidden, Path temporary) throws IOException {
        return new Abandoned(Delegate.of(hidden)).removeOne(hidden, temporary);
    }

    private State removeOne(Path hidden, Path temporary) throws IOException {
        BasicFileAttributes found = delegate.attributesIfExists(hidden);
        State state = settle(hidden, found, List.of(temporary), Purpose.LOOK);
        if (state != State.DEAD) {
            return state;
        }
        List<IntentFile.Found> intents =
                Intents.settle(hidden.toAbsolutePath().getParent(), Abandoned::removeBeforeIntent); // after the look
        IntentFile.Found live = Intents.findLive(intents, hidden);
        if (live != null) {
            throw new BusyException(temporary.toString(), TransactionMessages.perhapsMember(temporary, live.file()));
        }
        LivenessLock.waitForSecondLook();
        return noted(temporary, settle(hidden, found, List.of(temporary), Purpose.REMOVE));
    }

    private static State noted(Path removed, State state) {
        if (state == State.DEAD) {
            Recoveries.note(removed);
        }
        return state;
    }

    private List<Temporary> all(Path directory, Purpose purpose) throws IOException {
        if (delegate.isStore()) {
            return List.of(); // there are none in a store
        }
        List<Path> hidden = new ArrayList<>();
        List<Path> others = new ArrayList<>(); // that may be a FIXED temporary's name
        try (DirectoryStream<Path> entries =
                Delegate.provider(directory).newDirectoryStream(directory, entry -> true)) {
            for (Path entry : entries) {
                if (TemporaryNames.isHidden(entry)) {
                    hidden.add(entry);
                } else if (TemporaryNames.isPossible(entry.toString())) {
                    others.add(entry);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Map<Path, BasicFileAttributes> suspects = new LinkedHashMap<>();
        List<Temporary> result = new ArrayList<>();
        for (Path name : hidden) {
            BasicFileAttributes found = delegate.attributesIfExists(name);
            State state = settle(name, found, others, Purpose.LOOK);
            if (state == State.DEAD) {
                suspects.put(name, found);
            } else if (state != State.GONE) {
                result.add(new Temporary(shownAs(name, found, others), state));
            }
        }
        Set<Path> foreign = new HashSet<>(); // perhaps members of other users' transactions
        boolean live = false; // whether the suspects may be members of a live transaction
        if (!suspects.isEmpty()) {
            List<IntentFile.Found> intents = intents(directory, purpose);
            for (Path suspect : suspects.keySet()) {
                if (purpose == Purpose.LOOK && Intents.findForeign(intents, suspect) != null) {
                    foreign.add(suspect);
                } else {
                    live |= Intents.findLive(intents, suspect) != null;
                }
            }
            LivenessLock.waitForSecondLook();
        }
        for (Map.Entry<Path, BasicFileAttributes> suspect : suspects.entrySet()) {
            Path name = suspect.getKey();
            Path shown = shownAs(name, suspect.getValue(), others);
            State state = live ? State.LIVE : settle(name, suspect.getValue(), others, purpose);
            state = foreign.contains(name) ? State.UNKNOWN : state;
            if (purpose == Purpose.REMOVE) {
                noted(shown, state);
            }
            if (state != State.GONE) {
                result.add(new Temporary(shown, state));
            }
        }
        return result;
    }

    private Path shownAs(Path hidden, BasicFileAttributes found, List<Path> others) throws IOException {
        List<Path> more = furtherNames(hidden, found, others);
        return more.isEmpty() ? hidden : more.get(0);
    }

    /** Those names of an anchor's file that its writer gave to it. */
    private List<Path> furtherNames(Path hidden, BasicFileAttributes found, List<Path> others) throws IOException {
        List<Path> names = new ArrayList<>(1);
        for (Path other : others) {
            if (TemporaryNames.isAnchorOf(hidden, other) && isSame(found, delegate.attributesIfExists(other))) {
                names.add(other);
            }
        }
        return names;
    }

    /** One look at a file of which it is known what it was at the look before. */
    private State settle(Path hidden, BasicFileAttributes found, List<Path> others, Purpose purpose)
            throws IOException {
        if (found == null) {
            return State.GONE;
        }
        if (Registry.isClaimed(hidden, found.fileKey())) {
            return State.LIVE; // and not to be opened: closing it would drop the lock
        }
        try {
            if (OtherUsers.haveMade(delegate, hidden)) {
                return State.UNKNOWN; // and not to be opened, nor to be waited for
            }
        } catch (NoSuchFileException e) {
            return State.GONE;
        }
        if (found.isSymbolicLink() && !TemporaryNames.isAnchor(hidden)) {
            return settleLink(hidden, found, purpose);
        }
        if (!found.isRegularFile() || found.fileKey() == null) {
            return State.UNKNOWN;
        }
        try (FileChannel channel = LivenessLock.open(hidden)) {
            if (LivenessLock.tryLock(channel) == null) {
                return State.LIVE;
            }
            if (!isStill(found, delegate.attributesIfExists(hidden))) {
                return State.GONE;
            }
            if (OtherUsers.mayHaveLinked(delegate, hidden)) {
                return State.UNKNOWN;
            }
            List<Path> further = furtherNames(hidden, found, others);
            if (purpose == Purpose.LOOK) {
                return State.DEAD;
            }
            if (delegate.removesOpenFiles()) {
                delete(further, hidden);
                return State.DEAD;
            }
        } catch (NoSuchFileException e) {
            return State.GONE;
        } catch (AccessDeniedException | UnsupportedOperationException e) {
            return State.UNKNOWN;
        }
        delete(furtherNames(hidden, found, others), hidden);
        return State.DEAD;
    }

    /** Deletes further names before the one that proves whose they are. */
    private static void delete(List<Path> further, Path hidden) throws IOException {
        for (Path name : further) {
            Delegate.provider(name).deleteIfExists(name);
        }
        Delegate.provider(hidden).deleteIfExists(hidden);
    }

    private State settleLink(Path link, BasicFileAttributes found, Purpose purpose) throws IOException {
        Instant born = found.lastModifiedTime().toInstant();
        if (Duration.between(born, Instant.now()).compareTo(LONGEST_LIFE_OF_A_LINK) < 0) {
            return State.LIVE;
        }
        if (purpose == Purpose.REMOVE) {
            Delegate.provider(link).deleteIfExists(link);
        }
        return State.DEAD;
    }

    private static boolean isSame(BasicFileAttributes one, BasicFileAttributes other) {
        return other != null && Objects.equals(one.fileKey(), other.fileKey());
    }

    /**
     * Keys alone are not enough: kernels give the number of a removed file to the next one, at once. Of other file
     * systems it is not known whether looking changes the times.
     */
    private boolean isStill(BasicFileAttributes before, BasicFileAttributes now) {
        if (!delegate.isUnix()) {
            return isSame(before, now);
        }
        return isSame(before, now)
                && before.creationTime().equals(now.creationTime())
                && before.lastModifiedTime().equals(now.lastModifiedTime())
                && before.size() == now.size();
    }
}
