package programs;

import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import java.util.Set;

/** A default provider of somebody else, which only counts how often it is asked for its file system. */
public final class Passing extends FileSystemProvider {
    private final FileSystemProvider plain;

    public Passing(FileSystemProvider plain) {
        this.plain = plain;
    }

    @Override
    public String getScheme() {
        return plain.getScheme();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        System.setProperty("programs.passing", "asked");
        return plain.getFileSystem(uri);
    }

    @Override
    public Path getPath(URI uri) {
        return plain.getPath(uri);
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
        throw notThisOne();
    }

    @Override
    public SeekableByteChannel newByteChannel(Path path, Set<? extends OpenOption> how, FileAttribute<?>... attrs) {
        throw notThisOne();
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path dir, DirectoryStream.Filter<? super Path> filter) {
        throw notThisOne();
    }

    @Override
    public void createDirectory(Path dir, FileAttribute<?>... attrs) {
        throw notThisOne();
    }

    @Override
    public void delete(Path path) {
        throw notThisOne();
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw notThisOne();
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) {
        throw notThisOne();
    }

    @Override
    public boolean isSameFile(Path path, Path other) {
        throw notThisOne();
    }

    @Override
    public boolean isHidden(Path path) {
        throw notThisOne();
    }

    @Override
    public FileStore getFileStore(Path path) {
        throw notThisOne();
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) {
        throw notThisOne();
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        throw notThisOne();
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options) {
        throw notThisOne();
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
        throw notThisOne();
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
        throw notThisOne();
    }

    /** The file system that it returns is the plain one, whose paths know the plain provider. */
    private static AssertionError notThisOne() {
        return new AssertionError("no path of this provider exists");
    }
}
