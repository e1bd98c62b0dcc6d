package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.spi.FileSystemProvider;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicWrite.Status;
import org.atomicfs.CommitPolicy;
import org.atomicfs.unwind.OpenSite;
import org.atomicfs.unwind.Unwinding;

/**
 * One write in flight, from open to publish or discard. Until it ends it is one of these:
 *
 * <ul>
 *   <li>with a temporary: what is written goes there;
 *   <li>unchanged: opened on a file whose content is kept, and not written yet. It reads, locks and forces the
 *       destination itself; the first change makes the temporary, with a copy of the content;
 *   <li>straight through: the destination cannot be replaced, and is written in place.
 * </ul>
 *
 * <p>Safe for use by several threads, as far as the delegate's own channel is.
 *
 * @param <C> what the delegate's file is written through
 */
public final class Transaction<C extends Closeable> {
    /**
     * An operation on the delegate's channel.
     *
     * @param <C> the channel
     * @param <R> what the operation returns
     */
    @FunctionalInterface
    public interface Operation<C, R> {
        /** Does it. */
        R on(C channel) throws IOException;
    }

    /**
     * Why the write is not to be published.
     *
     * @param cause the first thing that went wrong; may be null when asked for
     * @param askedFor whether the caller wants the write discarded, and so knows
     */
    private record Failure(Throwable cause, boolean askedFor) {
        /** The first cause stays; that it was asked for does too. */
        static Failure merge(Failure first, Failure next) {
            return first == null ? next : new Failure(first.cause, first.askedFor || next.askedFor);
        }
    }

    private final Object owner;
    private final Path requested;
    private final Destination destination;
    private final OpenRequest request;
    private final Opener<C> opener;
    private final Publication.Finish attributes;
    private final long number = OpenWrites.nextNumber();
    private final Thread thread = Thread.currentThread();
    private final long opened = System.nanoTime();
    private final boolean beganDuringShutdown = OpenWrites.isShuttingDown();
    private final OpenSite site; // null unless close() asks for a propagating exception
    private final Throwable trace; // where it was opened; null unless that is wanted
    private final Content content = new Content(this::channel);

    /** Held while the temporary is made and while the write ends; never during a plain write. */
    private final ReentrantLock lock = new ReentrantLock();

    private final AtomicReference<Failure> failure = new AtomicReference<>();
    private final AtomicInteger changesUnderWay = new AtomicInteger();
    private final LongAdder bytesWritten = new LongAdder();

    private volatile Claim claim; // null while unchanged, and when straight through
    private volatile C channel;
    private volatile boolean touched; // whether a change was begun
    private volatile boolean ending;
    private volatile boolean keptOpen; // closing does not end it
    private volatile Status ended; // COMMITTED or DISCARDED; null before
    private volatile boolean unreported; // ended by somebody else than the writer, who is to learn of it
    private Cleaner.Cleanable dropped; // what is done when nobody can close it any more

    private Transaction(
            Object owner,
            Path requested,
            Destination destination,
            OpenRequest request,
            Opener<C> opener,
            Publication.Finish attributes) {
        this.owner = owner;
        this.requested = requested;
        this.destination = destination;
        this.request = request;
        this.opener = opener;
        this.attributes = attributes;
        boolean asks = request.atomic().commitPolicy() == CommitPolicy.ON_SUCCESS && !destination.straightThrough();
        site = asks ? OpenSite.here(Transaction::isOfLibrary) : null;
        trace = request.atomic().traceOpens() ? new Throwable("It was opened here") : null;
    }

    /** Whether a class is one that opens and closes on behalf of the caller. */
    private static boolean isOfLibrary(Class<?> type) {
        String root = CommitPolicy.class.getPackageName();
        String name = type.getPackageName();
        return name.equals(Transaction.class.getPackageName())
                || name.equals(root + ".view")
                || name.equals(root) && FileSystemProvider.class.isAssignableFrom(type);
    }

    /**
     * Begins a write.
     *
     * @param owner whose write it is
     * @param path what the caller opened
     * @param attributes of a file that is created
     * @throws IOException as the delegate would on such an open; or a {@link java.nio.file.FileAlreadyExistsException}
     *     if the temporary cannot be had
     */
    public static <C extends Closeable> Transaction<C> open(
            Object owner, Path path, OpenRequest request, Opener<C> opener, FileAttribute<?>... attributes)
            throws IOException {
        try {
            Destination destination = Destination.find(path, request, opener);
            refuseTemporary(destination.path());
            Transaction<C> write = new Transaction<>(
                    owner,
                    path,
                    destination,
                    request,
                    opener,
                    request.createsNew()
                            ? temporary -> false
                            : temporary -> Metadata.keepReplaced(destination.path(), temporary));
            if (destination.straightThrough()) {
                write.channel = opener.open(path, request.options(), attributes);
            } else if (destination.exists() && !request.truncates()) {
                write.channel = opener.open(destination.path(), request.forExisting());
            } else {
                write.begin(destination.exists() ? destination.mode() : attributes);
            }
            OpenWrites.add(write.number, write);
            return write;
        } catch (FileSystemException e) {
            throw Failures.saidOf(path, e);
        }
    }

