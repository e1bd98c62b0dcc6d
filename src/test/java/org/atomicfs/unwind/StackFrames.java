package org.atomicfs.unwind;

import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.util.List;
import java.util.stream.Collectors;

/** The stack, as the classes under test see it. */
final class StackFrames {
    private StackFrames() {}

    /** From the caller outward. */
    static List<StackFrame> here() {
        return StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE)
                .walk(frames -> frames.skip(1).collect(Collectors.toList()));
    }
}
