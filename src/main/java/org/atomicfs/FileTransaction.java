package org.atomicfs;

import java.io.Closeable;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import org.atomicfs.commit.Transaction;
import org.atomicfs.events.Recoveries;
import org.atomicfs.view.AtomicFileSystem;

/**
 * Files that are published together: all of them in the end, or none. Made by {@link AtomicFiles#transaction(Path)}.
 *
 * <pre>{@code
 * try (FileTransaction transaction = AtomicFiles.transaction(Path.of("data"))) {
 *     Files.writeString(transaction.path(Path.of("data/rows.csv")), rows);
 *     Files.writeString(transaction.path(Path.of("data/rows.idx")), index);
 *     transaction.delete(Path.of("data/rows.stale"));
 *     transaction.commit();
 * } // without the commit nothing has changed
 * }</pre>
 *
 * <h2>What is promised</h2>
 *
 * <p>Once {@link #commit()} has begun to publish, every member has its new content in the end, whatever happens to the
 * process or, unless with {@link Durability#NONE}, to the machine; before that, none has. A reader of one member sees
 * its complete old or its complete new content, at every instant.
 *
 * <p>After {@code kill -9} or a power cut during the commit, the members are completed by {@link AtomicFiles#recover}
 * of the root or of any directory that has members, by the next transaction in the same root, and by the next writer of
 * a member (not if that had {@link TemporaryName#UNIQUE}, which leaves no sign that a writer looks for). What belongs
 * to a process that died before its commit is removed in the same ways; a member that was still open then, in a
 * directory where none was closed, by {@code recover} of that directory alone, or by the next writer of that member.
 *
 * <h2>What is not</h2>
 *
 * <p><em>Not at the same instant.</em> The members take their places one after the other: a reader may see some that
 * are new and some that are old during the commit and, after a kill, until the recovery. <em>No isolation</em>, and no
 * two-phase commit with other resources: files that the program reads may be changed by others meanwhile. The file
 * system has to have file keys and locks, so not Windows.
 *
 * <p><em>Only files.</em> Regular files are members, and links that are deleted. A directory that is made, copied or
 * deleted through {@link #path}, and an attribute that is set on a file that is there, take effect at once and stay
 * after a rollback. Moving a directory, making a link, {@link AtomicFiles#writeDirectory} and opening an archive with
 * the JDK's zip file system are refused.
 *
 * <h2>Members</h2>
 *
 * <p>They may be in any directories and file stores of one file system. A file that was written cannot be written
 * again, or read before the commit. Closing a member makes it complete, or with {@link CommitPolicy#EXPLICIT}
 * {@link AtomicWrite#commit()}; a member that failed, was aborted or was not committed makes the commit fail; an open
 * that throws does not. One member alone is published as without a transaction.
 *
 * <h2>Threads</h2>
 *
 * <p>Members may be written by several threads at once; all have to be closed before the commit.
 */
public final class FileTransaction implements Closeable {
    private final Transaction transaction;
    private final AtomicFileSystem fileSystem;

    private FileTransaction(Transaction transaction, AtomicFileSystem fileSystem) {
        this.transaction = transaction;
        this.fileSystem = fileSystem;
    }

    static FileTransaction begin(Path root, AtomicOptions options) throws IOException {
        FileSystem plain = root.getFileSystem();
        Transaction begun;
        try {
            begun = Transaction.begin(root, options);
        } finally {
            Recoveries.tell(options);
        }
        try {
            FileTransaction made = new FileTransaction(
                    begun, AtomicFileSystemProvider.fileSystems().of(begun, plain, options));
            begun.watch(made);
            return made;
        } catch (Throwable e) {
            begun.abort(new IOException(e));
            throw e;
        }
    }

    /**
     * A path by which a file is written, copied, moved or deleted as a member.
     *
     * @param member a path, atomic or plain, of the file system that the root is of
     * @return an {@code atomic:} path; through which closing a stream or channel completes the member, and nothing is
     *     published before the commit. It can be resolved against
     * @throws ProviderMismatchException if it is of another file system
     * @throws IllegalStateException if the transaction has ended or is prepared
     */
    public Path path(Path member) {
        Path plain = plain(member);
        if (!transaction.isOpen()) {
            throw new IllegalStateException("The transaction has ended, or is prepared: nothing can join it any more");
        }
        return fileSystem.wrap(plain);
    }

    private Path plain(Path member) {
        Path plain = AtomicFiles.plain(member);
        if (plain.getFileSystem() != fileSystem.delegate()) {
            throw new ProviderMismatchException("%s is of another file system than the transaction's root (%s)"
                    .formatted(member, fileSystem.delegate()));
        }
        return plain;
    }

    /**
     * Deletes a file when the transaction commits. Deleting what it has written discards that.
     *
     * @param member a file, or a symbolic link, which is deleted itself; atomic or plain
     * @throws java.nio.file.NoSuchFileException if there is none
     * @throws java.nio.file.FileAlreadyExistsException if another writer has it, and goes on for longer than
     *     {@link AtomicOptions#busyTimeout()}
     * @throws ProviderMismatchException if it is of another file system
     * @throws IOException if it cannot be a member
     */
    public void delete(Path member) throws IOException {
        try {
            transaction.delete(plain(member));
        } finally {
            Reference.reachabilityFence(this);
            transaction.tell();
        }
    }

    /**
     * Does all of the commit that can fail for another reason than a fault of the machine, and takes no members any
     * more: for a program that coordinates several things. Does nothing the second time.
     *
     * @throws AtomicCommitException if a member failed, or cannot be published; the transaction is rolled back then
     * @throws IllegalStateException if the transaction has ended, or a member is still open
     */
    public void prepare() throws IOException {
        try {
            transaction.prepare();
        } finally {
            transaction.tell();
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Publishes all members.
     *
     * <p>An interrupt that is pending, or comes, before the members are prepared may make this fail, and then nothing
     * has changed; a transaction that is prepared, and one with a single member, is committed nevertheless. The thread
     * stays interrupted.
     *
     * @throws AtomicCommitException if that fails. {@link AtomicCommitException#outcome()} is {@code NOT_COMMITTED}:
     *     nothing has changed, and the transaction is rolled back; {@code INCOMPLETE}: it is committed, and
     *     {@link AtomicFiles#recover} completes it; {@code COMMITTED} or {@code VISIBLE_NOT_DURABLE}: all members are
     *     published
     * @throws IllegalStateException if the transaction has ended, or a member is still open
     */
    public void commit() throws IOException {
        try {
            transaction.commit();
        } finally {
            transaction.tell();
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Discards all members, also those that are being written. Does nothing the second time.
     *
     * @throws IllegalStateException if it is committed
     * @throws IOException if a temporary cannot be removed; all others are
     */
    public void rollback() throws IOException {
        try {
            transaction.rollback();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Rolls back unless the transaction was committed: also when an exception leaves the block in which it was begun.
     *
     * @throws IOException if a temporary cannot be removed; all others are
     */
    @Override
    public void close() throws IOException {
        try {
            transaction.abort(new IOException("its transaction was closed without being committed"));
        } finally {
            Reference.reachabilityFence(this);
        }
    }
}
