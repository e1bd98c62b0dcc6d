package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.atomicfs.Durability;
import org.atomicfs.TemporaryName;
import org.atomicfs.events.Observation;

/**
 * A member of a live transaction: a file that was written and is to be published, or one that is to be deleted, whose
 * empty temporary keeps others from writing it. Small, since there may be many. Used by one thread at a time.
 */
final class Member {
    private final Delegate delegate;
    private final Path requested;
    private final Path destination; // in its real directory
    private final Intent.Kind kind;
    private final Claim claim;
    private final boolean onlyExpected; // whether no other file than the expected one may be replaced
    private final Object expected; // the key of a file; null if there is none, or it is of no account
    private final Observation observation;
    private Completed completed; // what was written; null once it is sealed
    private int directory; // its number in the intent
    private Fingerprint temporary; // null until it is sealed
    private String old; // the key of what is at the destination; null until it is checked

    private Member(
            Path requested,
            Path destination,
            Intent.Kind kind,
            Claim claim,
            boolean onlyExpected,
            Object expected,
            Completed completed) {
        delegate = Delegate.of(destination);
        this.requested = requested;
        this.destination = destination;
        this.kind = kind;
        this.claim = claim;
        this.onlyExpected = onlyExpected;
        this.expected = expected;
        this.completed = completed;
        observation = completed == null ? null : completed.publication().observation();
    }

    /**
     * One that is to be published.
     *
     * @param real its destination, in its real directory
     */
    static Member written(Completed completed, Path real) throws IOException {
        BasicFileAttributes kept = completed.keptContent() ? Delegate.of(real).attributes(real) : null;
        return new Member(
                completed.requested(),
                real,
                completed.exclusive() ? Intent.Kind.CREATE : Intent.Kind.REPLACE,
                completed.claim(),
                kept != null,
                kept == null ? null : kept.fileKey(),
                completed);
    }

    /** One that is to be deleted: the file that is there once no other writer has it. */
    static Member deleted(Path requested, Path real, TemporaryName style) throws IOException {
        Delegate delegate = Delegate.of(real);
        Claim claim = Claims.take(delegate, real, style, null);
        try {
            BasicFileAttributes found = delegate.attributesIfExists(real);
            requireDeletable(requested, real, found);
            return new Member(requested, real, Intent.Kind.DELETE, claim, true, found.fileKey(), null);
        } catch (Throwable e) {
            throw Claims.givenUp(claim, e);
        }
    }

    /**
     * Throws if a file cannot be deleted by a transaction.
     *
     * @param found null if there is none
     */
    static void requireDeletable(Path requested, Path real, BasicFileAttributes found) throws IOException {
        if (found == null) {
            throw new NoSuchFileException(requested.toString());
        }
        if (!found.isRegularFile() && !found.isSymbolicLink()) {
            throw new FileSystemException(
                    requested.toString(),
                    null,
                    found.isDirectory() ? TransactionMessages.DIRECTORY : TransactionMessages.NOT_A_FILE);
        }
        if (SharedDirectory.hasForeign(real, found) && !OtherUsers.isPrivileged()) {
            throw new FileSystemException(requested.toString(), null, SystemErrors.notReplaceable(NotPermitted.TEXT));
        }
    }

    Path requested() {
        return requested;
    }

    /** Who is to be told how it ends; null if nobody is, or nothing was written. */
    Observation observation() {
        return observation;
    }

    Path destination() {
        return destination;
    }

    Path realDirectory() {
        return destination.getParent();
    }

    Claim claim() {
        return claim;
    }

    boolean deletes() {
        return kind == Intent.Kind.DELETE;
    }

    void setDirectory(int number) {
        directory = number;
    }

    /**
     * Makes the temporary durable and closes it, once the transaction's own file shows that it lives. From then on
     * nothing else may change it.
     */
    void seal(boolean forced) throws IOException {
        try {
            if (completed != null) {
                completed.publication().makeDurable(claim, completed.size());
                completed = null;
            } else if (forced) {
                claim.file().force();
            }
            claim.file().close();
            temporary = Fingerprint.of(delegate.attributes(claim.temporary()));
        } catch (IOException | RuntimeException e) {
            throw TransactionMessages.memberFailed(requested, e);
        }
    }

    /** Whether it was published alone. */
    boolean isPublished() {
        return completed != null && completed.publication().isVisible();
    }

    /** Publishes the only member there is, and ends the claim. */
    void publishAlone(Durability durability) throws IOException {
        requireReplaceable(delegate.attributesIfExists(destination));
        if (completed == null) {
            new LoneDeletion(requested, destination, claim, durability).run();
            return;
        }
        try {
            completed.publication().publish(claim, Publication.KEEP_NOTHING, completed.size());
        } catch (RuntimeException e) {
            if (completed.publication().isVisible()) {
                throw TransactionMessages.doneAlthough(requested, durability, e);
            }
            throw e;
        }
    }

    /**
     * Checks that the temporary is what it was, and that it can be published, as far as that can be known before.
     *
     * @return whether what is at the destination has changed since the last check
     */
    boolean check() throws IOException {
        BasicFileAttributes now = delegate.attributesIfExists(claim.temporary());
        if (now == null || !Fingerprint.of(now).equals(temporary)) {
            claim.verify(-1);
            throw new FileSystemException(
                    requested.toString(), null, TransactionMessages.temporaryGone(claim.temporary()));
        }
        BasicFileAttributes there = delegate.attributesIfExists(destination);
        requireReplaceable(there);
        if (there != null && !deletes() && !delegate.surelyReplaces(destination)) {
            throw new FileSystemException(requested.toString(), null, Messages.CANNOT_REPLACE);
        }
        String key = Fingerprint.key(there);
        boolean changed = !key.equals(old);
        old = key;
        return changed;
    }

    /** Throws if what is at the destination cannot be replaced, or must not be any more. */
    private void requireReplaceable(BasicFileAttributes there) throws IOException {
        if (kind == Intent.Kind.CREATE && there != null) {
            throw new FileAlreadyExistsException(requested.toString());
        }
        if (onlyExpected && (there == null || !Objects.equals(expected, there.fileKey()))) {
            throw new FileSystemException(requested.toString(), null, TransactionMessages.REPLACED);
        }
        if (there != null && !there.isRegularFile() && !deletes()) {
            throw new FileSystemException(requested.toString(), null, Messages.NO_LONGER_REGULAR);
        }
    }

    /** What the intent says of it. */
    Intent.Step step() {
        return new Intent.Step(
                kind,
                directory,
                old,
                temporary,
                PathText.of(destination.getFileName()),
                PathText.of(claim.temporary().getFileName()),
                claim.isAnchored() ? PathText.of(claim.anchor().getFileName()) : Fingerprint.NONE);
    }
}
