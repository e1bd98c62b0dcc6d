package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.nio.file.FileSystem;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.spi.FileSystemProvider;
import java.util.HashSet;
import java.util.Set;

/**
 * Renames on a server over Apache MINA SSHD's SFTP file system. Its own move deletes the target first; the protocol's
 * rename does not replace. OpenSSH's servers, and many others, offer one that replaces in one step as an extension,
 * {@code posix-rename@openssh.com}.
 *
 * <p>By reflection, through the classes of the file system itself: it may have another class loader than this library.
 */
final class SftpServer implements ServerRename {
    /** The class of the provider. */
    static final String PROVIDER = "org.apache.sshd.sftp.client.fs.SftpFileSystemProvider";

    private static final String FILE_SYSTEM = "org.apache.sshd.sftp.client.fs.SftpFileSystem";
    private static final String CLIENT = "org.apache.sshd.sftp.client.SftpClient";
    private static final String EXTENSION =
            "org.apache.sshd.sftp.client.extensions.openssh.OpenSSHPosixRenameExtension";

    private final Reference<FileSystem> fileSystem; // weak: what is known of a file system must not keep it
    private final Method getClient;
    private final Method getExtension;
    private final Method isSupported;
    private final Method rename;
    private final Class<?> extension;

    private SftpServer(FileSystem fileSystem) throws ReflectiveOperationException {
        this.fileSystem = new WeakReference<>(fileSystem);
        ClassLoader loader = fileSystem.getClass().getClassLoader();
        extension = Class.forName(EXTENSION, true, loader);
        getClient = Class.forName(FILE_SYSTEM, true, loader).getMethod("getClient");
        getExtension = Class.forName(CLIENT, true, loader).getMethod("getExtension", Class.class);
        isSupported = extension.getMethod("isSupported");
        rename = extension.getMethod("posixRename", String.class, String.class);
    }

    /** Whether a provider is that of Apache MINA SSHD. */
    static boolean isReachedBy(FileSystemProvider provider) {
        for (Class<?> type = provider.getClass(); type != null; type = type.getSuperclass()) {
            if (type.getName().equals(PROVIDER)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The options of an open, as servers want them. OpenSSH's takes an append for a write only if it is told so; the
     * provider tells it what it is told itself.
     */
    static Set<OpenOption> complete(Set<OpenOption> options) {
        Set<OpenOption> completed = new HashSet<>(options);
        completed.add(StandardOpenOption.WRITE);
        return completed;
    }

    /** The server behind a file system of that provider; null if its version of the library does not know how. */
    static SftpServer of(FileSystem fileSystem) {
        try {
            return new SftpServer(fileSystem);
        } catch (ReflectiveOperationException | LinkageError otherVersion) {
            return null;
        }
    }

    /** Whether the server replaces in one step. */
    @Override
    public boolean replaces() throws IOException {
        try (Closeable client = (Closeable) ServerRename.call(getClient, ServerRename.present(fileSystem))) {
            Object found = ServerRename.call(getExtension, client, extension);
            return found != null && (Boolean) ServerRename.call(isSupported, found);
        }
    }

    /** Renames in one step, over whatever is there. Only on a server that {@link #replaces}. */
    @Override
    public void rename(Path source, Path target) throws IOException {
        try (Closeable client = (Closeable) ServerRename.call(getClient, source.getFileSystem())) {
            Object found = ServerRename.call(getExtension, client, extension);
            ServerRename.call(
                    rename,
                    found,
                    source.toAbsolutePath().toString(),
                    target.toAbsolutePath().toString());
        }
    }
}
