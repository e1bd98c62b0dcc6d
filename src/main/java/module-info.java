/** Only a complete file takes its name: the {@code atomic:} file system provider. */
module org.atomicfs {
    requires static java.management;
    requires static jdk.jfr;

    exports org.atomicfs;

    uses org.atomicfs.AtomicListener;

    provides java.nio.file.spi.FileSystemProvider with
            org.atomicfs.AtomicFileSystemProvider;
}
