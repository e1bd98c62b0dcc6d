package org.atomicfs.commit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * Leads from a directory that has members of a transaction to the root, where its intent is. It is complete as soon as
 * it has its name; one that is torn was never forced, and so its transaction is not committed.
 *
 * @param root where the intent is
 * @param rootKey by which the root is known to be there, and no empty place where it was mounted
 */
record IntentPointer(Path root, String rootKey) {
    private static final String VERSION = "atomicfs pointer 1";
    private static final String PREFIX = "atomicfs pointer ";
    private static final int LARGEST = 1 << 16; // bytes
    private static final int ATTEMPTS = 5;

    /**
     * Writes the pointer of a directory; both paths are real ones. Another process may have taken the new file for one
     * of a dead writer, if this one was suspended before it wrote to it: then it writes it again.
     */
    void write(Path directory, String id, boolean forced) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                writeOnce(directory, id, forced);
                return;
            } catch (NoSuchFileException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void writeOnce(Path directory, String id, boolean forced) throws IOException {
        Path temporary = TransactionNames.NEW_POINTER.in(directory, id);
        Path leads = directory.startsWith(root) ? directory.relativize(root) : root; // both may be renamed together
        String text = VERSION + "\n" + rootKey + " " + PathText.of(leads) + "\n";
        Delegate delegate = Delegate.of(directory);
        Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            try (FileChannel channel = Delegate.provider(temporary)
                    .newFileChannel(temporary, options, Rights.onlyForOwner(delegate.hasPosix()))) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                if (forced) {
                    channel.force(true);
                }
            }
            delegate.replace(temporary, TransactionNames.POINTER.in(directory, id));
        } catch (Throwable e) {
            try {
                Delegate.provider(temporary).deleteIfExists(temporary);
            } catch (IOException | RuntimeException cleanup) {
                Messages.suppress(e, cleanup);
            }
            throw e;
        }
    }

    /** Reads a pointer; null if it is torn. */
    static IntentPointer read(Path pointer) throws IOException {
        Set<OpenOption> options = new HashSet<>(Set.of(StandardOpenOption.READ));
        if (Delegate.of(pointer).isUnix()) {
            options.add(LinkOption.NOFOLLOW_LINKS);
        }
        ByteBuffer bytes = ByteBuffer.allocate(LARGEST);
        try (SeekableByteChannel channel = Delegate.provider(pointer).newByteChannel(pointer, options)) {
            while (channel.read(bytes) > 0) {
                // until the end
            }
        }
        String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
        BufferedReader in = new BufferedReader(new StringReader(text));
        String first = in.readLine();
        String second = in.readLine();
        if (first != null && first.startsWith(PREFIX) && second != null && !first.equals(VERSION)) {
            throw new Intent.NotUnderstood(
                    "it has version " + first.substring(PREFIX.length()) + ", and this library knows 1 alone");
        }
        int blank = second == null ? -1 : second.indexOf(' ');
        if (!VERSION.equals(first) || blank < 0 || !text.endsWith("\n")) {
            return null;
        }
        try {
            Path leads = PathText.parse(pointer.getFileSystem(), second.substring(blank + 1));
            Path directory = pointer.toAbsolutePath().getParent();
            return new IntentPointer(directory.resolve(leads).normalize(), second.substring(0, blank));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
