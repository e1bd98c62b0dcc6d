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
 *
 * <h2>What operators see</h2>
 *
 * <p>{@link org.atomicfs.AtomicListener} is told of each write, for counters and alarms.
 * {@link org.atomicfs.AtomicFiles#pending()} lists what is being written now, one line each when it is printed;
 * {@link org.atomicfs.AtomicFiles#temporaries} what killed writers have left.
 *
 * <p>There is one {@link java.lang.System.Logger}, {@code org.atomicfs}. Where the module {@code java.logging} is there
 * and no other backend, it is the logger of that name of {@code java.util.logging}.
 *
 * <table class="striped">
 *   <caption>The log</caption>
 *   <thead><tr><th>logger</th><th>level</th><th>when</th></tr></thead>
 *   <tbody>
 *     <tr><td>{@code org.atomicfs}</td><td>{@code WARNING}</td>
 *         <td>a write was not published, unless the caller wanted it so or gets the exception in another one: one line,
 *         with the path and the reason</td></tr>
 *     <tr><td>{@code org.atomicfs}</td><td>{@code WARNING}</td>
 *         <td>a stream or a transaction was dropped without being closed, and is discarded; with the stack trace of its
 *         opening if {@code traceOpens} is set</td></tr>
 *     <tr><td>{@code org.atomicfs}</td><td>{@code WARNING}</td>
 *         <td>a temporary, an anchor or an old generation could not be removed: the line says who will remove it</td></tr>
 *     <tr><td>{@code org.atomicfs}</td><td>{@code WARNING}</td>
 *         <td>the owner or group of a replaced file could not be given to the new one: the first time</td></tr>
 *     <tr><td>{@code org.atomicfs}</td><td>{@code WARNING}</td>
 *         <td>a recovery has left a member of a transaction as it is, which another program has written since</td></tr>
 *     <tr><td>{@code org.atomicfs}</td><td>{@code WARNING}</td>
 *         <td>the file system of another provider has deleted a file before it replaced it</td></tr>
 *     <tr><td>{@code org.atomicfs}</td><td>{@code WARNING}</td>
 *         <td>a listener has thrown an exception, the first time for its class; or one cannot be made</td></tr>
 *     <tr><td>{@code org.atomicfs}</td><td>{@code INFO}</td>
 *         <td>propagating exceptions cannot be noticed, because an agent may have rewritten the code: once</td></tr>
 *     <tr><td>{@code org.atomicfs}</td><td>{@code INFO}</td>
 *         <td>more than 1 GiB is copied for a change of a part of a file</td></tr>
 *     <tr><td>{@code org.atomicfs}</td><td>{@code INFO}</td>
 *         <td>with {@code -Dorg.atomicfs.default=report}: what would be written atomically, once for each place in the
 *         program</td></tr>
 *     <tr><td>{@code org.atomicfs}</td><td>{@code DEBUG}</td>
 *         <td>the exception of each write that was not published, with its stack trace; failures that have no
 *         consequence</td></tr>
 *   </tbody>
 * </table>
 *
 * <table class="striped">
 *   <caption>Events of the Flight Recorder, in every recording unless it disables them</caption>
 *   <thead><tr><th>event</th><th>when</th><th>fields</th></tr></thead>
 *   <tbody>
 *     <tr><td>{@code org.atomicfs.Commit}</td><td>a write was published</td>
 *         <td rowspan="2">{@code destination}, {@code bytes}, {@code writeTime}, {@code forceTime},
 *         {@code publishTime}, {@code outcome} (see {@link org.atomicfs.AtomicCommitException.Outcome}),
 *         {@code reason}</td></tr>
 *     <tr><td>{@code org.atomicfs.Discard}</td><td>a write was discarded</td></tr>
 *     <tr><td>{@code org.atomicfs.Recover}</td><td>what a killed writer had left was removed, or completed</td>
 *         <td>{@code destination}, {@code outcome}</td></tr>
 *   </tbody>
 * </table>
 *
 * <p>A write is recorded that was opened while a recording was running. Recordings that the Flight Recorder itself
 * writes to an {@code atomic:} path are not. Without a recording nothing is measured, and none of its classes is used
 * but {@code jdk.jfr.FlightRecorder}; the module {@code jdk.jfr} need not be there.
 *
 * <h2>Native images</h2>
 *
 * <p>The jar has the reachability metadata that GraalVM asks for. An image has no class files, in which a propagating
 * exception could be noticed: there {@link org.atomicfs.CommitPolicy#ON_SUCCESS} publishes as
 * {@link org.atomicfs.CommitPolicy#ON_CLOSE} does, unless the write failed, and {@link org.atomicfs.AtomicFiles#write}
 * or {@link org.atomicfs.CommitPolicy#EXPLICIT} is the way to publish only on success.
 */
package org.atomicfs;
