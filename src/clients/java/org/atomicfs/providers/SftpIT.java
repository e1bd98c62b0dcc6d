package org.atomicfs.providers;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.client.fs.SftpFileSystemProvider;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicCommitException.Outcome;
import org.atomicfs.AtomicFiles;
import org.atomicfs.TemporaryName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes wrong on the way to a server of SFTP, and on the server. */
class SftpIT {
    /** Something that happens on the server. */
    private interface Event {
        void on(ServerSession session) throws IOException;
    }

    private static final Event NOTHING = session -> {};

    private final List<String> removed = new ArrayList<>();
    private volatile Event write = NOTHING;
    private volatile Event renaming = NOTHING;
    private volatile Event renamed = NOTHING;
    private SftpServers server;
    private TestedProvider.Opened opened;

    private final SftpEventListener listener = new SftpEventListener() {
        @Override
        public void writing(
                ServerSession session, String handle, FileHandle file, long offset, byte[] data, int at, int length)
                throws IOException {
            write.on(session);
        }

        @Override
        public void removing(ServerSession session, Path path, boolean isDirectory) {
            removed.add(path.getFileName().toString());
        }

        @Override
        public void moving(ServerSession session, Path source, Path target, Collection<CopyOption> options)
                throws IOException {
            renaming.on(session);
        }

        @Override
        public void moved(
                ServerSession session, Path source, Path target, Collection<CopyOption> options, Throwable thrown)
                throws IOException {
            renamed.on(session);
        }
    };

    @BeforeEach
    void start() throws Exception {
        opened = new Simple("server", () -> {
                    SftpSubsystemFactory factory = new SftpSubsystemFactory();
                    factory.addSftpEventListener(listener);
                    server = SftpServers.start(factory, Simple.temporaryDirectory("sftp"));
                    return SftpProviders.mina(server);
                })
                .open();
    }

    @AfterEach
    void stop() {
        opened.close();
    }

