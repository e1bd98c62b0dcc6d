package org.atomicfs.unwind;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A class file (JVMS 4), read as far as it is needed, without any library. A malformed file makes its methods throw a
 * {@link RuntimeException}.
 */
final class ClassFile {
    private static final int MAGIC = 0xCAFEBABE;
    private static final int JAVA_6 = 50;

    /** Longer methods are refused: the work may grow with the square of the length. */
    static final int MAX_CODE = 20_000;

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

    ConstantPool constants() {
        return constants;
    }

    int fieldCount() {
        return u2(fields);
    }

    /** With constructors and the static initializer. */
    int methodCount() {
        return u2(methods);
    }

    /**
     * The code of a method.
     *
     * @throws IllegalArgumentException if there is no such method, or it has no code, or more than is looked at
     */
    MethodCode method(String name, String descriptor) {
        int at = methods + 2;
        for (int i = 0; i < methodCount(); i++) {
            if (constants.utf8(u2(at + 2)).equals(name)
                    && constants.utf8(u2(at + 4)).equals(descriptor)) {
                return code(attribute("Code", at + 6));
            }
            at = afterAttributes(at + 6);
        }
        throw new IllegalArgumentException("no such method: " + name + descriptor);
    }

    private MethodCode code(int at) {
        int length = file.getInt(at + 4);
        if (length <= 0 || length > MAX_CODE) {
            throw new RefusedCodeException(length);
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

    private LineTable lines(int attributes) {
        LineTable lines = new LineTable();
        int at = attributes + 2;
        for (int i = 0; i < u2(attributes); i++) {
            if (constants.utf8(u2(at)).equals("LineNumberTable")) { // JVMS 4.7.12: there may be more than one
                for (int j = 0; j < u2(at + 6); j++) {
                    lines.add(u2(at + 8 + 4 * j), u2(at + 10 + 4 * j));
                }
            }
            at = afterAttribute(at);
        }
        return lines;
    }

    /** Where the content of an attribute begins, after its length. */
    private int attribute(String name, int attributes) {
        int at = attributes + 2;
        for (int i = 0; i < u2(attributes); i++) {
            if (constants.utf8(u2(at)).equals(name)) {
                return at + 6;
            }
            at = afterAttribute(at);
        }
        throw new IllegalArgumentException("no attribute " + name);
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
            throw new IllegalArgumentException("an attribute of more than 2 GB");
        }
        return Math.addExact(at + 6, length);
    }

    private int u2(int at) {
        return Short.toUnsignedInt(file.getShort(at));
    }
}
