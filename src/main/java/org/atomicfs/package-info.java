/**
 * Only a complete file takes its name: the {@code atomic:} file system provider.
 *
 * <p>A file opened for writing through an {@code atomic:} path is written to a temporary file beside its destination
 * and takes the destination's place in one rename when it is closed successfully. A write that fails leaves the
 * destination exactly as it was.
 *
 * <p>Entry points: {@link org.atomicfs.AtomicFileSystemProvider} behind
 * {@code Path.of(URI.create("atomic:/data/out.csv"))}, and {@link org.atomicfs.AtomicFiles} where service lookup does
 * not reach. {@link org.atomicfs.AtomicWrite} is the handle of one write in flight, {@link org.atomicfs.AtomicOptions}
 * says how writes are done, {@link org.atomicfs.AtomicCommitException} says what became of one that could not be
 * completed.
 */
package org.atomicfs;
