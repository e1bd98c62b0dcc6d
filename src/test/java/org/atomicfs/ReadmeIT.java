package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.ChildProcess.Result;
import org.atomicfs.testing.Readme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's commands, as they are, by the jars; but for the first two, by which the project is run and tested. */
class ReadmeIT {
    @TempDir
    Path directory;

    private static String command(int index) throws IOException {
        List<String> commands = Readme.code("sh");
        assertEquals(4, commands.size(), "a command without a test");
        return commands.get(index);
    }

    /** Runs commands in the directory, and with the JVM of this test as {@code java}. */
    private Result run(String commands) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin").toString();
        String script = "set -e; PATH='%s':$PATH; cd '%s'; atomicfs() { java -jar '%s' \"$@\"; }%n%s"
                .formatted(java, directory, System.getProperty("cli.jar"), commands);
        return ChildProcess.run(List.of("/bin/sh", "-c", script), null);
    }

    @Test
    void the_first_two_run_and_test_the_project() throws IOException {
        assertTrue(command(0).contains("mvn -q compile exec:java"));
        assertEquals("mvn verify\n", command(1));
    }

    @Test
    void the_command_line_publishes_a_file_two_files_and_a_directory() throws IOException {
        Result result = run(command(2));
        assertEquals(0, result.status(), result.err());
        assertEquals(
                IntStream.rangeClosed(1, 10).mapToObj(i -> i + "\n").collect(Collectors.joining()),
                Files.readString(directory.resolve("numbers.txt")));
        assertNotEquals("", Files.readString(directory.resolve("a.txt")));
        assertNotEquals("", Files.readString(directory.resolve("b.txt")));
        assertEquals("hello\n", Files.readString(directory.resolve("site").resolve("index.html")));
        assertEquals(List.of(), AtomicFiles.temporaries(directory));
    }

    /** Writes a file, and fails in the middle of writing another one. */
    static final class Program {
        public static void main(String[] args) throws IOException {
            Files.writeString(Path.of("complete"), "all");
            try (OutputStream out = Files.newOutputStream(Path.of("failed"))) {
                out.write("half".getBytes(StandardCharsets.UTF_8));
                throw new IllegalStateException("in the middle");
            }
        }
    }

    @Test
    void a_whole_program_is_atomic_without_a_change() throws IOException {
        Files.copy(Path.of(System.getProperty("library.jar")), directory.resolve("atomicfs.jar"));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Program.class.getName());
        String entry = Program.class.getName().replace('.', '/') + ".class";
        try (OutputStream out = Files.newOutputStream(directory.resolve("program.jar"));
                JarOutputStream entries = new JarOutputStream(out, manifest);
                var code = Program.class.getClassLoader().getResourceAsStream(entry)) {
            entries.putNextEntry(new JarEntry(entry));
            code.transferTo(entries);
        }
        // the directory of this test is one of temporary files
        Result result = run("JAVA_TOOL_OPTIONS='-Djava.io.tmpdir=/nowhere'; export JAVA_TOOL_OPTIONS\n" + command(3));
        assertEquals(1, result.status(), result.err());
        assertTrue(result.err().contains("in the middle"), result.err());
        assertEquals("all", Files.readString(directory.resolve("complete")));
        assertFalse(Files.exists(directory.resolve("failed")), "half of a file");
    }

    @Test
    void the_details_are_on_the_first_page_of_the_javadoc() throws IOException {
        Path jar = Path.of(System.getProperty("library.jar").replaceFirst("\\.jar$", "-javadoc.jar"));
        try (FileSystem javadoc = FileSystems.newFileSystem(jar)) {
            String page = Files.readString(javadoc.getPath("index.html"));
            assertTrue(page.contains("What is different from a plain path"));
            assertTrue(page.contains("org/atomicfs/FileTransaction.html"));
        }
    }
}
