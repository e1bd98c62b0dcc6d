package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.ChildProcess.Result;
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
        List<String> command = ChildProcess.shortCommand(classOrModulePath);
        command.add(source.toString());
        command.add(directory.resolve("out put.csv").toString());
        return ChildProcess.run(command, null);
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

    private static final String TWO_INSTANCES = """
            import java.io.OutputStream;
            import java.net.URI;
            import java.net.URL;
            import java.net.URLClassLoader;
            import java.nio.file.FileAlreadyExistsException;
            import java.nio.file.FileSystem;
            import java.nio.file.FileSystems;
            import java.nio.file.Files;
            import java.nio.file.Path;
            import java.nio.file.StandardCopyOption;
            import java.util.Map;

            class Program {
              static FileSystem instance(String jar) throws Exception {
                URL[] urls = {Path.of(jar).toUri().toURL()};
                ClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
                return FileSystems.newFileSystem(URI.create("atomic:///"), Map.of("durability", "none"), loader);
              }

              static void check(boolean condition) {
                if (!condition) throw new AssertionError();
              }

              public static void main(String[] args) throws Exception {
                FileSystem one = instance(args[0]);
                FileSystem two = instance(args[0]);
                check(one.provider() != two.provider() && one.provider().getClass() != two.provider().getClass());
                Path a = one.getPath(args[1], "a");
                Path b = two.getPath(args[1], "b");
                Path c = Path.of(args[1], "c");
                Files.writeString(a, "content");
                Files.copy(a, b);
                Files.copy(b, a, StandardCopyOption.REPLACE_EXISTING);
                Files.move(a, b, StandardCopyOption.REPLACE_EXISTING);
                Files.move(b, c);
                Files.copy(c, a);
                check(!Files.exists(b) && Files.readString(a).equals("content") && Files.readString(c).equals("content"));
                check(!a.equals(two.getPath(args[1], "a")) && !Files.isSameFile(a, two.getPath(args[1], "a")));
                check(!a.startsWith(two.getPath(args[1])));
                try (OutputStream out = Files.newOutputStream(a)) {
                  out.write('n');
                  try {
                    Files.newOutputStream(two.getPath(args[1], "a"));
                    throw new AssertionError("two writers");
                  } catch (FileAlreadyExistsException e) {
                    check(e.getMessage().contains("a.tmp"));
                  }
                }
                check(Files.readString(c.resolveSibling("a")).equals("n"));
                System.out.print("done");
              }
            }
            """;

    @Test
    void two_instances_of_the_provider_copy_move_and_exclude_each_other() throws IOException {
        Path source = Files.writeString(directory.resolve("Program.java"), TWO_INSTANCES);
        Path work = Files.createDirectory(directory.resolve("work"));
        Result result = ChildProcess.run(ChildProcess.shortCommand(source.toString(), JAR, work.toString()), null);
        assertEquals(new Result(0, "done", ""), result);
        try (Stream<Path> left = Files.list(work)) {
            assertEquals(
                    List.of(work.resolve("a"), work.resolve("c")), left.sorted().toList());
        }
    }

    @Test
    void the_default_file_system_works_while_the_provider_is_installed() throws IOException {
        Result result = ChildProcess.run(
                ChildProcess.shortCommand("-cp", JAR, "-Dorg.atomicfs.durability=nonsense", "-version"), null);
        assertEquals(0, result.status(), result.err());
    }

    @Test
    void the_library_needs_nothing_but_java_base_to_run() throws IOException {
        try (JarFile jar = new JarFile(JAR)) {
            assertTrue(jar.stream().noneMatch(entry -> entry.getName().startsWith("picocli")));
        }
        Result result =
                ChildProcess.run(ChildProcess.shortCommand("-p", JAR, "--describe-module", "org.atomicfs"), null);
        assertEquals(0, result.status(), result.out());
        assertTrue(result.out().contains("requires java.base mandated"), result.out());
        assertFalse(result.out().contains("picocli"), result.out());
        assertTrue(result.out().contains("exports org.atomicfs\n"), result.out());
        assertTrue(result.out().contains("provides java.nio.file.spi.FileSystemProvider"), result.out());
        assertEquals(
                1,
                result.out().lines().filter(line -> line.startsWith("exports")).count(),
                result.out());
    }
}
