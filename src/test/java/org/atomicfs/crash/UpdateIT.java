package org.atomicfs.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.atomicfs.AtomicFiles;
import org.atomicfs.Durability;
import org.atomicfs.testing.ChildProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes count in one file by {@code AtomicFiles.update}. */
class UpdateIT {
    private static final int PROCESSES = 4;
    private static final int INCREMENTS = Integer.getInteger("increments", 100);

    static final class Counter {
        public static void main(String[] arguments) throws IOException {
            for (int i = 0; i < INCREMENTS; i++) {
                AtomicFiles.update(
                        Path.of(arguments[0]),
                        (in, out) -> {
                            String before = new String(in.readAllBytes());
                            int count = before.isEmpty() ? 0 : Integer.parseInt(before);
                            out.write(String.valueOf(count + 1).getBytes());
                        },
                        Durability.NONE);
            }
        }
    }

    @Test
    void no_increment_is_lost(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("count");
        List<Process> counters = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            List<String> command = ChildProcess.program(Counter.class, file.toString());
            command.add(1, "-Dincrements=" + INCREMENTS);
            counters.add(new ProcessBuilder(command).inheritIO().start());
        }
        for (Process counter : counters) {
            assertEquals(0, ChildProcess.await(counter));
        }
        assertEquals(PROCESSES * INCREMENTS, Integer.parseInt(Files.readString(file)));
        assertEquals(List.of("count"), List.of(directory.toFile().list()));
    }
}
