package org.atomicfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntentTest {
    private static final Intent.Directory DIRECTORY = new Intent.Directory("12", "sub/dir");
    private static final Intent.Step STEP = new Intent.Step(
            Intent.Kind.REPLACE,
            0,
            "77",
            new Fingerprint("78", 4096, Instant.parse("2026-11-26T01:02:03.123456789Z")),
            "a%20b",
            "a%20b.tmp",
            Fingerprint.NONE);

    private static String text() {
        StringBuilder text = new StringBuilder();
        CRC32C sum = new CRC32C();
        for (String line : List.of(Intent.VERSION, Intent.rootLine("11", true), DIRECTORY.line(), STEP.line())) {
            Intent.add(sum, line);
            text.append(line).append('\n');
        }
        return text + Intent.endLine(1, sum) + "\n";
    }

    private static Intent parse(String text) throws IOException {
        return Intent.parse(new BufferedReader(new StringReader(text)));
    }

    @Test
    void it_is_read_as_it_was_written() throws IOException {
        assertEquals(new Intent("11", true, List.of(DIRECTORY), List.of(STEP)), parse(text()));
    }

    @Test
    void every_shorter_text_is_refused() {
        String text = text();
        for (int length = 0; length < text.length() - 1; length++) {
            String shorter = text.substring(0, length);
            assertThrows(Intent.NotUnderstood.class, () -> parse(shorter), shorter);
        }
    }

    @Test
    void every_change_of_one_character_is_refused() {
        String text = text();
        for (int i = 0; i < text.length() - 1; i++) {
            String changed = text.substring(0, i) + (text.charAt(i) == '5' ? '6' : '5') + text.substring(i + 1);
            assertThrows(Intent.NotUnderstood.class, () -> parse(changed), changed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "1.1", "10"})
    void another_version_is_told(String version) {
        Intent.NotUnderstood e = assertThrows(
                Intent.NotUnderstood.class, () -> parse(text().replace("intent 1\n", "intent " + version + "\n")));
        assertTrue(e.getMessage().startsWith("it has version " + version + ","), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "sub/dir", "..", "/", "/a b/c", "%41", "\n\t", "ä/ö", "日本", "~x", "a+b@c,d=e", "-"})
    void a_path_is_read_as_it_was_written(String name) {
        Path path = Path.of(name);
        String text = PathText.of(path);
        assertTrue(text.chars().allMatch(c -> c > ' ' && c < 0x7f), text);
        assertEquals(path, PathText.parse(FileSystems.getDefault(), text));
    }
}
