/**
 * Tells a stream that is being closed whether it is closed because an exception is propagating. Java does not say so,
 * but the stack names every caller with the index of its bytecode, and the class file says whether that instruction is
 * reached only through an exception handler and whether the method then inevitably throws.
 *
 * <p>A reader follows one question like this:
 *
 * <ol>
 *   <li>{@link org.atomicfs.unwind.OpenSite} is what the rest of the library uses: made at the open, asked at the
 *       close. The answer is an {@link org.atomicfs.unwind.Unwinding}.
 *   <li>{@link org.atomicfs.unwind.OpenWalk} walks the stack {@link org.atomicfs.unwind.Outward} at the open and keeps
 *       its nearest frames, the {@link org.atomicfs.unwind.Openers}: few, if {@link org.atomicfs.unwind.Ownership} says
 *       that one of them closes what it opens.
 *   <li>{@link org.atomicfs.unwind.CloseWalk} walks it at the close. Most closes end with the first frame, which opened
 *       the stream and closes it ordinarily; that is found out from indexes alone
 *       ({@link org.atomicfs.unwind.IndexFacts}), since the names of methods take long to get. Only where a close is
 *       reached by exceptions, {@link org.atomicfs.unwind.CloseChain} judges every frame from the stream to there: all
 *       rules about several frames stand in these two. {@link org.atomicfs.unwind.OpenedInHandler} tells a report of an
 *       exception from a second attempt, {@link org.atomicfs.unwind.Frames} and {@link org.atomicfs.unwind.CloseNames}
 *       know single frames and names, {@link org.atomicfs.unwind.Agents} whether the code that runs may be another, and
 *       {@link org.atomicfs.unwind.Notice} tells the log.
 *   <li>{@link org.atomicfs.unwind.KnownClasses} remembers, by class, the {@link org.atomicfs.unwind.ClassFacts}; among
 *       them, by {@link org.atomicfs.unwind.Place}, each {@link org.atomicfs.unwind.CallSite} at which a frame was
 *       seen, with the {@link org.atomicfs.unwind.Verdict} on that call.
 *   <li>{@link org.atomicfs.unwind.Judge} comes to that verdict from the code of one method: it follows the
 *       {@link org.atomicfs.unwind.Flow} of instructions (each once, kept in {@link org.atomicfs.unwind.Reach}), and
 *       asks {@link org.atomicfs.unwind.CatchUse} whether a {@code catch} clause wrote to what is closed (the
 *       {@link org.atomicfs.unwind.Operands} of the call), {@link org.atomicfs.unwind.CloseFate} what becomes of an
 *       exception of {@code close()}, and {@link org.atomicfs.unwind.Jumps} whether what propagates is no failure.
 *   <li>{@link org.atomicfs.unwind.ClassFiles} reads a {@link org.atomicfs.unwind.ClassFile}: its
 *       {@link org.atomicfs.unwind.ConstantPool} and, of one method, the {@link org.atomicfs.unwind.MethodCode} with
 *       its {@link org.atomicfs.unwind.Handler}s and {@link org.atomicfs.unwind.LineTable}.
 *       {@link org.atomicfs.unwind.Opcode} and {@link org.atomicfs.unwind.ConstantTag} name the numbers.
 * </ol>
 *
 * <p>In doubt nothing is propagating: an exception that is missed does what every program does today, one that is
 * imagined would lose data. Nothing that was learnt from a failing read is kept, and no class of this package has a
 * static initializer that could fail.
 *
 * <p>Knows neither files nor paths, and needs nothing else of this library.
 */
package org.atomicfs.unwind;
