package org.atomicfs.unwind;

/**
 * Names of methods that do nothing but close. It is a list, and not "contains close": a logger that changes its file
 * while an exception is being logged must not be taken for one of them.
 */
final class CloseNames {
    private CloseNames() {}

    /**
     * Whether a method has such a name.
     *
     * @param method its name; what follows a parenthesis is ignored
     */
    static boolean isCloseLike(String method) {
        int parameters = method.indexOf('(');
        String name = parameters < 0 ? method : method.substring(0, parameters);
        return switch (name) {
            case "implClose",
                    "implCloseChannel",
                    "doClose",
                    "_close",
                    "internalClose",
                    "flushAndClose",
                    "shutdown",
                    "destroy",
                    "cleanup" -> true;
            default ->
                name.startsWith("close")
                        || name.startsWith("$close")
                        || name.startsWith("tryClose")
                        || name.startsWith("safeClose")
                        || name.startsWith("release")
                        || name.startsWith("dispose");
        };
    }
}
