package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's Java is compiled and run. */
class ReadmeTest {
    private static final String HEAD = """
            import java.io.*;
            import java.net.URI;
            import java.nio.file.*;
            import static java.nio.file.StandardOpenOption.*;
            import org.atomicfs.*;

            public class Snippet {
              public static void run() throws Exception {
            """;

    @TempDir
    Path directory;

    @Test
    void every_snippet_compiles_and_does_what_it_says() throws Exception {
        List<String> snippets = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("README.md")))
                .results()
                .map(MatchResult::group)
                .map(block -> block.substring("```java\n".length(), block.length() - "```".length()))
                .toList();
        List<String> written = new ArrayList<>();
        for (String snippet : snippets) {
            Path out = directory.resolve("out.csv");
            compileAndRun(snippet.replace("/data/out.csv", out.toString())
                    .replace("Path.of(\"out.csv\")", "Path.of(\"" + out + "\")"));
            assertTrue(Files.exists(out), snippet);
            written.add(Files.readString(out));
            Files.delete(out);
        }
        assertEquals(
                List.of("complete, or not there at all", "\u0001\u0002\u0003", "rows", "\u0004\u0005\u0006"), written);
    }

    private void compileAndRun(String snippet) throws Exception {
        Path source = Files.writeString(directory.resolve("Snippet.java"), HEAD + snippet + "  }\n}\n");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int status = compiler.run(
                null,
                null,
                null,
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                directory.toString(),
                source.toString());
        assertEquals(0, status, snippet);
        URL[] classes = {directory.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(classes)) {
            loader.loadClass("Snippet").getMethod("run").invoke(null);
        }
    }
}
