package org.atomicfs.commit;

import java.util.ArrayDeque;
import java.util.Deque;
import org.atomicfs.AtomicEvent.Outcome;
import org.atomicfs.events.Observation;

/**
 * Members that were published or discarded, and are still to be told: they end while the transaction is locked. Safe
 * for use by several threads.
 */
final class EndedMembers {
    private record Ended(Observation observation, boolean published, Throwable reason) {}

    private final Deque<Ended> waiting = new ArrayDeque<>();

    /**
     * Adds one.
     *
     * @param observation null if nobody is to be told of it
     * @param reason what went wrong; may be null
     */
    synchronized void add(Observation observation, boolean published, Throwable reason) {
        if (observation != null) {
            waiting.add(new Ended(observation, published, reason));
        }
    }

    private synchronized Ended next() {
        return waiting.poll();
    }

    /** Tells of those that were added. */
    void tell() {
        for (Ended ended = next(); ended != null; ended = next()) {
            ended.observation().tell(ended.published() ? Outcome.PUBLISHED : Outcome.DISCARDED, ended.reason());
        }
    }
}
