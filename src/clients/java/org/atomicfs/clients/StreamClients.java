package org.atomicfs.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.io.MoreFiles;
import com.google.gson.Gson;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.apache.commons.io.IOUtils;
import org.apache.commons.io.file.PathUtils;
import org.atomicfs.AtomicFiles;
import org.atomicfs.testing.Poll;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.util.FileCopyUtils;
import reactor.core.publisher.Flux;

/** Helpers around streams, and Gson, which writes to the caller's writer. */
final class StreamClients {
    private StreamClients() {}

    static List<Client> all() {
        return List.of(
                new GsonWriter(),
                new GuavaBytes(),
                new GuavaLines(),
                new CommonsCopy(),
                new CommonsPathCopy(),
                new CommonsQuietly(),
                new Spring(),
                new SpringReactive());
    }

    private abstract static class Text extends Client {
        Text(Class<?> library, String use) {
            super(library, use);
        }

        @Override
        public void check(Path file) throws IOException {
            Expect.text(file);
        }
    }

    private static final class GsonWriter extends Client {
        private final Gson gson = new Gson();

        GsonWriter() {
            super(Gson.class, "`JsonWriter`");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            try (JsonWriter writer = gson.newJsonWriter(Files.newBufferedWriter(file))) {
                gson.toJson(new Rows(source), Rows.class, writer);
            }
        }

        @Override
        public void check(Path file) throws IOException {
            try (Reader reader = Files.newBufferedReader(file)) {
                Expect.rows(JsonParser.parseReader(reader)
                        .getAsJsonObject()
                        .getAsJsonArray("row")
                        .size());
            }
        }
    }

    private static final class GuavaBytes extends Text {
        GuavaBytes() {
            super(MoreFiles.class, "`MoreFiles.asByteSink(Path).writeFrom`");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            MoreFiles.asByteSink(file).writeFrom(source.bytes());
        }
    }

    private static final class GuavaLines extends Text {
        GuavaLines() {
            super(MoreFiles.class, "`MoreFiles.asCharSink(Path).writeLines`");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            MoreFiles.asCharSink(file, UTF_8).writeLines(source.rows(), "\n");
        }
    }

    private static final class CommonsCopy extends Text {
        CommonsCopy() {
            super(IOUtils.class, "`IOUtils.copy`");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            try (OutputStream out = Files.newOutputStream(file)) {
                IOUtils.copy(source.bytes(), out);
            }
        }
    }

    private static final class CommonsPathCopy extends Text {
        CommonsPathCopy() {
            super(PathUtils.class, "`PathUtils.copy`");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            PathUtils.copy(source::bytes, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static final class CommonsQuietly extends Text {
        CommonsQuietly() {
            super(IOUtils.class, "`IOUtils.closeQuietly` in a `finally`");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            OutputStream out = Files.newOutputStream(file);
            try {
                IOUtils.copy(source.bytes(), out);
            } finally {
                IOUtils.closeQuietly(out);
            }
        }
    }

    private static final class Spring extends Text {
        Spring() {
            super(FileCopyUtils.class, "`FileCopyUtils.copy`");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            FileCopyUtils.copy(source.bytes(), Files.newOutputStream(file));
        }
    }

    private static final class SpringReactive extends Text {
        SpringReactive() {
            super(DataBufferUtils.class, "`DataBufferUtils.write(Publisher, Path)`");
        }

        @Override
        public Failure failure() {
            return Failure.PUBLISHED;
        }

        @Override
        public String remark() {
            return "reactive: no exception propagates when it closes the file, on another thread; `CommitPolicy.EXPLICIT`";
        }

        @Override
        protected void write(Path file, Source source) {
            DataBufferFactory buffers = DefaultDataBufferFactory.sharedInstance;
            Flux<DataBuffer> rows =
                    Flux.fromIterable(source.rows()).map(row -> buffers.wrap((row + "\n").getBytes(UTF_8)));
            try {
                DataBufferUtils.write(rows, file).block();
            } finally {
                Poll.until(() -> AtomicFiles.pending(file).isEmpty()); // it closes after it has said that it is done
            }
        }
    }
}
