package org.atomicfs.unwind;

import static org.atomicfs.unwind.Opcode.*;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.atomicfs.unwind.MethodCode.Handler;

/**
 * What the code of a method says of one call in it, the one that led to a {@code close()}.
 *
 * @param handlerOnly the call is reached only because an exception was caught
 * @param doomed whatever follows the call, the method ends by throwing
 * @param used a {@code catch} clause on the way has used what is closed: it wrote there on purpose
 * @param caughtJump what the method throws is caught in it as a jump, and not as a failure
 * @param fate what becomes of an exception that the call throws
 */
record Verdict(boolean handlerOnly, boolean doomed, boolean used, boolean caughtJump, Fate fate) {
    /** What becomes of an exception that a call throws. */
    enum Fate {
        /** It leaves the method. */
        PASSES_ON,
        /** It is attached to another one by {@code addSuppressed}, and the other one leaves the method. */
        ATTACHED,
        /** It is attached to another one by {@code addSuppressed}, and the method goes on. */
        ATTACHED_AND_CAUGHT,
        /** It is caught, or another one takes its place. */
        LOST
    }

    /** The kinds of exception, besides all, as which the exception of a {@code close()} is caught. */
    private static final Set<String> KINDS_OF_IO_EXCEPTION = Set.of(
            "java/lang/Throwable", "java/lang/Exception", "java/io/IOException", "java/nio/file/FileSystemException");

    /** Methods that attach their last argument to an exception; the second one is Scala's. */
    private static final List<String> ATTACHING = List.of("addSuppressed(", "preferentiallySuppress(");

    private static final List<String> HARMLESS = List.of("flush(", "isOpen(", "rethrow("); // Guava's Closer.rethrow

    /**
     * Judges a call.
     *
     * @param call its index
     * @param opens indexes of calls in the same activation of the method by which the stream was opened
     */
    static Verdict of(MethodCode method, int call, int... opens) {
        return new Judge(method, call, opens).judge();
    }

    /** As a number, for keeping. */
    int encode() {
        return (handlerOnly ? 1 : 0) | (doomed ? 2 : 0) | (used ? 4 : 0) | (caughtJump ? 8 : 0) | fate.ordinal() << 4;
    }

    static Verdict decode(int code) {
        return new Verdict(
                (code & 1) != 0, (code & 2) != 0, (code & 4) != 0, (code & 8) != 0, Fate.values()[code >> 4]);
    }

    /** Whether an instruction is reached only because an exception was caught. */
    static boolean isHandlerOnly(MethodCode method, int at) {
        return !Flow.from(method, 0).get(at);
    }

    /**
     * Whether what an instruction throws is caught in the method as an exception by which languages and libraries jump,
     * rather than as a failure.
     */
    static boolean isInsideCatchOfJump(MethodCode method, int at) {
        for (Handler handler : method.handlers()) {
            if (handler.isCatch()
                    && handler.covers(at)
                    && (isJump(handler.caught())
                            || handler.caught().equals("java/lang/Throwable") && testsForJump(method, handler))) {
                return true;
            }
        }
        return false;
    }

    /** Scala catches everything, and looks then what it is. */
    private static boolean testsForJump(MethodCode method, Handler handler) {
        return Flow.from(method, handler.target()).stream()
                .anyMatch(at -> method.opcode(at) == INSTANCEOF && isJump(method.testedClass(at)));
    }

    private static boolean isJump(String type) {
        return type.equals("java/io/EOFException")
                || type.equals("java/util/NoSuchElementException")
                || type.endsWith("/AbortFlowException") // Kotlin's Flow.first()
                || type.endsWith("StopIteration")
                || type.startsWith("scala/")
                        && (type.endsWith("Control") || type.endsWith("ControlThrowable") || type.endsWith("Break"));
    }

