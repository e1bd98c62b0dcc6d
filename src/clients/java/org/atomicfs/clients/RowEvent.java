package org.atomicfs.clients;

import jdk.jfr.Event;
import jdk.jfr.StackTrace;

/** What is recorded. */
@StackTrace(false)
final class RowEvent extends Event {
    String row;
}
