package org.atomicfs.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A write was discarded. */
@Name("org.atomicfs.Discard")
@Label("Discard")
@Category("atomicfs")
@Description("What was written of a file was discarded; the duration is that of the whole write, from its open on")
final class DiscardEvent extends EndEvent {}
