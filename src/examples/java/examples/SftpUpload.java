package examples;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.atomicfs.AtomicFiles;

/**
 * An upload by SFTP: a program that collects files at the receiver never finds half of one. Needs a provider of the
 * scheme {@code sftp}, here Apache MINA SSHD ({@code org.apache.sshd:sshd-sftp}).
 */
public final class SftpUpload {
    private SftpUpload() {}

    /**
     * @param args the server ({@code sftp://user:password@host:22/}), a file of this machine, its name at the server
     */
    public static void main(String[] args) throws IOException {
        try (FileSystem server = FileSystems.newFileSystem(URI.create(args[0]), Map.of())) {
            Path target = AtomicFiles.atomic(server.getPath(args[2]));
            Files.copy(Path.of(args[1]), target, REPLACE_EXISTING);
        }
    }
}
