package org.atomicfs.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.atomicfs.AtomicFiles;

/** A program that writes a file for each line that it reads; not in a package of the library, for the module path. */
public final class WritesByLine {
    private WritesByLine() {}

    /**
     * Writes.
     *
     * @param arguments the directory; if there is another one the path is not made atomic here
     */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        int n = 0;
        System.out.println("ready");
        while (System.in.read() == '\n') {
            Path file = directory.resolve("file" + n++);
            Files.writeString(arguments.length > 1 ? file : AtomicFiles.atomic(file), "x");
            System.out.println(file.getFileName());
        }
    }
}
