package org.atomicfs.commit;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.atomicfs.testing.DirectoryListing.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
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
}
