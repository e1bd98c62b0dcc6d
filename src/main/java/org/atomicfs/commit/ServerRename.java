package org.atomicfs.commit;

import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileSystem;
import java.nio.file.Path;

/** A rename that a server offers, and that its provider's own move does not use. */
interface ServerRename {
    /** Whether the server has it: it replaces in one step. */
    boolean replaces() throws IOException;

    /** Renames in one step, over whatever is there. Only on a server that {@link #replaces}. */
    void rename(Path source, Path target) throws IOException;

    /** Calls a public method of a library that need not be there; what it throws is thrown as it is. */
    static Object call(Method method, Object on, Object... arguments) throws IOException {
        try {
            return method.invoke(on, arguments);
        } catch (InvocationTargetException e) {
            Messages.rethrow(e.getCause());
            throw new AssertionError("thrown without a cause", e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("a public method of a public class", e);
        }
    }

    /** The file system that is asked, unless the program has dropped it. */
    static FileSystem present(Reference<FileSystem> asked) {
        FileSystem found = asked.get();
        if (found == null) {
            throw new ClosedFileSystemException();
        }
        return found;
    }
}
