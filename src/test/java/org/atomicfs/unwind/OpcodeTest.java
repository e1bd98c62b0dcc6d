package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The instructions of JVMS 6.5, by number; that all lengths are right is tested by {@link ClassFileTest}. */
class OpcodeTest {
    @ParameterizedTest
    @CsvSource({
        "0x00, 1", "0x0f, 1", "0x10, 2", "0x11, 3", "0x12, 2", "0x13, 3", "0x14, 3", "0x15, 2", "0x19, 2", "0x1a, 1",
        "0x35, 1", "0x36, 2", "0x3a, 2", "0x3b, 1", "0x83, 1", "0x84, 3", "0x85, 1", "0x98, 1", "0x99, 3", "0xa7, 3",
        "0xa8, 3", "0xa9, 2", "0xaa, 0", "0xab, 0", "0xac, 1", "0xb1, 1", "0xb2, 3", "0xb8, 3", "0xb9, 5", "0xba, 5",
        "0xbb, 3", "0xbc, 2", "0xbd, 3", "0xbe, 1", "0xbf, 1", "0xc0, 3", "0xc1, 3", "0xc2, 1", "0xc3, 1", "0xc4, 0",
        "0xc5, 4", "0xc6, 3", "0xc7, 3", "0xc8, 5", "0xc9, 5"
    })
    void every_instruction_has_its_length(String opcode, int length) {
        assertEquals(length, Opcode.length(Integer.decode(opcode)));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0xca, 0xfe, 0xff})
    void other_numbers_are_refused(int opcode) {
        assertThrows(IllegalArgumentException.class, () -> Opcode.length(opcode));
    }

    @Test
    void kinds_are_told_apart() {
        assertTrue(Opcode.isConditional(Opcode.IFEQ) && Opcode.isConditional(Opcode.IFNONNULL));
        assertFalse(Opcode.isConditional(Opcode.GOTO));
        assertTrue(Opcode.isReturn(Opcode.IRETURN) && Opcode.isReturn(Opcode.RETURN));
        assertFalse(Opcode.isReturn(Opcode.ATHROW) || Opcode.isReturn(Opcode.GETSTATIC));
        assertTrue(Opcode.isInvocation(Opcode.INVOKEVIRTUAL) && Opcode.isInvocation(Opcode.INVOKEDYNAMIC));
        assertFalse(Opcode.isInvocation(Opcode.NEW));
        assertTrue(Opcode.isFieldRead(Opcode.GETSTATIC) && Opcode.isFieldRead(Opcode.GETFIELD));
        assertFalse(Opcode.isFieldRead(Opcode.INVOKEVIRTUAL));
        assertTrue(Opcode.isFieldWrite(Opcode.PUTSTATIC) && Opcode.isFieldWrite(Opcode.PUTFIELD));
        assertFalse(Opcode.isFieldWrite(Opcode.GETSTATIC));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {0x4f, 0x56, 0x57, 0x58, 0x84, 0x99, 0xa7, 0xaa, 0xb1, 0xb3, 0xb5, 0xbf, 0xc2, 0xc3, 0xc6, 0xc7})
    void some_leave_nothing_on_the_stack(int opcode) {
        assertTrue(Opcode.endsStatement(opcode));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x2a, 0x4e, 0x59, 0x83, 0x98, 0xb2, 0xb4, 0xb7, 0xbb, 0xc0, 0xc1})
    void others_leave_something_or_are_stores_to_variables(int opcode) {
        assertFalse(Opcode.endsStatement(opcode));
    }
}
