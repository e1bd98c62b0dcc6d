package org.atomicfs.unwind;

import java.lang.StackWalker.StackFrame;

/** An instruction of a class, as a frame of the stack names it; a key. */
final class Place {
    private final String method;
    private final String descriptor;
    private final int index;

    private Place(String method, String descriptor, int index) {
        this.method = method;
        this.descriptor = descriptor;
        this.index = index;
    }

    static Place of(StackFrame frame) {
        return new Place(frame.getMethodName(), frame.getDescriptor(), frame.getByteCodeIndex());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Place place
                && index == place.index
                && method.equals(place.method)
                && descriptor.equals(place.descriptor);
    }

    @Override
    public int hashCode() {
        return 31 * method.hashCode() + index; // overloads rarely meet at the same index
    }
}
