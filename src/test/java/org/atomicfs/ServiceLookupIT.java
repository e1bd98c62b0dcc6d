package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.atomicfs.JavaProcess.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library jar in JVMs that know nothing but it. */
class ServiceLookupIT {
    private static final String JAR = System.getProperty("library.jar");

    private static final String PROGRAM = """
      import java.net.URI;
      import java.nio.file.Files;
      import java.nio.file.Path;
      import java.nio.file.Paths;

      class Program {
        public static void main(String[] args) throws Exception {
          Path out = Paths.get(URI.create("atomic:" + Path.of(args[0]).toUri().getRawPath()));
          Files.writeString(out, "new");
          System.out.print(out.getFileSystem().provider().getClass().getModule());
        }
      }
      """;

    @TempDir
    Path directory;

    private Result run(String... classOrModulePath) throws IOException {
        Path source = Files.writeString(directory.resolve("Program.java"), PROGRAM);
        List<String> command = JavaProcess.command(classOrModulePath);
        command.add(source.toString());
        command.add(directory.resolve("out put.csv").toString());
        return JavaProcess.run(command, null);
    }

    private void assertWritten() throws IOException {
        assertEquals("new", Files.readString(directory.resolve("out put.csv")));
    }

    @Test
    void the_provider_is_found_on_the_class_path() throws IOException {
        Result result = run("-cp", JAR);
        assertEquals(0, result.status(), result.err());
        assertTrue(result.out().startsWith("unnamed module"), result.out());
        assertWritten();
    }

    @Test
    void the_provider_is_found_on_the_module_path() throws IOException {
        Result result = run("-p", JAR, "--add-modules", "org.atomicfs");
        assertEquals(0, result.status(), result.err());
        assertEquals("module org.atomicfs", result.out());
        assertWritten();
    }

    @Test
    void the_default_file_system_works_while_the_provider_is_installed() throws IOException {
        Result result = JavaProcess.run(
                JavaProcess.command("-cp", JAR, "-Dorg.atomicfs.durability=nonsense", "-version"), null);
        assertEquals(0, result.status(), result.err());
    }

    @Test
    void the_library_needs_nothing_but_java_base_to_run() throws IOException {
        try (JarFile jar = new JarFile(JAR)) {
            assertTrue(jar.stream().noneMatch(entry -> entry.getName().startsWith("picocli")));
        }
        Result result = JavaProcess.run(JavaProcess.command("-p", JAR, "--describe-module", "org.atomicfs"), null);
        assertEquals(0, result.status(), result.out());
        assertTrue(result.out().contains("requires java.base mandated"), result.out());
        assertTrue(result.out().contains("requires info.picocli static"), result.out());
        assertTrue(result.out().contains("exports org.atomicfs\n"), result.out());
        assertTrue(result.out().contains("provides java.nio.file.spi.FileSystemProvider"), result.out());
        assertEquals(
                1,
                result.out().lines().filter(line -> line.startsWith("exports")).count(),
                result.out());
    }
}
