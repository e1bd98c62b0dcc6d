package org.atomicfs.commit;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.Channel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.atomicfs.TemporaryName;

/** Finds a name for the temporary of a destination and creates it, taking over from writers that died. */
final class Claims {
    private static final int ATTEMPTS = 100;

    /** For content that is written through another channel. */
    private static final class CreateAlone implements LockedFile.Creator {
        @Override
        public Channel create(Path file, FileAttribute<?>... attributes) throws IOException {
            return Delegate.provider(file)
                    .newByteChannel(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes);
        }
    }

    /**
     * Members that were written, by their real paths; their names are to be theirs before long. With the thread that
     * began the transaction.
     */
    private static final Map<Path, Thread> MEMBERS = new ConcurrentHashMap<>();

    private final Delegate delegate;
    private final Path destination;
    private final TemporaryName style;
    private final FileAttribute<?>[] attributes;
    private LockedFile.Creator sharing; // null if the content cannot be written through what it creates

    private Claims(
            Delegate delegate,
            Path destination,
            TemporaryName style,
            LockedFile.Creator sharing,
            FileAttribute<?>... attributes) {
        this.delegate = delegate;
        this.destination = destination;
        this.style = style;
        this.sharing = sharing;
        this.attributes = attributes;
    }

    /**
     * Creates the temporary of a destination.
     *
     * @param sharing creates it so that the content can be written through the same channel; null if it cannot be
     * @throws FileAlreadyExistsException if another writer has it, or a file is in the way that is not known to be an
     *     abandoned temporary
     */
    static Claim take(
            Delegate delegate,
            Path destination,
            TemporaryName style,
            LockedFile.Creator sharing,
            FileAttribute<?>... attributes)
            throws IOException {
        return new Claims(delegate, destination, style, sharing, attributes).take();
    }

    /**
     * Keeps the name of a member, which is perhaps not there yet, from becoming a temporary's.
     *
     * @param by has begun the transaction
     */
    static void keep(Path member, Thread by) {
        MEMBERS.put(member, by);
    }

    /** Takes {@link #keep} back; does nothing the second time. */
    static void forget(Path member) {
        MEMBERS.remove(member);
    }

    /** The thread that began the transaction of which a file is a member that was written; null if it is none. */
    static Thread ownerOf(Path file) throws IOException {
        if (MEMBERS.isEmpty()) {
            return null;
        }
        Path directory = file.toAbsolutePath().getParent().toRealPath();
        return MEMBERS.get(directory.resolve(file.getFileName()));
    }

    /** A member that was written below a directory; null if there is none. */
    static Path memberBelow(Path directory) throws IOException {
        Path real = MEMBERS.isEmpty() ? null : directory.toRealPath();
        for (Path member : MEMBERS.keySet()) {
            if (real != null && member.startsWith(real)) {
                return member;
            }
        }
        return null;
    }

    private Claim take() throws IOException {
        Path temporary = TemporaryNames.full(destination, style);
        try {
            return take(temporary);
        } catch (FileSystemException e) {
            if (e.getClass() != FileSystemException.class || !TemporaryNames.mayBeTooLong(temporary)) {
                throw explained(e, temporary);
            }
            try {
                return take(TemporaryNames.shortened(destination, style));
            } catch (FileSystemException again) {
                if (again.getClass() != FileSystemException.class) {
                    throw again; // the name is not what is wrong
                }
                Messages.suppress(e, again);
                throw e;
            }
        }
    }

    private Claim take(Path temporary) throws IOException {
        if (Registry.isDestination(temporary) || ownerOf(temporary) != null) {
            throw new BusyException(destination.toString(), Messages.temporaryIsDestination(temporary));
        }
        boolean anchored = style == TemporaryName.FIXED
                && delegate.reader().hasKeys(destination.toAbsolutePath().getParent());
        Claim claim = anchored ? takeAnchored(temporary) : null;
        return claim != null ? claim : takeAlone(temporary);
    }

    /**
     * The JDK names the path that is too long, with the reason: that of the temporary, which the caller has not given.
     */
    private static FileSystemException explained(FileSystemException e, Path temporary) {
        if (e.getClass() != FileSystemException.class
                || !String.valueOf(e.getReason()).contains("too long")) {
            return e;
        }
        return SystemErrors.explained(e.getFile(), null, SystemErrors.pathTooLong(temporary, e.getReason()), e);
    }

