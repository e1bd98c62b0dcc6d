package org.atomicfs.commit;

import java.nio.file.spi.FileSystemProvider;
import java.util.Map;

/**
 * What is known of providers that others made, where it cannot be tried without danger to a file. Known are the names
 * of their classes, none of which has to be there; a class that extends one of them, as a proxy does, is taken for it.
 */
final class KnownProviders {
    /** What the move of a provider does. */
    enum Moves {
        /** With ATOMIC_MOVE and REPLACE_EXISTING it replaces in one step; it may need both. */
        REPLACE_WITH_BOTH_OPTIONS(Way.RENAME),
        /** With ATOMIC_MOVE alone it replaces in one step, if it replaces at all. */
        ATOMIC_OR_REFUSED(Way.RENAME),
        /** As {@link #ATOMIC_OR_REFUSED}; whether it replaces depends on the server, and it does not say so. */
        AS_THE_SERVER(Way.RENAME),
        /** It ignores ATOMIC_MOVE, and deletes first for REPLACE_EXISTING. */
        DELETE_FIRST(Way.RENAME_TO_NEW_NAME),
        /** It copies. */
        COPY(Way.UPLOAD);

        private final Way way;

        Moves(Way way) {
            this.way = way;
        }

        /** How a file is published, as far as the provider's own methods go. */
        Way way() {
            return way;
        }
    }

    /**
     * One provider.
     *
     * @param moves what its move does
     * @param rewrites whether a file that is opened for writing loses its content although that is not asked for, at
     *     once or when it is closed
     */
    record Known(Moves moves, boolean rewrites) {
        boolean isInTable() {
            return this != UNKNOWN;
        }
    }

    private static final Known IN_MEMORY = new Known(Moves.REPLACE_WITH_BOTH_OPTIONS, false);
    private static final Known OBJECT_STORE = new Known(Moves.COPY, true);
    private static final Known UNKNOWN = new Known(Moves.ATOMIC_OR_REFUSED, false);
    private static final Known UNKNOWN_REMOTE = new Known(Moves.DELETE_FIRST, true);

    private static final Map<String, Known> BY_CLASS = Map.ofEntries(
            Map.entry("com.google.common.jimfs.JimfsFileSystemProvider", IN_MEMORY),
            Map.entry("com.google.common.jimfs.SystemJimfsFileSystemProvider", IN_MEMORY),
            Map.entry("com.github.marschall.memoryfilesystem.MemoryFileSystemProvider", IN_MEMORY),
            Map.entry(
                    "com.github.robtimus.filesystems.memory.MemoryFileSystemProvider",
                    new Known(Moves.REPLACE_WITH_BOTH_OPTIONS, true)),
            Map.entry("jdk.nio.zipfs.ZipFileSystemProvider", new Known(Moves.REPLACE_WITH_BOTH_OPTIONS, true)),
            Map.entry(
                    "org.cryptomator.cryptofs.CryptoFileSystemProvider", // several channels do not see each other's
                    // writes
                    new Known(Moves.REPLACE_WITH_BOTH_OPTIONS, true)),
            Map.entry(HdfsCluster.PROVIDER, new Known(Moves.DELETE_FIRST, true)),
            Map.entry(SftpServer.PROVIDER, new Known(Moves.DELETE_FIRST, false)),
            // by posix-rename@openssh.com where the server has it
            Map.entry(
                    "com.github.robtimus.filesystems.sftp.SFTPFileSystemProvider",
                    new Known(Moves.AS_THE_SERVER, true)),
            // what a server does for RNTO is its own affair (RFC 959)
            Map.entry("com.github.robtimus.filesystems.ftp.FTPFileSystemProvider", new Known(Moves.DELETE_FIRST, true)),
            Map.entry("com.google.cloud.storage.contrib.nio.CloudStorageFileSystemProvider", OBJECT_STORE),
            Map.entry("software.amazon.nio.spi.s3.S3FileSystemProvider", OBJECT_STORE),
            Map.entry("com.azure.storage.blob.nio.AzureFileSystemProvider", OBJECT_STORE));

    /** For other providers of such files, and for those that decorate one which is in the table. */
    private static final Map<String, Known> BY_SCHEME = Map.ofEntries(
            Map.entry("jimfs", IN_MEMORY),
            Map.entry("sftp", UNKNOWN_REMOTE),
            Map.entry("ftp", UNKNOWN_REMOTE),
            Map.entry("ftps", UNKNOWN_REMOTE),
            Map.entry("gs", OBJECT_STORE),
            Map.entry("s3", OBJECT_STORE),
            Map.entry("s3x", OBJECT_STORE),
            Map.entry("azb", OBJECT_STORE));

    private KnownProviders() {}

    /** Whether its files may be on another machine. */
    static boolean isRemote(FileSystemProvider provider) {
        Moves moves = of(provider).moves();
        return moves != Moves.REPLACE_WITH_BOTH_OPTIONS && moves != Moves.ATOMIC_OR_REFUSED;
    }

    /** What is known of a provider. */
    static Known of(FileSystemProvider provider) {
        for (Class<?> type = provider.getClass(); type != null; type = type.getSuperclass()) {
            Known known = BY_CLASS.get(type.getName());
            if (known != null) {
                return known;
            }
        }
        return BY_SCHEME.getOrDefault(provider.getScheme(), UNKNOWN);
    }
}