    private static final class Judge {
        private final MethodCode method;
        private final int call;
        private final BitSet normal; // reached without an exception, from the entry or from where it was opened
        private final BitSet after; // reached without an exception after the call
        private final Map<Integer, BitSet> flows = new HashMap<>(); // by where they start

        Judge(MethodCode method, int call, int... opens) {
            this.method = method;
            this.call = call;
            int[] starts = new int[opens.length + 1]; // 0 is the entry
            for (int i = 0; i < opens.length; i++) {
                starts[i + 1] = method.next(opens[i]);
            }
            normal = Flow.from(method, starts);
            after = Flow.from(method, method.next(call));
        }

        private BitSet from(int start) {
            return flows.computeIfAbsent(start, at -> Flow.from(method, at));
        }

        Verdict judge() {
            boolean handlerOnly = !normal.get(call);
            BitSet thrown = new BitSet();
            after.stream().filter(at -> method.opcode(at) == ATHROW).forEach(thrown::set);
            boolean doomed = !thrown.isEmpty()
                    && after.stream().noneMatch(at -> isReturn(method.opcode(at)))
                    && (handlerOnly ? !after.intersects(normal) : goesOnlyForward())
                    && everythingLeadsTo(thrown);
            return new Verdict(
                    handlerOnly,
                    doomed,
                    handlerOnly && isUsedByCatch(),
                    doomed && thrown.stream().anyMatch(at -> isInsideCatchOfJump(method, at)),
                    fate(call, new HashSet<>()));
        }

        private boolean goesOnlyForward() {
            return after.stream().allMatch(at -> {
                for (int next : method.successors(at)) {
                    if (next <= at) {
                        return false;
                    }
                }
                return true;
            });
        }

        /** Without this an endless loop would be as good as an inevitable exception. */
        private boolean everythingLeadsTo(BitSet ends) {
            BitSet leading = (BitSet) ends.clone();
            for (boolean more = true; more; ) {
                more = false;
                for (int at = method.length(); (at = after.previousSetBit(at - 1)) >= 0; ) {
                    if (!leading.get(at) && isFollowedByAny(at, leading)) {
                        leading.set(at);
                        more = true;
                    }
                }
            }
            BitSet rest = (BitSet) after.clone();
            rest.andNot(leading);
            return rest.isEmpty();
        }

        private boolean isFollowedByAny(int at, BitSet wanted) {
            for (int next : method.successors(at)) {
                if (wanted.get(next)) {
                    return true;
                }
            }
            return false;
        }

        /**
         * Whether a {@code catch} clause that leads to the call, by itself or by the {@code finally} around it, does
         * more with what is closed than close, flush or test it. A {@code finally} may: it does so on every way.
         */
        private boolean isUsedByCatch() {
            Operands closed = Operands.before(method, call);
            for (Handler leading : method.handlers()) {
                if (normal.get(leading.target()) || !from(leading.target()).get(call)) {
                    continue;
                }
                if (leading.isCatch() && uses(leading, closed, call)) {
                    return true;
                }
                for (Handler inside : method.handlers()) {
                    if (inside.isCatch()
                            && !normal.get(inside.target())
                            && leading.covers(inside.target())
                            && throwsOnly(inside)
                            && uses(inside, closed, ANYWHERE)) {
                        return true;
                    }
                }
            }
            return false;
        }

        private static final int ANYWHERE = -1;

        private boolean throwsOnly(Handler handler) {
            BitSet reached = from(handler.target());
            return !reached.intersects(normal) && reached.stream().noneMatch(at -> isReturn(method.opcode(at)));
        }

        /** Whether a handler uses what is closed, at a place from which the given instruction is reached. */
        private boolean uses(Handler handler, Operands closed, int leadingTo) {
            int exception = method.stored(handler.target());
            return from(handler.target()).stream()
                    .anyMatch(at -> closed.isReadBy(method, at, exception)
                            && !isHarmless(at)
                            && (leadingTo == ANYWHERE || from(at).get(leadingTo)));
        }

