package org.atomicfs.providers;

import com.github.robtimus.filesystems.ftp.FTPEnvironment;
import com.github.robtimus.filesystems.ftp.FTPFileSystemProvider;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.apache.ftpserver.FtpServer;
import org.apache.ftpserver.FtpServerFactory;
import org.apache.ftpserver.listener.Listener;
import org.apache.ftpserver.listener.ListenerFactory;
import org.apache.ftpserver.usermanager.impl.BaseUser;
import org.apache.ftpserver.usermanager.impl.WritePermission;

/** FTP, to a server on the loopback address. */
final class FtpProviders {
    private FtpProviders() {}

    static List<TestedProvider> all() {
        return List.of(new Simple("ftp-fs", FtpProviders::robtimus));
    }

    private static Path robtimus() throws Exception {
        Path directory = Simple.temporaryDirectory("ftp");
        FtpServerFactory factory = new FtpServerFactory();
        ListenerFactory listeners = new ListenerFactory();
        listeners.setServerAddress("127.0.0.1");
        listeners.setPort(0);
        Listener listener = listeners.createListener();
        factory.addListener("default", listener);
        BaseUser user = new BaseUser();
        user.setName("user");
        user.setPassword("password");
        user.setHomeDirectory(directory.toString());
        user.setAuthorities(List.of(new WritePermission()));
        factory.getUserManager().save(user);
        FtpServer server = factory.createServer();
        server.start();
        Simple.held(server::stop);
        FTPEnvironment environment = new FTPEnvironment().withCredentials("user", "password".toCharArray());
        URI uri = URI.create("ftp://127.0.0.1:" + listener.getPort());
        return Simple.held(new FTPFileSystemProvider().newFileSystem(uri, environment))
                .getPath("/");
    }
}
