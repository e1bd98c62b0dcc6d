package org.atomicfs.unwind;

import java.util.BitSet;

/** Judges one call of a method: follows the code that leads to it and the code that follows it. */
final class Judge {
    private final MethodCode method;
    private final Reach reach;
    private final int call;
    private final BitSet normal; // reached without an exception, from the entry or from where the stream was opened
    private final BitSet after; // reached without an exception after the call

    private Judge(MethodCode method, int call, int... opens) {
        this.method = method;
        this.reach = new Reach(method);
        this.call = call;
        int[] starts = new int[opens.length + 1]; // the first one is the entry, at 0
        for (int i = 0; i < opens.length; i++) {
            starts[i + 1] = method.next(opens[i]);
        }
        normal = Flow.from(method, starts);
        after = reach.from(method.next(call));
    }

    /**
     * Judges a call.
     *
     * @param call its index
     * @param opens indexes of calls in the same activation of the method by which the stream was opened
     */
    static Verdict judge(MethodCode method, int call, int... opens) {
        return new Judge(method, call, opens).judge();
    }

    /** Whether an instruction is reached only because an exception was caught. */
    static boolean isHandlerOnly(MethodCode method, int at) {
        return !Flow.from(method, 0).get(at);
    }

    /** Whether the method may go on normally after an exception of an instruction. */
    static boolean maySwallow(MethodCode method, int at) {
        Reach reach = new Reach(method);
        for (Handler handler : method.handlers()) {
            if (handler.covers(at) && reach.hasReturn(reach.from(handler.target()))) {
                return true;
            }
        }
        return false;
    }

    private Verdict judge() {
        boolean handlerOnly = !normal.get(call);
        BitSet thrown = reach.throwing(after);
        boolean doomed = !thrown.isEmpty()
                && !reach.hasReturn(after)
                && (handlerOnly ? !after.intersects(normal) : goesOnlyForward())
                && everythingLeadsTo(thrown);
        return new Verdict(
                handlerOnly,
                doomed,
                handlerOnly && new CatchUse(reach, normal, call).isFound(),
                doomed && isCaughtAsJump(thrown),
                CloseFate.of(reach, call));
    }

    private boolean goesOnlyForward() {
        for (int at = after.nextSetBit(0); at >= 0; at = after.nextSetBit(at + 1)) {
            for (int next : method.successors(at)) {
                if (next <= at) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Without this an endless loop would be taken for an inevitable exception. */
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

    private boolean isCaughtAsJump(BitSet thrown) {
        for (int at = thrown.nextSetBit(0); at >= 0; at = thrown.nextSetBit(at + 1)) {
            if (Jumps.isInsideCatch(method, at)) {
                return true;
            }
        }
        return false;
    }
}
