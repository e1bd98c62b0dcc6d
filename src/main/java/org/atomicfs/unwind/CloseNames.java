package org.atomicfs.unwind;

/**
 * What names say about methods. Those that do nothing but close are a list, and not "contains close": a logger that
 * changes its file while an exception is being logged must not be taken for one of them.
 */
final class CloseNames {
    private CloseNames() {}

    /**
     * Whether a method has the name of one that ends a file because it is complete, and begins the next one, as loggers
     * do: whatever it was called for.
     */
    static boolean isRollOver(String method) {
        return method.startsWith("roll") || method.startsWith("rotate") || method.startsWith("doRoll");
    }

    /**
     * Whether a method does nothing but close.
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
                    "finishOnException", // of EasyExcel
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
