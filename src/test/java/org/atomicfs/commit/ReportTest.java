package org.atomicfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.nio.file.Path;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.testing.CapturedLogs;
import org.atomicfs.unwind.Unwinding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportTest {
    private final AtomicCommitException failed =
            Messages.notCommitted(Path.of("x"), new IOException("first line\nsecond line"));

    @ParameterizedTest
    @CsvSource({
        "NO, true, 1",
        "ATTACHES, true, 0",
        "ATTACHES_UNHEARD, true, 1",
        "HIDES, false, 1",
        "FOLLOWS_FAILURE, false, 0",
    })
    void what_is_thrown_and_logged_depends_on_what_propagates(Unwinding unwinding, boolean thrown, int lines) {
        try (CapturedLogs logs = new CapturedLogs()) {
            AtomicCommitException caught = null;
            try {
                new Report().give(failed, unwinding);
            } catch (AtomicCommitException e) {
                caught = e;
            }
            assertSame(thrown ? failed : null, caught);
            assertEquals(lines, logs.records().size());
        }
    }

    @Test
    void there_is_one_line_without_a_trace_however_often_it_is_reported() {
        try (CapturedLogs logs = new CapturedLogs()) {
            Report report = new Report();
            report.log(failed);
            report.log(failed);
            assertEquals(1, logs.records().size());
            assertNull(logs.records().get(0).getThrown());
            assertEquals(1, logs.records().get(0).getMessage().lines().count());
        }
    }
}
