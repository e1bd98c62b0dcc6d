package org.atomicfs.commit;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.AccessMode;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.atomicfs.AtomicOptions;
import org.atomicfs.Durability;

/**
 * Publishes several members by an intent, in the order in which it happens: the transaction's own file shows that it
 * lives, and a pointer in each directory leads there, before a member gives up its lock; the members are made durable;
 * then their names, and the intent; then the intent gets its name, which is the commit point; then {@link Redo} does
 * what it says. Used under the monitor of its {@link Transaction}.
 */
final class GroupCommit implements AutoCloseable {
    /** Something failed before the commit point. */
    static final class NotCommitted extends Exception {
        private static final long serialVersionUID = 1L;

        NotCommitted(Throwable cause) {
            super(cause);
        }
    }

    private final Path root;
    private final String rootKey;
    private final boolean forced;
    private final Forces forces;
    private final Map<Path, Integer> directories = new LinkedHashMap<>(); // by their real paths, numbered from 0
    private TransactionFile file; // null until there is a member

    GroupCommit(Path root, String rootKey, AtomicOptions options) {
        this.root = root;
        this.rootKey = rootKey;
        forced = options.durability() != Durability.NONE;
        forces = new Forces(options.forceThreads());
    }

    void addAll(Collection<Member> members) throws IOException {
        for (Member member : members) {
            add(member);
        }
    }

    /** Makes a member durable, soon, and then needs no open file for it any more. */
    void add(Member member) throws IOException {
        member.setDirectory(number(member.realDirectory()));
        forces.submit(() -> member.seal(forced));
    }

    private int number(Path directory) throws IOException {
        Integer known = directories.get(directory);
        if (known != null) {
            return known;
        }
        if (file == null) {
            file = TransactionFile.create(root, rootKey, forced);
        }
        String key = Fingerprint.key(Delegate.of(directory).attributes(directory));
        Path written = directory.startsWith(root) ? root.relativize(directory) : directory;
        if (!directory.equals(root)) {
            writePointer(directory);
        }
        int number = directories.size();
        directories.put(directory, number); // has a pointer, which a rollback removes
        file.add(new Intent.Directory(key, PathText.of(written)));
        return number;
    }

    /** Takes a member out again, and removes its temporary. Does nothing for null. */
    void drop(Member member, Members members) throws IOException {
        if (member != null) {
            forces.settle();
            members.remove(member);
            member.claim().release(Claim.Outcome.DISCARDED);
        }
    }

    /** Its name is reserved, as those of temporaries are, so that it is not listed. */
    private void writePointer(Path directory) throws IOException {
        Path pointer = TransactionNames.POINTER.in(directory, file.id());
        Registry.reserve(pointer, pointer.getFileName().toString());
        try {
            new IntentPointer(root, rootKey).write(directory, file.id(), forced);
        } catch (Throwable e) {
            Registry.free(pointer, pointer.getFileName().toString());
            throw e;
        }
    }

    private void freePointers() {
        for (Path directory : directories.keySet()) {
            if (!directory.equals(root)) {
                Path pointer = TransactionNames.POINTER.in(directory, file.id());
                Registry.free(pointer, pointer.getFileName().toString());
            }
        }
    }

    /** Waits until no member is being made durable. */
    void settle() {
        forces.settle();
    }

    /** All before the commit point that can fail for another reason than a fault of the machine. */
    void prepare(Collection<Member> members) throws IOException {
        forces.await();
        if (members.isEmpty()) {
            return;
        }
        Set<String> mounted = MountPoints.read();
        for (Path directory : directories.keySet()) {
            try {
                Delegate.provider(directory).checkAccess(directory, AccessMode.WRITE);
            } catch (UnsupportedOperationException unknown) {
                // its temporaries could be created in it
            }
        }
        for (Member member : members) {
            member.check();
            if (mounted.contains(member.destination().toString())) {
                throw new FileSystemException(member.requested().toString(), null, TransactionMessages.MOUNTED);
            }
        }
        if (forced) {
            Delegate delegate = Delegate.of(root);
            directories.keySet().forEach(directory -> forces.submitDirectory(delegate, directory));
            if (!directories.containsKey(root)) {
                forces.submitDirectory(delegate, root);
            }
        }
        try {
            write(members);
        } finally {
            forces.settle();
        }
        forces.await();
    }

