package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import org.atomicfs.AtomicWrite.Status;

/**
 * What happens before the caller forces or locks a file, of which a plain program expects that others find it from then
 * on: what was written is published, and writing goes on in place. From then on it is no more in flight than a file
 * that a plain path has opened.
 */
final class EarlyPublication {
    private EarlyPublication() {}

    /** Publishes what was written, if that is what is to be done. */
    static <C extends Closeable> void of(InFlight<C> inFlight, boolean toLock) throws IOException {
        if (inFlight.staging.isToGoOnInPlace() && isDone(inFlight, toLock)) {
            inFlight.tellEarly();
        }
    }

    private static <C extends Closeable> boolean isDone(InFlight<C> inFlight, boolean toLock) throws IOException {
        Staging<C> staging = inFlight.staging;
        synchronized (inFlight.ending) {
            if (inFlight.status() != Status.OPEN || !inFlight.ending.isOpen() || !staging.isToGoOnInPlace()) {
                return false; // what has failed is not published
            }
            if (toLock && !inFlight.changed || inFlight.destination.delegate().mustCloseBeforeRename()) {
                inFlight.changes.hold(); // what is written through may become another channel
            }
            try {
                staging.goOnInPlace(toLock && !inFlight.changed);
                inFlight.forget();
                return true;
            } finally {
                inFlight.changes.goOn();
            }
        }
    }
}
