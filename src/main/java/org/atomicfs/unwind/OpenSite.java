package org.atomicfs.unwind;

import java.util.function.Predicate;

/**
 * Where a stream was opened, kept until it is closed: then it is compared with where that happens. Immutable; safe for
 * any thread.
 *
 * <p>It costs a few microseconds to make, and again to ask; the first question about a method reads the file of its
 * class.
 */
public final class OpenSite {
    /** Made when it is first needed: a static initializer that fails once, for lack of stack, fails for good. */
    private static volatile StackWalker walker;

    private final Predicate<Class<?>> library;
    private final Openers openers;

    private OpenSite(Predicate<Class<?>> library, Openers openers) {
        this.library = library;
        this.openers = openers;
    }

    /**
     * Notes where a stream is being opened.
     *
     * @param library the classes of the stream itself: their frames at the near end of the stack are passed over, here
     *     and when it is closed
     */
    public static OpenSite here(Predicate<Class<?>> library) {
        StackWalker walker = walker();
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
            return walker().walk(new CloseWalk(library, openers));
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable unknown) {
            return Unwinding.NO;
        }
    }

    private static StackWalker walker() {
        StackWalker made = walker;
        if (made == null) {
            made = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
            walker = made;
        }
        return made;
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
