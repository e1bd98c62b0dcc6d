package org.atomicfs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.atomicfs.commit.Abandoned;
import org.atomicfs.commit.BusyException;
import org.atomicfs.commit.DirectoryWrite;
import org.atomicfs.commit.Nesting;
import org.atomicfs.commit.Patience;
import org.atomicfs.commit.PendingWrite;
import org.atomicfs.commit.Recovery;
import org.atomicfs.commit.Registry;
import org.atomicfs.commit.TransactionMessages;
import org.atomicfs.view.AtomicFileSystem;
import org.atomicfs.view.AtomicPath;
import org.atomicfs.view.Opens;
import org.atomicfs.view.ZipArchives;

/**
 * Makes {@code atomic:} paths without a URI, writes files in one call, and finds writes that are under way or were
 * abandoned.
 *
 * <h2>Why not only URIs</h2>
 *
 * <p>{@code Path.of(URI)} sees only providers on the system class path or in the boot layer, so not in a servlet
 * container, an OSGi bundle, a Spring Boot fat jar or a program that {@code mvn exec:java} runs: <em>Provider "atomic"
 * not installed</em>. These methods work everywhere, and give the same paths of the same provider.
 *
 * <h2>Threads</h2>
 *
 * <p>All methods may be called by any thread.
 */
public final class AtomicFiles {
    /**
     * How long an unknown file in the temporary's place is waited for: where the file system has no links or locks,
     * another process's temporary looks like that.
     */
    private static final long GRACE = TimeUnit.SECONDS.toNanos(1);

    private AtomicFiles() {}

    /**
     * The path through which the same file is written atomically.
     *
     * @param path a path of any provider; one that is atomic already is returned as it is
     * @return an {@code atomic:} path; of the file system that was made by {@code FileSystems.newFileSystem} for the
     *     wrapped one, as long as that is open, else of one with the {@link AtomicOptions#defaults() defaults}
     * @throws IllegalArgumentException if a system property of {@link AtomicOptions} is not valid
     */
    public static Path atomic(Path path) {
        Path known = AtomicPath.withoutStandIn(path);
        return known instanceof AtomicPath
                ? known
                : AtomicFileSystemProvider.fileSystems()
                        .get(known.getFileSystem())
                        .wrap(known);
    }

    /**
     * The path of the wrapped file system, by which the same file is written as it always was.
     *
     * @param path any path; one that is not atomic is returned as it is
     * @return the plain path
     */
    public static Path plain(Path path) {
        return Objects.requireNonNull(path) instanceof AtomicPath atomic
                ? atomic.plain()
                : AtomicPath.withoutStandIn(path);
    }

    /**
     * Makes a file system over another one, with options of its own. It is known only to the caller:
     * {@link java.nio.file.FileSystems#newFileSystem(java.net.URI, java.util.Map)} makes one that URIs lead to.
     *
     * <p>Closing it aborts its open writes and closes the wrapped file system, unless that is the default one.
     *
     * @param plain the file system to wrap
     * @param options how files are written
     * @return an atomic file system
     * @throws IllegalArgumentException if the file system is atomic already
     */
    public static FileSystem wrap(FileSystem plain, AtomicOptions options) {
        FileSystem delegate = Objects.requireNonNull(plain);
        if (delegate instanceof AtomicFileSystem atomic) {
            if (!atomic.standsIn()) {
                throw new IllegalArgumentException("Atomic already, wrap what it wraps: " + plain);
            }
            delegate = atomic.delegate();
        }
        return AtomicFileSystemProvider.fileSystems().unregistered(delegate, Objects.requireNonNull(options));
    }

    /**
     * All writes of this JVM that have not ended, oldest first. Among them is each archive that the JDK's zip file
     * system has open on an {@code atomic:} path and could change: it is replaced when that file system is closed after
     * a change, and not if it was {@linkplain AtomicWrite#markFailed marked failed} before or an exception is
     * propagating. With {@link CommitPolicy#EXPLICIT} it is replaced only if {@link AtomicWrite#commit} was called
     * before.
     *
     * @return a snapshot
     */
    public static List<AtomicWrite> pending() {
        ZipArchives.forgetClosed();
        return Registry.list().stream().map(Opens::handle).toList();
    }

