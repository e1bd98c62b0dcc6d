package org.atomicfs.unwind;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The constants of a class file (JVMS 4.4). */
final class ConstantPool {
    private final ByteBuffer file;
    private final int[] offsets; // by number of the constant: where its tag stands; 0 where there is no constant
    private final int end;

    ConstantPool(ByteBuffer file, int start) {
        this.file = file;
        offsets = new int[u2(start)];
        int at = start + 2;
        for (int i = 1; i < offsets.length; ) {
            offsets[i] = at;
            int tag = file.get(at);
            at += ConstantTag.size(tag) + (tag == ConstantTag.UTF8 ? u2(at + 1) : 0);
            i += ConstantTag.entries(tag);
        }
        end = at;
    }

    /** Where the file goes on after the constants. */
    int end() {
        return end;
    }

    /** One more than the highest number of a constant. */
    int count() {
        return offsets.length;
    }

    String utf8(int constant) {
        int at = offsets[constant];
        if (file.get(at) != ConstantTag.UTF8) {
            throw new IllegalArgumentException("constant %d is not a text".formatted(constant));
        }
        int length = u2(at + 1);
        for (int i = 0; i < length; i++) {
            if (file.get(at + 3 + i) <= 0) {
                return beyondAscii(at + 1, length);
            }
        }
        byte[] text = new byte[length];
        file.get(at + 3, text);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /**
     * Rarely needed: newer JDKs make method handles, which takes time, when a {@link DataInputStream} is first used.
     */
    private String beyondAscii(int at, int length) {
        byte[] text = new byte[2 + length];
        file.get(at, text);
        try {
            return new DataInputStream(new ByteArrayInputStream(text)).readUTF();
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    boolean isClass(int constant) {
        return offsets[constant] != 0 && file.get(offsets[constant]) == ConstantTag.CLASS;
    }

    /** The internal name of a class, as in {@code java/lang/Object}. */
    String className(int constant) {
        return utf8(u2(offsets[constant] + 1));
    }

    /** What a call names: the method and the types of its parameters, as in {@code close(Z}. */
    String method(int constant) {
        return nameAndParameters(memberName(constant), memberDescriptor(constant));
    }

    /** The internal name of the class of the field or method that a constant names. */
    String memberClass(int constant) {
        return className(u2(offsets[constant] + 1));
    }

    /** The name of the field or method that a constant names. */
    String memberName(int constant) {
        return utf8(u2(offsets[u2(offsets[constant] + 3)] + 1));
    }

    /** The type of the field that a constant names, or the types of the parameters and of the result of the method. */
    String memberDescriptor(int constant) {
        return utf8(u2(offsets[u2(offsets[constant] + 3)] + 3));
    }

    /** The name and the parameters of a method. What it returns may differ between a call and the method that runs. */
    static String nameAndParameters(String name, String descriptor) {
        return name.concat(descriptor.substring(0, descriptor.indexOf(')')));
    }

    private int u2(int at) {
        return Short.toUnsignedInt(file.getShort(at));
    }
}
