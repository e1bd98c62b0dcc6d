package org.atomicfs.commit;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * All writes of this JVM that have not ended, and their temporaries: locks of the operating system do not exclude two
 * writers of the same process. A shutdown hook aborts what is left.
 */
public final class OpenWrites {
    private static final AtomicLong SEQUENCE = new AtomicLong();
    private static final Map<Long, Transaction<?>> OPEN = new ConcurrentSkipListMap<>();
    private static final Map<Path, Integer> DESTINATIONS = new ConcurrentHashMap<>(); // how many writes each has
    private static final AtomicLong RESERVATIONS = new AtomicLong();
    private static final Set<Path> RESERVED = ConcurrentHashMap.newKeySet();
    private static final Map<Path, Set<Object>> CLAIMED = new ConcurrentHashMap<>(); // by their last name

    private OpenWrites() {}

    /** Registered while there are open writes, and no longer: it keeps the library's class loader alive. */
    private static final class Hook {
        private static final Thread NEVER_ADDED = new Thread();
        private static final Thread ABORTING = new Thread(
                () -> abort(write -> !write.beganDuringShutdown(), "the JVM is shutting down"), "atomicfs-shutdown");

        static void add() {
            try {
                Runtime.getRuntime().addShutdownHook(ABORTING);
            } catch (IllegalStateException shuttingDown) {
                // nothing that began before is left to be aborted
            }
        }

        static void remove() {
            try {
                Runtime.getRuntime().removeShutdownHook(ABORTING);
            } catch (IllegalStateException shuttingDown) {
                // it may be what ends the last write
            }
        }

        /** That can only be seen from a refusal. */
        static boolean isShuttingDown() {
            try {
                Runtime.getRuntime().removeShutdownHook(NEVER_ADDED);
                return false;
            } catch (IllegalStateException shuttingDown) {
                return true;
            }
        }
    }

    /**
     * Whether the JVM is shutting down. What begins to be written then is not aborted: it is the work of a shutdown
     * hook of the program, whose end the JVM waits for.
     */
    static boolean isShuttingDown() {
        return Hook.isShuttingDown();
    }

    static long nextNumber() {
        return SEQUENCE.incrementAndGet();
    }

    static void add(long number, Transaction<?> write) {
        DESTINATIONS.merge(write.destination().toAbsolutePath(), 1, Integer::sum);
        synchronized (OPEN) {
            if (OPEN.isEmpty()) {
                Hook.add();
            }
            OPEN.put(number, write);
        }
    }

    static void remove(long number) {
        Transaction<?> ended;
        synchronized (OPEN) {
            ended = OPEN.remove(number);
            if (ended != null && OPEN.isEmpty()) {
                Hook.remove();
            }
        }
        if (ended != null) {
            DESTINATIONS.computeIfPresent(
                    ended.destination().toAbsolutePath(), (path, writes) -> writes == 1 ? null : writes - 1);
        }
    }

    /** Whether a path is the destination of an open write: then it cannot be a temporary. */
    static boolean isDestination(Path path) {
        return DESTINATIONS.containsKey(path.toAbsolutePath());
    }

    /** Whether a path is the temporary of an open write: then it cannot be a destination. */
    static boolean isReserved(Path path) {
        return RESERVED.contains(path.toAbsolutePath());
    }

    /** The writes in flight at this moment, in the order in which they were opened. */
    public static List<Transaction<?>> list() {
        return List.copyOf(OPEN.values());
    }

    /**
     * Aborts the chosen writes. One that cannot be cleaned up is logged and does not stop the others.
     *
     * @param reason what the writers are told on closing
     */
    public static void abort(Predicate<Transaction<?>> chosen, String reason) {
        for (Transaction<?> write : list()) {
            if (chosen.test(write)) {
                try {
                    write.abort(new IOException(reason));
                } catch (IOException e) {
                    logger().log(Level.WARNING, "could not discard the write of " + write.requested(), e);
                }
            }
        }
    }

    static Logger logger() {
        return System.getLogger("org.atomicfs");
    }

    /** A thread of its own, started at the first write. */
    private static final class Dropped {
        static final Cleaner CLEANER = Cleaner.create();
    }

    /**
     * Does something once an object is unreachable, or at once when that is asked for; not twice.
     *
     * @param action must not lead to the object
     */
    static Cleaner.Cleanable onceUnreachable(Object writer, Runnable action) {
        return Dropped.CLEANER.register(writer, action);
    }

    /** Reserves the name of a temporary for one writer of this JVM; false when another one has it. */
    static boolean reserve(Path temporary) {
        RESERVATIONS.incrementAndGet();
        return RESERVED.add(temporary.toAbsolutePath());
    }

    static void free(Path temporary) {
        RESERVED.remove(temporary.toAbsolutePath());
    }

    /**
     * Stands for one file, however it is named. Not a record: the JDK keeps the class of the record that was compared
     * last (ObjectMethods), and its class loader with it.
     */
    private static Object file(Path name, Object fileKey) {
        return List.of(name.getFileSystem(), fileKey);
    }

    /** Notes which file a writer of this JVM has; null keys (file systems without) are passed over. */
    static void claimed(Path temporary, Object fileKey) {
        if (fileKey != null) {
            CLAIMED.compute(temporary.getFileName(), (name, files) -> {
                Set<Object> more = files == null ? ConcurrentHashMap.newKeySet() : files;
                more.add(file(temporary, fileKey));
                return more;
            });
        }
    }

    static void unclaimed(Path temporary, Object fileKey) {
        if (fileKey != null) {
            CLAIMED.computeIfPresent(temporary.getFileName(), (name, files) -> {
                files.remove(file(temporary, fileKey));
                return files.isEmpty() ? null : files;
            });
        }
    }

    static boolean isClaimed(Path temporary, Object fileKey) {
        Set<Object> files = fileKey == null ? null : CLAIMED.get(temporary.getFileName());
        return files != null && files.contains(file(temporary, fileKey));
    }

    private static boolean isTemporary(Path file) {
        if (RESERVED.contains(file.toAbsolutePath())) {
            return true;
        }
        try { // its path may lead to the same directory by another way
            return CLAIMED.containsKey(file.getFileName())
                    && isClaimed(file, Metadata.read(file).fileKey());
        } catch (IOException gone) {
            return false;
        }
    }

    /** Keeps the temporaries of this JVM out of one listing of a directory. Costs nothing while nothing is written. */
    public static final class Listing {
        private final long reservations = RESERVATIONS.get();
        private final boolean begunBefore = !RESERVED.isEmpty();

        /**
         * Whether an entry is to be listed. One that is gone, because its write ended after the directory was read, is
         * not: no file that could have been there is missing by that.
         */
        public boolean shows(Path entry) {
            if (!begunBefore && RESERVATIONS.get() == reservations || !TemporaryNames.isPossible(entry)) {
                return true;
            }
            try {
                return !isTemporary(entry) && Metadata.readIfExists(entry) != null && !isTemporary(entry);
            } catch (IOException unknown) {
                return true;
            }
        }
    }
}
