package org.atomicfs.commit;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.atomicfs.testing.DirectoryListing.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import org.atomicfs.AtomicCommitException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteTest {
    @TempDir
    Path directory;

    @Test
    void an_operation_that_fails_in_any_way_since_the_write_was_aborted_meanwhile_tells_the_reason()
            throws IOException {
        IOException reason = new IOException("the JVM is shutting down");
        for (Exception thrown : List.of(new IOException("closed"), new IllegalStateException("no bytes written"))) {
            Write<FileChannel> write = Opening.open(
                    this, directory.resolve("x"), Channels.request(WRITE, CREATE), new Channels(true), it -> it);
            AtomicCommitException told = assertThrows(
                    AtomicCommitException.class,
                    () -> write.change(channel -> {
                        write.pending().abort(reason);
                        throw TestThrow.sneak(thrown);
                    }));
            assertSame(reason, told.getCause());
            assertSame(thrown, told.getSuppressed()[0]);
            assertThrows(AtomicCommitException.class, () -> write.close(this));
            assertEquals(List.of(), names(directory));
            assertEquals(List.of(), Registry.held());
        }
    }

    /** Closes a write as deep as the stack reaches; goes up until the call comes as far as to notice that. */
    private static void closeAtTheEndOfTheStack(Write<FileChannel> write, InFlight<?> inFlight) {
        try {
            closeAtTheEndOfTheStack(write, inFlight);
        } catch (StackOverflowError end) {
            if (inFlight.cutOff == null) {
                try {
                    write.close(inFlight);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
            throw end;
        }
    }

    private Write<FileChannel> closedInVain() throws IOException {
        Path file = directory.resolve("x");
        Write<FileChannel> write =
                Opening.open(this, file, Channels.request(WRITE, CREATE), new Channels(true), it -> it);
        write.change(channel -> channel.write(ByteBuffer.allocate(1)));
        write.wrote(1);
        InFlight<?> inFlight = (InFlight<?>) Registry.list(file).get(0);
        assertThrows(StackOverflowError.class, () -> closeAtTheEndOfTheStack(write, inFlight));
        assertNotNull(inFlight.cutOff, "the stack ended before the close began, or never");
        return write;
    }

    @Test
    void what_was_closed_without_stack_is_discarded_by_the_next_open() throws IOException {
        Write<FileChannel> write = closedInVain();
        Path other = directory.resolve("other");
        Opening.open(this, other, Channels.request(WRITE, CREATE), new Channels(true), it -> it)
                .close(this);
        assertEquals(List.of("other"), names(directory));
        assertEquals(List.of(), Registry.held());
        AtomicCommitException told = assertThrows(AtomicCommitException.class, () -> write.close(this));
        assertInstanceOf(StackOverflowError.class, told.getCause().getCause());
    }

    @Test
    void what_was_closed_without_stack_can_be_closed_again() throws IOException {
        closedInVain().close(this);
        assertEquals(List.of("x"), names(directory));
        assertEquals(List.of(), Registry.held());
    }
}
