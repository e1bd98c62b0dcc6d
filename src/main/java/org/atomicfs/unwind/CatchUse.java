package org.atomicfs.unwind;

import java.util.BitSet;

/**
 * Finds out whether a {@code catch} clause that leads to a close, by itself or by the {@code finally} around it, does
 * more with what is closed than close, flush or test it: then it wrote there on purpose, for example the text of the
 * exception. A {@code finally} may write: it does so on every way.
 */
final class CatchUse {
    private static final int ANYWHERE = -1;

    private final Reach reach;
    private final MethodCode method;
    private final BitSet normal; // reached without an exception
    private final int call;
    private final Operands closed;
    private final Aliases aliases;

    CatchUse(Reach reach, BitSet normal, int call) {
        this.reach = reach;
        this.method = reach.method();
        this.normal = normal;
        this.call = call;
        this.closed = Operands.before(method, call);
        this.aliases = new Aliases(method, closed, call);
    }

    boolean isFound() {
        for (Handler leading : method.handlers()) {
            if (normal.get(leading.target()) || !reach.from(leading.target()).get(call)) {
                continue;
            }
            if (leading.isCatch() && uses(leading, call)) {
                return true;
            }
            for (Handler inside : method.handlers()) {
                if (inside.isCatch()
                        && !normal.get(inside.target())
                        && leading.covers(inside.target())
                        && throwsOnly(inside)
                        && uses(inside, ANYWHERE)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean throwsOnly(Handler handler) {
        BitSet reached = reach.from(handler.target());
        return !reached.intersects(normal) && !reach.hasReturn(reached);
    }

    /** Whether a handler uses what is closed, at a place from which the given instruction is reached. */
    private boolean uses(Handler handler, int leadingTo) {
        int exception = method.stored(handler.target());
        BitSet reached = reach.from(handler.target());
        FieldUse fieldUse = new FieldUse(closed);
        for (int at = reached.nextSetBit(0); at >= 0; at = reached.nextSetBit(at + 1)) {
            boolean read = closed.isReadBy(method, at, exception) || aliases.areReadBy(at);
            boolean used = read && !Uses.isHarmless(method, at) && !Uses.isCopied(method, at);
            if ((used || fieldUse.isInCall(method, at))
                    && (leadingTo == ANYWHERE || reach.from(at).get(leadingTo))) {
                return true;
            }
        }
        return false;
    }
}
