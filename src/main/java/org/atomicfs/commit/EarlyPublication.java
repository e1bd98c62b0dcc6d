package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.atomicfs.AtomicWrite.Status;

/**
 * What happens before the caller forces or locks a file, of which a plain program expects that others find it from then
 * on: what was written is published, and writing goes on in place. From then on it is no more in flight than a file
 * that a plain path has opened. The same happens before this JVM changes, by its path, what it is writing.
 */
public final class EarlyPublication {
    private EarlyPublication() {}

    /** Publishes what is written at a path, or by way of it: the path may be that of a temporary. */
    public static void ofPath(Path plain) {
        if (Registry.reserving) {
            for (PendingWrite write : Registry.list(plain)) {
                ofOther(write);
            }
            ofTemporary(plain);
        }
    }

    /** As {@link #ofPath}, also of what is below a directory, whose files would be in another place afterwards. */
    public static void ofTree(Path plain) {
        if (Registry.reserving) {
            Path top = Registry.normal(plain);
            for (PendingWrite write : Registry.list()) {
                if (Registry.normal(write.destination()).startsWith(top)
                        || Registry.normal(write.requested()).startsWith(top)) {
                    ofOther(write);
                }
            }
            ofTemporary(plain);
        }
    }

    /** Whether something is written at a path of which {@link #ofPath} would perhaps publish it. */
    public static boolean isPossible(Path plain) {
        return Registry.reserving && !Registry.list(plain).isEmpty();
    }

    /**
     * Publishes what is written by way of a temporary, whose name is free then.
     *
     * @return whether there is such a write
     */
    public static boolean ofTemporary(Path temporary) {
        if (!Registry.isReserved(temporary)) {
            return false;
        }
        Path absolute = temporary.toAbsolutePath();
        for (PendingWrite write : Registry.list()) {
            Path its = write.temporary().orElse(null);
            if (its != null && its.toAbsolutePath().equals(absolute)) {
                ofOther(write);
                return true;
            }
        }
        return false;
    }

    /** Another operation than the writer's own asks for it: a failure is for the writer to learn. */
    private static void ofOther(PendingWrite write) {
        if (write instanceof InFlight<?> inFlight) {
            try {
                of(inFlight, false);
            } catch (IOException e) {
                inFlight.ending.fail(e, Failure.Kind.FAILED);
            } catch (RuntimeException | Error e) {
                inFlight.ending.fail(e, Failure.Kind.FAILED);
                throw e;
            }
        }
    }

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
