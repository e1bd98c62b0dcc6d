package org.atomicfs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wrong command line is explained in a few lines, of which the first says what is wrong. */
class WrongUsageTest {
    private final PrintStream real = System.err;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @AfterEach
    void restore() {
        System.setErr(real);
    }

    private List<String> err(int status, String... arguments) {
        printed.reset();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        assertEquals(status, Main.execute(arguments));
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @ParameterizedTest
    @CsvSource({
        "'', 'missing command: write, run, copy, pending or recover'",
        "wirte x, 'no such command: wirte; there are write, run, copy, pending, recover'",
        "write a b, unexpected argument: b",
        "write -x a, unknown option: -x",
        "run -x, unknown option: -x",
        "run -o x -x, unknown option: -x",
        "write, missing: DEST",
        "run -o x, missing: COMMAND",
        "run seq 1 3, missing: -o=DEST or --dir=DIR"
    })
    void the_first_line_says_what_is_wrong(String arguments, String message) {
        List<String> lines = err(2, arguments.isEmpty() ? new String[0] : arguments.split(" "));
        assertEquals("atomicfs: " + message, lines.get(0));
        assertTrue(lines.get(1).startsWith("Usage: atomicfs"), lines.get(1));
        String last = lines.get(lines.size() - 1);
        assertTrue(last.startsWith("'atomicfs") && last.endsWith("--help' tells more."), last);
        assertTrue(lines.size() <= 4, () -> String.join("\n", lines));
    }

    @Test
    void the_help_that_is_named_is_that_of_the_command() {
        List<String> lines = err(2, "run", "--durability=ful", "-o", "x", "--", "true");
        assertEquals(
                "atomicfs: invalid value for option '--durability': expected one of [NONE, DATA, FULL]"
                        + " (case-insensitive) but was 'ful'",
                lines.get(0));
        assertEquals("'atomicfs run --help' tells more.", lines.get(lines.size() - 1));
    }

    @Test
    void a_command_that_is_not_there_is_named() {
        assertEquals(
                List.of("atomicfs: no such command: no-such-command"),
                err(127, "run", "-o", "x", "--", "no-such-command"));
        assertEquals(
                List.of("atomicfs: no such command: /no/such/command"),
                err(127, "run", "-o", "x", "--", "/no/such/command"));
        List<String> text = err(126, "run", "-o", "x", "--", "/");
        assertEquals(1, text.size());
        assertTrue(text.get(0).startsWith("atomicfs: cannot be run: /"), text.get(0));
    }
}
