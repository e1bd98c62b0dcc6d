package org.atomicfs.view;

import java.io.ByteArrayOutputStream;
import java.lang.ref.WeakReference;
import java.nio.channels.Channel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import org.atomicfs.AtomicOptions;
import org.atomicfs.commit.Archive;

/** One archive that zipfs has open. Safe for use by several threads. */
final class ZipArchive {
    final Object path; // as zipfs has it
    final Path plain;
    final Object owner;
    final AtomicOptions options;
    final Archive archive;
    final ByteArrayOutputStream empty; // what zipfs creates when there is no archive; otherwise null
    private volatile WeakReference<Channel> channel; // of the old archive; null until it is opened
    private volatile Thread saving; // in which zipfs writes a new archive; null before
    private boolean decided;
    private boolean published;

    ZipArchive(Object path, Path plain, Object owner, AtomicOptions options, ByteArrayOutputStream empty) {
        this.path = path;
        this.plain = plain;
        this.owner = owner;
        this.options = options;
        this.empty = empty;
        archive = Archive.open(owner, plain, options);
    }

    boolean isNew() {
        return empty != null;
    }

    /**
     * Takes the channel by which zipfs reads it: once that is unreachable the program has dropped zipfs.
     *
     * @param dropped is run then
     */
    void watch(Channel opened, Runnable dropped) {
        channel = new WeakReference<>(opened);
        archive.endWith(opened, dropped);
    }

    private boolean isChannelClosed() {
        WeakReference<Channel> known = channel;
        Channel opened = known == null ? null : known.get();
        return opened != null && !opened.isOpen();
    }

    /** How well it goes with what this thread does: zipfs closes its channel before it replaces the archive. */
    int likeness() {
        return (isChannelClosed() ? 2 : 0) + (archive.thread() == Thread.currentThread() ? 1 : 0);
    }

    void beginSaving() {
        saving = Thread.currentThread();
        archive.beginSaving(options);
    }

    boolean isSavedByThisThread() {
        return saving == Thread.currentThread();
    }

    /** A new one is not: it is published when zipfs ends, even if nothing was put into it. */
    boolean isClosedUnchanged() {
        return !isNew() && saving == null && isChannelClosed();
    }

    void noteInterrupt() {
        if (isChannelClosed() && Thread.currentThread().isInterrupted()) {
            archive.failed(new ClosedByInterruptException());
        }
    }

    /** Whether the new archive is published; decides it when it is asked first. */
    synchronized boolean isPublished() {
        if (!decided) {
            decided = true;
            published = archive.decide(isClosedByFinalizer());
        }
        return published;
    }

    /** Whether it is the finalizer of zipfs that closes it in this thread: the program has dropped it. */
    private static boolean isClosedByFinalizer() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getClassName().equals("jdk.nio.zipfs.ZipFileSystem")
                        && frame.getMethodName().equals("finalize")));
    }

    /** Whether it is a new one, and its file is not there yet, or never will be. */
    synchronized boolean isMissing() {
        return isNew() && !published;
    }
}
