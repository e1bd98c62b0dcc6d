package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sizes of JVMS 4.4.1 to 4.4.12. */
class ConstantTagTest {
    @ParameterizedTest
    @CsvSource({
        "1, 3", "3, 5", "4, 5", "5, 9", "6, 9", "7, 3", "8, 3", "9, 5", "10, 5", "11, 5", "12, 5", "15, 4", "16, 3",
        "17, 5", "18, 5", "19, 3", "20, 3"
    })
    void every_kind_has_its_size(int tag, int size) {
        assertEquals(size, ConstantTag.size(tag));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 2, 13, 14, 21, 127})
    void other_kinds_are_refused(int tag) {
        assertThrows(IllegalArgumentException.class, () -> ConstantTag.size(tag));
    }

    @Test
    void numbers_of_eight_bytes_take_two_entries() {
        assertEquals(2, ConstantTag.entries(ConstantTag.LONG));
        assertEquals(2, ConstantTag.entries(ConstantTag.DOUBLE));
        assertEquals(1, ConstantTag.entries(ConstantTag.INTEGER));
        assertEquals(1, ConstantTag.entries(ConstantTag.UTF8));
    }
}
