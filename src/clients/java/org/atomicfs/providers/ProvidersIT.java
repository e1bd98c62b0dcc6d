package org.atomicfs.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation over every provider: it works with all that is promised, or it is refused when the file is opened,
 * with a reason, and nothing has changed. Prints a table, writes it to {@code target/providers.md}, and compares it
 * with that of the README of this folder.
 */
class ProvidersIT {
    private static final Path TABLE = Path.of("target", "providers.md");
    private static final Path README = Path.of("src", "clients", "README.md");

    private static final Map<String, Map<Operation, Cell>> SEEN = new LinkedHashMap<>();
    private static final Map<String, TestedProvider.Opened> OPENED = new LinkedHashMap<>();

    @TempDir
    Path local;

    static List<TestedProvider> providers() {
        return Stream.of(
                        InMemory.all(),
                        Archives.all(),
                        SftpProviders.all(),
                        FtpProviders.all(),
                        Stores.all(),
                        Hdfs.all())
                .flatMap(List::stream)
                .toList();
    }

    static Stream<Arguments> cells() {
        return providers().stream()
                .flatMap(provider ->
                        Arrays.stream(Operation.values()).map(operation -> Arguments.of(provider, operation)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("cells")
    void it_works_or_is_refused_at_the_open(TestedProvider provider, Operation operation) throws Exception {
        TestedProvider.Opened opened = OPENED.get(provider.name());
        if (opened == null) {
            opened = provider.open();
            assumeTrue(opened != null, provider.name() + " is not installed");
            OPENED.put(provider.name(), opened);
        }
        Path directory = Files.createDirectory(opened.directory().resolve(operation.name()));
        Scene scene = new Scene(directory, local);
        try {
            operation.run(scene);
        } finally {
            scene.refusals().forEach(System.out::println);
        }
        SEEN.computeIfAbsent(provider.name(), any -> new EnumMap<>(Operation.class))
                .put(operation, scene.cell());
    }

    private static String row(String first, Stream<?> cells) {
        return cells.map(Object::toString).collect(Collectors.joining(" | ", "| " + first + " | ", " |"));
    }

    @AfterAll
    static void print() throws Exception {
        OPENED.values().forEach(TestedProvider.Opened::close);
        List<String> table = new ArrayList<>();
        table.add(row("provider", Arrays.stream(Operation.values())));
        for (TestedProvider provider : providers()) {
            Map<Operation, Cell> seen = SEEN.get(provider.name());
            if (seen != null) {
                table.add(row(
                        provider.name(),
                        Arrays.stream(Operation.values())
                                .map(operation -> seen.containsKey(operation) ? seen.get(operation) : "test failed")));
            }
        }
        Files.write(TABLE, table, StandardCharsets.UTF_8);
        table.forEach(System.out::println);
        List<String> readme = Files.readAllLines(README);
        assertTrue(table.size() > 1);
        assertEquals(
                List.of(), table.stream().filter(row -> !readme.contains(row)).toList(), "not in " + README);
    }
}
