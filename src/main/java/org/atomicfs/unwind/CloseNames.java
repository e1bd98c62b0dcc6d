package org.atomicfs.unwind;

import java.util.List;
import java.util.Set;

/**
 * Names of methods that do nothing but close. A list, and not "contains close": a logger that changes its file while an
 * exception is being logged must not be taken for one.
 */
final class CloseNames {
    private static final List<String> PREFIXES =
            List.of("close", "$close", "tryClose", "safeClose", "release", "dispose");
    private static final Set<String> NAMES = Set.of(
            "implClose",
            "implCloseChannel",
            "doClose",
            "_close",
            "internalClose",
            "flushAndClose",
            "shutdown",
            "destroy",
            "cleanup");

    private CloseNames() {}

    /** Whether it is such a method; its parameters may follow the name. */
    static boolean isCloseLike(String method) {
        int parameters = method.indexOf('(');
        String name = parameters < 0 ? method : method.substring(0, parameters);
        return NAMES.contains(name) || PREFIXES.stream().anyMatch(name::startsWith);
    }
}
