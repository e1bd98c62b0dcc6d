package org.atomicfs.events;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Timespan;
import org.atomicfs.AtomicEvent;

/** The end of one write. */
abstract class EndEvent extends Event {
    @Label("Destination")
    String destination;

    @Label("Bytes Written")
    @DataAmount
    long bytes;

    @Label("Write Time")
    @Description("From the open until the commit began")
    @Timespan
    long writeTime;

    @Label("Force Time")
    @Timespan
    long forceTime;

    @Label("Publish Time")
    @Description("The rest of the commit")
    @Timespan
    long publishTime;

    @Label("Outcome")
    @Description("What is at the destination: a constant of AtomicCommitException.Outcome")
    String outcome;

    @Label("Reason")
    String reason;

    final void record(AtomicEvent event, String how) {
        destination = event.destination().toString();
        bytes = event.bytes();
        writeTime = event.writing().toNanos();
        forceTime = event.forcing().toNanos();
        publishTime = event.publishing().toNanos();
        outcome = how;
        reason = event.reason().map(Throwable::toString).orElse(null);
        commit();
    }
}