    /**
     * Begins a write that replaces whatever is at its path, even a link, and keeps nothing of it.
     *
     * @param finish gives the temporary its attributes at the end
     * @param attributes of the file when it is created
     */
    public static <C extends Closeable> Transaction<C> replacing(
            Object owner,
            Path path,
            OpenRequest request,
            Opener<C> opener,
            Publication.Finish finish,
            FileAttribute<?>... attributes)
            throws IOException {
        try {
            refuseTemporary(path);
            Transaction<C> write =
                    new Transaction<>(owner, path, new Destination(path, null, false), request, opener, finish);
            write.begin(attributes);
            OpenWrites.add(write.number, write);
            return write;
        } catch (FileSystemException e) {
            throw Failures.saidOf(path, e);
        }
    }

    private static void refuseTemporary(Path destination) throws BusyException {
        if (OpenWrites.isReserved(destination)) {
            throw new BusyException(
                    destination.toString(),
                    "it is the temporary of a write that is under way; wait for that, or have it use"
                            + " TemporaryName.UNIQUE");
        }
    }

    /**
     * Makes the temporary, with the content that is kept, and goes on writing there. An interrupt has no effect on
     * that: it is for the caller's own operation to notice it, or not.
     */
    private void begin(FileAttribute<?>... attributes) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            makeTemporary(attributes);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void makeTemporary(FileAttribute<?>... attributes) throws IOException {
        Claim taken = Claim.take(destination.path(), request.atomic(), attributes);
        C original = channel;
        C written = null;
        try {
            written = opener.open(taken.temporary(), notThroughLinks(request.forTemporary()));
            if (original != null) {
                content.retain(original);
                copyContent(taken.temporary());
                if (original instanceof SeekableByteChannel from
                        && written instanceof SeekableByteChannel to
                        && !request.appends()) {
                    to.position(from.position());
                }
            }
        } catch (Throwable e) {
            try {
                taken.discard(written);
            } catch (IOException | RuntimeException cleanup) {
                Failures.suppress(e, cleanup);
            }
            taken.forget();
            throw e;
        }
        channel = written;
        claim = taken;
    }

    /** Whoever puts a link in the temporary's place does not get us to write to its target. */
    private Set<OpenOption> notThroughLinks(Set<OpenOption> options) {
        if (requested.getFileSystem() == FileSystems.getDefault()) { // others may not know the option
            options.add(LinkOption.NOFOLLOW_LINKS);
        }
        return options;
    }

    private void copyContent(Path temporary) throws IOException {
        FileSystemProvider provider = temporary.getFileSystem().provider();
        SeekableByteChannel from =
                content.retain(provider.newByteChannel(destination.path(), Set.of(StandardOpenOption.READ)));
        SeekableByteChannel to = content.retain(provider.newByteChannel(temporary, Set.of(StandardOpenOption.WRITE)));
        Transfer.content(from, to);
    }

    /** The delegate's channel, for what changes no content. */
    public C channel() {
        return channel;
    }

