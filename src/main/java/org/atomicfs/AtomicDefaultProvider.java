package org.atomicfs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
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
import java.util.concurrent.ExecutorService;
import org.atomicfs.view.AtomicFileSystem;
import org.atomicfs.view.AtomicPath;
import org.atomicfs.view.Selection;

/**
 * Lets a whole program write its files atomically without a change of its code, as the JVM's default file system
 * provider. What is written by {@code java.io} ({@code FileOutputStream}, {@code RandomAccessFile}, {@code FileWriter})
 * does not come this way, and stays as it is.
 *
 * <pre>
 * java -Xbootclasspath/a:atomicfs.jar -Djava.nio.file.spi.DefaultFileSystemProvider=org.atomicfs.AtomicDefaultProvider …
 * </pre>
 *
 * <p>The jar may also be on the class path or the module path. On the boot class path it works with {@code java -jar},
 * too, and with archives of shared classes (AppCDS).
 *
 * <h2>What is atomic</h2>
 *
 * <p>Opens that give a file new content and only write ({@code CREATE_NEW}, or {@code TRUNCATE_EXISTING} as streams do
 * by default), {@link java.nio.file.Files#copy copies} and {@link java.nio.file.Files#move moves}. In place, as by the
 * plain provider: what is opened for reading too, appends, keeps the old content, or is opened with
 * {@code DELETE_ON_CLOSE}, {@code SYNC} or {@code DSYNC}; lock files ({@code *.lck}, {@code *.lock}).
 *
 * <p>A file that the program forces or locks before it closes it is meant to be found by others from then on: a log, a
 * journal, a lock. It is published at that moment, and written in place afterwards. So is one that this JVM changes by
 * its path while it is open: sets its attributes, deletes, moves or links it, appends to it or updates it.
 *
 * <p>Where an atomic write is refused, the program goes on as without this provider: the file is opened in place if no
 * temporary can be created beside it, or the JVM is shutting down. A temporary gets a name of its own
 * ({@link TemporaryName#UNIQUE}) if another file or another write has its name, so of two that write a file at once the
 * last one wins; {@code CREATE_NEW} still lets only one of them begin.
 *
 * <table class="striped">
 *   <caption>System properties, besides those of {@link AtomicOptions}</caption>
 *   <thead><tr><th>property</th><th>meaning</th></tr></thead>
 *   <tbody>
 *     <tr><td>{@code org.atomicfs.include}</td>
 *         <td>the files that are written atomically; by default all but those below {@code /proc}, {@code /sys},
 *         {@code /dev} and {@code java.io.tmpdir}, which have to be included to be written atomically</td></tr>
 *     <tr><td>{@code org.atomicfs.exclude}</td>
 *         <td>files that are not, even if they are included</td></tr>
 *     <tr><td>{@code org.atomicfs.default}</td>
 *         <td>{@code on}; {@code off}: the program runs as without this provider; {@code report}: nothing is atomic, and
 *         the log ({@code org.atomicfs}, level INFO) tells what would be, once for each place in the
 *         program</td></tr>
 *   </tbody>
 * </table>
 *
 * <p>{@code include} and {@code exclude} are patterns as {@link FileSystem#getPathMatcher} has them ({@code glob:} may
 * be left out), several with {@code ;} between them, or {@code @FILE} for a file with one in each line ({@code #}
 * begins a comment). They are compared with the absolute, normalized path, so a glob begins with {@code /} or
 * {@code **}, and {@code /data/**} stands for all files in a directory; links are not followed. If a property is not
 * valid, a pattern can match no file, or {@code include} holds no pattern, the JVM does not start, and says why.
 *
 * <h2>What is not</h2>
 *
 * <ul>
 *   <li>What is not closed, forced or locked when the JVM begins to shut down is discarded, also if a shutdown hook of
 *       the program would close it. Exclude files that are written in this way, as logs are.
 *   <li>What is closed because of an exception is discarded: exclude logs and reports that are to tell of it.
 *   <li>A file is not seen by its path (whether it exists, its size, its content) until it is closed.
 *   <li>What another program, or {@code java.io}, writes to a file while it is open here is replaced when it is closed;
 *       a warning in the log ({@code org.atomicfs}) names the file.
 *   <li>What appends to a file, or has it open in place otherwise, goes on in the old file when the program writes the
 *       same path anew, even to empty it: exclude logs that are emptied while they are written.
 *   <li>A directory in which a file is open that is not seen yet cannot be deleted, although it seems empty, and must
 *       not be renamed by {@code java.io}, or by another path that leads to it: closing the file throws then.
 *   <li>A file that cannot be renamed over, as one that is mounted itself in a container, or another user's in a
 *       directory like {@code /tmp}, keeps its old content, and closing throws: exclude it.
 *   <li>A watch service sees temporaries, and {@code ENTRY_CREATE} for a file that is replaced, never
 *       {@code ENTRY_MODIFY}.
 *   <li>The JDK opens UNIX domain sockets by its own provider's paths alone, and refuses those of this one. So does
 *       {@link java.nio.file.Files#probeContentType} on Java 17, by an {@code Error}; newer ones find content types.
 *   <li>With a security manager all code of the program needs {@code AllPermission}: what is checked while a file is
 *       written ({@code modifyThreadGroup}, {@code accessUserInformation} and more) is checked for its callers, too.
 *   <li>The JVM starts more slowly: a program that does nothing takes about 1.3 times the processor time on Java 17,
 *       and 1.05 times on Java 25; most of that is the JDK's own, for {@code -Xbootclasspath/a}.
 * </ul>
 *
 * <p>All methods are as those of the plain provider. Safe for use by several threads.
 */
