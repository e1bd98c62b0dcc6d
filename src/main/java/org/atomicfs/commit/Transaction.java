package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicOptions;

/**
 * Files that are published together: all of them in the end, or none. Its members are written as any file is, and their
 * complete temporaries are handed over to this; {@link GroupCommit} publishes them. A single member is published as if
 * there were no transaction.
 *
 * <p>Safe for use by several threads. What ends it excludes all else by the monitor of this object.
 */
public final class Transaction implements Handover, LiveTransactions.Live {
    /** How far it has come. */
    private enum Phase {
        OPEN,
        PREPARED,
        ENDED
    }

    private final Path root; // its real path
    private final AtomicOptions options;
    private final TransactionLife life;
    private final GroupCommit group;
    private final Members members = new Members();
    private Phase phase = Phase.OPEN;
    private boolean grouped; // whether the members are with the group, and not one is alone
    private boolean committed;

    private Transaction(Path root, String rootKey, AtomicOptions options, TransactionLife life) {
        this.root = root;
        this.life = life;
        this.options = options;
        group = new GroupCommit(root, rootKey, options);
    }

    /**
     * Begins a transaction, after those have been completed or discarded that dead processes left in the same root.
     *
     * @param root a directory, where the intent will be
     */
    public static Transaction begin(Path root, AtomicOptions options) throws IOException {
        TransactionLife life = TransactionLife.enter(root);
        Transaction begun = null;
        try {
            Path real = root.toRealPath();
            String key = TransactionFile.requireDirectory(root);
            Intents.settle(real, Abandoned::removeBeforeIntent);
            begun = new Transaction(real, key, options, life);
            return begun;
        } finally {
            life.begun(begun);
        }
    }

    /** Rolls back when the object by which the program uses this becomes unreachable. */
    public void watch(Object user) {
        life.watch(user);
    }

    public synchronized boolean isOpen() {
        return phase == Phase.OPEN;
    }

    private void requireOpen(Path requested) throws FileSystemException {
        if (phase != Phase.OPEN) {
            throw new FileSystemException(requested.toString(), null, TransactionMessages.ENDED);
        }
    }

    @Override
    public synchronized void begin(Path requested, Destination destination) throws IOException {
        requireOpen(requested);
        if (destination.inPlace()) {
            throw new FileSystemException(requested.toString(), null, TransactionMessages.IN_PLACE);
        }
        Path real = members.real(destination.path());
        Member known = members.find(real);
        members.requireNew(requested, real, known != null && !known.deletes());
        members.requireNotDeleted(requested, real);
        group.drop(known, members); // it is replaced instead of deleted
        members.begin(real, known != null);
    }

    @Override
    public synchronized void ended(Path requested, Destination destination) {
        try {
            members.end(requested, members.real(destination.path()));
        } catch (IOException gone) {
            failed(requested, gone); // its directory, which was there when it was opened
        }
    }

    @Override
    public synchronized void failed(Path requested, Throwable cause) {
        members.fail(requested, cause);
    }

    @Override
    public synchronized void take(Completed completed) throws IOException {
        requireOpen(completed.requested());
        add(Member.written(completed, members.real(completed.destination().path())));
    }

    /** One member alone stays as it is until there is another one. */
    private void add(Member member) throws IOException {
        if (!members.all().isEmpty() || grouped) {
            groupFirst();
            group.add(member);
        }
        members.add(member);
    }

    private void groupFirst() throws IOException {
        if (!grouped) {
            group.addAll(members.all());
            grouped = true;
        }
    }

    /**
     * Deletes a file with the commit; what a symbolic link leads to is left alone.
     *
     * @throws java.nio.file.NoSuchFileException if there is none, and this transaction writes none
     */
    public void delete(Path requested) throws IOException {
        Patience.whileBusy(requested, options.busyNanos(), () -> deleteNow(requested)); // without the monitor
    }

