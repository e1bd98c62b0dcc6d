package org.atomicfs.commit;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The writes of this JVM that have not ended, and the names and files of their temporaries: the operating system's
 * locks do not exclude two writers of one process.
 *
 * <p>All methods that remove an entry do so without allocating, and do nothing if it is not there: so a write can be
 * undone while memory is exhausted, and when it is not known how far it came.
 */
public final class Registry {
    /** How many names of temporaries that are gone are remembered, for listings that began before that. */
    private static final int REMEMBERED = 1024;

    private static final Object LOCK = new Object();
    private static final Set<PendingWrite> OPEN = new LinkedHashSet<>(); // in the order in which they were opened
    private static final Map<Path, Set<PendingWrite>> BY_PATH = new HashMap<>(); // as requested, and the destination
    private static final Set<Path> RESERVED = new HashSet<>(); // absolute names of temporaries
    private static final Map<Object, Integer> CLAIMED = new HashMap<>(); // files of temporaries
    private static final Map<String, Integer> LAST_NAMES = new HashMap<>(); // of those that are reserved, counted
    private static final Map<String, Long> GONE = new LinkedHashMap<>(); // when they were freed, oldest first

    private static volatile long reservations; // how many names were reserved so far
    private static volatile long freed; // how many names were freed so far: the clock of GONE
    private static volatile long forgotten; // the time up to which names are not remembered any more
    static volatile boolean reserving; // whether RESERVED is not empty

    private Registry() {}

    static Logger logger() {
        return System.getLogger("org.atomicfs");
    }

    /** The path by which a write is found, however the caller spells it. */
    public static Path normal(Path plain) {
        return plain.toAbsolutePath().normalize();
    }

    /**
     * Adds a write.
     *
     * @param requested its {@link #normal} path as requested
     * @param destination its {@link #normal} destination, perhaps the same
     */
    static void add(PendingWrite write, Path requested, Path destination) {
        synchronized (LOCK) {
            OPEN.add(write);
            add(write, requested);
            if (!destination.equals(requested)) {
                add(write, destination);
            }
        }
    }

    private static void add(PendingWrite write, Path path) {
        Set<PendingWrite> writes = BY_PATH.get(path);
        if (writes == null) {
            writes = new LinkedHashSet<>(2);
            BY_PATH.put(path, writes);
        }
        writes.add(write);
    }

    /** Removes a write; the paths are those that it was added with. */
    static void remove(PendingWrite write, Path requested, Path destination) {
        synchronized (LOCK) {
            OPEN.remove(write);
            remove(write, requested);
            remove(write, destination);
        }
    }

    private static void remove(PendingWrite write, Path path) {
        Set<PendingWrite> writes = BY_PATH.get(path);
        if (writes != null) {
            writes.remove(write);
            if (writes.isEmpty()) {
                BY_PATH.remove(path);
            }
        }
    }

    /** The writes in flight at this moment, in the order in which they were opened. */
    public static List<PendingWrite> list() {
        synchronized (LOCK) {
            return List.copyOf(OPEN);
        }
    }

    /**
     * The writes of one file, by the path as requested or by its destination, in the order in which they were opened.
     */
    public static List<PendingWrite> list(Path plain) {
        Path normal = normal(plain);
        synchronized (LOCK) {
            Set<PendingWrite> writes = BY_PATH.get(normal);
            return writes == null ? List.of() : List.copyOf(writes);
        }
    }

    /** Aborts the writes of one owner. One that cannot be cleaned up is logged, and does not stop the others. */
    public static void abortAll(Object owner, String reason) {
        for (PendingWrite write : list()) {
            if (write.owner() == owner) {
                abort(write, reason);
            }
        }
    }

    static void abort(PendingWrite write, String reason) {
        try {
            write.abort(new IOException(reason));
        } catch (IOException | RuntimeException e) {
            logger().log(Level.WARNING, Messages.notDiscarded(write.requested()), e);
        }
    }

