package org.atomicfs.unwind;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.atomicfs.unwind.MethodCode.Handler;
import org.atomicfs.unwind.MethodCode.Line;

/**
 * A class file (JVMS 4), as far as it is needed, read without any library. What is malformed, or of a kind that is not
 * dealt with, throws a {@link RuntimeException}.
 */
final class ClassFile {
    private static final int MAGIC = 0xCAFEBABE;
    private static final int JAVA_6 = 50;

    /** Longer methods are not looked at: the work may grow with the square of the length. */
    private static final int MAX_CODE = 20_000;

    private final ByteBuffer file;
    private final ConstantPool constants;
    private final int fields;
    private final int methods;

    ClassFile(byte[] bytes) {
        file = ByteBuffer.wrap(bytes);
        if (file.getInt(0) != MAGIC || u2(6) < JAVA_6) {
            throw new IllegalArgumentException("not a class file, or an old one");
        }
        constants = new ConstantPool(file, 8);
        int interfaces = constants.end() + 6;
        fields = interfaces + 2 + 2 * u2(interfaces);
        int at = fields + 2;
        for (int i = 0; i < fieldCount(); i++) {
            at = afterAttributes(at + 6);
        }
        methods = at;
    }

    int fieldCount() {
        return u2(fields);
    }

    /** With constructors and the static initializer. */
    int methodCount() {
        return u2(methods);
    }

    MethodCode method(String name, String descriptor) {
        int at = methods + 2;
        for (int i = 0; i < methodCount(); i++) {
            if (constants.utf8(u2(at + 2)).equals(name)
                    && constants.utf8(u2(at + 4)).equals(descriptor)) {
                return code(attribute("Code", at + 6));
            }
            at = afterAttributes(at + 6);
        }
        throw new IllegalArgumentException("no such method");
    }

    private MethodCode code(int at) {
        int length = file.getInt(at + 4);
        if (length <= 0 || length > MAX_CODE) {
            throw new IllegalArgumentException("no method of so many bytes is looked at: " + length);
        }
        ByteBuffer code = file.slice(at + 8, length);
        at += 8 + length;
        List<Handler> handlers = new ArrayList<>();
        int count = u2(at);
        at += 2;
        for (int i = 0; i < count; i++, at += 8) {
            int caught = u2(at + 6);
            handlers.add(new Handler(
                    u2(at), u2(at + 2), u2(at + 4), caught == 0 ? Handler.ANY : constants.className(caught)));
        }
        return new MethodCode(code, constants, handlers, lines(at));
    }

    private List<Line> lines(int attributes) {
        List<Line> lines = new ArrayList<>();
        int at = attributes + 2;
        for (int i = 0; i < u2(attributes); i++) {
            if (constants.utf8(u2(at)).equals("LineNumberTable")) { // may be there more than once
                for (int j = 0; j < u2(at + 6); j++) {
                    lines.add(new Line(u2(at + 8 + 4 * j), u2(at + 10 + 4 * j)));
                }
            }
            at = afterAttribute(at);
        }
        return lines;
    }

    /** Where the content of an attribute begins, less its length. */
    private int attribute(String name, int attributes) {
        int at = attributes + 2;
        for (int i = 0; i < u2(attributes); i++) {
            if (constants.utf8(u2(at)).equals(name)) {
                return at + 6;
            }
            at = afterAttribute(at);
        }
        throw new IllegalArgumentException("no " + name);
    }

    private int afterAttributes(int attributes) {
        int at = attributes + 2;
        for (int i = 0; i < u2(attributes); i++) {
            at = afterAttribute(at);
        }
        return at;
    }

    private int afterAttribute(int at) {
        int length = file.getInt(at + 2);
        if (length < 0) {
            throw new IllegalArgumentException("an attribute of so many bytes: " + length);
        }
        return Math.addExact(at + 6, length);
    }

    private int u2(int at) {
        return Short.toUnsignedInt(file.getShort(at));
    }
}
