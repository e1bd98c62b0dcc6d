package org.atomicfs.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.poi.ss.usermodel.Sheet;
import org.apache.poi.ss.usermodel.Workbook;
import org.apache.poi.xssf.streaming.SXSSFWorkbook;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;

/** Documents that are made in memory and then saved to the caller's stream: POI, PDFBox. */
final class DocumentClients {
    private DocumentClients() {}

    static List<Client> all() {
        return List.of(new Xssf(), new Sxssf(), new Pdf());
    }

    private abstract static class Sheets extends Client {
        Sheets(Class<? extends Workbook> type) {
            super(Workbook.class, "`%s.write`".formatted(type.getSimpleName()));
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            try (Workbook book = book();
                    OutputStream out = source.through(Files.newOutputStream(file))) {
                Sheet sheet = book.createSheet();
                for (String row : Source.complete().rows()) {
                    sheet.createRow(sheet.getLastRowNum() + 1).createCell(0).setCellValue(row);
                }
                book.write(out);
            }
        }

        abstract Workbook book();

        @Override
        public void check(Path file) throws IOException {
            try (InputStream in = Files.newInputStream(file);
                    Workbook book = new XSSFWorkbook(in)) {
                Expect.rows(book.getSheetAt(0).getPhysicalNumberOfRows());
            }
        }
    }

    private static final class Xssf extends Sheets {
        Xssf() {
            super(XSSFWorkbook.class);
        }

        @Override
        Workbook book() {
            return new XSSFWorkbook();
        }
    }

    private static final class Sxssf extends Sheets {
        Sxssf() {
            super(SXSSFWorkbook.class);
        }

        @Override
        Workbook book() {
            return new SXSSFWorkbook();
        }
    }

    private static final class Pdf extends Client {
        private static final int PAGES = 300;

        Pdf() {
            super(PDDocument.class, "`PDDocument.save`");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            try (PDDocument document = new PDDocument();
                    OutputStream out = source.through(Files.newOutputStream(file))) {
                for (int page = 0; page < PAGES; page++) {
                    document.addPage(new PDPage());
                }
                document.save(out);
            }
        }

        @Override
        public void check(Path file) throws IOException {
            try (PDDocument document = Loader.loadPDF(Files.readAllBytes(file))) {
                assertEquals(PAGES, document.getNumberOfPages());
            }
        }
    }
}
