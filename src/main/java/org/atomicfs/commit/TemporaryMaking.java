package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.OpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Makes the temporary of one write, with the old content where that is kept. By one thread at a time.
 *
 * @param <C> what is written through
 */
final class TemporaryMaking<C extends Closeable> {
    private final OpenRequest request;
    private final Opener<C> opener;
    private final Upload upload;
    private long bytes = -1; // that were copied

    /** @param upload null unless the destination is an object of a store */
    TemporaryMaking(OpenRequest request, Opener<C> opener, Upload upload) {
        this.request = request;
        this.opener = opener;
        this.upload = upload;
    }

    /** How many bytes were copied to it; -1 if that is not known. */
    long bytesCopied() {
        return bytes;
    }

    /**
     * Makes it. An interrupt has no effect on that: it is for the caller's own operation to notice it, or not.
     *
     * @param original what is copied, if it was opened with its content kept; otherwise null
     * @param copied whether the destination, which was not opened, is copied
     * @param cancelled asked now and then; the rest is not copied once it is true
     * @param attributes of the temporary
     */
    Target.Staged<C> make(
            Destination destination,
            Original<C> original,
            boolean copied,
            BooleanSupplier cancelled,
            FileAttribute<?>... attributes)
            throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            Claim claim = claim(destination, original != null, copied, attributes);
            try {
                requireStillNew(destination);
                C written = open(claim);
                if (original != null) {
                    bytes = copyContent(original, claim, written, cancelled);
                } else if (copied && upload != null) {
                    upload.download(claim, cancelled);
                } else if (copied) {
                    bytes = new WholeCopy(destination.path(), request.appends()).copy(written, cancelled);
                }
                return new Target.Staged<>(written, claim);
            } catch (Throwable e) {
                try {
                    claim.release(Claim.Outcome.DISCARDED);
                } catch (Throwable cleanup) {
                    Messages.suppress(e, cleanup);
                }
                throw e;
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * A program that does not know that it writes atomically expects to learn from the open, not from the close, that
     * another writer has made the file since it was looked for. From now on no other atomic writer can make it.
     */
    private void requireStillNew(Destination destination) throws IOException {
        if (request.goesOnInPlace()
                && request.createsNew()
                && destination.delegate().attributesIfExists(destination.path()) != null) {
            throw new FileAlreadyExistsException(destination.path().toString());
        }
    }

    private Claim claim(Destination destination, boolean copies, boolean copied, FileAttribute<?>... attributes)
            throws IOException {
        if (upload != null) {
            boolean shares = opener.shares(upload.localFileSystem(), request, copied);
            return upload.createTemporary(shares ? new CreateShared(opener, request) : null);
        }
        Delegate delegate = destination.delegate();
        boolean shares = !delegate.rewrites() && opener.shares(delegate, request, copies);
        return Claims.take(
                delegate,
                destination.path(),
                request.atomic().temporaryName(),
                shares ? new CreateShared(opener, request) : null,
                attributes);
    }

    /** Opens what the temporary is written through. */
    private C open(Claim claim) throws IOException {
        if (claim.file().isShared()) {
            return opener.over(claim.file().channel());
        }
        Set<OpenOption> options = request.forTemporary();
        Delegate.of(claim.temporary()).refuseLinks(options);
        C written = Appending.open(opener, claim.temporary(), options);
        claim.file().attach(written);
        claim.verify(0);
        return written;
    }

    /** Copies the old content, and goes to the same position in it. */
    private long copyContent(Original<C> original, Claim claim, C written, BooleanSupplier cancelled)
            throws IOException {
        boolean through = claim.file().channel() instanceof SeekableByteChannel created && created.isOpen();
        SeekableByteChannel to = through ? (SeekableByteChannel) claim.file().channel() : null;
        long copied = original.copy().copy(claim.temporary(), to, cancelled);
        original.movePosition(original.channel(), written);
        return copied;
    }
}
