package org.atomicfs.view;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.atomicfs.AtomicOptions;
import org.atomicfs.CommitPolicy;
import org.atomicfs.commit.FileMove;
import org.atomicfs.commit.Handover;
import org.atomicfs.commit.OpenRequest;
import org.atomicfs.commit.Opening;
import org.atomicfs.commit.TransactionMessages;
import org.atomicfs.commit.Write;

/**
 * Archives on atomic paths that the JDK's own zip file system (jdk.zipfs) has open.
 *
 * <p>zipfs keeps the archive open for reading only. When it is closed after a change, it writes a new archive beside
 * the old one, deletes the old one and moves the new one there; an archive that is missing it creates when it is
 * opened, empty. None of that is the write of one file, which could fail or be marked failed. Here all the time in
 * which zipfs is open is one write: the old archive is replaced and not deleted, an empty one is created only at the
 * end, and the move is left out if the write has failed. Then closing throws nothing: if it did, zipfs would stay known
 * to its provider for good.
 *
 * <p>zipfs is recognised by the stack, in the calls with which it begins and ends; its path is the same object in all
 * of them. The stack is looked at only when somebody asks whether a file may be read, or creates one by a stream with
 * {@code CREATE_NEW}, or zipfs has an archive open. Safe for use by several threads.
 */
public final class ZipArchives {
    private static final String PACKAGE = "jdk.nio.zipfs.";
    private static final String CONSTRUCTOR = "<init>";
    private static final String SYNC = "sync";
    private static final String AT_THE_END = "removeFileSystem";
    private static final int DEPTH = 12; // of our own frames and the JDK's, to the one that is looked for

    private static final List<ZipArchive> OPEN = new ArrayList<>(2); // guarded by itself
    private static volatile boolean anyOpen; // whether OPEN is not empty

    /**
     * The archive that zipfs is about to open in this thread: a delegate's path, which keeps no class of this library.
     */
    private static final ThreadLocal<Path> OPENING = new ThreadLocal<>();

    private static volatile boolean anyOpening; // whether there ever was one

    private ZipArchives() {}

    /** Made when it is first needed. */
    private static final class Walker {
        static final StackWalker WALKER = StackWalker.getInstance();
    }

    private static void add(ZipArchive opened) {
        synchronized (OPEN) {
            OPEN.add(opened);
            anyOpen = true;
        }
    }

    private static void remove(ZipArchive closed) {
        closed.archive.end();
        synchronized (OPEN) {
            OPEN.remove(closed);
            anyOpen = !OPEN.isEmpty();
        }
    }

    /**
     * The archive that was opened by this very path, and that zipfs is closing in this thread, as far as that can be
     * told; null if there is none.
     */
    private static ZipArchive find(Object path) {
        ZipArchive found = null;
        synchronized (OPEN) {
            for (ZipArchive opened : OPEN) {
                if (opened.path == path && (found == null || opened.likeness() >= found.likeness())) {
                    found = opened;
                }
            }
        }
        return found;
    }

    /** As {@link #find}, if it is a method of zipfs that asks. Most paths are none that it has, which is known soon. */
    private static ZipArchive findClosing(Object path, String method) {
        ZipArchive found = anyOpen ? find(path) : null;
        return found != null && isCalledBy(method) ? found : null;
    }

    /** The archive for which zipfs writes a new one in this thread; null if there is none. */
    private static ZipArchive findSaving() {
        if (anyOpen) {
            synchronized (OPEN) {
                for (ZipArchive opened : OPEN) {
                    if (opened.isSavedByThisThread()) {
                        return isCalledBy(SYNC) ? opened : null;
                    }
                }
            }
        }
        return null;
    }

    private static ZipArchive findMissing(Path plain) {
        synchronized (OPEN) {
            for (ZipArchive opened : OPEN) {
                if (opened.isMissing() && opened.plain.equals(plain)) {
                    return opened;
                }
            }
        }
        return null;
    }

    /**
     * Whether zipfs has led here.
     *
     * @param method one of its methods that has; null for any
     */
    private static boolean isCalledBy(String method) {
        return Walker.WALKER.walk(frames -> frames.limit(DEPTH)
                .anyMatch(frame -> frame.getClassName().startsWith(PACKAGE)
                        && (method == null || frame.getMethodName().equals(method))));
    }