    private Path file() {
        return AtomicFiles.atomic(opened.directory().resolve("file"));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(server.real())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private String content() throws IOException {
        return Files.readString(server.real().resolve("file"));
    }

    private static Event failing(String reason) {
        return session -> {
            throw new IOException(reason);
        };
    }

    /** Ends the connection, and waits until the server has noticed. */
    private static void drop(ServerSession session) throws IOException {
        session.close(true);
        throw new IOException("connection dropped");
    }

    @Test
    void who_collects_files_never_gets_half_of_one() throws Exception {
        int size = 300_000; // several packets
        AtomicBoolean ended = new AtomicBoolean();
        CompletableFuture<Integer> seen = CompletableFuture.supplyAsync(() -> {
            int looks = 0;
            while (!ended.get()) {
                try (Stream<Path> files = Files.list(server.real())) {
                    for (Path each : files.filter(found -> !found.toString().endsWith(".tmp"))
                            .toList()) {
                        assertEquals(size, Files.size(each));
                        looks++;
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return looks;
        });
        for (int i = 0; i < 20; i++) {
            Files.write(file().resolveSibling("file" + i % 10), new byte[size]);
        }
        ended.set(true);
        assertTrue(seen.get() > 0);
        assertEquals(List.of(), removed);
    }

    @Test
    void nothing_is_deleted_to_replace_a_file() throws IOException {
        Files.writeString(file(), "old");
        Files.writeString(file(), "new");
        Files.copy(new ByteArrayInputStream("newer".getBytes()), file(), REPLACE_EXISTING);
        assertEquals("newer", content());
        assertEquals(List.of(), removed);
    }

    @Test
    void a_provider_that_extends_the_known_one_is_taken_for_it() throws Exception {
        TestedProvider extending = new Simple(
                "extending", () -> SftpProviders.mina(server, client -> new SftpFileSystemProvider(client) {}));
        try (TestedProvider.Opened extended = extending.open()) {
            Path file = AtomicFiles.atomic(extended.directory().resolve("file"));
            Files.writeString(file, "old");
            Files.writeString(file, "new");
            assertEquals("new", content());
            assertEquals(List.of(), removed);
        }
    }

    @Test
    void a_full_disk_leaves_the_old_file() throws IOException {
        Files.writeString(file(), "old");
        write = failing("No space left on device");
        assertThrows(IOException.class, () -> Files.write(file(), new byte[100_000]));
        assertEquals("old", content());
        assertEquals(List.of("file"), names());
        write = NOTHING;
        Files.writeString(file(), "new");
        assertEquals("new", content());
    }

    @Test
    void a_rename_that_is_refused_leaves_the_old_file() throws IOException {
        Files.writeString(file(), "old");
        renaming = failing("Permission denied");
        AtomicCommitException failed =
                assertThrows(AtomicCommitException.class, () -> Files.writeString(file(), "new"));
        assertEquals(Outcome.NOT_COMMITTED, failed.outcome());
        assertEquals("old", content());
        assertEquals(List.of("file"), names());
        assertThrows(
                AtomicCommitException.class,
                () -> Files.copy(new ByteArrayInputStream(new byte[1]), file(), REPLACE_EXISTING));
        assertEquals("old", content());
        assertEquals(List.of("file"), names());
    }

    @Test
    void a_rename_that_was_done_and_reported_as_failed_is_seen() throws IOException {
        Files.writeString(file(), "old");
        renamed = failing("Input/output error");
        Files.writeString(file(), "new");
        assertEquals("new", content());
        assertEquals(List.of("file"), names());
    }

    @Test
    void a_connection_that_is_dropped_in_the_middle_leaves_the_old_file() throws IOException {
        Files.writeString(file(), "old");
        OutputStream out = Files.newOutputStream(file());
        out.write(new byte[100_000]);
        write = SftpIT::drop;
        assertThrows(IOException.class, () -> {
            try (out) {
                out.write(new byte[100_000]);
            }
        });
        assertEquals("old", content());
    }

    @Test
    void a_server_that_is_gone_leaves_the_old_file_and_a_temporary_that_is_told_of() throws Exception {
        Files.writeString(file(), "old");
        OutputStream out = Files.newOutputStream(file());
        out.write(new byte[100_000]);
        server.server().stop(true);
        AtomicCommitException failed = assertThrows(AtomicCommitException.class, () -> {
            try (out) {
                out.write(new byte[100_000]);
            } catch (AtomicCommitException e) {
                throw e;
            } catch (IOException e) { // out of the write
                throw e.getSuppressed()[0];
            }
        });
        assertEquals(Outcome.NOT_COMMITTED, failed.outcome());
        assertEquals("old", content());
        assertEquals(List.of("file", "file.tmp"), names());
        TestedProvider later = new Simple(
                "later", () -> SftpProviders.mina(SftpServers.start(new SftpSubsystemFactory(), server.real())));
        try (TestedProvider.Opened again = later.open()) {
            Path file = AtomicFiles.atomic(again.directory().resolve("file"));
            FileAlreadyExistsException busy =
                    assertThrows(FileAlreadyExistsException.class, () -> Files.writeString(file, "new"));
            assertTrue(busy.getMessage().contains("file.tmp"), busy.getMessage());
            assertTrue(busy.getMessage().contains(" s ago"), busy.getMessage());
            AtomicFiles.recover(again.directory());
            assertEquals(List.of("file", "file.tmp"), names());
            Files.writeString(file, "new", TemporaryName.UNIQUE);
            assertEquals("new", content());
        }
    }

    @Test
    void a_connection_that_is_dropped_in_the_rename_is_made_anew_to_see_what_was_done() throws IOException {
        Files.writeString(file(), "old");
        renamed = SftpIT::drop;
        Files.writeString(file(), "new");
        assertEquals("new", content());
        assertEquals(List.of("file"), names());
        renamed = NOTHING;
        renaming = SftpIT::drop;
        AtomicCommitException failed =
                assertThrows(AtomicCommitException.class, () -> Files.writeString(file(), "newer"));
        assertEquals(Outcome.NOT_COMMITTED, failed.outcome());
        assertEquals("new", content());
        assertEquals(List.of("file"), names());
    }
}