    /** Returns null where there are no links or no locks: an anchor would prove nothing. */
    private Claim takeAnchored(Path temporary) throws IOException {
        Path anchor = TemporaryNames.anchor(destination);
        Claim claim = new Claim(delegate, temporary, anchor);
        try {
            reserve(claim);
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                if (!create(claim)) {
                    removeAbandoned(anchor, temporary);
                    continue;
                }
                Delegate.Linked linked = claim.link();
                if (linked == Delegate.Linked.DONE) {
                    return claim;
                }
                claim.startAgain();
                if (linked == Delegate.Linked.IMPOSSIBLE) {
                    claim.release(Claim.Outcome.DISCARDED);
                    return null;
                }
                refuseUnknown(temporary);
            }
            throw busy(temporary, Messages.OTHER_PROCESSES);
        } catch (Throwable e) {
            throw givenUp(claim, e);
        }
    }

    private Claim takeAlone(Path temporary) throws IOException {
        if (style == TemporaryName.FIXED && sharing != null && !sharing.writesInCallingThread()) {
            sharing = null; // a file that it created too slowly could not be proved to be its own, and would stay
        }
        Claim claim = new Claim(delegate, temporary, null);
        try {
            reserve(claim);
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                if (create(claim)) {
                    return claim;
                }
                if (style == TemporaryName.UNIQUE) { // only this writer can have made it, too slowly: take another name
                    claim.release(Claim.Outcome.DISCARDED);
                    removeIfKnown(temporary);
                    return takeAlone(TemporaryNames.full(destination, style));
                }
                refuseUnknown(temporary);
            }
            throw busy(temporary, Messages.OTHER_PROCESSES);
        } catch (Throwable e) {
            throw givenUp(claim, e);
        }
    }

    /** Leaves nothing of an attempt that failed, and throws what it failed with; returns it for the compiler alone. */
    static IOException givenUp(Claim claim, Throwable failure) throws IOException {
        try {
            claim.release(Claim.Outcome.DISCARDED);
        } catch (Throwable cleanup) {
            Messages.suppress(failure, cleanup);
        }
        Messages.rethrow(failure);
        return (IOException) failure;
    }

    private void reserve(Claim claim) throws BusyException {
        if (!claim.reserve()) {
            throw busyHere(claim.temporary());
        }
    }

    private boolean create(Claim claim) throws IOException {
        try {
            if (claim.create(sharing != null ? sharing : new CreateAlone(), sharing != null, attributes)) {
                return true;
            }
            if (claim.file().wasSlow()) {
                sharing = null; // what cannot be proved of other channels can be of this one
            }
            return false;
        } catch (AccessDeniedException e) {
            throw SystemErrors.denied(claim.temporary(), Messages.cannotBeCreated(claim.temporary()), e);
        }
    }

    /** What may be a member of another process's transaction stays: a recovery removes it later if it is not. */
    private static void removeIfKnown(Path temporary) throws IOException {
        try {
            Abandoned.remove(temporary, temporary);
        } catch (BusyException e) {
            Registry.logger().log(Level.DEBUG, temporary.toString(), e);
        }
    }

    private Abandoned.State remove(Path anchor, Path temporary) throws IOException {
        try {
            return Abandoned.remove(anchor, temporary);
        } catch (BusyException e) {
            throw Messages.about(destination, e);
        }
    }

    private void removeAbandoned(Path anchor, Path temporary) throws IOException {
        switch (remove(anchor, temporary)) {
            case LIVE -> throw isOfThisJvm(anchor) ? busyHere(temporary) : busy(temporary, Messages.ANOTHER_PROCESS);
            case UNKNOWN, COMMITTED -> refuseUnknown(anchor);
            case DEAD, GONE -> {
                // the name is free
            }
        }
    }

    private boolean isOfThisJvm(Path file) throws IOException {
        BasicFileAttributes found = delegate.attributesIfExists(file);
        return found != null && Registry.isClaimed(file, found.fileKey());
    }

    /** Refuses to go on while a file is in the way that is not known to be abandoned; it may be gone again. */
    private void refuseUnknown(Path name) throws IOException {
        BasicFileAttributes found = delegate.attributesIfExists(name);
        if (found != null && Registry.isClaimed(name, found.fileKey())) {
            throw busyHere(name);
        }
        if (found != null) {
            throw new FileAlreadyExistsException(destination.toString(), null, Messages.unknownFile(name, found));
        }
    }

    /** The caller's own write is known by now, too, but has no temporary yet. */
    private BusyException busyHere(Path temporary) {
        for (PendingWrite write : Registry.list(destination)) {
            if (write.temporary().isPresent()) {
                BusyException busy = new BusyException(destination.toString(), Messages.busy(write, temporary));
                busy.initCause(write.trace());
                return busy;
            }
        }
        return isMemberIfKnown()
                ? new BusyException(destination.toString(), TransactionMessages.member(temporary))
                : busy(temporary, Messages.THIS_JVM);
    }

    private boolean isMemberIfKnown() {
        try {
            return ownerOf(destination) != null;
        } catch (IOException e) {
            return false;
        }
    }

    private BusyException busy(Path temporary, String who) {
        return new BusyException(destination.toString(), Messages.busy(who, temporary));
    }
}