    private void write(Collection<Member> members) throws IOException {
        file.write(steps(members), forced);
    }

    private static Iterable<Intent.Step> steps(Collection<Member> members) {
        return () -> members.stream().map(Member::step).iterator();
    }

    /**
     * Publishes what is prepared.
     *
     * @param again whether something may have changed since it was prepared
     * @throws NotCommitted if it failed before the commit point; then all members are still there
     */
    void commit(Collection<Member> members, boolean again) throws IOException, NotCommitted {
        if (members.isEmpty()) {
            rollBack(members);
            return;
        }
        pass(members, again);
        try {
            List<Path> all = new ArrayList<>(directories.keySet());
            Redo redo = new Redo(file.intent(), all, forced, false);
            try {
                redo.run(steps(members), forces);
            } catch (IOException | RuntimeException e) {
                throw TransactionMessages.incomplete(file.intent(), e);
            }
            try {
                closeBeforeRemoval(members);
                redo.removeIntent();
            } catch (IOException | RuntimeException e) {
                throw TransactionMessages.left(root, e);
            }
            redo.cleanUp(steps(members));
        } finally {
            leave(members);
        }
    }

    /**
     * Closes what is open of files that are removed next, where an open file may not be removed. All is published: who
     * takes the files for those of a dead transaction finds nothing to do, and removes them as well.
     */
    private void closeBeforeRemoval(Collection<Member> members) throws IOException {
        if (!Delegate.of(root).removesOpenFiles()) {
            for (Member member : members) {
                member.claim().close();
            }
            file.close();
        }
    }

    /** The commit point. */
    private void pass(Collection<Member> members, boolean again) throws IOException, NotCommitted {
        try {
            boolean changed = false;
            if (again) {
                for (Member member : members) {
                    changed |= member.check();
                }
            }
            if (changed) {
                write(members);
            }
            file.rename();
        } catch (Throwable e) {
            boolean known = false;
            try {
                if (!file.isCommitted()) {
                    known = true;
                }
            } catch (Throwable unknown) {
                Messages.suppress(e, unknown);
            }
            if (known) {
                throw new NotCommitted(e);
            }
            leave(members);
            Messages.rethrow(e instanceof Error ? e : TransactionMessages.unknown(file.intent(), e));
        }
    }

    /**
     * Gives up what is held, and leaves the files, of which there are none if all is done, to a recovery. The members
     * last: who finds a member's temporary that no writer has must not find its transaction alive.
     */
    private void leave(Collection<Member> members) {
        try {
            file.leave();
        } catch (IOException | RuntimeException e) { // of a channel through which all is written and forced
            Registry.logger().log(Level.DEBUG, file.intent().toString(), e);
        } finally {
            members.forEach(member -> member.claim().leave());
            freePointers();
        }
    }

    /** Removes all that there is: the transaction's own file last, since it protects the others. */
    void rollBack(Collection<Member> members) throws IOException {
        forces.settle();
        Throwable first = null;
        for (Member member : members) {
            first = attempt(() -> member.claim().release(Claim.Outcome.DISCARDED), first);
        }
        for (Path directory : directories.keySet()) {
            if (!directory.equals(root)) {
                Path pointer = TransactionNames.POINTER.in(directory, file.id());
                first = attempt(() -> Delegate.provider(pointer).deleteIfExists(pointer), first);
            }
        }
        first = attempt(this::freePointers, first);
        if (file != null) {
            first = attempt(file::remove, first);
        }
        Messages.rethrow(first);
    }

    private static Throwable attempt(Forces.Action action, Throwable before) {
        try {
            action.run();
            return before;
        } catch (Throwable e) {
            if (before == null) {
                return e;
            }
            Messages.suppress(before, e);
            return before;
        }
    }

    @Override
    public void close() {
        forces.close();
    }
}
