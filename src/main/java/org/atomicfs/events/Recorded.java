package org.atomicfs.events;

import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicEvent;

/** Events of the Flight Recorder. Used only while it is in use, and so the classes of the module jdk.jfr are there. */
final class Recorded {
    private static final CommitEvent COMMIT = new CommitEvent();
    private static final DiscardEvent DISCARD = new DiscardEvent();
    private static final RecoverEvent RECOVER = new RecoverEvent();

    private final CommitEvent commit = new CommitEvent();
    private final DiscardEvent discard = new DiscardEvent();

    /** Begins the events of one write that is being opened. One of them is recorded when it has ended. */
    Recorded() {
        discard.begin();
    }

    /** Says that the commit begins. */
    void ending() {
        commit.begin();
    }

    /** Whether any of the events is enabled now. */
    static boolean isWanted() {
        return COMMIT.isEnabled() || DISCARD.isEnabled() || RECOVER.isEnabled();
    }

    void record(AtomicEvent event) {
        if (isOfRecorder()) {
            return;
        }
        switch (event.outcome()) {
            case PUBLISHED -> commit.record(event, outcome(event, AtomicCommitException.Outcome.COMMITTED));
            case DISCARDED -> discard.record(event, outcome(event, AtomicCommitException.Outcome.NOT_COMMITTED));
            case RECOVERED -> {
                RecoverEvent recovered = new RecoverEvent();
                recovered.destination = event.destination().toString();
                recovered.outcome = recovered.destination.endsWith(".intent") ? "COMPLETED" : "REMOVED";
                recovered.commit();
            }
        }
    }

    private static String outcome(AtomicEvent event, AtomicCommitException.Outcome otherwise) {
        return event.reason()
                .filter(AtomicCommitException.class::isInstance)
                .map(reason -> ((AtomicCommitException) reason).outcome())
                .orElse(otherwise)
                .toString();
    }

    /** Whether it is the recorder itself that writes, which may hold locks that it needs for an event. */
    private static boolean isOfRecorder() {
        return StackWalker.getInstance()
                .walk(frames -> frames.map(StackWalker.StackFrame::getClassName)
                        .filter(name -> !isBelow(name))
                        .findFirst())
                .filter(name -> name.startsWith("jdk.jfr."))
                .isPresent();
    }

    private static boolean isBelow(String name) {
        return name.startsWith("org.atomicfs.")
                || name.startsWith("java.")
                || name.startsWith("sun.")
                || name.startsWith("jdk.internal.");
    }
}
