package org.atomicfs.unwind;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A class file (JVMS 4), read as far as it is needed, without any library. A malformed file makes its methods throw a
 * {@link RuntimeException}.
 */
final class ClassFile implements Function<Integer, MethodCode> {
    private static final int MAGIC = 0xCAFEBABE;

    /** Up to 45.2, of the time before Java 1.1, some fields of a code attribute have half their size. */
    private static final int FIRST_MAJOR = 45;

    private static final int FIRST_WIDE_MINOR = 3;

    /** Longer methods are refused: the work may grow with the square of the length. */
    static final int MAX_CODE = 20_000;

    private static final int NONE = -1;

    private final ByteBuffer file;
    private final ConstantPool constants;
    private final int fields;
    private final int methods;

    ClassFile(byte[] bytes) {
        file = ByteBuffer.wrap(bytes);
        if (file.getInt(0) != MAGIC) {
            throw new IllegalArgumentException("not a class file");
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
     * @throws IllegalArgumentException if there is no such method, or it has no code, or more than is analysed
     */
    MethodCode method(String name, String descriptor) {
        MethodCode method = find(name, descriptor);
        if (method == null) {
            throw new IllegalArgumentException("no such method, or one without code: " + name + descriptor);
        }
        return method;
    }

    /** The method that a constant names; null if it is of another class, or has no code. */
    @Override
    public MethodCode apply(Integer constant) {
        String own = constants.className(u2(constants.end() + 2));
        return own.equals(constants.memberClass(constant))
                ? find(constants.memberName(constant), constants.memberDescriptor(constant))
                : null;
    }

    private MethodCode find(String name, String descriptor) {
        int at = methods + 2;
        for (int i = 0; i < methodCount(); i++) {
            if (constants.utf8(u2(at + 2)).equals(name)
                    && constants.utf8(u2(at + 4)).equals(descriptor)) {
                int attribute = attribute("Code", at + 6);
                return attribute == NONE ? null : code(i, attribute, descriptor);
            }
            at = afterAttributes(at + 6);
        }
        return null;
    }

    /**
     * The methods that may have a call at an index.
     *
     * @throws RefusedCodeException if one of them has more code than is analysed
     */
    List<MethodCode> methodsWithCallAt(int index) {
        List<MethodCode> found = new ArrayList<>(1);
        int at = methods + 2;
        for (int i = 0; i < methodCount(); i++) {
            int attribute = attribute("Code", at + 6);
            if (attribute != NONE && index >= 0 && index < codeLength(attribute)) {
                if (Opcode.isInvocation(Byte.toUnsignedInt(file.get(codeStart(attribute) + index)))) {
                    found.add(code(i, attribute, constants.utf8(u2(at + 4))));
                }
            }
            at = afterAttributes(at + 6);
        }
        return found;
    }

    private int codeLength(int attribute) {
        return hasShortCode() ? u2(attribute + 2) : file.getInt(attribute + 4);
    }

    private int codeStart(int attribute) {
        return attribute + (hasShortCode() ? 4 : 8);
    }

    private boolean hasShortCode() {
        return u2(6) == FIRST_MAJOR && u2(4) < FIRST_WIDE_MINOR;
    }

    private MethodCode code(int number, int attribute, String descriptor) {
        int length = codeLength(attribute);
        if (length <= 0 || length > MAX_CODE) {
            throw new RefusedCodeException(length);
        }
        ByteBuffer code = file.slice(codeStart(attribute), length);
        int at = codeStart(attribute) + length;
        List<Handler> handlers = new ArrayList<>();
        int count = u2(at);
        at += 2;
        for (int i = 0; i < count; i++, at += 8) {
            int caught = u2(at + 6);
            handlers.add(new Handler(
                    u2(at), u2(at + 2), u2(at + 4), caught == 0 ? Handler.ANY : constants.className(caught)));
        }
        return new MethodCode(number, descriptor, code, constants, handlers, lines(at), this);
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

    /** Where the content of an attribute begins, after its length; {@link #NONE} if it is not there. */
    private int attribute(String name, int attributes) {
        int at = attributes + 2;
        for (int i = 0; i < u2(attributes); i++) {
            if (constants.utf8(u2(at)).equals(name)) {
                return at + 6;
            }
            at = afterAttribute(at);
        }
        return NONE;
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
