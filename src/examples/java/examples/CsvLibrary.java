package examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.atomicfs.AtomicFiles;

/** A library that takes a {@code Path} and knows nothing of atomicfs: commons-csv. Only the path is another one. */
public final class CsvLibrary {
    private CsvLibrary() {}

    /** Writes prices; one that is negative fails, and leaves the old file. */
    public static void write(Path file, Map<String, Integer> prices) throws IOException {
        Path atomic = AtomicFiles.atomic(file);
        try (CSVPrinter printer = CSVFormat.DEFAULT.print(atomic, StandardCharsets.UTF_8)) {
            printer.printRecord("article", "price");
            for (Map.Entry<String, Integer> price : prices.entrySet()) {
                if (price.getValue() < 0) {
                    throw new IllegalArgumentException("the price of " + price);
                }
                printer.printRecord(price.getKey(), price.getValue());
            }
        }
    }
}
