/**
 * Tells a stream that is being closed whether it is closed because an exception is propagating. Java does not say so,
 * but the stack names every caller with the index of its bytecode, and the class file says whether that instruction is
 * reached only through an exception handler and whether the method then inevitably throws.
 *
 * <p>From the inside out: {@link org.atomicfs.unwind.ClassFile} and {@link org.atomicfs.unwind.MethodCode} read,
 * {@link org.atomicfs.unwind.Flow} follows, {@link org.atomicfs.unwind.Verdict} judges one call,
 * {@link org.atomicfs.unwind.Verdicts} remembers, {@link org.atomicfs.unwind.OpenSite} walks the stack and decides. In
 * doubt nothing is propagating: an exception that is missed does what every program does today, one that is imagined
 * would lose data.
 *
 * <p>Knows neither files nor paths, and needs nothing else of this library.
 */
package org.atomicfs.unwind;
