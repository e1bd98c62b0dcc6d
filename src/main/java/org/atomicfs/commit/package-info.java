/**
 * The commit protocol. Knows only plain paths, and is the only package that renames, links or forces.
 *
 * <h2>The way of one write</h2>
 *
 * <p>In the order in which it happens; read the classes in this order.
 *
 * <ol>
 *   <li>{@link org.atomicfs.commit.OpenRequest}: the open options, sorted.
 *   <li>{@link org.atomicfs.commit.Opening}: begins the write, and undoes it if it cannot be opened.
 *   <li>{@link org.atomicfs.commit.Delegate}: what the file system underneath can do, and by which
 *       {@link org.atomicfs.commit.Way} a file is published. Of some providers that is known
 *       ({@link org.atomicfs.commit.KnownProviders}), of others it is found out ({@link org.atomicfs.commit.Renaming},
 *       {@link org.atomicfs.commit.ReplaceTrial}, {@link org.atomicfs.commit.SftpServer},
 *       {@link org.atomicfs.commit.HdfsCluster}).
 *   <li>{@link org.atomicfs.commit.Destination}: follows symbolic links ({@link org.atomicfs.commit.LinkTarget}), and
 *       refuses at open what a plain open refuses. {@link org.atomicfs.commit.KernelFiles} are written in place; of
 *       another user's file in a {@link org.atomicfs.commit.SharedDirectory} the kernel is asked.
 *   <li>{@link org.atomicfs.commit.Staging}: where the write goes, a {@link org.atomicfs.commit.Target}: to the
 *       destination itself, unchanged or in place, or to a temporary.
 *   <li>{@link org.atomicfs.commit.Claims}: finds a name for the temporary and takes over from writers that died
 *       ({@link org.atomicfs.commit.Abandoned}). What it finds is a {@link org.atomicfs.commit.Claim}: the names, and
 *       the {@link org.atomicfs.commit.LockedFile} that has them.
 *   <li>{@link org.atomicfs.commit.Write}: what the caller does with the open file.
 *       {@link org.atomicfs.commit.Original} is the file that was opened, where its content is kept, and
 *       {@link org.atomicfs.commit.LazyCopy} copies it at the first change, or {@link org.atomicfs.commit.WholeCopy}
 *       when it is opened. {@link org.atomicfs.commit.Locking} locks it, and looks again whether it is the file that
 *       its path has; {@link org.atomicfs.commit.CallerLocks} are kept until the change is published, and
 *       {@link org.atomicfs.commit.SameFile} tells open files apart.
 *   <li>{@link org.atomicfs.commit.Ending}: ends the write, once, as a {@link org.atomicfs.commit.Decision} about its
 *       {@link org.atomicfs.commit.Failures} says; a {@link org.atomicfs.commit.Report} tells the log of a discarded
 *       one.
 *   <li>{@link org.atomicfs.commit.Publication}: from a complete temporary to the destination;
 *       {@link org.atomicfs.commit.Aftermath} is what it finds there after a failure. The attributes of the old file
 *       are {@linkplain org.atomicfs.commit.KeepReplaced kept}. To an object store it is an
 *       {@link org.atomicfs.commit.Upload}: nothing can be beside a {@link org.atomicfs.commit.StoredObject}, so the
 *       temporary is a {@link org.atomicfs.commit.LocalTemporary}; a {@link org.atomicfs.commit.StoreName} keeps other
 *       writers of this JVM out, an {@link org.atomicfs.commit.UploadChannel} sends it, and
 *       {@link org.atomicfs.commit.AfterUpload} looks what became of one that failed.
 * </ol>
 *
 * <p>Several files are published together by a {@link org.atomicfs.commit.Transaction}, to which complete writes are a
 * {@link org.atomicfs.commit.Handover}: {@link org.atomicfs.commit.Completed}, each becomes one of its
 * {@link org.atomicfs.commit.Members}, a {@link org.atomicfs.commit.Member}. {@link org.atomicfs.commit.GroupCommit}
 * has the protocol: the {@link org.atomicfs.commit.TransactionFile} shows that the transaction lives, and an
 * {@link org.atomicfs.commit.IntentPointer} in each directory leads there; {@link org.atomicfs.commit.Forces} makes the
 * members durable; the file gets the {@link org.atomicfs.commit.Intent} and, by a rename, its name; and
 * {@link org.atomicfs.commit.Redo} does what it says. After a crash {@link org.atomicfs.commit.Intents} finds what is
 * left, {@link org.atomicfs.commit.IntentFile} completes or discards it, and {@link org.atomicfs.commit.Recovery} does
 * so for a directory.
 *
 * <p>Beside that way: {@link org.atomicfs.commit.InFlight} is one write as others see it,
 * {@link org.atomicfs.commit.Registry} has all of this JVM, {@link org.atomicfs.commit.Listing} hides their
 * temporaries, {@link org.atomicfs.commit.Shutdown} aborts them when the JVM ends and
 * {@link org.atomicfs.commit.Unclosed} when their writers are dropped. {@link org.atomicfs.commit.FileCopy} and
 * {@link org.atomicfs.commit.FileMove} copy and move by the same steps, as a {@link org.atomicfs.commit.CopyRequest}
 * says; {@link org.atomicfs.commit.Nesting} keeps a thread from waiting for itself.
 * {@link org.atomicfs.commit.Metadata}, {@link org.atomicfs.commit.UserAttributes} and
 * {@link org.atomicfs.commit.FileState} are about attributes, which an {@link org.atomicfs.commit.AttributeReader}
 * reads, and {@link org.atomicfs.commit.NotPermitted} about those that may not be set,
 * {@link org.atomicfs.commit.Rights} about modes by which nobody gains a right, {@link org.atomicfs.commit.OtherUsers}
 * about files that another user may have put in the way. {@link org.atomicfs.commit.Elsewhere} finds a temporary whose
 * directory was renamed. {@link org.atomicfs.commit.Messages} and {@link org.atomicfs.commit.SystemErrors} have the
 * texts of exceptions, and {@link org.atomicfs.commit.StoreMessages} those about object stores.
 *
 * <h2>Glossary</h2>
 *
 * <dl>
 *   <dt>requested
 *   <dd>the path as the caller opened it
 *   <dt>destination
 *   <dd>the file that the caller means: the requested path, symbolic links followed
 *   <dt>temporary
 *   <dd>the file that has the content until it is published; it lies beside the destination, or on this machine if that
 *       is in an object store
 *   <dt>anchor
 *   <dd>a second, hidden name of a temporary, which proves whose it is
 *   <dt>delegate
 *   <dd>the file system provider underneath
 *   <dt>plain path
 *   <dd>a path of the delegate
 *   <dt>commit, abort
 *   <dd>what a caller asks for
 *   <dt>publish, discard
 *   <dd>what happens to the content
 *   <dt>live, abandoned
 *   <dd>of a temporary: its writer lives, or is dead
 *   <dt>in place
 *   <dd>written to the destination itself, without a temporary
 *   <dt>claim, release
 *   <dd>to get hold of a temporary's names, and to give them up
 *   <dt>transaction, member, root
 *   <dd>files that are published together; one of them; the directory that has the intent
 *   <dt>intent, pointer
 *   <dd>the file that says what a committed transaction publishes; a file that leads to its root
 *   <dt>unknown file
 *   <dd>a file in a temporary's place of which it is not known that atomicfs made it
 * </dl>
 */
package org.atomicfs.commit;
