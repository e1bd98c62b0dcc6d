package org.atomicfs.commit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.spi.FileSystemProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Temporaries that are found in a directory. Each has a hidden name that only atomicfs gives, and a lock that its
 * writer has for as long as it lives: so a free lock proves that the writer is dead. The lock is held while the names
 * are removed; a writer that has just created the file, and has not locked it yet, notices that, and begins again.
 *
 * @param path the name to tell: that of the {@code FIXED} temporary if it is there, else the hidden one
 * @param state of its writer
 */
public record Leftover(Path path, State state) {
    /** What is known of the writer. */
    public enum State {
        /** It writes, in this process or another one. */
        LIVE,
        /** It is dead, and all that it left may be removed, or was. */
        DEAD,
        /** It cannot be known: the file system has no locks, or the file cannot be opened. */
        UNKNOWN,
        /** The file is not there any more. */
        GONE
    }

    /** A link has no lock. Between making one and renaming it there are microseconds. */
    private static final Duration LONGEST_LIFE_OF_A_LINK = Duration.ofMinutes(1);

    /** Whether it is only looked, or also removed. */
    private enum Purpose {
        LOOK,
        REMOVE
    }

    /** The temporaries in a directory, not below it. */
    public static List<Leftover> list(Path directory) throws IOException {
        return all(directory, Purpose.LOOK);
    }

    /** Removes the temporaries of dead writers in a directory, not below it; returns all that were found. */
    public static List<Leftover> removeAll(Path directory) throws IOException {
        return all(directory, Purpose.REMOVE);
    }

    private static List<Leftover> all(Path directory, Purpose purpose) throws IOException {
        List<Path> hidden = new ArrayList<>();
        List<Path> temporaries = new ArrayList<>();
        try (DirectoryStream<Path> entries = provider(directory).newDirectoryStream(directory, entry -> true)) {
            for (Path entry : entries) {
                if (TemporaryNames.isHidden(entry)) {
                    hidden.add(entry);
                } else if (TemporaryNames.isPossible(entry)) {
                    temporaries.add(entry);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Map<Path, BasicFileAttributes> suspects = new LinkedHashMap<>();
        List<Leftover> found = new ArrayList<>();
        for (Path name : hidden) {
            BasicFileAttributes attributes = Metadata.readIfExists(name);
            State state = settle(name, attributes, List.of(), Purpose.LOOK);
            if (state == State.DEAD) {
                suspects.put(name, attributes);
            } else if (state != State.GONE) {
                found.add(new Leftover(told(name, attributes, temporaries), state));
            }
        }
        if (!suspects.isEmpty()) {
            Locks.waitForMomentaryLoss();
        }
        for (Map.Entry<Path, BasicFileAttributes> suspect : suspects.entrySet()) {
            Path name = suspect.getKey();
            Path told = told(name, suspect.getValue(), temporaries);
            State state = settle(name, suspect.getValue(), temporaries, purpose);
            if (state != State.GONE) {
                found.add(new Leftover(told, state));
            }
        }
        return found;
    }

    private static Path told(Path hidden, BasicFileAttributes found, List<Path> temporaries) throws IOException {
        for (Path temporary : temporaries) {
            if (TemporaryNames.isAnchorOf(hidden, temporary) && isSame(found, temporary)) {
                return temporary;
            }
        }
        return hidden;
    }

    /**
     * Removes what a dead writer left.
     *
     * @param hidden the name that proves it
     * @param temporary a further name that the file may have; if it belongs to another file it is left alone
     */
    static State remove(Path hidden, Path temporary) throws IOException {
        BasicFileAttributes found = Metadata.readIfExists(hidden);
        State state = settle(hidden, found, List.of(), Purpose.LOOK);
        if (state != State.DEAD) {
            return state;
        }
        Locks.waitForMomentaryLoss();
        return settle(hidden, found, List.of(temporary), Purpose.REMOVE);
    }

    private static State settle(Path hidden, BasicFileAttributes found, List<Path> temporaries, Purpose purpose)
            throws IOException {
        if (found == null) {
            return State.GONE;
        }
        if (found.isSymbolicLink() && !TemporaryNames.isAnchor(hidden)) {
            return settleLink(hidden, found, purpose);
        }
        if (!found.isRegularFile() || found.fileKey() == null) {
            return State.UNKNOWN;
        }
        if (OpenWrites.isClaimed(hidden, found.fileKey())) {
            return State.LIVE; // and not to be opened: closing it would drop the lock
        }
        try (FileChannel channel =
                provider(hidden).newFileChannel(hidden, Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
            if (Locks.tryLock(channel) == null) {
                return State.LIVE;
            }
            if (!isSame(found, hidden)) {
                return State.GONE;
            }
            if (purpose == Purpose.REMOVE) {
                for (Path temporary : temporaries) { // before the name that proves whose they are
                    if (TemporaryNames.isAnchorOf(hidden, temporary) && isSame(found, temporary)) {
                        provider(temporary).deleteIfExists(temporary);
                    }
                }
                provider(hidden).deleteIfExists(hidden);
            }
            return State.DEAD;
        } catch (NoSuchFileException e) {
            return State.GONE;
        } catch (AccessDeniedException | UnsupportedOperationException e) {
            return State.UNKNOWN;
        }
    }

    private static State settleLink(Path link, BasicFileAttributes found, Purpose purpose) throws IOException {
        Instant born = found.lastModifiedTime().toInstant();
        if (Duration.between(born, Instant.now()).compareTo(LONGEST_LIFE_OF_A_LINK) < 0) {
            return State.LIVE;
        }
        if (purpose == Purpose.REMOVE) {
            provider(link).deleteIfExists(link);
        }
        return State.DEAD;
    }

    private static boolean isSame(BasicFileAttributes found, Path file) throws IOException {
        BasicFileAttributes other = Metadata.readIfExists(file);
        return other != null && Objects.equals(found.fileKey(), other.fileKey());
    }

    private static FileSystemProvider provider(Path path) {
        return path.getFileSystem().provider();
    }
}
