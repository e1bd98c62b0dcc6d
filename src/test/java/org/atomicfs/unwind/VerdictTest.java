package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.atomicfs.unwind.Verdict.Fate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {
    @ParameterizedTest
    @CsvSource({"false, false, true", "true, false, false", "false, true, false", "true, true, false"})
    void an_ordinary_call_is_neither_in_a_handler_nor_before_a_throw(boolean handlerOnly, boolean doomed, boolean is) {
        assertEquals(is, new Verdict(handlerOnly, doomed, false, false, Fate.PASSES_ON).isOrdinary());
    }
}
