package org.atomicfs.clients;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import okio.BufferedSink;
import okio.FileHandle;
import okio.FileSystem;
import okio.Okio;

/** okio, whose file systems and handles reach a file through a channel. */
final class OkioClients {
    private OkioClients() {}

    static List<Client> all() {
        return List.of(new Sink(), new Handle(), new HandleSink());
    }

    private abstract static class Text extends Client {
        Text(String use) {
            super(Okio.class, use);
        }

        @Override
        public void check(Path file) throws IOException {
            Expect.text(file);
        }
    }

    private static final class Sink extends Text {
        Sink() {
            super("`Okio.sink(Path)`");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            try (BufferedSink sink = Okio.buffer(Okio.sink(file))) {
                sink.writeAll(Okio.source(source.bytes()));
            }
        }
    }

    private static FileHandle open(Path file) throws IOException {
        return FileSystem.get(file.getFileSystem()).openReadWrite(okio.Path.get(file.toString()), false, false);
    }

    private static final class Handle extends Text {
        Handle() {
            super("`FileHandle`");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            try (FileHandle handle = open(file)) {
                handle.resize(0);
                long position = 0;
                for (String row : source.rows()) {
                    byte[] line = (row + "\n").getBytes(StandardCharsets.UTF_8);
                    handle.write(position, line, 0, line.length);
                    position += line.length;
                }
            }
        }
    }

    private static final class HandleSink extends Text {
        HandleSink() {
            super("a buffered sink of a `FileHandle`");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            try (FileHandle handle = open(file);
                    BufferedSink sink = Okio.buffer(handle.sink(0))) {
                handle.resize(0);
                sink.writeAll(Okio.source(source.bytes()));
            }
        }
    }
}
