package org.atomicfs.events;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jdk.jfr.FlightRecorder;
import org.atomicfs.AtomicEvent;
import org.atomicfs.AtomicListener;
import org.atomicfs.AtomicOptions;

/** Measures one write, where there is somebody to tell how it has ended. Safe for use by several threads. */
public final class Observation {
    /** Listeners of the whole JVM are to be looked for before the next write but one. */
    private static final int LATER = 0; // these are no enum, for fewer classes to load

    /** They are to be looked for before the next write. */
    private static final int NOW = 1;

    /** They were, or are being, looked for. */
    private static final int BEGUN = 2;

    /** Whether something was recovered that {@link Recoveries} has still to tell. */
    public static volatile boolean hasRecovered;

    /** Threads whose writes are part of one that is measured itself. Guarded by itself. */
    private static final Set<Thread> WITHIN = new HashSet<>();

    private static volatile boolean anyWithin; // whether WITHIN is not empty
    private static volatile int search;
    private static volatile List<AtomicListener> ofJvm = List.of();
    private static volatile boolean recordable = true; // false once it was found that there is no Flight Recorder

    private final List<AtomicListener> listeners; // besides those of the JVM
    private final Recorded recorded; // null unless a recording ran when the write was opened
    private final long opened = System.nanoTime();
    private long ending; // when the commit began; 0 if it has not
    private long forcing; // nanoseconds so far
    private Path destination;
    private long bytes;
    private boolean told;

    private Observation(List<AtomicListener> listeners, Recorded recorded) {
        this.listeners = listeners;
        this.recorded = recorded;
    }

    /** Says that service lookup costs little, since the JDK has looked into all that there is on the class path. */
    public static void expectServices() {
        if (search == LATER) {
            search = NOW;
        }
    }

    /** Looks for listeners of the whole JVM, if it is time to. To be called without a lock: it makes them. */
    public static void findListeners() {
        if (search != BEGUN && isTimeToSearch()) {
            searchNow();
        }
    }

    /** The first write of a JVM does not pay for service lookup. */
    private static synchronized boolean isTimeToSearch() {
        int before = search;
        search = before == LATER ? NOW : BEGUN;
        return before == NOW;
    }

    private static void searchNow() {
        boolean done = false;
        try {
            ofJvm = InstalledListeners.find();
            done = true;
        } catch (IllegalStateException tooEarly) {
            // the JVM is still starting, and has no system class loader
        } finally {
            search = done ? BEGUN : NOW;
        }
    }

    /** The listeners of the whole JVM; looks for them if that has not been done. */
    static List<AtomicListener> ofJvm() {
        if (search != BEGUN) {
            search = BEGUN;
            searchNow();
        }
        return ofJvm;
    }

    /** Begins to measure a write that is being opened; returns null if nobody is to be told of it. */
    public static Observation begin(AtomicOptions options) {
        if (anyWithin && isWithin(Thread.currentThread())) {
            return null;
        }
        boolean recording = isRecording();
        return options.listeners().isEmpty() && ofJvm.isEmpty() && !recording
                ? null
                : new Observation(options.listeners(), recording ? new Recorded() : null);
    }

    /** Has nobody told of what a thread writes from now on, until {@link #leave}: it is part of another write. */
    public static void enter(Thread thread) {
        synchronized (WITHIN) {
            WITHIN.add(thread);
            anyWithin = true;
        }
    }

    /** Takes {@link #enter} back. Does nothing without it. */
    public static void leave(Thread thread) {
        if (anyWithin) {
            synchronized (WITHIN) {
                WITHIN.remove(thread);
                anyWithin = !WITHIN.isEmpty();
            }
        }
    }

    private static boolean isWithin(Thread thread) {
        synchronized (WITHIN) {
            return WITHIN.contains(thread);
        }
    }

    /** Whether a recording of the Flight Recorder wants events. Loads none of its own classes but one if none runs. */
    static boolean isRecording() {
        if (!recordable) {
            return false;
        }
        try {
            return FlightRecorder.isInitialized() && Recorded.isWanted();
        } catch (NoClassDefFoundError noModule) {
            recordable = false;
            return false;
        }
    }

    /** Of an event without a duration; null if no recording wants it. */
    static Recorded recorded() {
        return isRecording() ? new Recorded() : null;
    }

    /**
     * Says that the commit begins.
     *
     * @param to the destination
     * @param written how many bytes
     */
    public synchronized void ending(Path to, long written) {
        ending = System.nanoTime();
        destination = to;
        bytes = written;
        if (recorded != null) {
            recorded.ending();
        }
    }

    /** Says that something was forced, beginning at a {@link System#nanoTime}. */
    public synchronized void forced(long began) {
        forcing += System.nanoTime() - began;
    }

    /** As {@link #tell(AtomicEvent.Outcome, Throwable)}, of a write whose commit may not have begun. */
    public void tell(AtomicEvent.Outcome outcome, Path to, long written, Throwable reason) {
        synchronized (this) {
            destination = to;
            bytes = written;
        }
        tell(outcome, reason);
    }

    /** Tells how the write has ended, once, and throws nothing. To be called without a lock. */
    public void tell(AtomicEvent.Outcome outcome, Throwable reason) {
        try {
            AtomicEvent event = end(outcome, reason);
            if (event != null) {
                Telling.tell(event, listeners, ofJvm, recorded == null ? recorded() : recorded);
            }
        } catch (Throwable e) { // no memory, for example
            Telling.failed(Observation.class, e);
        }
    }

    private synchronized AtomicEvent end(AtomicEvent.Outcome outcome, Throwable reason) {
        if (told) {
            return null;
        }
        told = true;
        long ended = System.nanoTime();
        long began = ending == 0 ? ended : ending;
        return new AtomicEvent(
                outcome,
                destination.toAbsolutePath(),
                bytes,
                Duration.ofNanos(began - opened),
                Duration.ofNanos(forcing),
                Duration.ofNanos(Math.max(0, ended - began - forcing)),
                reason);
    }
}
