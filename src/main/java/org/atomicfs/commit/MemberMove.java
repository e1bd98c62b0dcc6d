package org.atomicfs.commit;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.atomicfs.AtomicOptions;

/** Moves a file into a transaction, or out of it: deletes the source with the commit, and copies it. */
public final class MemberMove {
    private MemberMove() {}

    /**
     * Moves a regular file.
     *
     * @param owner of what is written
     * @param deletes the transaction that deletes the source
     */
    public static void move(
            Object owner,
            Transaction deletes,
            Path source,
            Path target,
            AtomicOptions options,
            Opener<SeekableByteChannel> openers,
            CopyOption... how)
            throws IOException {
        CopyRequest request = CopyRequest.ofMove(source, target, how);
        BasicFileAttributes from = Delegate.of(source).attributes(source);
        if (!from.isRegularFile()) {
            throw new FileSystemException(source.toString(), target.toString(), TransactionMessages.ONLY_REGULAR);
        }
        BasicFileAttributes there = Delegate.of(target).attributesIfExists(target);
        if (there != null && from.fileKey() != null && Objects.equals(from.fileKey(), there.fileKey())) {
            return; // a file is not moved to itself
        }
        deletes.requireNew(source); // what it has written cannot be read yet
        List<CopyOption> copy = new ArrayList<>(List.of(StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS));
        if (request.replaces() || request.isAtomic()) {
            copy.add(StandardCopyOption.REPLACE_EXISTING);
        }
        deletes.delete(source); // first, since a copy that was made cannot be taken back
        try {
            FileCopy.copy(owner, source, target, options, openers, copy.toArray(CopyOption[]::new));
        } catch (Throwable e) {
            try {
                deletes.keep(source);
            } catch (IOException | RuntimeException cleanup) {
                Messages.suppress(e, cleanup);
            }
            throw e;
        }
    }
}
