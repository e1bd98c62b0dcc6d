package org.atomicfs.providers;

import com.github.robtimus.filesystems.sftp.SFTPEnvironment;
import com.github.robtimus.filesystems.sftp.SFTPFileSystemProvider;
import com.github.robtimus.filesystems.sftp.SimpleUserInfo;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.sftp.client.fs.SftpFileSystemProvider;

/** SFTP, to servers on the loopback address. */
final class SftpProviders {
    private SftpProviders() {}

    static List<TestedProvider> all() {
        return List.of(
                new Simple("MINA SSHD, server with posix-rename", () -> mina(SftpServers.withPosixRename())),
                new Simple("MINA SSHD, server without", () -> mina(SftpServers.withoutPosixRename())),
                new Simple("MINA SSHD, OpenSSH's server", () -> mina(SftpServers.openSsh())),
                new Simple("sftp-fs, server with posix-rename", () -> robtimus(SftpServers.withPosixRename())),
                new Simple("sftp-fs, server without", () -> robtimus(SftpServers.withoutPosixRename())),
                new Simple("sftp-fs, OpenSSH's server", () -> robtimus(SftpServers.openSsh())));
    }

    static Path mina(SftpServers server) throws IOException {
        return mina(server, SftpFileSystemProvider::new);
    }

    static Path mina(SftpServers server, Function<SshClient, SftpFileSystemProvider> provider) throws IOException {
        if (server == null) {
            return null;
        }
        SshClient client = SshClient.setUpDefaultClient();
        client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
        client.start();
        Simple.held(client::stop);
        URI uri = URI.create("sftp://user:password@127.0.0.1:" + server.port() + "/");
        return Simple.held(provider.apply(client).newFileSystem(uri, Map.of())).getPath(server.directory());
    }

    private static Path robtimus(SftpServers server) throws IOException {
        if (server == null) {
            return null;
        }
        SFTPEnvironment environment = new SFTPEnvironment()
                .withUsername("user")
                .withUserInfo(new SimpleUserInfo("password".toCharArray()))
                .withConfig("StrictHostKeyChecking", "no");
        URI uri = URI.create("sftp://127.0.0.1:" + server.port());
        return Simple.held(new SFTPFileSystemProvider().newFileSystem(uri, environment))
                .getPath(server.directory());
    }
}
