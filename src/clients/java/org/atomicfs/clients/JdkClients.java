package org.atomicfs.clients;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** What the JDK writes by itself: its copies, and archives by zipfs. */
final class JdkClients {
    private JdkClients() {}

    static List<Client> all() {
        return List.of(new Copy(), new Lines(), new Zipfs());
    }

    private abstract static class Text extends Client {
        Text(String use) {
            super(Files.class, use);
        }

        @Override
        public void check(Path file) throws IOException {
            Expect.text(file);
        }
    }

    private static final class Copy extends Text {
        Copy() {
            super("`Files.copy(InputStream, Path)`");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            Files.copy(source.bytes(), file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static final class Lines extends Text {
        Lines() {
            super("`Files.write(Path, Iterable)`");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            Files.write(file, source.rows());
        }
    }

    private static final class Zipfs extends Client {
        private static final String ENTRY = "entry";

        Zipfs() {
            super(FileSystem.class, "zipfs, `FileSystems.newFileSystem(Path)`");
        }

        @Override
        public String remark() {
            return "its `close()` throws nothing: the log says that the archive was not replaced";
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            try (FileSystem zip = FileSystems.newFileSystem(file, Map.of("create", "true"));
                    OutputStream out = Files.newOutputStream(zip.getPath(ENTRY))) {
                source.bytes().transferTo(out);
            }
        }

        @Override
        public void check(Path file) throws IOException {
            try (FileSystem zip = FileSystems.newFileSystem(file)) {
                Expect.text(zip.getPath(ENTRY));
            }
        }
    }
}