        /** Whether what is read there is only closed, flushed, locked or tested. */
        private boolean isHarmless(int read) {
            int at = method.next(read);
            while (method.opcode(at) == CHECKCAST
                    || method.loaded(at) != MethodCode.NONE
                    || method.opcode(at) == ACONST_NULL) {
                at = method.next(at);
            }
            if (method.opcode(at) == DUP && method.stored(method.next(at)) != MethodCode.NONE) {
                at = method.next(method.next(at)); // synchronized keeps its lock in a variable
            }
            String called = method.call(at);
            return method.opcode(at) == MONITORENTER
                    || isNullTest(method.opcode(at))
                    || called != null
                            && (CloseNames.isCloseLike(called)
                                    || HARMLESS.stream().anyMatch(called::startsWith));
        }

        /** What becomes of an exception that is thrown at an instruction, apart from handlers that have had it. */
        private Fate fate(int thrown, Set<Integer> had) {
            for (Handler handler : method.handlers()) {
                if (handler.covers(thrown)
                        && (!handler.isCatch() || KINDS_OF_IO_EXCEPTION.contains(handler.caught()))
                        && had.add(handler.target())) {
                    return fateIn(handler.target(), had);
                }
            }
            return Fate.PASSES_ON;
        }

        private Fate fateIn(int handler, Set<Integer> had) {
            BitSet reached = from(handler);
            int exception = method.stored(handler);
            List<Integer> attaching =
                    reached.stream().filter(this::isAttaching).boxed().toList();
            boolean attaches = !attaching.isEmpty()
                    && exception != MethodCode.NONE
                    && attaching.stream().allMatch(at -> isArgument(exception, at)); // else others to it
            boolean goesOn = reached.stream().anyMatch(at -> isReturn(method.opcode(at)));
            if (attaches) {
                return goesOn ? Fate.ATTACHED_AND_CAUGHT : Fate.ATTACHED;
            }
            boolean dropped = method.opcode(handler) == POP
                    || exception != MethodCode.NONE && reached.stream().noneMatch(at -> method.loaded(at) == exception);
            if (goesOn || dropped) {
                return Fate.LOST;
            }
            return reached.stream() // what it throws again
                    .filter(at -> method.opcode(at) == ATHROW)
                    .mapToObj(at -> fate(at, had))
                    .filter(fate -> fate != Fate.PASSES_ON)
                    .findFirst()
                    .orElse(Fate.PASSES_ON);
        }

        private boolean isAttaching(int at) {
            String called = method.call(at);
            return called != null && ATTACHING.stream().anyMatch(called::startsWith);
        }

        private boolean isArgument(int local, int call) {
            return method.loaded(method.instructions().previousSetBit(call - 1)) == local;
        }
    }

    /** The variables and fields of which one is what a call closes: those that are read straight before it. */
    private record Operands(Set<Integer> locals, Set<Integer> fields) {
        static Operands before(MethodCode method, int call) {
            Operands operands = new Operands(new HashSet<>(), new HashSet<>());
            BitSet instructions = method.instructions();
            for (int at = call; (at = instructions.previousSetBit(at - 1)) >= 0; ) {
                int opcode = method.opcode(at);
                int local = method.loaded(at);
                if (local > 0 || local == 0 && operands.fields.isEmpty()) { // else it is the object of a field
                    operands.locals.add(local);
                } else if (isFieldRead(opcode)) {
                    operands.fields.add(method.constant(at));
                } else if (local != 0
                        && opcode != CHECKCAST
                        && opcode != ACONST_NULL
                        && opcode != ICONST_0
                        && opcode != ICONST_1) {
                    break;
                }
            }
            return operands;
        }

        boolean isReadBy(MethodCode method, int at, int otherThan) {
            int local = method.loaded(at);
            return local != MethodCode.NONE && local != otherThan && locals.contains(local)
                    || isFieldRead(method.opcode(at)) && fields.contains(method.constant(at));
        }
    }
}
