package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LineTableTest {
    @Test
    void a_line_reaches_to_the_next_one_whatever_their_order() {
        LineTable lines = new LineTable();
        lines.add(8, 30);
        lines.add(0, 10);
        lines.add(4, 70_000);
        assertEquals(10, lines.line(0));
        assertEquals(10, lines.line(3));
        assertEquals(70_000, lines.line(4));
        assertEquals(30, lines.line(1000));
    }

    @Test
    void of_two_lines_for_one_instruction_the_later_one_counts() {
        LineTable lines = new LineTable();
        lines.add(0, 10);
        lines.add(0, 11);
        assertEquals(11, lines.line(0));
    }

    @Test
    void there_may_be_no_line() {
        LineTable lines = new LineTable();
        assertEquals(LineTable.NO_LINE, lines.line(0));
        lines.add(2, 5);
        assertEquals(LineTable.NO_LINE, lines.line(1));
    }
}
