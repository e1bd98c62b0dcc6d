package org.atomicfs.unwind;

import static org.atomicfs.unwind.Opcode.*;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * The variables and fields by which a method gets at what a call closes: those of which one is what the call closes,
 * since they are read straight before it; copies of them (a compiler makes one for {@code try (out)}), streams that
 * write to them ({@code new PrintWriter(out)}), and those that they write to.
 */
final class Operands {
    private final Reach reach;
    private final MethodCode method;
    private final int call;
    private final BitSet locals = new BitSet(); // by number of the variable; wherever it is read
    private final BitSet fields = new BitSet(); // by number of the constant that names the field
    private final BitSet getters = new BitSet(); // methods that return it, by number of the constant that names one
    private final Map<Integer, BitSet> aliases = new HashMap<>(); // variables, and before which instructions they are
    private boolean more;
    private boolean written; // in the statement that closes

    private Operands(Reach reach, int call) {
        this.reach = reach;
        this.method = reach.method();
        this.call = call;
    }

    static Operands before(Reach reach, int call) {
        Operands operands = new Operands(reach, call);
        operands.findRead();
        operands.findAliases();
        return operands;
    }

    private void findRead() {
        BitSet instructions = method.instructions();
        for (int at = call; (at = instructions.previousSetBit(at - 1)) >= 0; ) {
            int opcode = method.opcode(at);
            int local = method.loaded(at);
            if (local > 0 || local == 0 && fields.isEmpty()) { // else it is the object of a field
                locals.set(local);
            } else if (isFieldRead(opcode)) {
                fields.set(method.constant(at));
            } else if (local != 0
                    && opcode != CHECKCAST
                    && opcode != ACONST_NULL
                    && opcode != ICONST_0
                    && opcode != ICONST_1) {
                findResult(at);
                break;
            }
        }
    }

    /** {@code out().close()}, and {@code out.append("end").close()}. */
    private void findResult(int at) {
        String called = method.opcode(at) == INVOKEDYNAMIC ? null : method.call(at);
        if (called == null
                || !locals.isEmpty()
                || !fields.isEmpty()
                || !method.result(at).startsWith("L")) {
            return;
        }
        written = called.startsWith("append(") || called.startsWith("write") || called.startsWith("print");
        if (!written
                && called.endsWith("(")
                && !method.constants().memberClass(method.constant(at)).startsWith("java/util/")) {
            getters.set(method.constant(at)); // not an element of a collection
        }
    }

    private void findAliases() {
        BitSet instructions = method.instructions();
        do {
            more = false;
            for (int at = instructions.nextSetBit(0); at >= 0; at = instructions.nextSetBit(at + 1)) {
                if (method.storesReference(at) || isFieldWrite(method.opcode(at))) {
                    follow(new Assignment(method, at));
                }
            }
        } while (more);
    }

    /**
     * Whether an instruction reads one of them.
     *
     * @param except a variable whose reads do not count, or {@link MethodCode#NONE}
     */
    boolean isReadBy(int at, int except) {
        int local = method.loaded(at);
        return local != MethodCode.NONE && local != except && locals.get(local)
                || isAlias(local, at)
                || isFieldReadBy(method, at)
                || !getters.isEmpty() && method.call(at) != null && getters.get(method.constant(at));
    }

    /** Whether the statement that closes it writes to it before. */
    boolean areWritten() {
        return written;
    }

    /** Whether an instruction of any method of the class reads one of the fields. */
    boolean isFieldReadBy(MethodCode other, int at) {
        return isFieldRead(other.opcode(at)) && fields.get(other.constant(at));
    }

    boolean hasField() {
        return !fields.isEmpty();
    }

    private void follow(Assignment assignment) {
        int after = method.next(assignment.store());
        boolean isTarget = leads(assignment.store(), method.stored(assignment.store()), after);
        BitSet sources = assignment.sources();
        for (int from = sources.nextSetBit(0); from >= 0; from = sources.nextSetBit(from + 1)) {
            if (isException(from)) {
                continue; // which some methods that close are given, too: Kotlin's closeFinally
            }
            boolean leads = leads(from, method.loaded(from), from);
            if (leads && !isTarget) {
                add(assignment.store(), method.stored(assignment.store()), after);
                isTarget = true;
            } else if (isTarget && !leads && assignment.isWrittenTo(from)) {
                add(from, method.loaded(from), from);
            }
        }
    }

    /** Whether an instruction loads what a handler has caught. */
    private boolean isException(int load) {
        for (Handler handler : method.handlers()) {
            int local = method.stored(handler.target());
            if (local != MethodCode.NONE
                    && local == method.loaded(load)
                    && reach.holding(method.next(handler.target()), local).get(load)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a variable or field leads to what is closed.
     *
     * @param access the instruction that reads or writes it
     * @param local the variable, or {@link MethodCode#NONE} if it is a field
     * @param at the instruction before which it does
     */
    private boolean leads(int access, int local, int at) {
        if (local == MethodCode.NONE) {
            return fields.get(method.constant(access));
        }
        return isAlias(local, at)
                || locals.get(local) && reach.holdingAnyhow(at, local).get(call);
    }

    private void add(int access, int local, int at) {
        more = true;
        if (local == MethodCode.NONE) {
            fields.set(method.constant(access));
        } else {
            BitSet known = aliases.get(local);
            BitSet added = reach.holdingAnyhow(at, local);
            if (known != null) {
                added.or(known);
            }
            aliases.put(local, added);
        }
    }

    private boolean isAlias(int local, int at) {
        BitSet known = aliases.get(local);
        return known != null && known.get(at);
    }
}
