package org.atomicfs.clients;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZFile;
import org.apache.commons.compress.archivers.sevenz.SevenZOutputFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** The archives of commons-compress; each has one entry. */
final class CompressClients {
    private static final String ENTRY = "entry";

    private CompressClients() {}

    static List<Client> all() {
        return List.of(new Zip(), new SevenZ(), new Tar());
    }

    private static final class Zip extends Client {
        Zip() {
            super(ZipArchiveOutputStream.class, "`ZipArchiveOutputStream(Path)`");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(file, CREATE, WRITE, TRUNCATE_EXISTING)) {
                out.putArchiveEntry(new ZipArchiveEntry(ENTRY));
                source.bytes().transferTo(out);
                out.closeArchiveEntry();
            }
        }

        @Override
        public void check(Path file) throws IOException {
            try (ZipFile zip = ZipFile.builder().setPath(file).get()) {
                Expect.text(zip.getInputStream(zip.getEntry(ENTRY)).readAllBytes());
            }
        }
    }

    private static final class SevenZ extends Client {
        SevenZ() {
            super(SevenZOutputFile.class, "`SevenZOutputFile` of a channel");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            try (SevenZOutputFile out =
                    new SevenZOutputFile(Files.newByteChannel(file, CREATE, WRITE, TRUNCATE_EXISTING))) {
                SevenZArchiveEntry entry = new SevenZArchiveEntry();
                entry.setName(ENTRY);
                out.putArchiveEntry(entry);
                out.write(source.bytes());
                out.closeArchiveEntry();
            }
        }

        @Override
        public void check(Path file) throws IOException {
            try (SevenZFile archive = SevenZFile.builder().setPath(file).get()) {
                Expect.text(archive.getInputStream(archive.getNextEntry()).readAllBytes());
            }
        }
    }

    private static final class Tar extends Client {
        Tar() {
            super(TarArchiveOutputStream.class, "`TarArchiveOutputStream`");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            try (TarArchiveOutputStream out = new TarArchiveOutputStream(Files.newOutputStream(file))) {
                TarArchiveEntry entry = new TarArchiveEntry(ENTRY);
                entry.setSize(Source.text().length);
                out.putArchiveEntry(entry);
                source.bytes().transferTo(out);
                out.closeArchiveEntry();
            }
        }

        @Override
        public void check(Path file) throws IOException {
            try (TarArchiveInputStream in = new TarArchiveInputStream(Files.newInputStream(file))) {
                in.getNextEntry();
                Expect.text(in.readAllBytes());
            }
        }
    }
}
