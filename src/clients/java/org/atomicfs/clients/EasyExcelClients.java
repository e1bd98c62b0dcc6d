package org.atomicfs.clients;

import cn.idev.excel.FastExcel;
import com.alibaba.excel.EasyExcel;
import com.alibaba.excel.ExcelWriter;
import com.alibaba.excel.write.metadata.WriteSheet;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.List;
import org.apache.poi.ss.usermodel.Workbook;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;

/** EasyExcel and its successor FastExcel. */
final class EasyExcelClients {
    private static final String REMARK =
            "after a failure it closes the stream by `finishOnException()`; `autoCloseStream(false)` prevents that";

    private static final int HALF = Source.ROWS / 2;

    private EasyExcelClients() {}

    static List<Client> all() {
        return List.of(new DoWrite(), new NoAutoClose(), new Block(), new FastDoWrite(), new FastBlock());
    }

    private abstract static class Sheet extends Client {
        Sheet(Class<?> library, String use) {
            super(library, use);
        }

        static List<List<String>> rows(Source source) {
            List<String> rows = source.rows();
            return new AbstractList<>() {
                @Override
                public List<String> get(int index) {
                    return List.of(rows.get(index));
                }

                @Override
                public int size() {
                    return rows.size();
                }
            };
        }

        @Override
        public void check(Path file) throws IOException {
            try (InputStream in = Files.newInputStream(file);
                    Workbook book = new XSSFWorkbook(in)) {
                Expect.rows(book.getSheetAt(0).getPhysicalNumberOfRows());
            }
        }
    }

    private static final class DoWrite extends Sheet {
        DoWrite() {
            super(EasyExcel.class, "`doWrite`");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            EasyExcel.write(Files.newOutputStream(file)).sheet("s").doWrite(rows(source));
        }
    }

    private static final class NoAutoClose extends Sheet {
        NoAutoClose() {
            super(EasyExcel.class, "`autoCloseStream(false)`, `doWrite` in a try-with-resources of the caller");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            try (OutputStream out = Files.newOutputStream(file)) {
                EasyExcel.write(out).autoCloseStream(false).sheet("s").doWrite(rows(source));
            }
        }
    }

    private static final class Block extends Sheet {
        Block() {
            super(EasyExcel.class, "`ExcelWriter` in a try-with-resources");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            try (ExcelWriter writer =
                    EasyExcel.write(Files.newOutputStream(file)).build()) {
                WriteSheet sheet = EasyExcel.writerSheet("s").build();
                writer.write(rows(Source.complete()).subList(0, HALF), sheet);
                source.end();
                writer.write(rows(Source.complete()).subList(HALF, Source.ROWS), sheet);
            }
        }
    }

    private static final class FastDoWrite extends Sheet {
        FastDoWrite() {
            super(FastExcel.class, "`doWrite`");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            FastExcel.write(Files.newOutputStream(file)).sheet("s").doWrite(rows(source));
        }
    }

    private static final class FastBlock extends Sheet {
        FastBlock() {
            super(FastExcel.class, "`ExcelWriter` in a try-with-resources");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            try (cn.idev.excel.ExcelWriter writer =
                    FastExcel.write(Files.newOutputStream(file)).build()) {
                cn.idev.excel.write.metadata.WriteSheet sheet =
                        FastExcel.writerSheet("s").build();
                writer.write(rows(Source.complete()).subList(0, HALF), sheet);
                source.end();
                writer.write(rows(Source.complete()).subList(HALF, Source.ROWS), sheet);
            }
        }
    }
}
