package org.atomicfs.commit;

import java.nio.file.spi.FileSystemProvider;
import java.util.Map;

/**
 * What is known of providers that others made: what they do with the options of a move cannot be tried without danger
 * to the file that is moved over. Known are the names of their classes, none of which has to be there; a class that
 * extends one of them, as a proxy does, is taken for it.
 */
final class KnownProviders {
    /** What the move of a provider does. */
    enum Moves {
        /** With ATOMIC_MOVE and REPLACE_EXISTING it replaces in one step; it may need both. */
        REPLACE_WITH_BOTH_OPTIONS(Way.RENAME),
        /** With ATOMIC_MOVE alone it replaces in one step, if it replaces at all. */
        ATOMIC_OR_REFUSED(Way.RENAME),
        /** It ignores ATOMIC_MOVE, and deletes first for REPLACE_EXISTING. */
        DELETE_FIRST(Way.RENAME_TO_NEW_NAME),
        /** It copies. */
        COPY(Way.UPLOAD);

        private final Way way;

        Moves(Way way) {
            this.way = way;
        }

        Way way() {
            return way;
        }
    }

    private static final Map<String, Moves> BY_CLASS = Map.ofEntries(
            Map.entry("com.google.common.jimfs.JimfsFileSystemProvider", Moves.REPLACE_WITH_BOTH_OPTIONS),
            Map.entry("com.google.common.jimfs.SystemJimfsFileSystemProvider", Moves.REPLACE_WITH_BOTH_OPTIONS),
            Map.entry(
                    "com.github.marschall.memoryfilesystem.MemoryFileSystemProvider", Moves.REPLACE_WITH_BOTH_OPTIONS),
            Map.entry("jdk.nio.zipfs.ZipFileSystemProvider", Moves.REPLACE_WITH_BOTH_OPTIONS),
            Map.entry("org.apache.sshd.sftp.client.fs.SftpFileSystemProvider", Moves.DELETE_FIRST),
            Map.entry("com.github.robtimus.filesystems.sftp.SFTPFileSystemProvider", Moves.DELETE_FIRST),
            Map.entry("com.github.robtimus.filesystems.ftp.FTPFileSystemProvider", Moves.DELETE_FIRST),
            Map.entry("com.google.cloud.storage.contrib.nio.CloudStorageFileSystemProvider", Moves.COPY),
            Map.entry("software.amazon.nio.spi.s3.S3FileSystemProvider", Moves.COPY),
            Map.entry("com.azure.storage.blob.nio.AzureFileSystemProvider", Moves.COPY));

    /** For providers of the same stores that are not in the table, and for those that decorate one which is. */
    private static final Map<String, Moves> BY_SCHEME = Map.ofEntries(
            Map.entry("jimfs", Moves.REPLACE_WITH_BOTH_OPTIONS),
            Map.entry("sftp", Moves.DELETE_FIRST),
            Map.entry("ftp", Moves.DELETE_FIRST),
            Map.entry("ftps", Moves.DELETE_FIRST),
            Map.entry("gs", Moves.COPY),
            Map.entry("s3", Moves.COPY),
            Map.entry("s3x", Moves.COPY),
            Map.entry("azb", Moves.COPY));

    private KnownProviders() {}

    /** What the move of a provider does. One that is not known is asked for ATOMIC_MOVE alone. */
    static Moves movesOf(FileSystemProvider provider) {
        for (Class<?> type = provider.getClass(); type != null; type = type.getSuperclass()) {
            Moves known = BY_CLASS.get(type.getName());
            if (known != null) {
                return known;
            }
        }
        return BY_SCHEME.getOrDefault(provider.getScheme(), Moves.ATOMIC_OR_REFUSED);
    }
}
