package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What callers are compiled against is what was recorded: whoever changes it sees that he does. */
class PublicApiTest {
    private static final Path RECORDED = Path.of("src", "test", "resources", "public-api.txt");

    /** The public classes of the exported package, as javap tells them. */
    private static String current() throws IOException {
        Path classes = Path.of("target", "classes", "org", "atomicfs");
        List<String> arguments = new ArrayList<>(
                List.of("-public", "-cp", Path.of("target", "classes").toString()));
        try (Stream<Path> files = Files.list(classes)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".class") && !name.equals("package-info.class"))
                    .sorted()
                    .forEach(name -> arguments.add(classes.resolve(name).toString()));
        }
        StringWriter told = new StringWriter();
        ToolProvider javap = ToolProvider.findFirst("javap").orElseThrow();
        PrintWriter out = new PrintWriter(told);
        assertEquals(0, javap.run(out, out, arguments.toArray(String[]::new)));
        return publicOnes(told.toString());
    }

    /** javap tells classes that are not public as well. */
    private static String publicOnes(String all) {
        StringBuilder kept = new StringBuilder();
        boolean keeps = false;
        for (String line : all.lines().toList()) {
            if (!line.startsWith(" ") && !line.equals("}")) {
                keeps = line.startsWith("public ");
            }
            if (keeps) {
                kept.append(line).append('\n');
            }
        }
        return kept.toString();
    }

    @Test
    void the_public_classes_and_methods_are_those_recorded() throws IOException {
        Path now = Files.writeString(Path.of("target", "public-api.txt"), current());
        assertEquals(
                Files.readString(RECORDED),
                Files.readString(now),
                "The public API has changed. If callers go on to compile and run, copy " + now + " to " + RECORDED);
    }
}