    /** Does what changes no content, but makes this a failed write if it fails. */
    public <R> R attempt(Operation<? super C, R> operation) throws IOException {
        try {
            return operation.on(channel);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /**
     * Whether writing nothing is to be left out, rather than be a change. It must not reach the destination itself:
     * jimfs fills the gap up to the position.
     */
    public boolean leavesOutEmptyWrites() throws ClosedChannelException {
        if (!isUnchanged()) {
            return false;
        }
        if (channel instanceof Channel inner && !inner.isOpen()) {
            throw new ClosedChannelException();
        }
        return true;
    }

    /** Whether this is still about the destination itself, opened with its content kept and not changed. */
    public boolean isUnchanged() {
        return claim == null && !destination.straightThrough();
    }

    /**
     * The delegate's channel, for locking. Who locks a file wants to exclude others who lock it: so a file that was
     * created only to be locked, by an open that does not truncate and before anything is written, is published then,
     * empty. Everything else that was not published locks its temporary.
     */
    public C lockable() throws IOException {
        boolean lockFile = !destination.exists()
                && !request.truncates()
                && !request.createsNew()
                && request.atomic().commitPolicy() != CommitPolicy.EXPLICIT;
        if (lockFile && claim != null && !touched) {
            lock.lock();
            try {
                if (claim != null && !touched && ended == null) {
                    publishEmpty();
                }
            } finally {
                lock.unlock();
            }
        }
        return channel;
    }

    private void publishEmpty() throws IOException {
        try {
            publication(true).publish(claim, content, temporary -> false);
        } catch (AtomicCommitException e) {
            if (!(e.getCause() instanceof FileAlreadyExistsException)) {
                throw failed(e);
            }
            // somebody else has created it meanwhile: that is the file to lock
        }
        claim = null;
        try {
            channel = opener.open(destination.path(), request.forExisting());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Changes content; makes this a failed write if that fails. */
    public <R> R change(Operation<? super C, R> operation) throws IOException {
        C changeable = beginChange();
        try {
            return operation.on(changeable);
        } catch (Throwable e) {
            throw failed(e);
        } finally {
            endChange();
        }
    }

    /**
     * The delegate's channel, for a change that {@link #endChange} will end. A write that is ended before that is not
     * published, since nobody knows how much of the change is in it.
     */
    public C beginChange() throws IOException {
        changesUnderWay.incrementAndGet();
        touched = true;
        try {
            if (ending) {
                throw new ClosedChannelException();
            }
            if (claim == null && !destination.straightThrough()) {
                beginOnce();
            }
            return channel;
        } catch (Throwable e) {
            endChange();
            throw failed(e);
        }
    }

    private void beginOnce() throws IOException {
        lock.lock();
        try {
            if (ended != null) {
                throw new ClosedChannelException();
            }
            if (claim == null) {
                begin(destination.mode());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Notes that a change has ended, well or not. */
    public void endChange() {
        changesUnderWay.decrementAndGet();
    }

    /** Counts bytes that the delegate accepted; a negative number (end of input) counts as none. */
    public void wrote(long bytes) {
        if (bytes > 0) {
            bytesWritten.add(bytes);
        }
    }

    /**
     * Makes this a failed write, and returns the exception to throw: the same, about the file that the caller knows.
     * The first failure stays.
     */
    public Throwable fail(Throwable cause) {
        Throwable said = cause instanceof FileSystemException e ? Failures.saidOf(requested, e) : cause;
        failure.accumulateAndGet(new Failure(said, false), Failure::merge);
        return said;
    }

    /** As {@link #fail}, for an exception that an operation threw. */
    private IOException failed(Throwable cause) {
        Throwable said = fail(cause);
        if (said instanceof RuntimeException e) {
            throw e;
        }
        if (said instanceof Error e) {
            throw e;
        }
        return (IOException) said;
    }

    /** As {@link #fail}, and closing says nothing of it. */
    public void markFailed(Throwable cause) {
        if (ended == null) {
            failure.accumulateAndGet(new Failure(cause, true), Failure::merge);
        }
    }

    /** Makes {@link #close} let no further change begin, and nothing else: the write is ended by another call. */
    public void keepOpen() {
        keptOpen = true;
    }

    /**
     * Ends the write: publishes or discards, as the policy and what happened say.
     *
     * @param writer who closes, as given to {@link #endWith}: reachable until that is done
     */
    public void close(Object writer) throws IOException {
        if (keptOpen) {
            ending = true;
            return;
        }
        Unwinding unwinding = unwinding();
        lock.lock();
        try {
            if (ended != null) {
                if (unreported) {
                    unreported = false;
                    tell(Failures.notCommitted(requested, failure.get().cause), unwinding);
                }
                return;
            }
            Failure found = stop();
            if (unwinding != Unwinding.NO && claim != null && (found == null || !found.askedFor)) {
                tell(discardBecauseOf(Failures.unwound(requested, found == null ? null : found.cause)), unwinding);
            } else if (found == null && request.atomic().commitPolicy() != CommitPolicy.EXPLICIT) {
                publish();
            } else if (found == null || found.askedFor || destination.straightThrough()) {
                discard();
            } else {
                throw discardBecauseOf(Failures.notCommitted(requested, found.cause));
            }
        } finally {
            lock.unlock();
            Reference.reachabilityFence(writer);
        }
    }

    /** Whether an exception is propagating through the caller of {@code close()}, if that is to be known. */
    private Unwinding unwinding() {
        if (site == null || ended != null && !unreported) {
            return Unwinding.NO;
        }
        try {
            return site.unwinding();
        } catch (VirtualMachineError e) {
            try {
                abort(new Failure(e, true));
            } catch (IOException | RuntimeException cleanup) {
                Failures.suppress(e, cleanup);
            }
            throw e;
        }
    }

    /** Throws an exception, unless it would hide the one that is propagating: then it is logged. */
    private static void tell(AtomicCommitException said, Unwinding unwinding) throws AtomicCommitException {
        if (unwinding != Unwinding.HIDES) {
            throw said;
        }
        OpenWrites.logger().log(Level.WARNING, said.getMessage(), said);
    }

    /** Ends the write by publishing it. */
    public void commit() throws IOException {
        lock.lock();
        try {
            if (ended == Status.COMMITTED) {
                return;
            }
            if (ended == Status.DISCARDED) {
                Failure found = failure.get();
                throw Failures.notCommitted(requested, found == null ? null : found.cause);
            }
            Failure found = stop();
            if (found != null) {
                throw discardBecauseOf(Failures.notCommitted(requested, found.cause));
            }
            publish();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the write by discarding it, as the writer wants. */
    public void abort() throws IOException {
        abort(new Failure(null, true));
    }

    /** Ends the write by discarding it, for a reason that its writer learns on closing. */
    void abort(IOException reason) throws IOException {
        abort(new Failure(reason, false));
    }

    private void abort(Failure reason) throws IOException {
        lock.lock();
        try {
            if (ended == null) {
                failure.accumulateAndGet(reason, Failure::merge);
                unreported = !stop().askedFor;
                discard();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Discards the write when its writer, through whom alone it can be closed, becomes unreachable before it ended.
     *
     * @param writer must not be reachable from the delegate's channel
     */
    public void endWith(Object writer) {
        dropped = OpenWrites.onceUnreachable(writer, this::abandon);
    }

    private void abandon() {
        if (ended != null) {
            return;
        }
        boolean written = claim != null;
        try {
            abort();
        } catch (IOException | RuntimeException e) {
            OpenWrites.logger().log(Level.WARNING, "could not discard the write of " + requested, e);
        }
        if (written) {
            OpenWrites.logger().log(Level.WARNING, Failures.neverClosed(requested, trace != null), trace);
        }
    }

    /** Nobody needs to look any more whether the writer is reachable. */
    private void forgetWriter() {
        if (dropped != null) {
            dropped.clean();
        }
    }

    /** Lets no further change begin, and looks whether anything speaks against publishing. */
    private Failure stop() {
        ending = true;
        if (changesUnderWay.get() > 0) {
            fail(new IOException("closed while a change of the file was still under way"));
        }
        if (claim != null && channel instanceof Channel inner && !inner.isOpen()) {
            fail(new ClosedChannelException()); // by an interrupt, or with its file system
        }
        return failure.get();
    }

    private void publish() throws IOException {
        try {
            ended = Status.COMMITTED;
            if (claim == null) {
                content.close();
                return;
            }
            publication(request.createsNew()).publish(claim, content, attributes);
        } catch (AtomicCommitException e) {
            if (e.outcome() == AtomicCommitException.Outcome.NOT_COMMITTED) {
                fail(e.getCause());
                ended = Status.DISCARDED;
            }
            throw e;
        } finally {
            OpenWrites.remove(number);
            forgetWriter();
        }
    }

    private Publication publication(boolean exclusive) {
        return new Publication(
                requested, destination.path(), exclusive, request.atomic().durability());
    }

    private void discard() throws IOException {
        ended = Status.DISCARDED;
        OpenWrites.remove(number);
        forgetWriter();
        if (claim == null) {
            content.close();
            return;
        }
        try {
            claim.discard(content);
        } catch (IOException | RuntimeException e) {
            throw Failures.notRemoved(requested, claim.temporary(), e);
        } finally {
            claim.forget();
        }
    }

    private AtomicCommitException discardBecauseOf(AtomicCommitException thrown) {
        try {
            discard();
        } catch (IOException cleanup) {
            Failures.suppress(thrown, cleanup);
        }
        return thrown;
    }

    /** Whose write this is, as given to {@link #open}. */
    public Object owner() {
        return owner;
    }

    /** How long ago it was opened. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - opened);
    }

    /** The thread that opened it. */
    public Thread thread() {
        return thread;
    }

    boolean beganDuringShutdown() {
        return beganDuringShutdown;
    }

    /** The path as the caller opened it. */
    public Path requested() {
        return requested;
    }

    /** The file that is replaced or created: {@link #requested()}, links followed. */
    public Path destination() {
        return destination.path();
    }

    /** Where the content is until it is published; empty when it is nowhere else. */
    public Optional<Path> temporary() {
        Claim taken = claim;
        return ended != null || taken == null ? Optional.empty() : Optional.of(taken.temporary());
    }

    /** How far the write has come. */
    public Status status() {
        Status end = ended;
        if (end != null) {
            return end;
        }
        return failure.get() == null ? Status.OPEN : Status.FAILED;
    }

    /** How many bytes were written. */
    public long bytesWritten() {
        return bytesWritten.sum();
    }
}
