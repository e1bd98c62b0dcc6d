package org.atomicfs;

import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.atomicfs.commit.OpenWrites;
import org.atomicfs.view.AtomicFileSystem;
import org.atomicfs.view.AtomicPath;
import org.atomicfs.view.Opens;

/**
 * Entry points that need no URI and no service lookup. {@code Path.of(URI)} sees only providers on the system class
 * path or in the boot layer, so not in a servlet container, an OSGi bundle or a Spring Boot fat jar; these methods work
 * everywhere, and give the same paths of the same provider.
 *
 * <p>All methods may be called by any thread.
 */
public final class AtomicFiles {
    private AtomicFiles() {}

    /**
     * The path through which the same file is written atomically.
     *
     * @param path a path of any provider; one that is atomic already is returned as it is
     * @return an {@code atomic:} path
     * @throws IllegalArgumentException if a system property of {@link AtomicOptions} is not valid
     */
    public static Path atomic(Path path) {
        return path instanceof AtomicPath
                ? path
                : AtomicFileSystemProvider.fileSystems()
                        .get(path.getFileSystem())
                        .wrap(path);
    }

    /**
     * The path of the wrapped file system, by which the same file is written as it always was.
     *
     * @param path any path; one that is not atomic is returned as it is
     * @return the plain path
     */
    public static Path plain(Path path) {
        return Objects.requireNonNull(path) instanceof AtomicPath atomic ? atomic.plain() : path;
    }

    /**
     * Makes a file system over another one, with options of its own. It is known only to the caller:
     * {@link java.nio.file.FileSystems#newFileSystem(java.net.URI, java.util.Map)} makes one that URIs lead to.
     *
     * <p>Closing it aborts its open writes and closes the wrapped file system, unless that is the default one.
     *
     * @param plain the file system to wrap
     * @param options how files are written
     * @return an atomic file system
     * @throws IllegalArgumentException if the file system is atomic already
     */
    public static FileSystem wrap(FileSystem plain, AtomicOptions options) {
        if (Objects.requireNonNull(plain) instanceof AtomicFileSystem) {
            throw new IllegalArgumentException("Atomic already, wrap what it wraps: " + plain);
        }
        return AtomicFileSystemProvider.fileSystems().unregistered(plain, Objects.requireNonNull(options));
    }

    /**
     * All writes of this JVM that have not ended, oldest first.
     *
     * @return a snapshot
     */
    public static List<AtomicWrite> pending() {
        return OpenWrites.list().stream().map(Opens::handle).toList();
    }

    /**
     * The write of a file that has not ended: the handle of a stream that is buried in a library. Where there are
     * several ({@link TemporaryName#UNIQUE}) it is the one that was opened last.
     *
     * @param path the destination, atomic or plain; named as it was for the open, or as the target of the link that was
     *     opened
     * @return the write, or empty if there is none
     */
    public static Optional<AtomicWrite> pending(Path path) {
        Path wanted = normal(plain(path));
        return OpenWrites.list().stream()
                .filter(write -> normal(write.requested()).equals(wanted)
                        || normal(write.destination()).equals(wanted))
                .reduce((older, newer) -> newer)
                .<AtomicWrite>map(Opens::handle);
    }

    private static Path normal(Path path) {
        return path.toAbsolutePath().normalize();
    }
}
