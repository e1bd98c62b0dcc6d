package org.atomicfs.commit;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** A directory with all that is below it. Links are never followed. */
final class Tree {
    private static final Set<PosixFilePermission> OF_OWNER = PosixFilePermissions.fromString("rwx------");
    private static final String ARCHIVES = "jar"; // the scheme of the JDK's provider for zip files

    private Tree() {}

    /** Refuses a place to which no directory can be moved with all that is below it. */
    static void requireMovable(Path place) throws FileSystemException {
        if (place.toAbsolutePath().getFileName() == null) {
            throw new FileSystemException(place.toString(), null, TransactionMessages.ROOT);
        }
        if (Delegate.provider(place).getScheme().equals(ARCHIVES)) { // its move leaves behind what is below it
            throw new FileSystemException(place.toString(), null, TransactionMessages.IN_ARCHIVE);
        }
    }

    /** What is done with one entry of a directory. */
    @FunctionalInterface
    private interface Visitor {
        void visit(Path entry, BasicFileAttributes found) throws IOException;
    }

    /** Not the JDK's own walk, which leaves a directory open when its first reading fails. */
    private static void forEachEntry(Path directory, Visitor visitor) throws IOException {
        Delegate delegate = Delegate.of(directory);
        try (DirectoryStream<Path> entries =
                Delegate.provider(directory).newDirectoryStream(directory, entry -> true)) {
            for (Path entry : entries) {
                BasicFileAttributes found = delegate.attributesIfExists(entry);
                if (found != null) { // another thread may have removed it
                    visitor.visit(entry, found);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** Forces all files and directories, bottom up; to be awaited. */
    static void force(Path top, Forces forces) throws IOException {
        Delegate delegate = Delegate.of(top);
        forEachEntry(top, (entry, found) -> {
            if (found.isDirectory()) {
                force(entry, forces);
            } else if (found.isRegularFile()) {
                forces.submit(() -> forceFile(entry));
            }
        });
        forces.submit(() -> delegate.forceDirectory(top));
    }

    private static void forceFile(Path file) throws IOException {
        try {
            force(file, StandardOpenOption.READ);
        } catch (AccessDeniedException unreadable) {
            force(file, StandardOpenOption.WRITE);
        }
    }

    private static void force(Path file, StandardOpenOption how) throws IOException {
        try (FileChannel channel =
                Delegate.provider(file).newFileChannel(file, Set.of(how, LinkOption.NOFOLLOW_LINKS))) {
            channel.force(true);
        } catch (UnsupportedOperationException e) {
            throw SystemErrors.explained(file.toString(), null, TransactionMessages.NOT_FORCED, e);
        }
    }

    /** Removes everything; does nothing if it is not there. */
    static void delete(Path top) throws IOException {
        BasicFileAttributes found = Delegate.of(top).attributesIfExists(top);
        if (found != null) {
            delete(top, found);
        }
    }

    private static void delete(Path file, BasicFileAttributes found) throws IOException {
        if (found.isDirectory()) {
            makeWritable(file, found);
            try {
                forEachEntry(file, Tree::delete);
            } catch (NoSuchFileException gone) {
                // another thread has removed it
            }
        }
        Delegate.provider(file).deleteIfExists(file);
    }

    /** What its owner made read-only is deleted as well, since it is not wanted any more. */
    private static void makeWritable(Path directory, BasicFileAttributes found) {
        if (!(found instanceof PosixFileAttributes posix) || posix.permissions().containsAll(OF_OWNER)) {
            return;
        }
        Set<PosixFilePermission> wider = EnumSet.copyOf(OF_OWNER);
        wider.addAll(posix.permissions());
        try {
            Delegate.provider(directory).setAttribute(directory, "posix:permissions", wider, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException | RuntimeException e) {
            Registry.logger().log(Level.DEBUG, directory.toString(), e); // deleting what is in it will tell
        }
    }
}
