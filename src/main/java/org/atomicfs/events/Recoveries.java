package org.atomicfs.events;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.atomicfs.AtomicEvent;
import org.atomicfs.AtomicOptions;

/**
 * What was recovered and is still to be told: it is found while locks are held, by the thread that tells it when it
 * holds none any more.
 */
public final class Recoveries {
    private static final Map<Thread, List<Path>> FOUND = new HashMap<>();

    private Recoveries() {}

    /** Notes what a killed writer has left, and what was removed or completed. */
    public static void note(Path leftover) {
        synchronized (FOUND) {
            FOUND.computeIfAbsent(Thread.currentThread(), thread -> new ArrayList<>())
                    .add(leftover);
            Observation.hasRecovered = true;
        }
    }

    /** Tells what this thread has noted, and throws nothing. To be called without a lock. */
    public static void tell(AtomicOptions options) {
        List<Path> found = Observation.hasRecovered ? take() : null;
        if (found != null) {
            try {
                tell(found, options);
            } catch (Throwable e) { // no memory, for example
                Telling.failed(Recoveries.class, e);
            }
        }
    }

    private static void tell(List<Path> found, AtomicOptions options) {
        for (Path leftover : found) {
            AtomicEvent event = new AtomicEvent(
                    AtomicEvent.Outcome.RECOVERED,
                    leftover.toAbsolutePath(),
                    0,
                    Duration.ZERO,
                    Duration.ZERO,
                    Duration.ZERO,
                    null);
            Telling.tell(event, options.listeners(), Observation.ofJvm(), Observation.recorded());
        }
    }

    private static List<Path> take() {
        synchronized (FOUND) {
            List<Path> taken = FOUND.remove(Thread.currentThread());
            Observation.hasRecovered = !FOUND.isEmpty();
            return taken;
        }
    }
}
