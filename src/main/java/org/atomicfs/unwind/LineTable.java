package org.atomicfs.unwind;

import java.util.ArrayList;
import java.util.List;

/** The line of the source that each instruction of a method comes from (JVMS 4.7.12). */
final class LineTable {
    /** What {@link java.lang.StackWalker.StackFrame#getLineNumber} says, too, where there is no line. */
    static final int NO_LINE = -1;

    private record Line(int start, int number) {}

    private final List<Line> lines = new ArrayList<>();

    void add(int start, int number) {
        lines.add(new Line(start, number));
    }

    /** The line of an instruction, or {@link #NO_LINE}. */
    int line(int at) {
        Line nearest = null;
        for (Line line : lines) {
            if (line.start() <= at && (nearest == null || line.start() >= nearest.start())) {
                nearest = line;
            }
        }
        return nearest == null ? NO_LINE : nearest.number();
    }
}
