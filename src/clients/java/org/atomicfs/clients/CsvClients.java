package org.atomicfs.clients;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;

/** Libraries for CSV. */
final class CsvClients {
    private CsvClients() {}

    static List<Client> all() {
        return List.of(new Commons(), new FastCsv());
    }

    private static final class Commons extends Client {
        Commons() {
            super(CSVFormat.class, "`CSVFormat.print(Path)`");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            try (CSVPrinter printer = CSVFormat.DEFAULT.print(file, StandardCharsets.UTF_8)) {
                printer.printRecords(source.rows());
            }
        }

        @Override
        public void check(Path file) throws IOException {
            try (CSVParser parser = CSVParser.parse(file, StandardCharsets.UTF_8, CSVFormat.DEFAULT)) {
                Expect.rows(parser.stream().count());
            }
        }
    }

    private static final class FastCsv extends Client {
        FastCsv() {
            super(CsvWriter.class, "`CsvWriter.builder().build(Path)`");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            try (CsvWriter writer = CsvWriter.builder().build(file)) {
                for (String row : source.rows()) {
                    writer.writeRecord("row", row);
                }
            }
        }

        @Override
        public void check(Path file) throws IOException {
            try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(file)) {
                Expect.rows(reader.stream().count());
            }
        }
    }
}