    /**
     * A stream for the empty archive that zipfs creates when there is none; null if it is not zipfs that asks for one.
     *
     * @param path as zipfs has it
     * @throws FileSystemAlreadyExistsException if zipfs is creating that archive already
     */
    public static OutputStream create(Object path, Path plain, Object owner, AtomicOptions options) throws IOException {
        if (!isCalledBy(CONSTRUCTOR)) {
            return null;
        }
        requireNoTransaction(owner, plain);
        Path directory = plain.toAbsolutePath().getParent();
        if (!Files.isDirectory(directory)) {
            throw new NoSuchFileException(plain.toString());
        }
        directory.getFileSystem().provider().checkAccess(directory, AccessMode.WRITE);
        if (findMissing(plain) != null) {
            throw new FileSystemAlreadyExistsException(plain + " is being created by another zip file system");
        }
        ZipArchive created = new ZipArchive(path, plain, owner, options, new ByteArrayOutputStream());
        add(created);
        return created.empty;
    }

    /** zipfs makes the new archive under another name, which would be a member of its own. */
    private static void requireNoTransaction(Object owner, Path plain) throws FileSystemException {
        if (Handover.of(owner) != null) {
            throw TransactionMessages.archive(plain);
        }
    }

    /**
     * Whether zipfs asks for access to an archive that it is creating. Notes when it is about to open one, since it
     * asks before that whether it may be read.
     */
    public static boolean isCreating(Path plain, AccessMode... modes) {
        boolean reads = modes.length == 1 && modes[0] == AccessMode.READ;
        if (modes.length == 0 || !reads && !anyOpen || !isCalledBy(CONSTRUCTOR)) {
            return false;
        }
        if (reads) {
            OPENING.set(plain);
            anyOpening = true;
        }
        return findMissing(plain) != null;
    }

    /** Whether zipfs is about to open this file, perhaps. */
    public static boolean mayBeOpening(Path plain) {
        return anyOpening && plain.equals(OPENING.get());
    }

    /**
     * Opens an archive for zipfs, after {@link #mayBeOpening}.
     *
     * @param options of the open
     */
    public static SeekableByteChannel open(
            Object path,
            Path plain,
            Object owner,
            AtomicOptions atomic,
            Set<? extends OpenOption> options,
            FileAttribute<?>... attributes)
            throws IOException {
        OPENING.remove();
        boolean opens = isCalledBy(CONSTRUCTOR);
        if (opens) {
            requireNoTransaction(owner, plain);
        }
        ZipArchive opened = opens ? find(path) : null;
        if (opened != null && opened.isMissing()) {
            SeekableByteChannel channel = new BytesChannel(opened.empty.toByteArray());
            opened.watch(channel, () -> remove(opened));
            return channel;
        }
        SeekableByteChannel channel = plain.getFileSystem().provider().newByteChannel(plain, options, attributes);
        if (opens && Files.isWritable(plain)) {
            ZipArchive changeable = new ZipArchive(path, plain, owner, atomic, null);
            add(changeable);
            changeable.watch(channel, () -> remove(changeable));
        }
        return channel;
    }

    /**
     * Whether zipfs asks for the attributes of an archive that it is creating, to give them to the new one. With that
     * it begins to write a new one.
     */
    public static boolean hasNoAttributes(Object path, Path plain) {
        ZipArchive closing = findClosing(path, SYNC);
        if (closing == null) {
            return false;
        }
        closing.beginSaving();
        if (closing.isMissing()) {
            return true;
        }
        if (Files.notExists(plain)) {
            notSaved(new NoSuchFileException(plain.toString()), null); // zipfs will find that out, too
        }
        return false;
    }

    /** Forgets archives whose channel zipfs has closed without having changed them: it could not read them. */
    public static void forgetClosed() {
        if (anyOpen) {
            List<ZipArchive> all;
            synchronized (OPEN) {
                all = List.copyOf(OPEN);
            }
            for (ZipArchive opened : all) {
                if (opened.isClosedUnchanged()) {
                    remove(opened);
                }
            }
        }
    }

    /** The options for a file that zipfs writes for itself, beside the archive: no one else can commit that. */
    public static AtomicOptions optionsFor(AtomicOptions options) {
        return options.commitPolicy() == CommitPolicy.EXPLICIT && anyOpen && isCalledDirectly()
                ? options.overriddenBy(List.of(CommitPolicy.ON_CLOSE))
                : options;
    }

    /** Whether zipfs itself opens, and not what it calls back. */
    private static boolean isCalledDirectly() {
        return Walker.WALKER.walk(frames -> frames.map(StackWalker.StackFrame::getClassName)
                .filter(name -> !name.startsWith("java.nio.file.")
                        && !name.startsWith("java.security.")
                        && !name.startsWith("org.atomicfs."))
                .findFirst()
                .filter(name -> name.startsWith(PACKAGE))
                .isPresent());
    }

