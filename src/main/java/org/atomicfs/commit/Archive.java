package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicEvent;
import org.atomicfs.AtomicOptions;
import org.atomicfs.AtomicWrite.Status;
import org.atomicfs.CommitPolicy;
import org.atomicfs.events.Observation;
import org.atomicfs.unwind.OpenSite;
import org.atomicfs.unwind.Unwinding;

/**
 * An archive that is open to be changed, by a file system in it: that writes a new archive elsewhere when it is closed,
 * and moves it over the old one. Until then this stands for that write. Safe for use by several threads.
 */
public final class Archive extends OpenedWrite {
    private final Path normal; // as the Registry has it
    private final OpenSite site; // null unless a propagating exception is asked for
    private final Failures failures = new Failures();
    private volatile boolean committable; // whether closing publishes it
    private volatile Status end; // null until it is decided
    private volatile Throwable reason; // why it was discarded; null if the caller wanted that
    private volatile long size; // of the new archive, once it is complete
    private volatile Saving saving; // null until a new archive is begun, and once it is told how that has ended

    /** The thread that writes the new archive, and who is told of it: null if nobody is. */
    private record Saving(Thread thread, Observation observation) {}

    private Archive(Object owner, Path requested, AtomicOptions options) {
        super(owner, requested, options.traceOpens());
        normal = Registry.normal(requested);
        committable = options.commitPolicy() != CommitPolicy.EXPLICIT;
        site = options.commitPolicy() == CommitPolicy.ON_CLOSE ? null : OpenSite.here(new Below());
    }

    /** Tells the frames of zipfs, too, whose own method of closing is what its user calls. */
    private static final class Below implements Predicate<Class<?>> {
        @Override
        public boolean test(Class<?> type) {
            return type == Files.class
                    || type.getName().equals("java.security.AccessController")
                    || type.getPackageName().equals("jdk.nio.zipfs")
                    || LibraryFrames.TEST.test(type);
        }
    }

    /**
     * Makes an archive known that the caller is opening. Is to be followed by {@link #end}.
     *
     * @param requested the plain path of the archive
     */
    public static Archive open(Object owner, Path requested, AtomicOptions options) {
        Archive archive = new Archive(owner, requested, options);
        Registry.add(archive, archive.normal, archive.normal);
        return archive;
    }

    /**
     * Has an action run once a channel, which the file system in it holds, is unreachable: the program has dropped it.
     *
     * @param action must not lead to the channel
     */
    public void endWith(Object channel, Runnable action) {
        Unclosed.watch(channel, action);
    }

    /** Whether it has not been decided yet what becomes of it. */
    public boolean isOpen() {
        return end == null;
    }

    /**
     * Says that this thread begins to write the new archive. That is told as one write, of the archive, and not what is
     * written beside it for that.
     */
    public void beginSaving(AtomicOptions options) {
        saving = new Saving(Thread.currentThread(), Observation.begin(options));
        Observation.enter(Thread.currentThread());
    }

    /** Says that the new archive is complete, and about to take the place of the old one. */
    public void beginMove(Path complete) throws IOException {
        size = Files.size(complete);
        if (saving != null && saving.observation() != null) {
            saving.observation().ending(requested(), size);
        }
    }

    /** Tells, once, how it has ended: what this thread writes later may be part of another archive. */
    private void tell() {
        Saving ended = takeSaving();
        if (ended != null) {
            Observation.leave(ended.thread());
            if (ended.observation() != null) {
                ended.observation()
                        .tell(
                                end == Status.COMMITTED ? AtomicEvent.Outcome.PUBLISHED : AtomicEvent.Outcome.DISCARDED,
                                requested(),
                                size,
                                reason);
            }
        }
    }

    private synchronized Saving takeSaving() {
        Saving ended = saving;
        saving = null;
        return ended;
    }

    /** Notes that the new archive is not complete. */
    public void failed(IOException cause) {
        failures.add(cause, Failure.Kind.FAILED);
    }

    /** Says that the new archive could not be made: it is discarded, and the log says why. */
    public void fail(Exception cause) {
        end = Status.DISCARDED;
        AtomicCommitException known = cause instanceof AtomicCommitException it ? it : null;
        discarded(known != null ? known : Messages.notCommitted(requested(), cause));
    }

    /**
     * Decides, in the thread that closes it, whether the new archive is published. If it is not, the log says why,
     * unless the caller wants it so.
     *
     * @param dropped whether the program has not closed it, but dropped it
     */
    public boolean decide(boolean dropped) {
        boolean failed = failures.first() != null;
        if (dropped && !failed) {
            end = Status.DISCARDED;
            Abandonment.report(this);
            return false;
        }
        Unwinding unwinding = failed || site == null ? Unwinding.NO : site.unwinding();
        boolean published = unwinding == Unwinding.NO && committable && failures.decideToPublish();
        Failure failure = failures.first();
        if (unwinding != Unwinding.NO) {
            discarded(Messages.unwound(requested(), null));
        } else if (failure != null && failure.kind() != Failure.Kind.ASKED_FOR) {
            discarded(Messages.notCommitted(requested(), failure.cause()));
        } else if (failure != null) {
            reason = failure.cause();
        }
        end = published ? Status.COMMITTED : Status.DISCARDED;
        return published;
    }

    private void discarded(AtomicCommitException why) {
        reason = why;
        new Report().log(why);
    }

    /** Says that it was closed. Nothing is pending any more. */
    public void end() {
        if (end == null) {
            end = Status.DISCARDED; // it was not changed
        }
        Registry.remove(this, normal, normal);
        tell();
    }

    @Override
    public boolean markFailed(Throwable cause) {
        return end == null && failures.add(cause, Failure.Kind.ASKED_FOR);
    }

    @Override
    public void keepOpen() {
        // it is closed by the file system in it alone
    }

    /** With {@link CommitPolicy#EXPLICIT} it lets the close of the file system in it publish; itself it cannot. */
    @Override
    public void commit() throws IOException {
        if (end == null && failures.first() == null && !committable) {
            committable = true;
        } else if (end != Status.COMMITTED) {
            throw new FileSystemException(requested().toString(), null, Messages.COMMITTED_BY_ITS_CLOSE);
        }
    }

    @Override
    public void abort() {
        markFailed(null);
    }

    @Override
    public void abort(IOException reason) {
        failures.add(reason, Failure.Kind.ABORTED);
    }

    @Override
    public boolean isLocked() {
        return false;
    }

    /** A shutdown hook of the program may close the file system in it; other threads cannot any more. */
    @Override
    public boolean endsWithJvm() {
        return false;
    }

    @Override
    public Path destination() {
        return requested();
    }

    @Override
    public Optional<Path> temporary() {
        return Optional.empty();
    }

    @Override
    public Status status() {
        Status now = end;
        if (now != null) {
            return now;
        }
        return failures.first() == null ? Status.OPEN : Status.FAILED;
    }

    @Override
    public long bytesWritten() {
        return 0;
    }

    @Override
    public String toString() {
        return Messages.oneLine(requested() + ": " + status() + ", an archive, " + Messages.openedBy(this));
    }
}
