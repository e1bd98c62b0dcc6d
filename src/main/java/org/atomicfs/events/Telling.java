package org.atomicfs.events;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import org.atomicfs.AtomicEvent;
import org.atomicfs.AtomicListener;

/** Tells listeners and the Flight Recorder of an event. Whatever they throw, this returns. */
final class Telling {
    /** Classes of listeners that have thrown something. */
    private static final Set<Class<?>> FAILED =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /** What a listener writes itself is told to none, or it would be without end. */
    private static final ThreadLocal<Boolean> INSIDE = new ThreadLocal<>();

    private Telling() {}

    static Logger logger() {
        return System.getLogger("org.atomicfs");
    }

    /**
     * Tells of an event.
     *
     * @param recorded tells the Flight Recorder; null if that is not told
     */
    static void tell(AtomicEvent event, List<AtomicListener> some, List<AtomicListener> ofJvm, Recorded recorded) {
        if (recorded != null) {
            record(event, recorded);
        }
        if (INSIDE.get() != null) {
            return;
        }
        try {
            INSIDE.set(Boolean.TRUE);
            for (int i = 0; i < some.size(); i++) {
                if (!isAmong(some.subList(0, i), some.get(i))) {
                    tell(event, some.get(i));
                }
            }
            ofJvm.forEach(listener -> tell(event, listener));
        } finally {
            INSIDE.remove();
        }
    }

    /**
     * Whether this very object was told already: it may be in the options of a file system, and in those of an open.
     */
    private static boolean isAmong(List<AtomicListener> told, AtomicListener listener) {
        return told.stream().anyMatch(other -> other == listener);
    }

    private static void record(AtomicEvent event, Recorded recorded) {
        try {
            recorded.record(event);
        } catch (Throwable e) {
            failed(Recorded.class, e);
        }
    }

    private static void tell(AtomicEvent event, AtomicListener listener) {
        try {
            listener.ended(event);
        } catch (Throwable e) {
            failed(listener.getClass(), e);
        }
    }

    /** Logs what was thrown, the first time for a class. */
    static void failed(Class<?> type, Throwable e) {
        try {
            if (FAILED.add(type)) {
                logger().log(
                                Level.WARNING,
                                type.getName() + " has thrown an exception; further ones are not logged",
                                e);
            }
        } catch (Throwable notLogged) {
            // the write has ended, and its caller is not to hear of this
        }
    }
}