    /**
     * A stream that does not truncate: zipfs writes a new archive to one.
     *
     * @param plain the path of it
     */
    static OutputStream saving(Path plain, OutputStream opened) {
        ZipArchive saving = findSaving();
        return saving == null
                ? opened
                : new ArchiveOutputStream(opened, () -> noteInterrupt(saving), () -> remove(saving), plain);
    }

    /**
     * Notes that zipfs could not write a new archive, if it is that what failed.
     *
     * @param created the file that zipfs has created for it, and does not remove; null if there is none
     */
    static void notSaved(Exception failure, Path created) {
        ZipArchive saving = findSaving();
        if (saving != null) {
            saving.archive.fail(failure);
            remove(saving);
            if (created != null) {
                try {
                    Files.deleteIfExists(created);
                } catch (IOException | RuntimeException left) {
                    failure.addSuppressed(left);
                }
            }
        }
    }

    /**
     * Notes, when zipfs has written a new archive, that what it has left out is missing: the thread was interrupted
     * while it read the old one, which closes that for good. zipfs itself goes on.
     */
    private static void noteInterrupt(ZipArchive saving) {
        synchronized (OPEN) {
            for (ZipArchive opened : OPEN) {
                if (opened.path == saving.path) {
                    opened.noteInterrupt();
                }
            }
        }
    }

    /** Whether zipfs deletes an archive in order to move the new one there next: it is left to be replaced. */
    public static boolean replaces(Object path) {
        ZipArchive closing = findClosing(path, SYNC);
        if (closing == null) {
            return false;
        }
        closing.isPublished();
        return true;
    }

    /**
     * Moves the new archive to its place for zipfs, or removes it if it is not to be published.
     *
     * @return whether it was zipfs that moves
     */
    public static boolean move(Path source, Object target, CopyOption... how) throws IOException {
        ZipArchive closing = findClosing(target, SYNC);
        if (closing == null) {
            return false;
        }
        boolean moved = false;
        boolean interrupted = false;
        try {
            if (closing.isPublished()) {
                closing.archive.beginMove(source);
                interrupted = Thread.interrupted(); // which does not keep a plain file from being moved
                // whoever has created the archive meanwhile keeps it
                CopyOption[] options = closing.isNew() ? new CopyOption[0] : how;
                FileMove.move(closing.owner, source, closing.plain, closing.options, Openers.BYTE_CHANNELS, options);
            }
            moved = true;
        } catch (IOException | RuntimeException e) {
            closing.archive.fail(e); // who closes zipfs may be in a library that does not pass the exception on
            throw e;
        } finally {
            // where a delegate has lost the old archive, this is the last copy
            if (!moved && Files.exists(closing.plain, LinkOption.NOFOLLOW_LINKS) || !closing.isPublished()) {
                Files.deleteIfExists(source);
            }
            closing.archive.end();
            if (!moved) {
                remove(closing); // zipfs does not close itself to the end
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return true;
    }

    /**
     * The real path of an archive that zipfs creates, or has given up, for its provider; null if it is another path, or
     * the archive is there. zipfs asks for it when it ends, too: then nothing is pending any more.
     */
    public static Path realPath(Object path, Path plain) throws IOException {
        if (!anyOpen) {
            return null;
        }
        ZipArchive closed = findClosing(path, AT_THE_END);
        if (closed != null) {
            try {
                if (closed.isMissing() && closed.archive.isOpen() && closed.isPublished()) {
                    publishEmpty(closed);
                }
            } finally {
                remove(closed);
            }
        }
        ZipArchive missing = closed != null && closed.isMissing() ? closed : findMissing(plain);
        return missing == null || !isCalledBy(null)
                ? null
                : missing.plain.toAbsolutePath().getParent().toRealPath().resolve(missing.plain.getFileName());
    }

    /** zipfs was closed, and has put nothing into the archive that it created. */
    private static void publishEmpty(ZipArchive closed) throws IOException {
        OpenOption[] options = {StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE};
        byte[] empty = closed.empty.toByteArray();
        Write<OutputStream> write = Opening.open(
                closed.owner,
                closed.plain,
                OpenRequest.ofStream(options, closed.options),
                Openers.STREAMS,
                opened -> opened);
        write.change(out -> {
            out.write(empty);
            return null;
        });
        write.wrote(empty.length);
        write.pending().commit();
    }
}
