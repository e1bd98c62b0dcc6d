package org.atomicfs.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import examples.SpringBootProgram;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.ChildProcess.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.loader.tools.Library;
import org.springframework.boot.loader.tools.LibraryScope;
import org.springframework.boot.loader.tools.Repackager;

/** The example that is packed as Spring Boot's plugins pack a program: the library's jar in the program's jar. */
class SpringBootIT {
    @TempDir
    Path directory;

    private Path jarOf(Class<?> program) throws IOException {
        String entry = program.getName().replace('.', '/') + ".class";
        Path jar = directory.resolve("program.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out);
                InputStream code = program.getClassLoader().getResourceAsStream(entry)) {
            entries.putNextEntry(new JarEntry(entry));
            code.transferTo(entries);
        }
        return jar;
    }

    @Test
    void a_program_in_a_fat_jar_makes_atomic_paths() throws IOException {
        Path fat = directory.resolve("fat.jar");
        Repackager repackager = new Repackager(jarOf(SpringBootProgram.class).toFile());
        repackager.setMainClass(SpringBootProgram.class.getName());
        File library = new File(System.getProperty("library.jar"));
        repackager.repackage(fat.toFile(), libraries -> libraries.library(new Library(library, LibraryScope.COMPILE)));
        Path file = directory.resolve("file");
        Result result = ChildProcess.run(ChildProcess.shortCommand("-jar", fat.toString(), file.toString()), null);
        assertEquals(0, result.status(), result.err());
        assertEquals("not found by its URI", result.out().strip());
        assertEquals("complete", Files.readString(file));
    }
}
