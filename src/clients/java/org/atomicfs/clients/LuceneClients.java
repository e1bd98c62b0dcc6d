package org.atomicfs.clients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.store.NIOFSDirectory;

/** Lucene: an index, which is a directory, and one file of it. */
final class LuceneClients {
    private LuceneClients() {}

    static List<Client> all() {
        return List.of(new Index(), new Output());
    }

    private static final class Index extends Client {
        Index() {
            super(IndexWriter.class, "`IndexWriter`, an index");
        }

        @Override
        public String remark() {
            return "its `close()` would commit, but fails, since files were begun before the block failed";
        }

        @Override
        protected void write(Path index, Source source) throws IOException {
            try (Directory directory = new NIOFSDirectory(index);
                    IndexWriter writer = new IndexWriter(
                            directory, new IndexWriterConfig().setOpenMode(IndexWriterConfig.OpenMode.CREATE))) {
                for (String row : source.rows()) {
                    Document document = new Document();
                    document.add(new StringField("row", row, Field.Store.YES));
                    writer.addDocument(document);
                }
            }
        }

        @Override
        public void check(Path index) throws IOException {
            try (Directory directory = new NIOFSDirectory(index);
                    DirectoryReader reader = DirectoryReader.open(directory)) {
                Expect.rows(reader.numDocs());
            }
        }
    }

    private static final class Output extends Client {
        Output() {
            super(IndexOutput.class, "`Directory.createOutput`");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            Files.deleteIfExists(file);
            output(file, source);
        }

        private static void output(Path file, Source source) throws IOException {
            try (Directory directory = new NIOFSDirectory(file.getParent());
                    IndexOutput out = directory.createOutput(file.getFileName().toString(), IOContext.DEFAULT)) {
                for (String row : source.rows()) {
                    out.writeString(row);
                }
            }
        }

        /** Writes another file, since it never replaces one. */
        @Override
        public void failing(Path file) throws IOException {
            output(file.resolveSibling("other"), Source.broken());
        }

        @Override
        public void check(Path file) throws IOException {
            try (Directory directory = new NIOFSDirectory(file.getParent());
                    IndexInput in = directory.openInput(file.getFileName().toString(), IOContext.DEFAULT)) {
                int rows = 0;
                while (in.getFilePointer() < in.length()) {
                    in.readString();
                    rows++;
                }
                Expect.rows(rows);
            }
        }
    }
}
