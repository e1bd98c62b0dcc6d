package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.ChildProcess.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program of {@code src/examples/java-module}, on the module path beside the library's jar. */
class ExamplesIT {
    private static final String JAR = System.getProperty("library.jar");
    private static final Path SOURCES = Path.of("src", "examples", "java-module");

    @TempDir
    Path directory;

    @Test
    void a_module_that_requires_the_library_finds_it_by_uris() throws IOException {
        Path modules = directory.resolve("modules");
        ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
        assertEquals(
                0,
                javac.run(
                        System.out,
                        System.err,
                        "--module-path",
                        JAR,
                        "-d",
                        modules.toString(),
                        SOURCES.resolve("module-info.java").toString(),
                        SOURCES.resolve("notes").resolve("Notes.java").toString()));
        Path file = directory.resolve("file");
        List<String> command = ChildProcess.shortCommand(
                "--module-path",
                JAR + System.getProperty("path.separator") + modules,
                "--module",
                "notes/notes.Notes",
                file.toString(),
                "a note");
        Result result = ChildProcess.run(command, null);
        assertEquals(0, result.status(), result.err());
        assertEquals("module org.atomicfs", result.out().strip());
        assertEquals("a note", Files.readString(file));
    }
}