    private synchronized void deleteNow(Path requested) throws IOException {
        requireOpen(requested);
        Path real = members.real(requested);
        BasicFileAttributes found = Delegate.of(real).attributesIfExists(real);
        Member known = members.find(real);
        members.requireNew(requested, real, known != null && known.deletes());
        if (found != null || known == null && !members.isLost(real)) {
            Member.requireDeletable(requested, real, found);
        }
        group.drop(known, members); // what was written is not wanted any more
        if (found == null) {
            members.regain(real); // there is no file, as is wanted
            return;
        }
        Member deletion = null;
        try {
            deletion = Member.deleted(requested, real, options.temporaryName());
            add(deletion);
        } catch (Throwable e) {
            if (known != null) {
                members.lose(requested, real, e);
            }
            if (deletion != null) {
                deletion.claim().release(Claim.Outcome.DISCARDED);
            }
            throw e;
        }
    }

    /** Refuses a file that this writes, or has dealt with. */
    synchronized void requireNew(Path requested) throws IOException {
        members.requireUnknown(requested);
    }

    /** Takes {@link #delete} back. */
    synchronized void keep(Path requested) throws IOException {
        Member known = members.find(members.real(requested));
        group.drop(phase == Phase.OPEN && known != null && known.deletes() ? known : null, members);
    }

    /**
     * Does all of the commit that can fail for another reason than a fault of the machine. Rolls back if it fails.
     *
     * @throws IllegalStateException if a member is still being written, or the transaction has ended
     */
    public synchronized void prepare() throws IOException {
        if (phase == Phase.OPEN) {
            members.requireClosed();
            try {
                members.requireNoFailure();
                groupFirst();
                group.prepare(members.all());
                phase = Phase.PREPARED;
            } catch (Throwable e) {
                throw rolledBack(e);
            }
        } else if (phase == Phase.ENDED) {
            throw new IllegalStateException(TransactionMessages.ENDED);
        }
    }

    /** Publishes all members. Throws what {@link #prepare} throws. */
    public synchronized void commit() throws IOException {
        if (phase == Phase.ENDED) {
            throw new IllegalStateException(TransactionMessages.ended(committed));
        }
        members.requireClosed();
        if (phase == Phase.OPEN && !grouped) {
            commitAlone();
            return;
        }
        boolean again = phase == Phase.PREPARED;
        prepare();
        try {
            committed = true;
            group.commit(members.all(), again);
        } catch (GroupCommit.NotCommitted e) {
            committed = false;
            throw rolledBack(e.getCause());
        } finally {
            end();
        }
    }

    private void commitAlone() throws IOException {
        try {
            members.requireNoFailure();
            committed = true;
            for (Member member : members.all()) {
                member.publishAlone(options.durability());
            }
        } catch (Throwable e) {
            committed = TransactionMessages.mayHaveChanged(e);
            throw rolledBack(e);
        } finally {
            end();
        }
    }

    /** Discards everything, and throws why; returns it for the compiler alone. */
    private IOException rolledBack(Throwable why) throws IOException {
        phase = Phase.ENDED;
        members.fail(root, why);
        try {
            discardAll();
        } catch (Throwable cleanup) {
            Messages.suppress(why, cleanup);
        }
        if (why instanceof Error || why instanceof AtomicCommitException) {
            Messages.rethrow(why);
        }
        throw TransactionMessages.notCommitted(root, why);
    }

    private void discardAll() throws IOException {
        try {
            group.rollBack(members.all());
        } finally {
            end();
        }
    }

    /**
     * Discards all members, and what is being written; does nothing the second time.
     *
     * @throws IllegalStateException if it is committed
     */
    public void rollback() throws IOException {
        if (!abort(new IOException("its transaction was rolled back")) && committed) {
            throw new IllegalStateException(TransactionMessages.ended(true));
        }
    }

    @Override
    public boolean abort(IOException reason) throws IOException {
        synchronized (this) {
            if (phase == Phase.ENDED) {
                return false;
            }
            phase = Phase.ENDED; // no write begins, or is handed over, from now on
        }
        Membership.abortAll(this, reason); // not under the monitor, which a write that ends asks for
        try {
            synchronized (this) {
                members.fail(root, reason);
                discardAll();
            }
        } finally {
            tell();
        }
        return true;
    }

    /** Tells what became of the members that have ended. To be called without a lock. */
    public void tell() {
        members.tell();
    }

    private void end() {
        phase = Phase.ENDED;
        group.close();
        members.end(committed);
        life.end();
    }
}
