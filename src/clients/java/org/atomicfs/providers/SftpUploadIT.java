package org.atomicfs.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import examples.SftpUpload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example that uploads by SFTP, to MINA's server. */
class SftpUploadIT {
    private static final int SIZE = 300_000; // several packets

    private final List<String> seen = new ArrayList<>(); // at each packet: what the file is in that is collected
    private boolean full;
    private SftpServers server;

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws IOException {
        SftpSubsystemFactory factory = new SftpSubsystemFactory();
        factory.addSftpEventListener(new SftpEventListener() {
            @Override
            public void writing(
                    ServerSession session, String handle, FileHandle file, long offset, byte[] data, int at, int length)
                    throws IOException {
                seen.add(Files.readString(collected()));
                if (full && offset > 0) {
                    throw new IOException("No space left on device");
                }
            }
        });
        server = SftpServers.start(factory, Files.createDirectory(directory.resolve("server")));
        Files.writeString(collected(), "old");
    }

    @AfterEach
    void stop() throws IOException {
        server.server().stop(true);
    }

    private Path collected() {
        return directory.resolve("server").resolve("collected");
    }

    private void upload() throws IOException {
        Path file = Files.write(directory.resolve("file"), new byte[SIZE]);
        SftpUpload.main(
                new String[] {"sftp://user:password@127.0.0.1:" + server.port() + "/", file.toString(), "/collected"});
    }

    private void assertSeen() {
        assertEquals(List.of("old"), seen.stream().distinct().toList());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("server"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void the_receiver_never_sees_half_of_it() throws IOException {
        upload();
        assertSeen();
        assertEquals(SIZE, Files.size(collected()));
        assertEquals(List.of("collected"), names());
    }

    @Test
    void an_upload_that_fails_leaves_the_old_file() throws IOException {
        full = true;
        assertThrows(IOException.class, this::upload);
        assertSeen();
        assertEquals("old", Files.readString(collected()));
        assertEquals(List.of("collected"), names());
    }
}
