package org.atomicfs.unwind;

import java.util.Set;
import java.util.function.Predicate;

/**
 * Where a stream was opened, kept until it is closed: then it is compared with where that happens. Immutable; safe for
 * any thread.
 *
 * <p>It costs a few microseconds to make, and again to ask; the first question about a method reads the file of its
 * class.
 */
public final class OpenSite {
    /** By how much the frames that a {@link StackWalker} fetches at once are fewer than it is told. */
    private static final int USED_BY_STACK_WALKER = 2;

    /** Made when they are first needed: a static initializer that fails once, for lack of stack, fails for good. */
    private static volatile StackWalker opening;

    private static volatile StackWalker closing;

    private final Predicate<Class<?>> library;
    private final Openers openers; // null in a native image, where nothing can be found out

    private OpenSite(Predicate<Class<?>> library, Openers openers) {
        this.library = library;
        this.openers = openers;
    }

    /**
     * Notes where a stream is being opened.
     *
     * @param library the classes of the stream itself: their frames at the near end of the stack are passed over, here
     *     and when it is closed
     * @throws VirtualMachineError if the JVM itself fails meanwhile
     */
    public static OpenSite here(Predicate<Class<?>> library) {
        if (System.getProperty("org.graalvm.nativeimage.imagecode") != null) {
            return new OpenSite(library, null);
        }
        StackWalker walker = opening;
        if (walker == null) {
            neededAtClose();
            walker = walker(OpenWalk.FETCHED);
            opening = walker;
        }
        Predicate<Class<?>> own = new Own(library);
        return new OpenSite(own, walker.walk(new OpenWalk(own)));
    }

    /**
     * Whether the stream is closed, by the method of the library that calls this, because an exception is propagating.
     *
     * @return {@link Unwinding#NO} also when that cannot be found out, for whatever reason
     * @throws VirtualMachineError if the JVM itself fails while the question is answered. Nothing is known then: the
     *     caller should discard what was written, since the error leaves {@code close()}
     */
    public Unwinding unwinding() {
        try {
            if (openers == null) {
                Notice.NATIVE_IMAGE.give();
                return Unwinding.NO;
            }
            StackWalker walker = closing;
            if (walker == null) {
                walker = walker(CloseWalk.FETCHED);
                closing = walker;
            }
            return walker.walk(new CloseWalk(library, openers));
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable unknown) {
            return Unwinding.NO;
        }
    }

    private static StackWalker walker(int fetched) {
        return StackWalker.getInstance(
                Set.of(StackWalker.Option.RETAIN_CLASS_REFERENCE), fetched + USED_BY_STACK_WALKER);
    }

    /**
     * Loads, while a file can be opened, what a close needs: the JVM would remember for good that a class could not be
     * loaded for lack of a file descriptor.
     */
    private static Class<?>[] neededAtClose() {
        return new Class<?>[] {
            Agents.class,
            Assignment.class,
            CallSite.class,
            CatchUse.class,
            ClassFacts.class,
            ClassFile.class,
            ClassFiles.class,
            CloseChain.class,
            CloseChain.Answer.class,
            CloseFate.class,
            CloseNames.class,
            CloseWalk.class,
            ConstantPool.class,
            ConstantTag.class,
            Flow.class,
            Frames.class,
            Handler.class,
            IndexFacts.class,
            IndexFacts.Extent.class,
            Judge.class,
            Jumps.class,
            KnownClasses.class,
            LineTable.class,
            MethodCode.class,
            Notice.class,
            Opcode.class,
            OpenedInHandler.class,
            Openers.class,
            Operands.class,
            Outward.class,
            Ownership.class,
            Place.class,
            Reach.class,
            RefusedCodeException.class,
            Unwinding.class,
            Verdict.class,
            Verdict.Fate.class
        };
    }

    /** This class, and those of the stream. */
    private static final class Own implements Predicate<Class<?>> {
        private final Predicate<Class<?>> library;

        Own(Predicate<Class<?>> library) {
            this.library = library;
        }

        @Override
        public boolean test(Class<?> type) {
            return type == OpenSite.class || library.test(type);
        }
    }
}
