package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.objectweb.asm.Opcodes.*;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Label;

class MethodCodeTest {
    private static MethodCode code(int... bytes) {
        byte[] code = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            code[i] = (byte) bytes[i];
        }
        return new MethodCode(0, "()V", ByteBuffer.wrap(code), null, List.of(), new LineTable(), constant -> null);
    }

    @Test
    void local_variables_are_named_in_three_ways() {
        MethodCode method = Assembler.method(m -> {
            m.visitVarInsn(ALOAD, 1);
            m.visitVarInsn(ASTORE, 3);
            m.visitVarInsn(ALOAD, 200);
            m.visitVarInsn(ASTORE, 201);
            m.visitVarInsn(ALOAD, 300);
            m.visitVarInsn(LSTORE, 301);
            m.visitInsn(RETURN);
        });
        int[] at = method.instructions().stream().toArray();
        assertArrayEquals(new int[] {0, 1, 2, 4, 6, 10, 14}, at);
        assertEquals(List.of(1, 200, 300), List.of(method.loaded(0), method.loaded(2), method.loaded(6)));
        assertEquals(List.of(3, 201, 301), List.of(method.stored(1), method.stored(4), method.stored(10)));
        assertEquals(MethodCode.NONE, method.loaded(1));
        assertEquals(MethodCode.NONE, method.stored(0));
        assertEquals(MethodCode.NONE, method.loaded(14));
    }

    @Test
    void switches_are_aligned() {
        for (int before = 0; before < 4; before++) {
            int nops = before;
            MethodCode method = Assembler.method(m -> {
                Label end = new Label();
                for (int i = 0; i < nops; i++) {
                    m.visitInsn(NOP);
                }
                m.visitVarInsn(ILOAD, 0);
                m.visitTableSwitchInsn(0, 1, end, end, end);
                m.visitLabel(end);
                m.visitInsn(RETURN);
            });
            int at = method.instructions().nextSetBit(nops + 1);
            int end = method.length() - 1;
            assertArrayEquals(new int[] {end, end, end}, method.successors(at));
            assertEquals(end, method.next(at));
        }
    }

    @Test
    void a_call_is_named_only_where_it_begins() {
        MethodCode method = Assembler.method(m -> {
            Assembler.call(m, "close");
            m.visitInsn(RETURN);
        });
        assertEquals("close(", method.call(0));
        assertNull(method.call(1), "inside of an instruction");
        assertNull(method.call(3), "no call");
        assertNull(method.call(-1), "as of a native method");
        assertNull(method.call(100), "behind the end");
    }

    @Test
    void a_subroutine_may_return_behind_every_call_of_one() {
        MethodCode method = Assembler.method(m -> {
            Label routine = new Label();
            m.visitJumpInsn(JSR, routine); // 0
            m.visitJumpInsn(JSR, routine); // 3
            m.visitInsn(RETURN); // 6
            m.visitLabel(routine);
            m.visitVarInsn(ASTORE, 2); // 7
            m.visitVarInsn(RET, 2); // 8
        });
        assertArrayEquals(new int[] {7}, method.successors(0));
        assertArrayEquals(new int[] {3, 6}, method.successors(8));
    }

    @Test
    void an_interface_or_a_dynamic_call_links_late() {
        MethodCode method = Assembler.method(m -> {
            m.visitMethodInsn(INVOKEINTERFACE, "java/lang/Runnable", "run", "()V", true); // 0
            m.visitMethodInsn(INVOKEVIRTUAL, "java/lang/Thread", "run", "()V", false); // 5
            m.visitInsn(RETURN);
        });
        assertTrue(method.linksLate(0));
        assertFalse(method.linksLate(5));
    }

    @Test
    void code_that_is_cut_off_is_refused() {
        assertThrows(IllegalArgumentException.class, () -> code(INVOKESTATIC, 0));
        assertThrows(IllegalArgumentException.class, () -> code(RETURN, 0xff));
    }

    @Test
    void a_switch_with_an_absurd_number_of_cases_is_refused() {
        assertThrows(
                RuntimeException.class,
                () -> code(TABLESWITCH, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff));
        assertThrows(RuntimeException.class, () -> code(LOOKUPSWITCH, 0, 0, 0, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff));
    }
}
