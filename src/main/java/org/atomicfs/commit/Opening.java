package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import org.atomicfs.events.Observation;
import org.atomicfs.events.Recoveries;

/** Begins writes. */
public final class Opening {
    /**
     * Makes what the caller gets, to write through.
     *
     * @param <C> what the delegate's file is written through
     * @param <W> what the caller writes through
     */
    @FunctionalInterface
    public interface Wrapper<C extends Closeable, W> {
        /** Wraps a write. */
        W wrap(Write<C> write);
    }

    private Opening() {}

    /**
     * Begins a write.
     *
     * @param owner whose write it is
     * @param path what the caller opened
     * @param attributes of a file that is created
     * @throws IOException as the delegate would on such an open; or a {@link java.nio.file.FileAlreadyExistsException}
     *     if the temporary cannot be had
     */
    public static <C extends Closeable, W> W open(
            Object owner,
            Path path,
            OpenRequest request,
            Opener<C> opener,
            Wrapper<C, W> wrapper,
            FileAttribute<?>... attributes)
            throws IOException {
        return beginWhenFree(owner, path, null, request, opener, null, wrapper, attributes);
    }

    /** Begins a write that replaces whatever is at its path, even a link, and keeps nothing of it. */
    public static <C extends Closeable, W> W replacing(
            Object owner, Path path, OpenRequest request, Opener<C> opener, Wrapper<C, W> wrapper) throws IOException {
        return replacing(owner, path, request, opener, Publication.KEEP_NOTHING, wrapper);
    }

    /**
     * As {@link #replacing(Object, Path, OpenRequest, Opener, Wrapper)}.
     *
     * @param finish gives the temporary its attributes at the end
     * @param attributes of the file when it is created
     */
    static <C extends Closeable, W> W replacing(
            Object owner,
            Path path,
            OpenRequest request,
            Opener<C> opener,
            Publication.Finish finish,
            Wrapper<C, W> wrapper,
            FileAttribute<?>... attributes)
            throws IOException {
        Destination destination = new Destination(Delegate.of(path), path, null, false);
        return beginWhenFree(owner, path, destination, request, opener, finish, wrapper, attributes);
    }

    /** Waits for another writer of the file, as long as is asked for. */
    private static <C extends Closeable, W> W beginWhenFree(
            Object owner,
            Path path,
            Destination known,
            OpenRequest request,
            Opener<C> opener,
            Publication.Finish finish,
            Wrapper<C, W> wrapper,
            FileAttribute<?>... attributes)
            throws IOException {
        Patience patience = null;
        try {
            while (true) {
                try {
                    return begin(owner, path, known, request, opener, finish, wrapper, attributes);
                } catch (BusyException e) {
                    if (patience == null) {
                        patience = new Patience(request.atomic().busyNanos());
                    }
                    patience.pause(e, path);
                }
            }
        } finally {
            if (Observation.hasRecovered) {
                Recoveries.tell(request.atomic());
            }
        }
    }

    /**
     * From before anything is created until the caller has the writer, this is the one place that undoes it, whatever
     * is thrown.
     */
    private static <C extends Closeable, W> W begin(
            Object owner,
            Path path,
            Destination known,
            OpenRequest request,
            Opener<C> opener,
            Publication.Finish finish,
            Wrapper<C, W> wrapper,
            FileAttribute<?>... attributes)
            throws IOException {
        StackReserve.check();
        Unfinished.finishAll();
        boolean ofShutdownHook = Shutdown.enter(path);
        InFlight<C> inFlight = null;
        Destination destination = known;
        try {
            try {
                if (!ofShutdownHook) { // a shutdown is not held up by service lookup
                    Observation.findListeners();
                }
                if (destination == null) {
                    destination = Delegate.of(path).isStore()
                            ? StoredObject.find(path, request, attributes)
                            : Destination.find(path, request, opener, attributes);
                }
                if (!request.createsNew()) {
                    destination.requireReplaceable(path);
                }
                destination.learnWhetherItIsKept(request);
                if (Registry.isReserved(destination.path())) {
                    throw new BusyException(destination.path().toString(), Messages.isTemporary());
                }
                inFlight = new InFlight<>(owner, ofShutdownHook, path, destination, request, opener, finish);
                inFlight.register();
            } finally {
                Shutdown.leave();
            }
            Write<C> write = new Write<>(inFlight, request.atomic().commitPolicy());
            inFlight.begin(attributes);
            W writer = wrapper.wrap(write);
            inFlight.watch(writer);
            return writer;
        } catch (Throwable e) {
            if (inFlight == null) {
                Shutdown.ended();
            } else {
                if (e instanceof Error error) { // no memory or no stack: what follows may be cut off too
                    inFlight.cutOff = error;
                    Unfinished.cutOff = true;
                }
                inFlight.ending.undo(e);
                boolean notCreated = e instanceof FileSystemException
                        && !(e instanceof FileAlreadyExistsException)
                        && !inFlight.destination.delegate().isStore();
                if (notCreated) { // its directory is missing, perhaps: a delegate looks at that last
                    Destination.refuseOptions(path, request, opener, attributes);
                }
                if (notCreated && canOnlyBeWrittenInPlace(destination)) {
                    Destination inPlace = destination.asInPlace();
                    return begin(owner, path, inPlace, request, opener, finish, wrapper, attributes);
                }
            }
            if (e instanceof FileSystemException about) {
                throw Messages.about(path, about);
            }
            if (e.getClass() == IOException.class && !Delegate.isBuiltIn(path.getFileSystem())) { // it names no file
                throw SystemErrors.explained(path.toString(), null, SystemErrors.notOpened(e), e);
            }
            throw e;
        }
    }

    /**
     * Whether no temporary could be created because the file is the kernel's, in a place where that is not expected.
     */
    private static boolean canOnlyBeWrittenInPlace(Destination destination) {
        return destination.exists() && !destination.inPlace() && KernelFiles.is(destination.path());
    }
}
