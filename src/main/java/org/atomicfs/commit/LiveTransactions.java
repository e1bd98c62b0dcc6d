package org.atomicfs.commit;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.IdentityHashMap;
import java.util.Map;

/** What is written by several steps in this JVM, and has not ended, so that the shutdown can end it. */
final class LiveTransactions {
    /** What there is to end. */
    @FunctionalInterface
    interface Live {
        /**
         * Rolls it back; waits for a commit under way, and does nothing after that.
         *
         * @return false if it has ended already
         */
        boolean abort(IOException reason) throws IOException;
    }

    private static final Map<Live, Boolean> ALL = new IdentityHashMap<>(); // whether it is a shutdown hook's

    private LiveTransactions() {}

    static void add(Live begun, boolean ofShutdownHook) {
        synchronized (ALL) {
            ALL.put(begun, ofShutdownHook);
        }
    }

    static void remove(Live ended) {
        synchronized (ALL) {
            ALL.remove(ended);
        }
    }

    /** Ends all but those of shutdown hooks. One that cannot be cleaned up is logged, and stops no other. */
    static void abortAll(String reason) {
        Map<Live, Boolean> all;
        synchronized (ALL) {
            all = new IdentityHashMap<>(ALL);
        }
        for (Live live : all.keySet()) {
            if (all.get(live)) {
                continue;
            }
            try {
                live.abort(new IOException(reason));
            } catch (IOException | RuntimeException | Error e) {
                Registry.logger().log(Level.WARNING, "a transaction could not be rolled back", e);
            }
        }
    }
}
