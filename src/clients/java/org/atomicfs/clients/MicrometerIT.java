package org.atomicfs.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import examples.WriteMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.atomicfs.AtomicFiles;
import org.atomicfs.AtomicOptions;
import org.atomicfs.AtomicWrite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Micrometer's meters of writes. */
class MicrometerIT {
    @TempDir
    Path directory;

    @Test
    void writes_are_counted_and_timed() throws IOException {
        MeterRegistry registry = new SimpleMeterRegistry();
        FileSystem files = AtomicFiles.wrap(
                FileSystems.getDefault(),
                AtomicOptions.builder().addListener(WriteMeters.of(registry)).build());
        Path file = files.getPath(directory.resolve("file").toString());
        Files.writeString(file, "12345");
        Files.writeString(file, "123");
        try (OutputStream out = Files.newOutputStream(file)) {
            ((AtomicWrite) out).abort();
        }
        assertEquals(
                2, registry.counter("atomicfs.writes", "outcome", "PUBLISHED").count());
        assertEquals(
                1, registry.counter("atomicfs.writes", "outcome", "DISCARDED").count());
        assertEquals(8, registry.summary("atomicfs.bytes").totalAmount());
        assertTrue(registry.timer("atomicfs.forcing").totalTime(TimeUnit.NANOSECONDS) > 0);
    }
}
