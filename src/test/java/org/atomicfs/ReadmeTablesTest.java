package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.atomicfs.testing.Readme;
import org.junit.jupiter.api.Test;

/**
 * The README's tables are made of those that the tests of other profiles print, or compare with what they see:
 * providers and ratios. {@code GuaranteesTest} prints the table of guarantees.
 */
class ReadmeTablesTest {
    private static final Path PROVIDERS = Path.of("src", "clients", "README.md");
    private static final Path BENCHMARKS = Path.of("src", "benchmark", "README.md");

    @Test
    void every_table_is_printed_by_a_test() throws IOException {
        assertEquals(
                List.of("what a reader finds at the destination", "provider", "what"),
                Readme.tables(Readme.FIRST).stream()
                        .map(table -> Readme.cells(table.get(0)).get(0))
                        .toList());
    }

    /** The columns of the whole table that the README has. */
    private static final List<String> SHOWN = List.of("create", "replace", "append", "update in place");

    @Test
    void the_table_of_providers_is_the_whole_one_with_fewer_columns_and_like_rows_in_one() throws IOException {
        List<String> columns = Readme.tables(PROVIDERS).stream()
                .map(table -> Readme.cells(table.get(0)))
                .filter(head -> head.get(0).equals("provider"))
                .findFirst()
                .orElseThrow();
        Map<List<String>, List<String>> providers = new LinkedHashMap<>(); // by what they can do
        for (List<String> row : Readme.rows(PROVIDERS, "| provider |")) {
            List<String> shown = SHOWN.stream()
                    .map(column -> row.get(columns.indexOf(column)))
                    .toList();
            providers.computeIfAbsent(shown, any -> new ArrayList<>()).add(row.get(0));
        }
        List<List<String>> table = new ArrayList<>();
        table.add(joined("provider", SHOWN));
        providers.forEach((cells, names) -> table.add(joined(shortened(names, providers), cells)));
        Readme.assertTable(table);
    }

    private static List<String> joined(String first, List<String> others) {
        return Stream.concat(Stream.of(first), others.stream()).toList();
    }

    /** "jimfs" for "jimfs, Unix", "jimfs, macOS" and "jimfs, Windows", where all of them are in one row. */
    private static String shortened(List<String> names, Map<List<String>, List<String>> providers) {
        Map<String, List<String>> variants = new LinkedHashMap<>(); // by product
        for (String name : names) {
            String[] parts = name.split(", ", 2);
            variants.computeIfAbsent(parts[0], any -> new ArrayList<>())
                    .addAll(List.of(parts).subList(1, parts.length));
        }
        List<String> shortened = new ArrayList<>();
        variants.forEach((product, inThisRow) -> {
            long all = providers.values().stream()
                    .flatMap(List::stream)
                    .filter(name -> name.startsWith(product + ","))
                    .count();
            boolean whole = inThisRow.isEmpty() || all > 1 && inThisRow.size() == all;
            shortened.add(whole ? product : "%s (%s)".formatted(product, String.join("; ", inThisRow)));
        });
        return String.join(", ", shortened);
    }

    /** The last cell of the row that begins with these. */
    private static String ratio(String header, String... firstCells) throws IOException {
        return Readme.rows(BENCHMARKS, header).stream()
                .filter(row -> row.subList(0, firstCells.length).equals(List.of(firstCells)))
                .map(row -> row.get(row.size() - 1))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void the_ratios_are_those_of_the_benchmarks() throws IOException {
        String measured = "| what (ext4";
        Readme.assertTable(List.of(
                List.of("what", "compared with", "ratio"),
                List.of(
                        "replacing a file of 1 KiB on ext4",
                        "write, force and rename by hand",
                        ratio(measured, "replacing 1 KiB, forced (the five measurements above)")),
                List.of(
                        "the same on tmpfs, where forcing costs nothing",
                        "the same",
                        ratio("| benchmark | way |", "PeersBenchmark.replace", "ATOMIC")),
                List.of("replacing a file of 64 MiB on ext4", "the same", ratio(measured, "replacing 64 MiB, forced")),
                List.of(
                        "opening and reading a file",
                        "a plain path",
                        ratio(measured, "opening and reading a file of 8 KiB")),
                List.of(
                        "listing 20,000 files while another one is written",
                        "a plain path",
                        ratio(
                                measured,
                                "listing 20,000 `*.tmp` while another file is written (in turns, medians of 60, three"
                                        + " runs)"))));
    }
}
