/** Only a complete file takes its name: the {@code atomic:} file system provider. */
module org.atomicfs {
    requires static info.picocli;
    requires static java.management;

    exports org.atomicfs;

    opens org.atomicfs.cli to
            info.picocli;

    provides java.nio.file.spi.FileSystemProvider with
            org.atomicfs.AtomicFileSystemProvider;
}
