package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;

/**
 * The object that an open is about, in a store where the {@linkplain Way#UPLOAD way} is an upload. It is never opened
 * for writing to learn something: closing what was opened would replace it.
 */
public final class StoredObject {
    /** Of the providers that are known, this one copies within the store, in one step, and also the attributes. */
    private static final String COPIES_AT_ONCE = "com.google.cloud.storage.contrib.nio.CloudStorageFileSystemProvider";

    private StoredObject() {}

    /** Whether a path leads to an object store. */
    public static boolean is(Path path) {
        return Delegate.of(path).isStore();
    }

    /**
     * Looks for the destination of an open. A store has no directories that could be missing, and no links.
     *
     * @throws UnsupportedOperationException for what cannot be done in a store
     */
    static Destination find(Path path, OpenRequest request, FileAttribute<?>... attributes) throws IOException {
        if (request.deletesOnClose()) {
            throw new UnsupportedOperationException(StoreMessages.noDeleteOnClose(path));
        }
        if (attributes.length > 0) {
            throw new UnsupportedOperationException(StoreMessages.noAttributes(path, attributes[0].name()));
        }
        Delegate delegate = Delegate.of(path);
        if (path.getFileName() == null) {
            throw new FileSystemException(path.toString(), null, "Is a directory");
        }
        BasicFileAttributes found = delegate.attributesIfExists(path);
        if (found == null && !request.creates()) {
            throw new NoSuchFileException(path.toString());
        }
        if (found != null && request.createsNew()) {
            throw new FileAlreadyExistsException(path.toString());
        }
        if (found != null && !found.isRegularFile()) {
            throw new FileSystemException(path.toString(), null, "Is a directory");
        }
        return new Destination(delegate, path, found, false);
    }

    /** Whether two paths lead to one object: the key of some stores is that of its content, which others may have. */
    static boolean isSame(Path one, Path other) {
        return Registry.normal(one).equals(Registry.normal(other));
    }

    /** Whether the store itself copies one object to another, which appears complete. */
    static boolean isCopiedByStore(Path source, Path target) {
        return Delegate.provider(source) == Delegate.provider(target)
                && Delegate.provider(source).getClass().getName().equals(COPIES_AT_ONCE);
    }
}
