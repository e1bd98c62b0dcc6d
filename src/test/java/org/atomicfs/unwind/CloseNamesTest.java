package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloseNamesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"close", "close(", "closeQuietly(Ljava/io/Closeable;", "implCloseChannel", "release", "doClose("
            })
    void these_close(String method) {
        assertTrue(CloseNames.isCloseLike(method));
    }

    @ParameterizedTest
    @ValueSource(strings = {"roll", "stop", "logAndClose", "autoCloseable(", "reopen", "write(Lclose;", "run"})
    void these_may_do_something_else(String method) {
        assertFalse(CloseNames.isCloseLike(method));
    }

    @ParameterizedTest
    @ValueSource(strings = {"roll", "rollOver", "rollover", "rotate", "rotateFile", "doRollOver"})
    void these_begin_a_new_file(String method) {
        assertTrue(CloseNames.isRollOver(method));
        assertFalse(CloseNames.isCloseLike(method));
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "end", "finish", "scroll", "troll"})
    void these_do_not(String method) {
        assertFalse(CloseNames.isRollOver(method));
    }
}
