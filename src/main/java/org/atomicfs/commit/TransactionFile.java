package org.atomicfs.commit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * The file of a live transaction in its root: locked for as long as that lives, at first only a sign of life, at the
 * end its intent. Used by one thread at a time.
 */
final class TransactionFile {
    private static final int ATTEMPTS = 100;
    private static final int BUFFER = 1 << 16; // bytes

    /** Readable, too: who recovers an intent reads it through the channel that has the lock. */
    private static final class Create implements LockedFile.Creator {
        @Override
        public Channel create(Path file, FileAttribute<?>... attributes) throws IOException {
            try {
                return Delegate.provider(file)
                        .newFileChannel(
                                file,
                                Set.of(
                                        StandardOpenOption.CREATE_NEW,
                                        StandardOpenOption.READ,
                                        StandardOpenOption.WRITE),
                                attributes);
            } catch (UnsupportedOperationException e) {
                throw SystemErrors.explained(file.getParent().toString(), null, TransactionMessages.NO_CHANNELS, e);
            }
        }
    }

    private final Delegate delegate;
    private final Path root;
    private final String id = TemporaryNames.newCheckedDigits();
    private final Path begun;
    private final Path intent;
    private final LockedFile file;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private final List<String> head = new ArrayList<>(); // lines before the steps
    private Object registered;
    private boolean renaming; // whether the rename has begun, which may be done whatever it throws

    private TransactionFile(Path root) {
        this.root = root;
        delegate = Delegate.of(root);
        begun = TransactionNames.BEGUN.in(root, id);
        intent = TransactionNames.INTENT.in(root, id);
        file = new LockedFile(delegate, begun);
    }

    /** Returns the key of a root; throws if it cannot be one. */
    static String requireDirectory(Path root) throws IOException {
        BasicFileAttributes found = Delegate.of(root).followed(root);
        if (!found.isDirectory()) {
            throw new NotDirectoryException(root.toString());
        }
        if (found.fileKey() == null) {
            throw new FileSystemException(root.toString(), null, TransactionMessages.NO_KEYS);
        }
        return Fingerprint.key(found);
    }

    /** Begins a transaction for others. */
    static TransactionFile create(Path root, String rootKey, boolean forced) throws IOException {
        for (int attempt = 1; ; attempt++) {
            TransactionFile created = new TransactionFile(root);
            try {
                if (created.begin(rootKey, forced)) {
                    return created;
                }
                created.leave();
            } catch (Throwable e) {
                try {
                    created.remove();
                } catch (IOException | RuntimeException cleanup) {
                    Messages.suppress(e, cleanup);
                }
                throw e;
            }
            if (attempt == ATTEMPTS) {
                throw new FileSystemException(root.toString(), null, Messages.TAKEN_FOR_ABANDONED);
            }
        }
    }

    /** Returns false if this was so slow that another process has taken the new file for an abandoned one. */
    private boolean begin(String rootKey, boolean forced) throws IOException {
        reserve();
        synchronized (LivenessLock.OPENING) { // no other thread may open and close it before it is known to be ours
            if (!file.create(new Create(), true, Rights.onlyForOwner(delegate.hasPosix()))) {
                return false;
            }
            registered = Registry.file(begun, file.key());
            Registry.claim(registered);
        }
        if (!file.isLocked()) {
            throw new FileSystemException(root.toString(), null, TransactionMessages.NO_LOCKS);
        }
        head.add(Intent.VERSION);
        head.add(Intent.rootLine(rootKey, forced));
        put(Intent.VERSION);
        put(Intent.rootLine(rootKey, forced));
        flush();
        return true;
    }

    private void reserve() {
        Registry.reserve(begun, name(begun));
        Registry.reserve(intent, name(intent));
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    String id() {
        return id;
    }

    Path intent() {
        return intent;
    }

    /** Adds a directory, before all steps. */
    void add(Intent.Directory directory) throws IOException {
        head.add(directory.line());
        put(directory.line());
        flush();
    }

    /** Writes all steps, in the place of those that were written before. */
    void write(Iterable<Intent.Step> steps, boolean forced) throws IOException {
        channel().truncate(0).position(0);
        CRC32C sum = new CRC32C();
        for (String line : head) {
            Intent.add(sum, line);
            put(line);
        }
        int n = 0;
        for (Intent.Step step : steps) {
            String line = step.line();
            Intent.add(sum, line);
            put(line);
            n++;
        }
        put(Intent.endLine(n, sum));
        flush();
        if (forced) {
            channel().force(true);
        }
    }

    private FileChannel channel() {
        return (FileChannel) file.channel();
    }

    private void put(String line) throws IOException {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.US_ASCII);
        if (bytes.length > buffer.remaining()) {
            flush();
        }
        if (bytes.length > buffer.capacity()) {
            writeAll(ByteBuffer.wrap(bytes));
        } else {
            buffer.put(bytes);
        }
    }

    private void flush() throws IOException {
        writeAll(buffer.flip());
        buffer.clear();
    }

    private void writeAll(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel().write(bytes);
        }
    }

    /**
     * The commit point. Where it cannot be known whether that was done, this throws, and {@link #isCommitted} too.
     *
     * @throws IOException if it was not done, or is not known to be
     */
    void rename() throws IOException {
        renaming = true;
        try {
            delegate.replace(begun, intent);
        } catch (IOException | RuntimeException e) {
            if (!isCommitted()) {
                throw e;
            }
        }
    }

    /** Whether the intent has its name. */
    boolean isCommitted() throws IOException {
        return renaming && isAt(intent);
    }

    private boolean isAt(Path name) throws IOException {
        BasicFileAttributes found = delegate.attributesIfExists(name);
        return found != null && Objects.equals(file.key(), found.fileKey());
    }

    /** Gives the lock up; within this JVM the file stays known for that of a living transaction. */
    void close() throws IOException {
        file.close();
    }

    /** Gives the lock up, and leaves the file for a recovery. */
    void leave() throws IOException {
        try {
            if (file.exists()) {
                file.close();
            }
        } finally {
            Registry.unclaim(registered);
            registered = null;
            Registry.free(begun, name(begun));
            Registry.free(intent, name(intent));
        }
    }

    /** Removes the file, when there is nothing to be done any more. */
    void remove() throws IOException {
        try {
            if (file.exists() && file.born() != null) {
                if (!delegate.removesOpenFiles()) {
                    close();
                }
                remove(renaming ? intent : begun);
                if (renaming) {
                    remove(begun);
                }
            }
        } finally {
            leave();
        }
    }

    private void remove(Path name) throws IOException {
        if (isAt(name)) {
            Delegate.provider(name).deleteIfExists(name);
        }
    }
}
