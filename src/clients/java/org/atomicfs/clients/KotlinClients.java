package org.atomicfs.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.kotlin.cli.common.ExitCode;
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler;

/** The clients in {@code src/clients/kotlin}, compiled when they are first asked for. */
final class KotlinClients {
    private static final Path SOURCES = Path.of("src", "clients", "kotlin");
    private static final Path CLASSES = Path.of("target", "clients-kotlin");
    private static List<Client> compiled;

    private KotlinClients() {}

    static synchronized List<Client> all() throws Exception {
        if (compiled == null) {
            compile();
            URL[] classes = {CLASSES.toUri().toURL()};
            ClassLoader loader = new URLClassLoader(classes, KotlinClients.class.getClassLoader());
            List<Client> found = new ArrayList<>();
            for (String name : List.of("Use", "CopyTo", "WriteLines")) {
                found.add((Client) loader.loadClass(KotlinClients.class.getPackageName() + "." + name)
                        .getConstructor()
                        .newInstance());
            }
            compiled = found;
        }
        return compiled;
    }

    private static void compile() throws Exception {
        Files.createDirectories(CLASSES);
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        ExitCode code = new K2JVMCompiler()
                .exec(
                        new PrintStream(messages, true, StandardCharsets.UTF_8),
                        "-no-stdlib",
                        "-no-reflect",
                        "-nowarn",
                        "-jvm-target",
                        "17",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        "-d",
                        CLASSES.toString(),
                        SOURCES.toString());
        assertEquals(ExitCode.OK, code, () -> messages.toString(StandardCharsets.UTF_8));
    }
}
