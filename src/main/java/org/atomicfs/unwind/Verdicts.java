package org.atomicfs.unwind;

import java.io.IOException;
import java.io.InputStream;
import java.lang.StackWalker.StackFrame;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntBiFunction;

/** Answers about calls, each of them found out once. */
final class Verdicts {
    private static final int UNKNOWN = -1;
    private static final int NO = 0;
    private static final int YES = 1;

    /**
     * The answers by class, and so given up with it. Only types of the JDK are kept: a value of a type of ours would
     * keep our class loader alive as long as, say, {@code java.nio.file.Files}.
     */
    private static final ClassValue<ConcurrentHashMap<String, Integer>> ANSWERS = new ClassValue<>() {
        @Override
        protected ConcurrentHashMap<String, Integer> computeValue(Class<?> type) {
            return new ConcurrentHashMap<>(4);
        }
    };

    private Verdicts() {}

    /**
     * Judges the call that a frame is at.
     *
     * @param callee the frame of what is called
     * @param insideLambda whether the callee is the body of a lambda, called through something like a close
     * @param opens indexes in the same method at which the stream was opened
     * @return null when it is not known
     */
    static Verdict ofCall(StackFrame frame, StackFrame callee, boolean insideLambda, int... opens) {
        String key = "call " + place(frame) + ' ' + method(callee) + Arrays.toString(opens);
        int answer = ask(frame, key, (file, method) -> {
            int at = frame.getByteCodeIndex();
            String called = method.call(at);
            boolean expected = called != null
                    && (called.equals(Frames.nameAndParameters(callee))
                            || insideLambda && CloseNames.isCloseLike(called));
            if (!expected) {
                return UNKNOWN;
            }
            Verdict verdict = Verdict.of(method, at, opens);
            boolean clears = !verdict.handlerOnly() && !verdict.doomed();
            return clears || isOnItsLine(frame, method) && isUnchanged(frame.getDeclaringClass(), file)
                    ? verdict.encode()
                    : UNKNOWN;
        });
        return answer == UNKNOWN ? null : Verdict.decode(answer);
    }

    /** Whether a frame of the time when the stream was opened is really at the call that leads to the next one. */
    static boolean isAtCall(StackFrame frame, StackFrame callee) {
        String key = "open " + place(frame) + ' ' + method(callee);
        return Frames.isStaticInitializer(callee)
                || ask(frame, key, (file, method) -> {
                            String called = method.call(frame.getByteCodeIndex());
                            boolean expected = called != null
                                    && (Frames.isLambda(callee) || called.equals(Frames.nameAndParameters(callee)));
                            return expected && isOnItsLine(frame, method) ? YES : NO;
                        })
                        == YES;
    }

    /** Whether a frame is at a place that is reached only because an exception was caught. */
    static boolean isHandlerOnly(StackFrame frame) {
        String key = "handler " + place(frame);
        return ask(frame, key, (file, method) -> Verdict.isHandlerOnly(method, frame.getByteCodeIndex()) ? YES : NO)
                == YES;
    }

    /**
     * Whether a frame speaks against an exception that fails: it catches exceptions that are used as jumps, or its code
     * is not what was read.
     */
    static boolean isAgainst(StackFrame frame, StackFrame callee) {
        boolean near = frame.getDeclaringClass() == callee.getDeclaringClass()
                && !callee.getMethodName().contains("$");
        boolean initializer = Frames.isStaticInitializer(callee);
        String key = "outer " + place(frame) + ' ' + (near ? method(callee) : initializer);
        return ask(frame, key, (file, method) -> {
                    String called = method.call(frame.getByteCodeIndex());
                    boolean differs = called == null
                            || near
                                    && !called.equals(Frames.nameAndParameters(callee))
                                    && !called.startsWith("invoke"); // of a method handle
                    return !initializer && differs || Verdict.isInsideCatchOfJump(method, frame.getByteCodeIndex())
                            ? YES
                            : NO;
                })
                == YES;
    }

    private static String place(StackFrame frame) {
        return method(frame) + frame.getByteCodeIndex();
    }

    private static String method(StackFrame frame) {
        return frame.getMethodName() + frame.getDescriptor();
    }

    private static int ask(StackFrame frame, String key, ToIntBiFunction<ClassFile, MethodCode> question) {
        ConcurrentHashMap<String, Integer> answers = ANSWERS.get(frame.getDeclaringClass());
        Integer known = answers.get(key);
        if (known == null) {
            known = find(frame, question);
            answers.put(key, known);
        }
        return known;
    }

    private static int find(StackFrame frame, ToIntBiFunction<ClassFile, MethodCode> question) {
        try {
            byte[] bytes = read(frame.getDeclaringClass());
            if (bytes == null) {
                return UNKNOWN;
            }
            ClassFile file = new ClassFile(bytes);
            return question.applyAsInt(file, file.method(frame.getMethodName(), frame.getDescriptor()));
        } catch (IOException | RuntimeException | LinkageError unreadable) {
            return UNKNOWN;
        }
    }

    /** An interrupt must not reach the class loader: it would close a channel that classes are read from. */
    private static byte[] read(Class<?> type) throws IOException {
        boolean interrupted = Thread.interrupted();
        String name = type.getName();
        try (InputStream in = type.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
            return in == null ? null : in.readAllBytes();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean isOnItsLine(StackFrame frame, MethodCode method) {
        return method.line(frame.getByteCodeIndex()) == frame.getLineNumber();
    }

    /** Agents that add members (JaCoCo does) rewrite the code too. The JDK hides fields of some of its own classes. */
    private static boolean isUnchanged(Class<?> type, ClassFile file) {
        int declared = type.getDeclaredMethods().length + type.getDeclaredConstructors().length;
        int inFile = file.methodCount();
        return (declared == inFile || declared == inFile - 1) // reflection does not count the static initializer
                && (type.getClassLoader() == null || type.getDeclaredFields().length == file.fieldCount());
    }
}
