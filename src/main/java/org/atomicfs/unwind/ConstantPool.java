package org.atomicfs.unwind;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** The constants of a class file (JVMS 4.4). */
final class ConstantPool {
    private static final int UTF8 = 1;

    private final ByteBuffer file;
    private final int[] offsets; // of each constant's tag
    private final int end;

    ConstantPool(ByteBuffer file, int start) {
        this.file = file;
        offsets = new int[u2(start)];
        int at = start + 2;
        for (int i = 1; i < offsets.length; i++) {
            offsets[i] = at;
            int tag = file.get(at);
            at += size(tag, at);
            if (tag == 5 || tag == 6) { // long and double take two places
                i++;
            }
        }
        end = at;
    }

    private int size(int tag, int at) {
        return switch (tag) {
            case UTF8 -> 3 + u2(at + 1);
            case 7, 8, 16, 19, 20 -> 3; // class, string, method type, module, package
            case 15 -> 4; // method handle
            case 3, 4, 9, 10, 11, 12, 17, 18 -> 5; // int, float, members, name and type, dynamic
            case 5, 6 -> 9; // long, double
            default -> throw new IllegalArgumentException("no such constant: " + tag);
        };
    }

    /** Where the file goes on. */
    int end() {
        return end;
    }

    String utf8(int index) {
        int at = offsets[index];
        if (file.get(at) != UTF8) {
            throw new IllegalArgumentException("not a string");
        }
        byte[] text = new byte[2 + u2(at + 1)];
        file.get(at + 1, text);
        try {
            return new DataInputStream(new ByteArrayInputStream(text)).readUTF();
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    /** The internal name of a class, as in {@code java/lang/Object}. */
    String className(int index) {
        return utf8(u2(offsets[index] + 1));
    }

    /** What is called: its name and the types of its parameters, as in {@code close(Z}. */
    String method(int index) {
        int nameAndType = offsets[u2(offsets[index] + 3)];
        return nameAndParameters(utf8(u2(nameAndType + 1)), utf8(u2(nameAndType + 3)));
    }

    /** The name and the parameters of a method. What it returns may differ between a call and the method that runs. */
    static String nameAndParameters(String name, String descriptor) {
        return name + descriptor.substring(0, descriptor.indexOf(')'));
    }

    private int u2(int at) {
        return Short.toUnsignedInt(file.getShort(at));
    }
}
