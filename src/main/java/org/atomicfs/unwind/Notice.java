package org.atomicfs.unwind;

import java.lang.System.Logger.Level;

/** Tells the log, once for each reason, why it is not found out whether an exception is propagating. */
enum Notice {
    AGENT("a Java agent may have changed the code of this program"),
    NATIVE_IMAGE("a native image has no class files");

    private final String reason;
    private volatile boolean given;

    Notice(String reason) {
        this.reason = reason;
    }

    void give() {
        if (!given) {
            given = true;
            System.getLogger("org.atomicfs")
                    .log(
                            Level.INFO,
                            "Files are published when they are closed, also while an exception is propagating: "
                                    + reason);
        }
    }
}
