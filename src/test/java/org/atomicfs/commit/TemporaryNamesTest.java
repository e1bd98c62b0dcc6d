package org.atomicfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.atomicfs.TemporaryName;
import org.atomicfs.testing.RandomCases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemporaryNamesTest {
    private static final Path X = Path.of("dir", "x");

    @Test
    void a_fixed_name_is_the_destinations_with_the_ending() {
        assertEquals(Path.of("dir", "x.tmp"), TemporaryNames.full(X, TemporaryName.FIXED));
    }

    @Test
    void a_unique_name_is_hidden_and_another_one_each_time() {
        Path one = TemporaryNames.full(X, TemporaryName.UNIQUE);
        assertTrue(one.getFileName().toString().matches("\\.x\\.[0-9a-f]{24}\\.tmp"), one.toString());
        assertTrue(TemporaryNames.isHidden(one));
        assertFalse(TemporaryNames.isAnchor(one));
        assertNotEquals(one, TemporaryNames.full(X, TemporaryName.UNIQUE));
    }

    @Test
    void an_anchor_is_hidden_and_always_the_same() {
        Path anchor = TemporaryNames.anchor(X);
        assertTrue(anchor.getFileName().toString().matches("\\.x~[0-9a-f]{24}\\.tmp"), anchor.toString());
        assertTrue(TemporaryNames.isHidden(anchor));
        assertTrue(TemporaryNames.isAnchor(anchor));
        assertEquals(anchor, TemporaryNames.anchor(X));
    }

    @Test
    void all_names_are_beside_the_destination_and_end_alike() {
        for (TemporaryName style : TemporaryName.values()) {
            for (Path name : new Path[] {
                TemporaryNames.full(X, style), TemporaryNames.shortened(X, style), TemporaryNames.anchor(X)
            }) {
                assertEquals(X.getParent(), name.getParent());
                assertTrue(TemporaryNames.isPossible(name.toString()), name.toString());
            }
        }
    }

    @Test
    void a_shortened_fixed_name_is_always_the_same_and_has_the_same_anchor() {
        Path shortened = TemporaryNames.shortened(X, TemporaryName.FIXED);
        assertEquals(shortened, TemporaryNames.shortened(X, TemporaryName.FIXED));
        assertTrue(TemporaryNames.isAnchorOf(TemporaryNames.anchor(X), shortened));
        assertFalse(TemporaryNames.isHidden(shortened));
    }

    @Test
    void an_anchor_goes_with_the_temporary_of_its_destination_alone() {
        RandomCases.check(500, random -> {
            Path one = Path.of(randomName(random));
            Path other = Path.of(randomName(random));
            Path anchor = TemporaryNames.anchor(one);
            assertTrue(TemporaryNames.isAnchorOf(anchor, TemporaryNames.full(one, TemporaryName.FIXED)));
            assertTrue(TemporaryNames.isAnchorOf(anchor, TemporaryNames.shortened(one, TemporaryName.FIXED)));
            assertEquals(
                    one.equals(other),
                    TemporaryNames.isAnchorOf(anchor, TemporaryNames.full(other, TemporaryName.FIXED)));
        });
    }

    private static String randomName(java.util.Random random) {
        return random.ints(1 + random.nextInt(60), 'a', 'a' + 2)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Test
    void every_name_that_can_be_too_long_has_a_shortened_one_that_every_file_system_takes() {
        RandomCases.check(500, random -> {
            String unit = RandomCases.oneOf(random, "a", "\u00e9", "\u20ac", "\ud83d\ude00");
            Path destination = Path.of(unit.repeat(1 + random.nextInt(250)));
            for (TemporaryName style : TemporaryName.values()) {
                Path shortened = TemporaryNames.shortened(destination, style);
                int bytes = shortened.toString().getBytes(StandardCharsets.UTF_8).length;
                assertTrue(bytes <= 143, () -> bytes + " bytes: " + shortened);
                assertFalse(TemporaryNames.mayBeTooLong(shortened));
            }
            int anchor = TemporaryNames.anchor(destination).toString().getBytes(StandardCharsets.UTF_8).length;
            assertTrue(anchor <= 143, () -> "anchor of " + anchor + " bytes");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x.tmp",
                ".x.tmp",
                ".x~.tmp",
                ".x~0123456789abcdef01234567.tmp", // the check digits are wrong
                ".x.0123456789abcdef01234567.tmp",
                "x~0123456789abcdef01234567.tmp",
                ".0123456789abcdef01234567.tmp",
                ".tmp",
                "."
            })
    void a_name_that_another_program_gives_is_not_taken_for_a_hidden_one(String name) {
        assertFalse(TemporaryNames.isHidden(Path.of(name)));
        assertFalse(TemporaryNames.isAnchor(Path.of(name)));
    }

    @Test
    void one_digit_changed_and_it_is_no_hidden_name_any_more() {
        String anchor = TemporaryNames.anchor(X).getFileName().toString();
        for (int i = anchor.length() - ".tmp".length() - 24; i < anchor.length() - ".tmp".length(); i++) {
            char other = anchor.charAt(i) == '0' ? '1' : '0';
            Path changed = Path.of(anchor.substring(0, i) + other + anchor.substring(i + 1));
            assertFalse(TemporaryNames.isHidden(changed), changed.toString());
        }
    }
}
