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
 * completed. {@link org.atomicfs.FileTransaction} is for several files that belong together, and
 * {@link org.atomicfs.AtomicDefaultProvider} for whole programs.
 *
 * <h2>How to write a file</h2>
 *
 * <table class="striped">
 *   <caption>The ways, and when each publishes</caption>
 *   <thead><tr><th>way</th><th>published</th></tr></thead>
 *   <tbody>
 *     <tr><td>a stream or channel of an {@code atomic:} path</td>
 *         <td>by {@code close()}, if nothing failed ({@link org.atomicfs.CommitPolicy#ON_SUCCESS})</td></tr>
 *     <tr><td>the same, with {@link org.atomicfs.CommitPolicy#EXPLICIT}</td>
 *         <td>by {@link org.atomicfs.AtomicWrite#commit}</td></tr>
 *     <tr><td>{@link org.atomicfs.AtomicFiles#write}, {@link org.atomicfs.AtomicFiles#writeChannel}</td>
 *         <td>when the action returns</td></tr>
 *     <tr><td>{@link org.atomicfs.AtomicFiles#writeIfAbsent}, {@link org.atomicfs.AtomicFiles#writeIfChanged},
 *         {@link org.atomicfs.AtomicFiles#update}</td>
 *         <td>the same, if there is no such file, if it has other content, after it was read</td></tr>
 *     <tr><td>{@link org.atomicfs.AtomicFiles#transaction(java.nio.file.Path)}</td>
 *         <td>by {@link org.atomicfs.FileTransaction#commit}, all files or none</td></tr>
 *     <tr><td>{@link org.atomicfs.AtomicFiles#writeDirectory(java.nio.file.Path,
 *         org.atomicfs.AtomicFiles.DirectoryContent)}</td>
 *         <td>when the action returns, the directory at once</td></tr>
 *   </tbody>
 * </table>
 */
package org.atomicfs;
