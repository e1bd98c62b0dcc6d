package org.atomicfs.clients;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetFileWriter.Mode;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Files of records in blocks, which end with a footer: Avro, Parquet, Arrow. */
final class ColumnClients {
    private static final String FIELD = "text";

    private static final Schema SCHEMA =
            SchemaBuilder.record("Row").fields().requiredString(FIELD).endRecord();

    private ColumnClients() {}

    static List<Client> all() {
        return List.of(new Avro(), new AvroParquet(), new PlainParquet(), new Arrow());
    }

    private static GenericRecord row(String text) {
        GenericRecord row = new GenericData.Record(SCHEMA);
        row.put(FIELD, text);
        return row;
    }

    private static final class Avro extends Client {
        Avro() {
            super(DataFileWriter.class, "`DataFileWriter`");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>(SCHEMA))) {
                writer.create(SCHEMA, Files.newOutputStream(file));
                for (String text : source.rows()) {
                    writer.append(row(text));
                }
            }
        }

        @Override
        public void check(Path file) throws IOException {
            try (DataFileStream<GenericRecord> reader =
                    new DataFileStream<>(Files.newInputStream(file), new GenericDatumReader<>())) {
                int rows = 0;
                while (reader.hasNext()) {
                    reader.next();
                    rows++;
                }
                Expect.rows(rows);
            }
        }
    }

    private abstract static class Parquet extends Client {
        Parquet(Class<?> library, String use) {
            super(library, use);
        }

        @Override
        public void check(Path file) throws IOException {
            try (ParquetReader<GenericRecord> reader = AvroParquetReader.<GenericRecord>builder(
                            new LocalInputFile(file), new PlainParquetConfiguration())
                    .withDataModel(GenericData.get())
                    .build()) {
                int rows = 0;
                while (reader.read() != null) {
                    rows++;
                }
                Expect.rows(rows);
            }
        }
    }

    private static final class AvroParquet extends Parquet {
        AvroParquet() {
            super(AvroParquetWriter.class, "`AvroParquetWriter` of a `LocalOutputFile`");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            try (ParquetWriter<GenericRecord> writer = AvroParquetWriter.<GenericRecord>builder(
                            new LocalOutputFile(file))
                    .withSchema(SCHEMA)
                    .withWriteMode(Mode.OVERWRITE)
                    .withConf(new PlainParquetConfiguration())
                    .withDataModel(GenericData.get())
                    .build()) {
                for (String text : source.rows()) {
                    writer.write(row(text));
                }
            }
        }
    }

    private static final class PlainParquet extends Parquet {
        private static final MessageType TYPE =
                MessageTypeParser.parseMessageType("message Row { required binary text (UTF8); }");

        PlainParquet() {
            super(ParquetWriter.class, "`ParquetWriter` of a `LocalOutputFile`");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            SimpleGroupFactory rows = new SimpleGroupFactory(TYPE);
            try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                    .withType(TYPE)
                    .withWriteMode(Mode.OVERWRITE)
                    .withConf(new PlainParquetConfiguration())
                    .build()) {
                for (String text : source.rows()) {
                    writer.write(rows.newGroup().append(FIELD, text));
                }
            }
        }
    }

    private static final class Arrow extends Client {
        private static final int BATCH = 500;

        Arrow() {
            super(ArrowFileWriter.class, "`ArrowFileWriter` (IPC) of a channel");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            try (BufferAllocator allocator = new RootAllocator();
                    VarCharVector column = new VarCharVector(FIELD, allocator);
                    VectorSchemaRoot root = VectorSchemaRoot.of(column);
                    FileChannel channel = FileChannel.open(file, CREATE, WRITE, TRUNCATE_EXISTING);
                    ArrowFileWriter writer = new ArrowFileWriter(root, null, channel)) {
                writer.start();
                int rows = 0;
                for (String text : source.rows()) {
                    column.setSafe(rows++, text.getBytes(StandardCharsets.UTF_8));
                    if (rows == BATCH) {
                        root.setRowCount(rows);
                        writer.writeBatch();
                        rows = 0;
                    }
                }
                writer.end();
            }
        }

        @Override
        public void check(Path file) throws IOException {
            try (BufferAllocator allocator = new RootAllocator();
                    FileChannel channel = FileChannel.open(file);
                    ArrowFileReader reader = new ArrowFileReader(channel, allocator)) {
                int rows = 0;
                while (reader.loadNextBatch()) {
                    rows += reader.getVectorSchemaRoot().getRowCount();
                }
                Expect.rows(rows);
            }
        }
    }
}
