package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * Finds an open file whose directory was renamed, or switched for another one, while it was written: its names are in
 * the old directory still, wherever that is now. Asked only when a name is not found where it was given.
 */
final class Elsewhere {
    private Elsewhere() {}

    /**
     * The directory where an open file of this process has a name now; null if it has none any more, or it is the one
     * of the name that was given to it, or that cannot be found out. Linux tells the current path of each open file,
     * proc(5).
     *
     * @param key of the file
     */
    static Path directoryOf(Delegate delegate, Path name, Object key) {
        if (!delegate.isUnix() || key == null) {
            return null;
        }
        Path descriptors = name.getFileSystem().getPath("/proc/self/fd");
        try (DirectoryStream<Path> open = Delegate.provider(descriptors).newDirectoryStream(descriptors, any -> true)) {
            for (Path descriptor : open) {
                Path directory = directoryIfOf(delegate, descriptor, key);
                if (directory != null) {
                    return isSame(delegate, directory, name.toAbsolutePath().getParent()) ? null : directory;
                }
            }
        } catch (IOException | DirectoryIteratorException none) {
            // another system
        }
        return null;
    }

    private static boolean isSame(Delegate delegate, Path one, Path other) throws IOException {
        BasicFileAttributes found = delegate.attributesIfExists(other);
        return found != null && delegate.attributes(one).fileKey().equals(found.fileKey());
    }

    private static Path directoryIfOf(Delegate delegate, Path descriptor, Object key) {
        try {
            BasicFileAttributes open =
                    Delegate.provider(descriptor).readAttributes(descriptor, BasicFileAttributes.class);
            if (!key.equals(open.fileKey())) {
                return null;
            }
            Path current = Delegate.provider(descriptor).readSymbolicLink(descriptor);
            boolean is = Objects.equals(key, delegate.attributes(current).fileKey());
            return is ? current.getParent() : null;
        } catch (IOException closedOrRemoved) {
            return null;
        }
    }
}
