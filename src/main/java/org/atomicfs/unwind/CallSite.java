package org.atomicfs.unwind;

import java.lang.StackWalker.StackFrame;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** What a class file says about an instruction at which a frame of the stack was seen. Safe for any thread. */
final class CallSite {
    private final String called; // name and parameters; null when the instruction is no call
    private final boolean linksLate; // the instruction may run a method of another name
    private final boolean insideCatchOfJump;
    private final boolean maySwallow;
    private final boolean owning;
    private final int line;
    private final Verdict verdict; // null when the instruction is no call
    private volatile Boolean onLine; // of all frames: the code that runs stays the same
    private final ConcurrentHashMap<List<Integer>, Verdict> withOpens = new ConcurrentHashMap<>(1);

    private CallSite(
            String called,
            boolean linksLate,
            boolean insideCatchOfJump,
            boolean maySwallow,
            boolean owning,
            int line,
            Verdict verdict) {
        this.called = called;
        this.linksLate = linksLate;
        this.insideCatchOfJump = insideCatchOfJump;
        this.maySwallow = maySwallow;
        this.owning = owning;
        this.line = line;
        this.verdict = verdict;
    }

    /** A place in a method that is not analysed. */
    static CallSite refused() {
        return new CallSite(null, false, false, true, false, LineTable.NO_LINE, null);
    }

    static CallSite at(MethodCode method, int index) {
        String called = method.call(index);
        boolean inside = Jumps.isInsideCatch(method, index);
        int line = method.line(index);
        return called == null
                ? new CallSite(null, false, inside, true, false, line, null)
                : new CallSite(
                        called,
                        method.linksLate(index),
                        inside,
                        Judge.maySwallow(method, index),
                        Ownership.closesWhatItOpens(method, index),
                        line,
                        Judge.judge(method, index));
    }

    /** Whether the call may lead to a frame: whether it is of that method. */
    boolean calls(StackFrame callee) {
        return called != null && called.equals(Frames.nameAndParameters(callee));
    }

    /** Whether the method that is called does nothing but close, by its name. */
    boolean isClose() {
        return called != null && CloseNames.isCloseLike(called);
    }

    boolean isCall() {
        return called != null;
    }

    /** Whether the call is linked only when it is executed, so that a method of any name may be what runs. */
    boolean linksLate() {
        return linksLate;
    }

    /** Whether the method may go on normally after an exception of the call. */
    boolean maySwallow() {
        return maySwallow;
    }

    /**
     * Whether nothing speaks against the instruction having called what a frame runs, which may be of another method
     * than the call names: an interface may be implemented by a method reference, reflection calls anything.
     */
    boolean mayLeadTo(StackFrame callee, boolean ofSameClass) {
        return called != null
                && (linksLate
                        || !ofSameClass
                        || callee.getMethodName().contains("$") // of a lambda, or made by a compiler
                        || calls(callee)
                        || called.startsWith("invoke")
                        || called.startsWith("newInstance"));
    }

    /** As {@link Ownership#closesWhatItOpens}. */
    boolean isOwning() {
        return owning;
    }

    /** Whether what the instruction throws is caught in the method as a jump, and not as a failure. */
    boolean isInsideCatchOfJump() {
        return insideCatchOfJump;
    }

    /** Whether the source line is that of a frame at this place: else the code that runs is not the class file's. */
    boolean isOnLineOf(StackFrame frame) {
        Boolean known = onLine;
        if (known == null) {
            known = line == frame.getLineNumber();
            onLine = known;
        }
        return known;
    }

    /** The verdict on the call, when the stream was not opened by this activation of the method. */
    Verdict verdict() {
        return verdict;
    }

    /** The verdict that was found for some calls by which this activation opened the stream; null if none was. */
    Verdict verdict(List<Integer> opens) {
        // A call that is reached without an exception from the entry remains so when there are more starting points.
        return opens.isEmpty() || !verdict.handlerOnly() ? verdict : withOpens.get(opens);
    }

    void add(List<Integer> opens, Verdict found) {
        withOpens.put(opens, found);
    }
}
