package org.atomicfs.clients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import com.fasterxml.jackson.dataformat.xml.XmlMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Jackson 2 and 3, whose mappers close the stream that they are given. XML wraps a list in an element of its name. */
final class JacksonClients {
    private JacksonClients() {}

    static List<Client> all() {
        return List.of(
                new Mapper(new ObjectMapper(), ObjectMapper.class),
                new Mapper(new XmlMapper(), XmlMapper.class),
                new Mapper(new CBORMapper(), CBORFactory.class),
                new Yaml(),
                new Csv(),
                new Three(JsonMapper.builder().build(), JsonMapper.class),
                new Three(
                        tools.jackson.dataformat.xml.XmlMapper.builder().build(),
                        tools.jackson.dataformat.xml.XmlMapper.class));
    }

    private static class Mapper extends Client {
        final ObjectMapper mapper;

        Mapper(ObjectMapper mapper, Class<?> library) {
            super(library, "`%s.writeValue`".formatted(mapper.getClass().getSimpleName()));
            this.mapper = mapper;
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            mapper.writeValue(Files.newOutputStream(file), new Rows(source));
        }

        @Override
        public final void check(Path file) throws IOException {
            try (InputStream in = Files.newInputStream(file)) {
                JsonNode row = mapper.readTree(in).get("row");
                Expect.rows(row.isArray() ? row.size() : row.get("row").size());
            }
        }
    }

    private static final class Yaml extends Mapper {
        Yaml() {
            super(new YAMLMapper(), YAMLMapper.class);
        }

        @Override
        public String remark() {
            return "in a try-with-resources of the caller: after a failure the mapper leaves the stream open";
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            try (OutputStream out = Files.newOutputStream(file)) {
                mapper.writeValue(out, new Rows(source));
            }
        }
    }

    private static final class Csv extends Client {
        private final CsvMapper mapper = new CsvMapper();
        private final CsvSchema schema = CsvSchema.builder().addColumn("row").build();

        Csv() {
            super(CsvMapper.class, "`CsvMapper`, a `SequenceWriter`");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            try (SequenceWriter writer = mapper.writer(schema).writeValues(Files.newOutputStream(file))) {
                for (String row : source.rows()) {
                    writer.write(Map.of("row", row));
                }
            }
        }

        @Override
        public void check(Path file) throws IOException {
            try (InputStream in = Files.newInputStream(file);
                    MappingIterator<Map<String, String>> rows =
                            mapper.readerForMapOf(String.class).with(schema).readValues(in)) {
                Expect.rows(rows.readAll().size());
            }
        }
    }

    private static final class Three extends Client {
        private final tools.jackson.databind.ObjectMapper mapper;

        Three(tools.jackson.databind.ObjectMapper mapper, Class<?> library) {
            super(library, "`%s.writeValue(Path)`".formatted(library.getSimpleName()));
            this.mapper = mapper;
        }

        @Override
        protected void write(Path file, Source source) {
            mapper.writeValue(file, new Rows(source));
        }

        @Override
        public void check(Path file) {
            tools.jackson.databind.JsonNode row = mapper.readTree(file).get("row");
            Expect.rows(row.isArray() ? row.size() : row.get("row").size());
        }
    }
}
