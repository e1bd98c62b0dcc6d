package examples;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.atomicfs.AtomicFiles;
import org.atomicfs.FileTransaction;

/** Two files that belong together: both are new, or both are as they were. */
public final class RowsAndIndex {
    private RowsAndIndex() {}

    /** @param args the directory, and the rows */
    public static void main(String... args) throws IOException {
        Path directory = Path.of(args[0]);
        try (FileTransaction transaction = AtomicFiles.transaction(directory)) {
            Path rows = transaction.path(directory.resolve("rows.csv"));
            Path index = transaction.path(directory.resolve("rows.idx"));
            try (BufferedWriter row = Files.newBufferedWriter(rows);
                    BufferedWriter entry = Files.newBufferedWriter(index)) {
                int offset = 0;
                for (int i = 1; i < args.length; i++) {
                    String line = "%d,%d\n".formatted(i, Integer.parseInt(args[i]));
                    row.write(line);
                    entry.write("%d %d\n".formatted(i, offset));
                    offset += line.length();
                }
            }
            transaction.commit(); // an argument that is no number leads past it: nothing has changed
        }
    }
}
