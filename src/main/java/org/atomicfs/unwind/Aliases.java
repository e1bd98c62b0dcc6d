package org.atomicfs.unwind;

import static org.atomicfs.unwind.Opcode.*;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The local variables by which a method also gets at what a call closes, and where: copies of the variable or field
 * that is closed (a compiler makes one for {@code try (out)}), streams that write to it ({@code new PrintWriter(out)}),
 * and those that it writes to.
 */
final class Aliases {
    private final MethodCode method;
    private final Operands closed;
    private final int call;
    private final List<Alias> aliases = new ArrayList<>();

    /**
     * A local variable that leads to what is closed.
     *
     * @param places the instructions before which it does: those reached before something else is stored in it
     */
    record Alias(int local, BitSet places) {}

    Aliases(MethodCode method, Operands closed, int call) {
        this.method = method;
        this.closed = closed;
        this.call = call;
        BitSet instructions = method.instructions();
        for (boolean more = true; more; ) {
            int known = aliases.size();
            int fields = closed.fieldCount();
            for (int at = instructions.nextSetBit(0); at >= 0; at = instructions.nextSetBit(at + 1)) {
                if (method.storesReference(at) || isFieldWrite(method.opcode(at))) {
                    follow(new Assignment(method, at));
                }
            }
            more = aliases.size() > known || closed.fieldCount() > fields;
        }
    }

    /** Whether an instruction loads one of them, besides those that are closed themselves. */
    boolean areReadBy(int at) {
        return isAlias(method.loaded(at), at);
    }

    private void follow(Assignment assignment) {
        int after = method.next(assignment.store());
        int target = method.stored(assignment.store());
        int field = target == MethodCode.NONE ? method.constant(assignment.store()) : 0;
        BitSet sources = assignment.sources();
        for (int from = sources.nextSetBit(0); from >= 0; from = sources.nextSetBit(from + 1)) {
            int source = method.loaded(from);
            boolean isField = source == MethodCode.NONE;
            boolean leads = isField ? closed.hasField(method.constant(from)) : leads(source, from);
            boolean isTarget = target == MethodCode.NONE ? closed.hasField(field) : leads(target, after);
            if (leads && !isTarget) {
                if (target == MethodCode.NONE) {
                    closed.addField(field);
                } else {
                    aliases.add(new Alias(target, places(after, target)));
                }
            } else if (isTarget && !leads && assignment.isWrittenTo(from)) {
                if (isField) {
                    closed.addField(method.constant(from));
                } else {
                    aliases.add(new Alias(source, places(from, source)));
                }
            }
        }
    }

    /** Whether what a local variable holds before an instruction leads to what is closed. */
    private boolean leads(int local, int at) {
        return isAlias(local, at) || closed.hasLocal(local) && places(at, local).get(call);
    }

    private boolean isAlias(int local, int at) {
        for (Alias alias : aliases) {
            if (alias.local() == local && alias.places().get(at)) {
                return true;
            }
        }
        return false;
    }

    private BitSet places(int start, int local) {
        return Holding.anyhow(method, start, local);
    }
}
