package org.atomicfs.unwind;

import java.lang.StackWalker.StackFrame;

/** Questions about single frames of the stack. */
final class Frames {
    private Frames() {}

    /** Whether two frames are of the same method; perhaps of two activations of it. */
    static boolean isSameMethod(StackFrame one, StackFrame other) {
        return one.getDeclaringClass() == other.getDeclaringClass()
                && one.getMethodName().equals(other.getMethodName())
                && one.getDescriptor().equals(other.getDescriptor());
    }

    /** The method that runs in a frame, as a call of it names it. */
    static String nameAndParameters(StackFrame frame) {
        return ConstantPool.nameAndParameters(frame.getMethodName(), frame.getDescriptor());
    }

    /** Whether the method is the body of a lambda: the method that its caller names is another one. */
    static boolean isLambda(StackFrame frame) {
        String name = frame.getMethodName();
        return name.contains("lambda$") || name.contains("$anonfun$");
    }

    /**
     * Whether it is a method that the JDK calls because something failed, in the place of an exception: the HTTP
     * client's, which writes a body to a file ({@code BodyHandlers.ofFile}) and closes it half written. By the contract
     * of {@link java.util.concurrent.Flow.Subscriber#onError} other subscribers should not close a complete file there
     * either, but what they have written to it is not known.
     */
    static boolean isCallbackOfFailure(StackFrame frame) {
        return frame.getDeclaringClass().getName().equals("jdk.internal.net.http.ResponseSubscribers$PathSubscriber")
                && frame.getMethodName().equals("onError");
    }

    /**
     * Whether it is a method of {@link java.nio.file.Files} that opens and returns what it opened. Known by name,
     * because most streams are opened through it, and reading the class file of {@link java.nio.file.Files} is a large
     * part of the first open of a JVM.
     */
    static boolean isOpenOfFiles(StackFrame frame) {
        return frame.getDeclaringClass().getName().equals("java.nio.file.Files")
                && frame.getMethodName().startsWith("new");
    }

    static boolean isStaticInitializer(StackFrame frame) {
        return frame.getMethodName().equals("<clinit>");
    }
}
