package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.atomicfs.testing.Readme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's Java is compiled and run, and what it names is there. Its commands are run by {@code ReadmeIT}. */
class ReadmeTest {
    private static final String HEAD = """
            import static java.nio.charset.StandardCharsets.UTF_8;
            import java.io.*;
            import java.net.URI;
            import java.nio.file.*;
            import org.apache.commons.csv.*;
            import org.atomicfs.*;

            public class Snippet {
              public static void run() throws Exception {
            """;

    /** What each of the snippets writes, in their order: a snippet without a result here fails the test. */
    private static final List<String> WRITTEN =
            List.of("complete, or not there at all", "commons-csv,unchanged\r\n", "\u0004\u0005\u0006", "rows");

    @TempDir
    Path directory;

    @Test
    void every_snippet_compiles_and_does_what_it_says() throws Exception {
        List<String> written = new ArrayList<>();
        for (String snippet : Readme.code("java")) {
            Path out = directory.resolve("out.csv");
            compileAndRun(snippet.replace("/data/out.csv", out.toString())
                    .replace("Path.of(\"out.csv\")", "Path.of(\"" + out + "\")"));
            assertTrue(Files.exists(out), snippet);
            written.add(Files.readString(out));
            Files.delete(out);
        }
        assertEquals(WRITTEN, written);
        assertEquals("index", Files.readString(directory.resolve("out.idx")));
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

    @Test
    void all_code_is_of_a_language_that_a_test_knows() throws IOException {
        assertEquals(
                List.of("java", "mermaid", "sh", "xml"),
                Pattern.compile("^ *```(\\S*)", Pattern.MULTILINE)
                        .matcher(Files.readString(Readme.FIRST))
                        .results()
                        .map(found -> found.group(1))
                        .filter(language -> !language.isEmpty())
                        .distinct()
                        .sorted()
                        .toList());
    }

    @Test
    void the_coordinates_are_those_of_the_build() throws IOException {
        String project = Files.readString(Path.of("pom.xml")).replaceAll("\\s+", "");
        List<String> xml = Readme.code("xml");
        assertEquals(1, xml.size());
        String coordinates = xml.get(0).replaceAll("\\s+", "").replaceAll("</?dependency>", "");
        assertTrue(project.contains(coordinates), coordinates);
        String version = coordinates.replaceAll(".*<version>|</version>.*", "");
        assertTrue(
                Files.readString(Readme.FIRST).contains("implementation(\"org.atomicfs:atomicfs:" + version + "\")"));
    }

    /** The files that the pages for readers link to, relative to the page. */
    private static Stream<Path> linked(Path page) {
        try {
            return Pattern.compile("\\]\\((?!https?:)([^)#]+)")
                    .matcher(Files.readString(page))
                    .results()
                    .map((MatchResult found) -> page.resolveSibling(found.group(1)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void every_link_leads_to_a_file() {
        List<Path> pages = Stream.of("README.md", "src/examples/README.md", "src/clients/README.md")
                .map(Path::of)
                .toList();
        assertEquals(
                List.of(),
                pages.stream()
                        .flatMap(ReadmeTest::linked)
                        .filter(file -> !Files.exists(file))
                        .toList());
        assertTrue(linked(Readme.FIRST).count() > 5);
    }

    @Test
    void every_example_is_in_the_list_of_examples() throws IOException {
        Path page = Path.of("src", "examples", "README.md");
        try (Stream<Path> sources = Files.walk(page.getParent())) {
            List<Path> missing = sources.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("module-info.java"))
                    .filter(file -> linked(page).noneMatch(file::equals))
                    .toList();
            assertEquals(List.of(), missing);
        }
    }
}
