package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.atomicfs.AtomicCommitException;

/**
 * The members of one transaction, and the writes that will be: each file once, however it is named, but for hard links.
 * Used by one thread at a time.
 */
final class Members {
    private final Map<Path, Path> realDirectories = new HashMap<>();
    private final Map<Path, Member> members = new LinkedHashMap<>(); // by destination, in its real directory
    private final Set<Path> open = new HashSet<>(); // destinations of writes under way
    private final Set<Path> notDeleted = new HashSet<>(); // those among them that were to be deleted before
    private final Thread beginner = Thread.currentThread(); // who is expected to end the transaction

    /** What was deleted instead of written, or the other way, and is neither so far; with what the commit throws. */
    private final Map<Path, AtomicCommitException> lost = new LinkedHashMap<>();

    private Path failed; // null if no member has failed
    private Throwable failure;
    private final EndedMembers ended = new EndedMembers();

    /** The same for all ways by which a file can be named. */
    Path real(Path path) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            return path; // a root
        }
        Path known = realDirectories.get(parent);
        if (known == null) {
            known = parent.toRealPath();
            realDirectories.put(parent, known);
        }
        return known.resolve(path.getFileName());
    }

    /** The member that has a file; null if none has, or it is only being written. */
    Member find(Path real) {
        return members.get(real);
    }

    /** Refuses a file that this transaction is writing, or has dealt with. */
    void requireNew(Path requested, Path real, boolean isMember) throws FileSystemException {
        if (open.contains(real) || isMember) {
            throw new FileSystemException(requested.toString(), null, TransactionMessages.MEMBER_ALREADY);
        }
    }

    /**
     * Refuses to write through a link that is to be deleted: the link would not be there in the end, and the file that
     * it leads to would be another one.
     */
    void requireNotDeleted(Path link, Path written) throws IOException {
        Path real = real(link);
        if (!real.equals(written)) {
            requireUnknown(link);
        }
    }

    /**
     * Notes that a file is being written.
     *
     * @param deleted whether it was to be deleted until now
     */
    void begin(Path real, boolean deleted) {
        open.add(real);
        if (deleted) {
            notDeleted.add(real);
        }
    }

    /** Refuses a file that this transaction is writing, or has dealt with. */
    void requireUnknown(Path requested) throws IOException {
        Path real = real(requested);
        requireNew(requested, real, members.containsKey(real));
    }

    /** Notes that a write has ended. One that was to replace a deletion, and has come to nothing, is lost. */
    void end(Path requested, Path real) {
        open.remove(real);
        if (notDeleted.remove(real)) {
            FileSystemException cause =
                    new FileSystemException(requested.toString(), null, TransactionMessages.NOT_DELETED);
            lose(requested, real, cause);
        }
    }

    /** Notes that a file is neither written nor deleted: a failure, unless it becomes a member after all. */
    void lose(Path requested, Path real, Throwable cause) {
        lost.put(real, TransactionMessages.memberFailed(requested, cause));
    }

    boolean isLost(Path real) {
        return lost.containsKey(real);
    }

    /** Takes {@link #lose} back; does nothing without it. */
    void regain(Path real) {
        lost.remove(real);
    }

    void add(Member member) {
        Claims.keep(member.destination(), beginner);
        members.put(member.destination(), member);
        notDeleted.remove(member.destination());
        regain(member.destination());
    }

    void remove(Member member) {
        members.remove(member.destination());
        ended.add(member.observation(), false, null);
        Claims.forget(member.destination());
    }

    Collection<Member> all() {
        return members.values();
    }

    /**
     * Throws unless all that was opened is closed.
     *
     * @throws IllegalStateException if a file is still being written
     */
    void requireClosed() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("still being written: " + open + "; close it before the commit");
        }
    }

    /** Notes that a member failed; the first one stays. */
    void fail(Path requested, Throwable cause) {
        if (failed == null) {
            failed = requested;
            failure = cause;
        }
    }

    /** Throws if a member failed. */
    void requireNoFailure() throws AtomicCommitException {
        if (failed != null) {
            throw TransactionMessages.memberFailed(failed, failure);
        }
        if (!lost.isEmpty()) {
            throw lost.values().iterator().next();
        }
    }

    /** Forgets all members, which were published or discarded. */
    void end(boolean published) {
        members.keySet().forEach(Claims::forget);
        for (Member member : members.values()) {
            ended.add(member.observation(), published || member.isPublished(), published ? null : failure);
        }
        members.clear();
    }

    /** Tells what became of those that have ended. To be called without a lock; may be called by any thread. */
    void tell() {
        ended.tell();
    }
}
