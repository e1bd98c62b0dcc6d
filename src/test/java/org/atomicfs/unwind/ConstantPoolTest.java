package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ConstantPoolTest {
    /**
     * 1 a text, 2 a class, 3 a long (and 4), 5 and 6 texts, 7 a name and type, 8 a method; two bytes before and after.
     */
    private static ConstantPool pool() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(0);
        out.writeShort(9);
        out.writeByte(ConstantTag.UTF8);
        out.writeUTF("é\0😀");
        out.writeByte(ConstantTag.CLASS);
        out.writeShort(1);
        out.writeByte(ConstantTag.LONG);
        out.writeLong(-1);
        out.writeByte(ConstantTag.UTF8);
        out.writeUTF("close");
        out.writeByte(ConstantTag.UTF8);
        out.writeUTF("(ZI)Ljava/lang/Object;");
        out.writeByte(ConstantTag.NAME_AND_TYPE);
        out.writeShort(5);
        out.writeShort(6);
        out.writeByte(ConstantTag.METHOD);
        out.writeShort(2);
        out.writeShort(7);
        out.writeShort(0xffff);
        return new ConstantPool(ByteBuffer.wrap(bytes.toByteArray()), 2);
    }

    @Test
    void names_are_read_in_modified_utf8() throws IOException {
        assertEquals("é\0😀", pool().utf8(1));
        assertEquals("é\0😀", pool().className(2));
    }

    @Test
    void a_method_is_its_name_and_its_parameters() throws IOException {
        assertEquals("close(ZI", pool().method(8));
        assertEquals("close", pool().memberName(8));
        assertEquals("(ZI)Ljava/lang/Object;", pool().memberDescriptor(8));
        assertEquals("close(ZI", ConstantPool.nameAndParameters("close", "(ZI)V"));
    }

    @Test
    void the_number_after_a_long_is_no_constant() throws IOException {
        ConstantPool pool = pool();
        assertEquals(9, pool.count());
        assertTrue(pool.isClass(2));
        assertFalse(pool.isClass(3));
        assertFalse(pool.isClass(4));
        assertThrows(IllegalArgumentException.class, () -> pool.utf8(4));
    }

    @Test
    void the_end_is_behind_the_last_constant() throws IOException {
        assertEquals(4 + 13 + 3 + 9 + 8 + 25 + 5 + 5, pool().end());
    }

    @Test
    void a_constant_that_is_no_text_is_refused_as_one() throws IOException {
        ConstantPool pool = pool();
        assertThrows(IllegalArgumentException.class, () -> pool.utf8(2));
    }
}
