package org.atomicfs.unwind;

/**
 * The code of a method is longer than what is analysed. Unlike any other failure to read a method, it will be the same
 * the next time, and so may be remembered.
 */
final class RefusedCodeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    RefusedCodeException(int length) {
        super("a method of " + length + " bytes is not analysed");
    }
}
