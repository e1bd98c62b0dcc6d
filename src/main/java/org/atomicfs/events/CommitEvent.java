package org.atomicfs.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A write was published. */
@Name("org.atomicfs.Commit")
@Label("Commit")
@Category("atomicfs")
@Description("A file was published; the duration is that of the commit")
final class CommitEvent extends EndEvent {}