    /**
     * The write of a file that has not ended: the handle of a stream that is buried in a library. Where there are
     * several ({@link TemporaryName#UNIQUE}) it is the one that was opened last, by this thread if it opened any. The
     * handle does not keep the stream: when the program drops that, the write is discarded. Its {@code toString} tells
     * how far the write has come, which thread opened it when, and, with the option {@code traceOpens}, where.
     *
     * @param path the destination, atomic or plain; named as it was for the open, or as the target of the link that was
     *     opened
     * @return the write, or empty if there is none
     */
    public static Optional<AtomicWrite> pending(Path path) {
        PendingWrite found = find(path);
        return found == null ? Optional.empty() : Optional.of(Opens.handle(found));
    }

    /** The write that was opened last, by this thread if it opened any; null if there is none. */
    private static PendingWrite find(Path path) {
        ZipArchives.forgetClosed();
        PendingWrite found = null;
        for (PendingWrite write : Registry.list(plain(path))) {
            if (found == null || isOfThisThread(write) || !isOfThisThread(found)) {
                found = write;
            }
        }
        return found;
    }

    private static boolean isOfThisThread(PendingWrite write) {
        return write.thread() == Thread.currentThread();
    }

    /**
     * Marks the write of a file failed: its {@code close()} will discard, and throws nothing. For code that learns of a
     * failure while the stream is buried in a library. The same as {@link #pending(Path)} and
     * {@link AtomicWrite#markFailed}.
     *
     * @param path the destination, as for {@link #pending(Path)}
     * @param cause why; may be null
     * @return whether there was such a write, and it will not be published; if false, it may have ended already, or be
     *     on its way to the destination
     */
    public static boolean markFailed(Path path, Throwable cause) {
        PendingWrite write = find(path);
        return write != null && write.markFailed(cause);
    }

    /**
     * Produces the content of a file.
     *
     * @see #write
     * @see #writeIfAbsent
     */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes the content. An exception discards what was written, and reaches the caller as it is.
         *
         * @param out where to; closing it, which is not necessary, publishes nothing yet
         * @throws IOException if it fails
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Produces the content of a file through a channel.
     *
     * @see #writeChannel
     */
    @FunctionalInterface
    public interface ChannelContent {
        /**
         * Writes the content. An exception discards what was written, and reaches the caller as it is.
         *
         * @param out where to; closing it, which is not necessary, publishes nothing yet
         * @throws IOException if it fails
         */
        void writeTo(SeekableByteChannel out) throws IOException;
    }

    /**
     * Writes a file, and publishes it when the action returns; whatever the action throws discards it, and is thrown
     * again as it is. Needs no detection of exceptions, and so is sure.
     *
     * @param path the file, atomic or plain
     * @param content writes the content
     * @param options as for {@link Files#newOutputStream}, by default {@code CREATE}, {@code TRUNCATE_EXISTING} and
     *     {@code WRITE}; a {@link Durability} and a {@link TemporaryName} may be among them, a {@link CommitPolicy} may
     *     not
     * @throws AtomicCommitException if the content cannot be published
     * @throws IllegalArgumentException if a {@link CommitPolicy} other than {@code EXPLICIT} is given
     * @throws IOException if the file cannot be opened, or {@code content} throws it
     */
    public static void write(Path path, Content content, OpenOption... options) throws IOException {
        Objects.requireNonNull(content);
        OutputStream out = Files.newOutputStream(atomic(path), explicit(options));
        commitAfter((AtomicWrite) out, () -> content.writeTo(out));
    }

