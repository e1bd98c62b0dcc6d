package org.atomicfs.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a Markdown file holds that can be checked: pieces of code, and tables. */
public final class Readme {
    /** The one that a reader finds first. */
    public static final Path FIRST = Path.of("README.md");

    private Readme() {}

    /** The pieces of code of a language, in their order. */
    public static List<String> code(String language) throws IOException {
        return Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(FIRST))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    /** The tables of a file, in their order; each as its lines. */
    public static List<List<String>> tables(Path file) throws IOException {
        return Pattern.compile("(^\\|.*\\n)+", Pattern.MULTILINE)
                .matcher(Files.readString(file))
                .results()
                .map(MatchResult::group)
                .map(table -> table.lines().toList())
                .toList();
    }

    /** The cells of one line of a table. */
    public static List<String> cells(String line) {
        return Stream.of(line.substring(1).split("\\|")).map(String::strip).toList();
    }

    /** One line of a table. */
    public static String line(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    /** The table of a file that begins with a header like this, without the two lines of its head. */
    public static List<List<String>> rows(Path file, String header) throws IOException {
        List<List<String>> found = new ArrayList<>();
        for (List<String> table : tables(file)) {
            if (table.get(0).startsWith(header)) {
                table.stream().skip(2).map(Readme::cells).forEach(found::add);
            }
        }
        return found;
    }

    /** Prints a table, and fails if the README has another one with this first column. */
    public static void assertTable(List<List<String>> rows) throws IOException {
        List<String> printed = rows.stream().map(Readme::line).toList();
        printed.forEach(System.out::println);
        String first = "| " + rows.get(0).get(0) + " |";
        List<String> written = new ArrayList<>(tables(FIRST).stream()
                .filter(table -> table.get(0).startsWith(first))
                .findFirst()
                .orElse(List.of("", "")));
        written.remove(1); // the rule below the head
        assertEquals(String.join("\n", printed), String.join("\n", written), "in " + FIRST);
    }
}
