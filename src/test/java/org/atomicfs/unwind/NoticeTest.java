package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.util.logging.Level;
import org.atomicfs.testing.CapturedLogs;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NoticeTest {
    /** Other tests of this JVM may have given it already. */
    private static void forget(Notice notice) throws ReflectiveOperationException {
        Field given = Notice.class.getDeclaredField("given");
        given.setAccessible(true);
        given.setBoolean(notice, false);
    }

    @ParameterizedTest
    @EnumSource(Notice.class)
    void each_is_given_once_and_says_what_is_done(Notice notice) throws ReflectiveOperationException {
        forget(notice);
        try (CapturedLogs logs = new CapturedLogs()) {
            notice.give();
            notice.give();
            assertEquals(1, logs.records().size());
            assertEquals(Level.INFO, logs.records().get(0).getLevel());
            String text = logs.records().get(0).getMessage();
            assertTrue(text.startsWith("Files are published when they are closed"), text);
        }
    }
}