    /**
     * Like {@link #write(Path, Content, OpenOption...)}, through a channel. It is a
     * {@link java.nio.channels.FileChannel} where the wrapped provider's is one.
     *
     * @param path the file, atomic or plain
     * @param content writes the content
     * @param options as for {@link Files#newByteChannel(Path, OpenOption...)}, by default {@code CREATE},
     *     {@code TRUNCATE_EXISTING} and {@code WRITE}; a {@link CommitPolicy} may not be among them
     * @throws AtomicCommitException if the content cannot be published
     * @throws IOException if the file cannot be opened, or {@code content} throws it
     */
    public static void writeChannel(Path path, ChannelContent content, OpenOption... options) throws IOException {
        Objects.requireNonNull(content);
        SeekableByteChannel out = Files.newByteChannel(atomic(path), explicit(options));
        commitAfter((AtomicWrite) out, () -> content.writeTo(out));
    }

    private static OpenOption[] explicit(OpenOption... options) {
        List<OpenOption> all = new ArrayList<>(List.of(options));
        if (all.stream().noneMatch(StandardOpenOption.class::isInstance)) {
            all.addAll(
                    List.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE));
        }
        if (!all.contains(StandardOpenOption.APPEND)) {
            all.add(StandardOpenOption.WRITE); // as newOutputStream does
        }
        all.add(CommitPolicy.EXPLICIT);
        return all.toArray(OpenOption[]::new);
    }

    @FunctionalInterface
    private interface Action {
        void run() throws IOException;
    }

    /** Commits a write when an action has returned, and aborts it when that has thrown. */
    private static void commitAfter(AtomicWrite write, Action action) throws IOException {
        commitIf(write, () -> {
            action.run();
            return true;
        });
    }

    /** What is done in a write, which says at the end whether to commit it. */
    @FunctionalInterface
    interface Decision {
        boolean make() throws IOException;
    }

    /**
     * Commits a write, or aborts it, as an action says when it returns; aborts it when that has thrown.
     *
     * @return what the action has returned
     */
    static boolean commitIf(AtomicWrite write, Decision action) throws IOException {
        Opens.keepOpen(write);
        boolean commits;
        try {
            commits = action.make();
        } catch (Throwable e) {
            try {
                write.abort();
            } catch (IOException | RuntimeException cleanup) {
                if (cleanup != e) {
                    e.addSuppressed(cleanup);
                }
            }
            throw e;
        }
        if (commits) {
            write.commit();
        } else {
            write.abort();
        }
        return commits;
    }

    /**
     * Writes a file, unless it has that content already: then it stays as it is, with its time and its identity, and
     * who watches it is not woken. The old content is compared while the new one is written to the temporary; neither
     * has to fit into memory.
     *
     * @param path the file, atomic or plain
     * @param content writes the content; an exception discards it, and is thrown again as it is
     * @param options a {@link Durability}, or none
     * @return whether the file was written
     * @throws AtomicCommitException if the content cannot be published
     * @throws IllegalArgumentException if other options are given
     * @throws IOException if the file cannot be opened or read, or {@code content} throws it, or if the path is one of
     *     a {@link FileTransaction}
     */
    public static boolean writeIfChanged(Path path, Content content, OpenOption... options) throws IOException {
        Objects.requireNonNull(content);
        if (path instanceof AtomicPath atomic && atomic.getFileSystem().handover() != null) {
            throw TransactionMessages.compared(atomic.plain());
        }
        return Rewriting.ifChanged(path, content, options);
    }

    /**
     * Makes the new content of a file out of the old one.
     *
     * @see #update
     */
    @FunctionalInterface
    public interface Change {
        /**
         * Reads the old content and writes the new one. An exception leaves the file as it is, and reaches the caller.
         *
         * @param in the old content, from its beginning; empty if there is no file
         * @param out the new content; closing it, which is not necessary, publishes nothing yet
         * @throws IOException if it fails
         */
        void apply(InputStream in, OutputStream out) throws IOException;
    }

    /**
     * Reads a file, changes it and publishes the result, while no other writer that uses atomicfs can write it, in this
     * JVM and, where file locks work, in other processes of this host. So no change of them is lost. Waits for others
     * for as long as it takes, or for the {@link AtomicOptions#busyTimeout()} of the path's file system if that is not
     * zero.
     *
     * <p>If a program that does not use atomicfs has replaced the file or written to it in the meantime, which is found
     * out before publishing, the change is made again from the beginning; so {@code change} may be called several
     * times. What such a program does in the instant between that look and the publication is lost.
     *
     * @param path the file, atomic or plain; created if it does not exist
     * @param change makes the new content; must not write the same file itself
     * @param options a {@link Durability}, or none
     * @throws AtomicCommitException if the content cannot be published
     * @throws java.nio.file.FileAlreadyExistsException if another writer did not end in time, or {@code change} itself
     *     writes the same file
     * @throws java.nio.file.FileSystemException if a program without atomicfs has replaced the file again and again
     * @throws java.io.InterruptedIOException if the thread is interrupted while it waits; its interrupt status stays
     *     set
     * @throws IllegalArgumentException if other options are given
     * @throws IOException if the file cannot be opened or read, or {@code change} throws it
     */
    public static void update(Path path, Change change, OpenOption... options) throws IOException {
        Objects.requireNonNull(change);
        Rewriting.update(path, change, options);
    }

    /**
     * Publishes a file unless there is one: "skip if it exists, otherwise compute". Never replaces a file that another
     * one made. While one writer computes, others that call this method for the same file wait for it, in this JVM and,
     * where file locks work, in other processes of this host; so the content is not computed twice at the same time. If
     * that writer fails, one of those that waited computes.
     *
     * <p>A file that another program makes without atomicfs can appear during the computation; then that one stays, and
     * what was computed is discarded. Whether the name is that of a file, a directory or a link, even a dangling one,
     * makes no difference.
     *
     * @param path the file, atomic or plain
     * @param content computes it; must not write the same file itself
     * @return whether the file was written by this call
     * @throws java.nio.file.FileAlreadyExistsException if there is a file in the temporary's place of which it is not
     *     known that it may be removed; or if {@code content} itself calls this for the same file
     * @throws AtomicCommitException if the content cannot be published
     * @throws java.io.InterruptedIOException if the thread is interrupted while it waits; its interrupt status stays
     *     set
     * @throws IOException if the file cannot be opened, or {@code content} throws it
     */
    public static boolean writeIfAbsent(Path path, Content content) throws IOException {
        Objects.requireNonNull(content);
        Path file = atomic(path);
        OutputStream opened = createWhenFree(file);
        if (opened == null) {
            return false;
        }
        try {
            if (existsBeside(file, opened)) {
                opened.close(); // published after we looked, by the writer that had the temporary before us
                return false;
            }
            commitAfter((AtomicWrite) opened, () -> content.writeTo(opened));
            return true;
        } catch (AtomicCommitException e) {
            if (e.getCause() instanceof FileAlreadyExistsException
                    && path.toString().equals(e.getFile())) {
                return false;
            }
            throw e;
        }
    }

    /** Whether a file exists that is being written; aborts that write if it cannot be known. */
    private static boolean existsBeside(Path file, OutputStream opened) throws IOException {
        try {
            return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
        } catch (RuntimeException | Error e) {
            ((AtomicWrite) opened).abort();
            throw e;
        }
    }

    /** Opens a new file once no other writer has its temporary; returns null when the file is there. */
    private static OutputStream createWhenFree(Path file) throws IOException {
        Patience waiting = new Patience(Long.MAX_VALUE);
        Patience forUnknown = new Patience(GRACE);
        while (true) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                return null;
            }
            try {
                return Files.newOutputStream(
                        file,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE,
                        CommitPolicy.EXPLICIT,
                        TemporaryName.FIXED);
            } catch (FileAlreadyExistsException e) {
                boolean passes = e instanceof BusyException;
                if (passes && Nesting.isWrittenByThisThread(plain(file))) {
                    throw e;
                }
                if (passes) {
                    forUnknown = new Patience(GRACE);
                } else if (forUnknown.isOver() && !Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                    throw e; // an unknown file in the temporary's place
                }
                waiting.pause(e.getMessage());
            }
        }
    }

    /**
     * Begins a transaction: files that are published together, all of them in the end or none. It has the options of
     * the root's file system, as {@link #atomic} gives it. First it completes, or discards, the transactions that dead
     * processes left in the same root.
     *
     * @param root a directory that exists, atomic or plain, where the list of the members will be during the commit;
     *     the members may be elsewhere
     * @return a transaction, to be committed and closed
     * @throws java.nio.file.NoSuchFileException if there is no such directory
     * @throws java.nio.file.NotDirectoryException if it is none
     * @throws IOException if the root cannot be read, or a dead process's transaction cannot be recovered: another
     *     user's, for example
     */
    public static FileTransaction transaction(Path root) throws IOException {
        return transaction(root, ((AtomicFileSystem) atomic(root).getFileSystem()).options());
    }

    /**
     * As {@link #transaction(Path)}, with other options.
     *
     * @param root a directory that exists, atomic or plain
     * @param options how the members are written. {@link Durability#DATA} and {@link Durability#FULL} are the same
     *     here; {@link Durability#NONE} is all or none after a kill, and promises nothing after a power cut
     * @return a transaction, to be committed and closed
     * @throws IOException as for {@link #transaction(Path)}
     */
    public static FileTransaction transaction(Path root, AtomicOptions options) throws IOException {
        return FileTransaction.begin(plain(root), Objects.requireNonNull(options));
    }

    /**
     * Fills a directory.
     *
     * @see #writeDirectory
     */
    @FunctionalInterface
    public interface DirectoryContent {
        /**
         * Fills the directory. An exception discards all, and reaches the caller as it is.
         *
         * @param directory an empty directory that no other program knows, a plain path: what is written there needs no
         *     protection by itself. It has another name afterwards, so all that was opened in it has to be closed: what
         *     a stream on a plain path writes later still reaches the file, and readers see it
         * @throws IOException if it fails
         */
        void fill(Path directory) throws IOException;
    }

    /**
     * Writes a directory at once, with the options of the target's file system, and keeps one old generation.
     *
     * @param target the directory, atomic or plain
     * @param content fills it
     * @throws IOException as for {@link #writeDirectory(Path, DirectoryContent, AtomicOptions, int)}
     */
    public static void writeDirectory(Path target, DirectoryContent content) throws IOException {
        writeDirectory(target, content, ((AtomicFileSystem) atomic(target).getFileSystem()).options(), 1);
    }

    /**
     * Writes a directory at once: a new one is filled beside the target, forced as the {@link Durability} says, and
     * takes its place in one step. Whoever opens the target finds the old directory or the new one, complete.
     *
     * <p>If the target is not there, or (on Unix) an empty directory, the new one gets its name. If it is a symbolic
     * link to a directory, a new generation, {@code target~…}, is made beside the link, which is then replaced by a
     * link to it. A directory that is not empty is refused: no rename can replace it. The new directory has the
     * permissions of the one that it replaces.
     *
     * <p>A reader that goes through the link for each file may find some files old and some new: it should resolve the
     * link once ({@link Path#toRealPath}), and read below the result. The old generation stays there meanwhile, until
     * so many newer ones were written that it is not to be kept any more.
     *
     * <p>What a killed writer leaves is removed by the next one of the same directory, or by {@link #recover} of the
     * directory above it; only a generation that no link led to yet counts as an old one.
     *
     * @param target the directory, atomic or plain
     * @param content fills it
     * @param options {@code durability} and {@code forceThreads} are looked at
     * @param keptGenerations how many old generations are kept; others of the same link are removed
     * @throws java.nio.file.FileAlreadyExistsException if another writer has it
     * @throws java.nio.file.NotDirectoryException if the target is a file
     * @throws AtomicCommitException if the new directory is there, and cannot be made durable, or what had to be done
     *     after that failed; or if it cannot be seen whether it is there
     * @throws IOException if it cannot be written or replaced, or {@code content} throws it, or a file in it is still
     *     being written through an {@code atomic:} path when {@code content} returns; or if the target is a path of a
     *     {@link FileTransaction}, since a directory is published by itself
     */
    public static void writeDirectory(Path target, DirectoryContent content, AtomicOptions options, int keptGenerations)
            throws IOException {
        Objects.requireNonNull(content);
        if (keptGenerations < 0) {
            throw new IllegalArgumentException("keptGenerations is " + keptGenerations);
        }
        if (target instanceof AtomicPath atomic && atomic.getFileSystem().handover() != null) {
            throw TransactionMessages.directoryAtOnce(atomic.plain());
        }
        DirectoryWrite.write(plain(target), content::fill, Objects.requireNonNull(options), keptGenerations);
    }

    /**
     * A temporary that was found in a directory.
     *
     * @param path its name, atomic or plain as the directory was given
     * @param state of its writer
     */
    public record Temporary(Path path, State state) {
        /** What is known of the writer of a temporary. */
        public enum State {
            /** It is open, in this JVM or another process of a host that shares the file's locks. */
            WRITTEN,
            /** It ended without closing, for example by {@code kill -9} or a power cut. */
            ABANDONED,
            /** The file system has no locks, or the file cannot be opened: nothing proves that it may be removed. */
            UNKNOWN,
            /**
             * The file is the intent of a {@link FileTransaction} whose process ended after the commit, and before all
             * members were published. It is not to be deleted: {@link #recover} completes it.
             */
            COMMITTED
        }
    }

    /**
     * Looks for temporaries of atomicfs in a directory, not below it, and for the files that {@link FileTransaction}s
     * have in their roots, if there are members in the directory. Finds those that have a hidden name, which no other
     * program gives; not an {@code x.tmp} of another program. Of a temporary with two names the visible one is
     * returned.
     *
     * @param directory atomic or plain
     * @return what was there, in no order
     * @throws IOException if the directory cannot be read
     */
    public static List<Temporary> temporaries(Path directory) throws IOException {
        return Stream.concat(
                        Recovery.transactions(plain(directory)).stream(), Abandoned.list(plain(directory)).stream())
                .map(found -> new Temporary(as(directory, found.path()), state(found)))
                .toList();
    }

    /**
     * Removes the temporaries of dead writers from a directory, and only those; not below it. The next writer of the
     * same file removes what a dead one left by itself, so this is for files that are not written again, and for
     * {@link TemporaryName#UNIQUE}. May run at any time, also while files are written.
     *
     * <p>A {@link FileTransaction} of a dead process that has members in the directory, or has it as its root, is
     * completed if it was committed, in all its directories; otherwise what it left in all of them is removed.
     *
     * <p>That a writer is dead is proved by its lock on the temporary, which the operating system releases. Where there
     * are no locks, nothing is removed. In an object store there is nothing to remove; what a killed process was about
     * to upload is in its {@link AtomicOptions#stagingDirectory()}.
     *
     * @param directory atomic or plain
     * @return what was removed; a name that ends in {@code .intent} is that of a transaction which was completed
     * @throws IOException if the directory cannot be read, a temporary cannot be removed, or a transaction cannot be
     *     recovered: it is another user's, or another version's, or has members in a directory that is not there. The
     *     exception names the file and says what to do
     */
    public static List<Path> recover(Path directory) throws IOException {
        AtomicOptions options = ((AtomicFileSystem) atomic(directory).getFileSystem()).options();
        return Recovery.recover(plain(directory), options).stream()
                .map(found -> as(directory, found))
                .toList();
    }

    private static Temporary.State state(Abandoned.Temporary found) {
        return switch (found.state()) {
            case LIVE -> Temporary.State.WRITTEN;
            case DEAD -> Temporary.State.ABANDONED;
            case COMMITTED -> Temporary.State.COMMITTED;
            case UNKNOWN, GONE -> Temporary.State.UNKNOWN;
        };
    }

    private static Path as(Path like, Path plain) {
        return like instanceof AtomicPath atomic ? atomic.getFileSystem().wrap(plain) : plain;
    }
}
