package org.atomicfs;

import java.nio.file.OpenOption;

/**
 * Is told of each write when it has ended: that it was published, or discarded and why. Is told as well of what killed
 * writers have left, when it is removed or completed. For counters, audit logs and alarms.
 *
 * <p>There are three ways to be told:
 *
 * <ul>
 *   <li>of one open: a listener is an option of it, as in {@code Files.newOutputStream(path, listener)};
 *   <li>of a file system or a {@link FileTransaction}: {@link AtomicOptions.Builder#addListener};
 *   <li>of all writes of the JVM: a listener that {@link java.util.ServiceLoader} finds, in the class loader of this
 *       library. To look for one opens every jar of the class path, which can take longer than the first write of a JVM
 *       itself. So it is done once, before the first write of a program that has made a path or a file system by its
 *       URI, for which the JDK has opened the jars already; in every other program before the second write, so that the
 *       first one is not told. A shutdown hook does not look.
 * </ul>
 *
 * <p>All of them are told, each once. Where there is none nothing is measured, and nothing is made for the event.
 *
 * <p>Writes are told that have a temporary. Not told are files that were opened and not changed, opens that failed,
 * what is written in place, {@link java.nio.file.Files#move moves} by a rename, {@link AtomicFiles#writeDirectory
 * directories}, what a transaction deletes, and what a listener writes itself. What the JDK's zip file system writes to
 * create or change an archive is one write, of the archive, whose size are its bytes; the time in which it is forced is
 * part of the time in which it is written.
 */
@FunctionalInterface
public interface AtomicListener extends OpenOption {
    /**
     * Called after the end of a write, in the thread that has ended it: as a rule the one that closes the stream. It
     * may also be the garbage collector's, for a stream that was dropped, or the one that shuts the JVM down. The
     * library holds no lock meanwhile. What this throws harms no write; the first one of each class of listeners is
     * logged.
     *
     * @param event what has ended, and how
     */
    void ended(AtomicEvent event);
}
