package org.atomicfs.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** Something was recovered. */
@Name("org.atomicfs.Recover")
@Label("Recover")
@Category("atomicfs")
@Description("What a killed writer had left was removed, or its committed transaction was completed;"
        + " an instant, so that a threshold leaves it out")
final class RecoverEvent extends Event {
    @Label("Left File")
    String destination;

    @Label("Outcome")
    @Description("REMOVED or COMPLETED")
    String outcome;
}