    /** Whether a path is the destination of an open write: then it cannot be a temporary. */
    static boolean isDestination(Path path) {
        Path absolute = path.toAbsolutePath();
        for (PendingWrite write : list(path)) {
            if (write.destination().toAbsolutePath().equals(absolute)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Reserves the name of a temporary for one writer of this JVM.
     *
     * @param temporary absolute
     * @param lastName the last name of it
     * @return false when another writer has it
     */
    static boolean reserve(Path temporary, String lastName) {
        synchronized (LOCK) {
            if (RESERVED.contains(temporary)) {
                return false;
            }
            try {
                count(LAST_NAMES, lastName);
                RESERVED.add(temporary);
            } catch (Throwable outOfMemory) {
                free(temporary, lastName);
                throw outOfMemory;
            }
            reserving = true;
            reservations++;
            return true;
        }
    }

    /** Gives the name of a temporary up again, once its file is gone. */
    static void free(Path temporary, String lastName) {
        synchronized (LOCK) {
            if (RESERVED.remove(temporary)) {
                uncount(LAST_NAMES, lastName);
                freed++; // before the next: stateOf looks at them in the other order, without the lock
                reserving = !RESERVED.isEmpty();
                try {
                    GONE.remove(lastName); // to be the newest
                    GONE.put(lastName, freed);
                    if (GONE.size() > REMEMBERED) {
                        var oldest = GONE.entrySet().iterator();
                        forgotten = oldest.next().getValue();
                        oldest.remove();
                    }
                } catch (OutOfMemoryError notRemembered) {
                    forgotten = freed;
                }
            }
        }
    }

    private static <K> void count(Map<K, Integer> counts, K key) {
        Integer count = counts.get(key);
        counts.put(key, count == null ? 1 : count + 1);
    }

    private static <K> void uncount(Map<K, Integer> counts, K key) {
        Integer count = counts.get(key);
        if (count != null && count > 1) {
            counts.replace(key, count - 1);
        } else {
            counts.remove(key);
        }
    }

    /** Whether a path is the temporary of an open write: then it cannot be a destination. */
    static boolean isReserved(Path path) {
        if (!reserving) {
            return false;
        }
        Path absolute = path.toAbsolutePath();
        synchronized (LOCK) {
            return RESERVED.contains(absolute);
        }
    }

    /**
     * Stands for one file, however it is named; null for a null key (a file system without). Not a record: the JDK
     * keeps the class of the record that was compared last (ObjectMethods), and its class loader with it.
     */
    static Object file(Path name, Object fileKey) {
        return fileKey == null ? null : List.of(name.getFileSystem(), fileKey);
    }

    /** Notes that a writer of this JVM has a {@link #file}. */
    static void claim(Object file) {
        if (file != null) {
            synchronized (LOCK) {
                count(CLAIMED, file);
            }
        }
    }

    /** Takes {@link #claim} back. */
    static void unclaim(Object file) {
        if (file != null) {
            synchronized (LOCK) {
                uncount(CLAIMED, file);
            }
        }
    }

    /** Whether a file is the temporary of a writer of this JVM, which must not be opened: closing drops its lock. */
    static boolean isClaimed(Path name, Object fileKey) {
        Object file = file(name, fileKey);
        synchronized (LOCK) {
            return file != null && CLAIMED.containsKey(file);
        }
    }

    /** What a listing has to know of a name. */
    enum Name {
        /** No temporary of this JVM has had it since the listing began. */
        UNKNOWN,
        /** A temporary of this JVM, perhaps in another directory, has it. */
        IN_USE,
        /** A temporary of this JVM, perhaps in another directory, may have had it since the listing began. */
        GONE
    }

    /** The time of {@link #stateOf}. */
    static long now() {
        return freed;
    }

    static long reservations() {
        return reservations;
    }

    /** The last names of all temporaries of this JVM, if they are few, 16 at most; otherwise null. */
    static String[] fewNames() {
        synchronized (LOCK) {
            return LAST_NAMES.size() > 16 ? null : LAST_NAMES.keySet().toArray(new String[0]);
        }
    }

    /** Whether there has been no temporary of this JVM at all since then. */
    static boolean isQuietSince(long time) {
        return !reserving && freed == time;
    }

    static Name stateOf(String lastName, long since) {
        synchronized (LOCK) {
            if (LAST_NAMES.containsKey(lastName)) {
                return Name.IN_USE;
            }
            Long gone = GONE.get(lastName);
            return gone != null && gone > since || forgotten > since ? Name.GONE : Name.UNKNOWN;
        }
    }

    /** For tests: all that is held for writes, in words; empty when nothing is. */
    static List<String> held() {
        List<String> held = new ArrayList<>();
        synchronized (LOCK) {
            OPEN.forEach(write -> held.add("open " + write.requested()));
            BY_PATH.keySet().forEach(path -> held.add("path " + path));
            RESERVED.forEach(path -> held.add("reserved " + path));
            CLAIMED.keySet().forEach(file -> held.add("claimed " + file));
            LAST_NAMES.keySet().forEach(name -> held.add("name " + name));
        }
        return held;
    }
}
