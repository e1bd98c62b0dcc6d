package org.atomicfs.clients;

/** The caller's own exception, in the middle of a write. */
final class SourceBrokeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SourceBrokeException() {
        super("the source broke");
    }
}