public final class AtomicDefaultProvider extends FileSystemProvider {
    static final String INCLUDE = "org.atomicfs.include";
    static final String EXCLUDE = "org.atomicfs.exclude";
    static final String MODE = "org.atomicfs.default";

    private static final int WRONG_USAGE = 2; // exit status

    private final FileSystemProvider plain;
    private final AtomicFileSystemProvider atomic = new AtomicFileSystemProvider();
    private final FileSystem fileSystem;

    /**
     * Called by the JVM, which does not allow the default file system to be used meanwhile.
     *
     * @param plain the provider in whose place this one is put
     */
    public AtomicDefaultProvider(FileSystemProvider plain) {
        this.plain = plain;
        FileSystem wrapped = plain.getFileSystem(URI.create("file:///"));
        FileSystem made = wrapped;
        try {
            Selection selection = selection(wrapped);
            if (selection != null) {
                made = AtomicFileSystem.standIn(this, wrapped, AtomicOptions.defaults(), selection);
            }
        } catch (IllegalArgumentException e) {
            refuseToStart(e);
        }
        fileSystem = made;
    }

    /** What is atomic; null if the plain file system is to stay the default one. */
    private static Selection selection(FileSystem plain) {
        String mode = System.getProperty(MODE, "on");
        if (mode.equalsIgnoreCase("off")) {
            return null;
        }
        Selection selection = new DefaultSelection(plain, System.getProperty(INCLUDE), System.getProperty(EXCLUDE));
        if (mode.equalsIgnoreCase("on")) {
            return selection;
        }
        if (mode.equalsIgnoreCase("report")) {
            return new SelectionReport(selection);
        }
        throw new IllegalArgumentException("-D%s: '%s' is none of on, off, report".formatted(MODE, mode));
    }

    /** An exception would reach the user as an error of the JVM's own start, without a message. */
    private static void refuseToStart(IllegalArgumentException e) {
        System.err.println("atomicfs: " + e.getMessage());
        System.err.println("atomicfs: the JVM does not start; -D" + MODE + "=off starts it without atomicfs");
        System.err.flush();
        Runtime.getRuntime().halt(WRONG_USAGE);
    }

    @Override
    public String getScheme() {
        return plain.getScheme();
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) throws IOException {
        return plain.newFileSystem(uri, env);
    }

    @Override
    public FileSystem newFileSystem(Path path, Map<String, ?> env) throws IOException {
        return plain.newFileSystem(AtomicPath.unwrap(path), env);
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        plain.getFileSystem(uri); // refuses what is not valid
        return fileSystem;
    }

    @Override
    public Path getPath(URI uri) {
        Path path = plain.getPath(uri); // made by the default file system, which is this one, unless it is still to be
        return path instanceof AtomicPath || !(fileSystem instanceof AtomicFileSystem standIn)
                ? path
                : standIn.wrap(path);
    }

    @Override
    public InputStream newInputStream(Path path, OpenOption... options) throws IOException {
        return atomic.newInputStream(path, options);
    }

    @Override
    public OutputStream newOutputStream(Path path, OpenOption... options) throws IOException {
        return atomic.newOutputStream(path, options);
    }

    @Override
    public SeekableByteChannel newByteChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attrs)
            throws IOException {
        return atomic.newByteChannel(path, options, attrs);
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attrs)
            throws IOException {
        return atomic.newFileChannel(path, options, attrs);
    }

    @Override
    public AsynchronousFileChannel newAsynchronousFileChannel(
            Path path, Set<? extends OpenOption> options, ExecutorService executor, FileAttribute<?>... attrs)
            throws IOException {
        return atomic.newAsynchronousFileChannel(path, options, executor, attrs);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path dir, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        return atomic.newDirectoryStream(dir, filter);
    }

    @Override
    public void createDirectory(Path dir, FileAttribute<?>... attrs) throws IOException {
        atomic.createDirectory(dir, attrs);
    }

    @Override
    public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attrs) throws IOException {
        atomic.createSymbolicLink(link, target, attrs);
    }

    @Override
    public void createLink(Path link, Path existing) throws IOException {
        atomic.createLink(link, existing);
    }

    @Override
    public void delete(Path path) throws IOException {
        atomic.delete(path);
    }

    @Override
    public boolean deleteIfExists(Path path) throws IOException {
        return atomic.deleteIfExists(path);
    }

    @Override
    public Path readSymbolicLink(Path link) throws IOException {
        return atomic.readSymbolicLink(link);
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
        atomic.copy(source, target, options);
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        atomic.move(source, target, options);
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
        return atomic.isSameFile(path, other);
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
        return atomic.isHidden(path);
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        return atomic.getFileStore(path);
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        atomic.checkAccess(path, modes);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        return atomic.getFileAttributeView(path, type, options);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        return atomic.readAttributes(path, type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        return atomic.readAttributes(path, attributes, options);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
        atomic.setAttribute(path, attribute, value, options);
    }

    /**
     * As the wrapped provider's; a method of {@code FileSystemProvider} since Java 20.
     *
     * @param path a path of the default file system
     * @param options whether links are followed
     * @return whether the file exists
     */
    // no @Override: not there in Java 17
    public boolean exists(Path path, LinkOption... options) {
        return atomic.exists(path, options);
    }

    /**
     * As the wrapped provider's; a method of {@code FileSystemProvider} since Java 20.
     *
     * @param <A> the type of attributes
     * @param path a path of the default file system
     * @param type the class of attributes
     * @param options whether links are followed
     * @return the attributes, or null when there is no such file
     * @throws IOException if they cannot be read
     */
    // no @Override: not there in Java 17
    public <A extends BasicFileAttributes> A readAttributesIfExists(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        return atomic.readAttributesIfExists(path, type, options);
    }
}
