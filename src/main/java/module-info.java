/** Only a complete file takes its name: the {@code atomic:} file system provider. */
module org.atomicfs {
    requires static java.management;

    exports org.atomicfs;

    provides java.nio.file.spi.FileSystemProvider with
            org.atomicfs.AtomicFileSystemProvider;
}
