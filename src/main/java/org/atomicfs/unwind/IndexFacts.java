package org.atomicfs.unwind;

import java.util.List;

/**
 * What holds at an index in whichever method of a class has a call there. The name of a frame's method takes longer to
 * find out than its index, and most questions can do without the name.
 *
 * @param inHandler in how many methods it is the call of a close that is reached by exceptions only
 * @param owning in how many methods what the call opens is closed
 * @param onlyMethod the number of the only method that has a call there, or {@link #SEVERAL}
 */
record IndexFacts(Extent inHandler, Extent owning, int onlyMethod) {
    /** There is more than one method that has a call at the index, or none. */
    static final int SEVERAL = -1;

    /** How many of the methods. */
    enum Extent {
        NONE,
        SOME,
        ALL
    }

    static IndexFacts of(ClassFile file, int index) {
        try {
            List<MethodCode> methods = file.methodsWithCallAt(index);
            int calls = 0;
            int inHandler = 0;
            int owning = 0;
            int last = SEVERAL;
            for (MethodCode method : methods) {
                String called = method.call(index);
                if (called != null) {
                    calls++;
                    last = method.number();
                    inHandler += CloseNames.isCloseLike(called) && Judge.isHandlerOnly(method, index) ? 1 : 0;
                    owning += Ownership.closesWhatItOpens(method, index) ? 1 : 0;
                }
            }
            return new IndexFacts(extent(inHandler, calls), extent(owning, calls), calls == 1 ? last : SEVERAL);
        } catch (RefusedCodeException tooLong) {
            return new IndexFacts(Extent.SOME, Extent.NONE, SEVERAL); // which of the methods it is must be looked at
        }
    }

    private static Extent extent(int count, int all) {
        if (count == 0) {
            return Extent.NONE;
        }
        return count == all ? Extent.ALL : Extent.SOME;
    }
}
