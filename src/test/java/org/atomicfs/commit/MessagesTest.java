package org.atomicfs.commit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessagesTest {
    private static final Path X = Path.of("x");

    @Test
    void an_exception_about_the_temporary_becomes_the_same_about_the_path_that_was_opened() {
        for (FileSystemException thrown : List.of(
                new NoSuchFileException("x.tmp", null, "why"),
                new AccessDeniedException("x.tmp", null, "why"),
                new BusyException("x.tmp", "why"),
                new FileAlreadyExistsException("x.tmp", null, "why"),
                new FileSystemException("x.tmp", null, "why"))) {
            thrown.initCause(new IOException("cause"));
            thrown.addSuppressed(new IOException("suppressed"));
            FileSystemException about = Messages.about(X, thrown);
            assertSame(thrown.getClass(), about.getClass());
            assertEquals("x", about.getFile());
            assertEquals("why", about.getReason());
            assertSame(thrown.getCause(), about.getCause());
            assertArrayEquals(thrown.getSuppressed(), about.getSuppressed());
            assertArrayEquals(thrown.getStackTrace(), about.getStackTrace());
        }
    }

    @Test
    void an_exception_about_the_right_path_or_of_an_unknown_type_stays_as_it_is() {
        for (FileSystemException thrown :
                List.of(new NoSuchFileException("x"), new DirectoryNotEmptyException("x.tmp"))) {
            assertSame(thrown, Messages.about(X, thrown));
        }
    }

    @Test
    void an_exception_is_not_suppressed_by_itself() {
        IOException first = new IOException();
        Messages.suppress(first, first);
        assertEquals(0, first.getSuppressed().length);
        IOException later = new IOException();
        Messages.suppress(first, later);
        assertSame(later, first.getSuppressed()[0]);
    }
}
