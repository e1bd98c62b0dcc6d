package org.atomicfs.providers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.server.shell.InvertedShellWrapper;
import org.apache.sshd.server.shell.ProcessShell;
import org.apache.sshd.server.subsystem.SubsystemFactory;
import org.apache.sshd.sftp.SftpModuleProperties;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/**
 * A server of SFTP on the loopback address, which takes any password.
 *
 * @param server the server itself
 * @param directory the directory of the files, as the server calls it
 * @param real the same directory, on this machine
 */
record SftpServers(SshServer server, String directory, Path real) {
    private static final Path OPEN_SSH = Path.of("/usr/lib/openssh/sftp-server");

    int port() {
        return server.getPort();
    }

    static SftpServers withPosixRename() throws IOException {
        return start(new SftpSubsystemFactory(), Simple.temporaryDirectory("sftp"));
    }

    static SftpServers withoutPosixRename() throws IOException {
        SftpServers started = withPosixRename();
        SftpModuleProperties.OPENSSH_EXTENSIONS.set(started.server, "fsync@openssh.com=1");
        return started;
    }

    /** A server of MINA SSHD with this subsystem, over a directory of this machine. */
    static SftpServers start(SubsystemFactory subsystem, Path directory) throws IOException {
        SshServer server = SshServer.setUpDefaultServer();
        server.setFileSystemFactory(new VirtualFileSystemFactory(directory));
        start(server, subsystem);
        return new SftpServers(server, "/", directory);
    }

    /** OpenSSH's server of files, behind MINA's of connections; null if it is not installed. */
    static SftpServers openSsh() throws IOException {
        if (!Files.isExecutable(OPEN_SSH)) {
            return null;
        }
        Path directory = Simple.temporaryDirectory("openssh");
        SshServer server = SshServer.setUpDefaultServer();
        start(server, new OpenSshSubsystem());
        return new SftpServers(server, directory.toString(), directory);
    }

    private static void start(SshServer server, SubsystemFactory subsystem) throws IOException {
        server.setHost("127.0.0.1");
        server.setPort(0);
        server.setKeyPairProvider(new SimpleGeneratorHostKeyProvider());
        server.setPasswordAuthenticator((user, password, session) -> true);
        server.setSubsystemFactories(List.of(subsystem));
        server.start();
        Simple.held(() -> server.stop(true));
    }

    private static final class OpenSshSubsystem implements SubsystemFactory {
        @Override
        public String getName() {
            return "sftp";
        }

        @Override
        public Command createSubsystem(ChannelSession channel) {
            return new InvertedShellWrapper(new ProcessShell(OPEN_SSH.toString()));
        }
    }
}
