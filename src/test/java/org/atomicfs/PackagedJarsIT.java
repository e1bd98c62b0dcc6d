package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** What is in the jars: the library alone in one, the command line with all that it needs in the other. */
class PackagedJarsIT {
    private static final String SERVICE = "META-INF/services/" + FileSystemProvider.class.getName();

    private static final String METADATA = "META-INF/native-image/org.atomicfs/atomicfs/reachability-metadata.json";

    private static JarFile library() throws IOException {
        return new JarFile(System.getProperty("library.jar"));
    }

    private static JarFile commandLine() throws IOException {
        return new JarFile(System.getProperty("cli.jar"));
    }

    private static List<String> classes(JarFile jar) {
        return jar.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.endsWith(".class"))
                .toList();
    }

    private static Set<String> otherFiles(JarFile jar) {
        return jar.stream()
                .filter(entry -> !entry.isDirectory())
                .map(ZipEntry::getName)
                .filter(name -> !name.endsWith(".class") && !name.startsWith("META-INF/maven/"))
                .collect(Collectors.toSet());
    }

    private static boolean isCommandLine(String name) {
        return name.startsWith("org/atomicfs/cli");
    }

    @Test
    void the_library_jar_has_no_command_line_and_nothing_of_others() throws IOException {
        try (JarFile jar = library()) {
            assertEquals(
                    List.of(),
                    jar.stream()
                            .map(ZipEntry::getName)
                            .filter(PackagedJarsIT::isCommandLine)
                            .toList());
            assertEquals(
                    List.of("module-info.class"),
                    classes(jar).stream()
                            .filter(name -> !name.startsWith("org/atomicfs/"))
                            .toList());
            assertTrue(jar.getEntry("org/atomicfs/AtomicFiles.class") != null);
            assertEquals(Set.of(JarFile.MANIFEST_NAME, SERVICE, METADATA), otherFiles(jar));
            assertEquals(null, jar.getManifest().getMainAttributes().getValue(Attributes.Name.MAIN_CLASS));
        }
    }

    @Test
    void the_module_needs_only_the_jdk_and_opens_nothing() throws IOException {
        try (JarFile jar = library();
                InputStream in = jar.getInputStream(jar.getEntry("module-info.class"))) {
            ModuleDescriptor module = ModuleDescriptor.read(in);
            assertEquals(
                    Set.of("java.base"),
                    module.requires().stream() // java.management, if it is there, tells of agents
                            .filter(required ->
                                    !required.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
                            .map(ModuleDescriptor.Requires::name)
                            .collect(Collectors.toSet()));
            assertEquals(
                    Set.of("org.atomicfs"),
                    module.exports().stream()
                            .map(ModuleDescriptor.Exports::source)
                            .collect(Collectors.toSet()));
            assertEquals(Set.of(), module.opens());
            assertFalse(module.packages().contains("org.atomicfs.cli"));
        }
    }

    @Test
    void the_command_line_jar_has_all_that_it_needs_and_is_no_module() throws IOException {
        try (JarFile jar = commandLine();
                JarFile library = library()) {
            List<String> classes = classes(jar);
            String main = jar.getManifest().getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
            assertTrue(classes.contains(main.replace('.', '/') + ".class"), main);
            assertTrue(classes.contains("picocli/CommandLine.class"));
            assertEquals(Set.of(JarFile.MANIFEST_NAME, SERVICE, METADATA), otherFiles(jar));
            assertEquals(
                    List.of(),
                    classes.stream()
                            .filter(name -> name.endsWith("module-info.class"))
                            .toList());
            List<String> missing = classes(library).stream()
                    .filter(name -> !classes.contains(name))
                    .toList();
            assertEquals(List.of("module-info.class"), missing);
        }
    }
}
