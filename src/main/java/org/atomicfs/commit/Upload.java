package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * What is different for a write to an object store: its temporary is a file of this machine, and a complete one is sent
 * in one upload. For one write, used by one thread at a time.
 *
 * <p>The store makes an object durable before it says that the upload has ended: there is nothing to force.
 */
final class Upload implements Closeable {
    private static final int BUFFER = 1 << 16; // bytes

    private final Path requested; // for messages
    private final Path object;
    private final Delegate store;
    private final OpenRequest request;
    private final boolean keepsContent;
    private final StoreName name;
    private final Retained retained = new Retained(); // closing any channel of the temporary would drop its lock
    private BasicFileAttributes before; // the object that is replaced, as it was seen last
    private boolean refusesReplaced; // whether the provider's channel refuses what was replaced after it was opened
    private boolean sending; // whether the store may have got something
    private boolean visible; // whether the object has the new content

    /** An upload to an object. */
    Upload(Path requested, Destination destination, OpenRequest request) {
        this.requested = requested;
        this.request = request;
        object = destination.path();
        store = destination.delegate();
        before = destination.attributes();
        keepsContent = destination.exists() && !request.truncates();
        name = new StoreName(object, request.atomic().temporaryName());
    }

    /** Whether readers see the new content. */
    boolean isVisible() {
        return visible;
    }

    /** How the local temporary is opened: options that only the store knows are for the upload. */
    OpenRequest local() {
        return request.ofStandardOptions();
    }

    /** Creates the local temporary. */
    Claim createTemporary(LockedFile.Creator sharing) throws IOException {
        name.take();
        return LocalTemporary.create(object, request.atomic().stagingDirectory(), sharing);
    }

    /** The file system of the local temporary. */
    Delegate localFileSystem() {
        return Delegate.of(request.atomic().stagingDirectory());
    }

    /**
     * Copies the object to the temporary, and goes back to its beginning.
     *
     * @param cancelled asked now and then; the rest is not copied once it is true
     */
    void download(Claim claim, BooleanSupplier cancelled) throws IOException {
        SeekableByteChannel to;
        if (claim.file().channel() instanceof SeekableByteChannel created && created.isOpen()) {
            to = created;
        } else {
            Path temporary = claim.temporary();
            to = Delegate.provider(temporary).newByteChannel(temporary, Set.of(StandardOpenOption.WRITE));
            retained.add(to);
        }
        try (SeekableByteChannel from =
                Delegate.provider(object).newByteChannel(object, Set.of(StandardOpenOption.READ))) {
            ContentCopy.copy(from, to, cancelled);
        }
        to.position(0);
        if (!cancelled.getAsBoolean()) {
            requireStill(store.attributesIfExists(object));
            if (to.size() != before.size()) {
                throw new FileSystemException(object.toString(), null, Messages.REPLACED);
            }
        }
    }

    private void requireStill(BasicFileAttributes now) throws FileSystemException {
        if (!FileVersion.isSame(before, now)) {
            throw new FileSystemException(object.toString(), null, Messages.REPLACED);
        }
    }

    /**
     * Uploads, and releases the claim. Whatever is thrown, the temporary is gone afterwards, or the exception says that
     * it is not. An interrupt is put off until the end, as in {@link Publication#publish}.
     *
     * @param size of the content in bytes; -1 if it is not known
     */
    void publish(Claim claim, Publication.Finish finish, long size) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            try {
                claim.file().flush();
                claim.file().closeContent(claim.temporary());
                claim.verify(size);
                finish.requireWanted();
                send(claim.temporary());
                visible = true;
            } catch (Throwable e) {
                afterFailure(claim, e);
            }
            removeTemporary(claim);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void removeTemporary(Claim claim) throws IOException {
        try {
            claim.release(Claim.Outcome.DISCARDED);
        } catch (IOException | RuntimeException e) {
            throw Messages.leftBehind(requested, claim.temporary(), e);
        }
    }

    private void send(Path temporary) throws IOException {
        SeekableByteChannel in =
                Delegate.provider(temporary).newByteChannel(temporary, Set.of(StandardOpenOption.READ));
        retained.add(in);
        requireExpected();
        UploadChannel out = open();
        try {
            if (refusesReplaced) {
                requireStill(store.attributesIfExists(object));
            }
            long size = in.size();
            long sent = 0;
            sending = true;
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                buffer.flip();
                out.write(buffer);
                buffer.clear();
                sent += n;
            }
            if (sent != size) {
                throw new FileSystemException(temporary.toString(), null, StoreMessages.notAllRead(sent, size));
            }
            out.finish();
        } catch (Throwable e) {
            try {
                out.stop();
            } catch (Throwable cleanup) {
                Messages.suppress(e, cleanup);
            }
            throw e;
        }
        requireSize(in.size());
    }

    private UploadChannel open() throws IOException {
        Set<OpenOption> options = new HashSet<>(request.ofProvider());
        options.add(StandardOpenOption.WRITE);
        if (request.createsNew()) {
            OpenOption ifAbsent = S3Provider.ifAbsent(object);
            options.add(ifAbsent == null ? StandardOpenOption.CREATE_NEW : StandardOpenOption.CREATE);
            add(ifAbsent, options);
            return UploadChannel.open(object, options);
        }
        options.addAll(Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING));
        OpenOption ifSame = keepsContent ? S3Provider.ifSame(object) : null;
        refusesReplaced = ifSame != null;
        add(ifSame, options);
        OpenOption readLittle = before != null && before.size() > 0 ? S3Provider.readLittle(object) : null;
        if (readLittle != null) {
            Set<OpenOption> quick = new HashSet<>(options);
            quick.add(readLittle);
            try {
                return UploadChannel.open(object, quick);
            } catch (IOException empty) {
                // it is another one by now, which has no first byte; what is wrong otherwise is wrong again
            }
        }
        return UploadChannel.open(object, options);
    }

    private static void add(OpenOption option, Set<OpenOption> options) {
        if (option != null) {
            options.add(option);
        }
    }

    /** That the store has what the caller expects there, the last look before the upload. */
    private void requireExpected() throws IOException {
        if (keepsContent) {
            requireStill(store.attributesIfExists(object));
        } else if (before == null) {
            before = store.attributesIfExists(object);
            if (before != null && request.createsNew()) {
                throw new FileAlreadyExistsException(requested.toString());
            }
        }
    }

    private void requireSize(long sent) throws IOException {
        BasicFileAttributes now;
        try {
            now = store.attributesIfExists(object);
        } catch (IOException | RuntimeException unknown) {
            return; // the upload has ended well
        }
        if (now != null && now.size() != sent) {
            throw new FileSystemException(object.toString(), null, StoreMessages.wrongSize(sent, now.size()));
        }
    }

    /** Looks what the object is after a failure, and throws that; returns if it has the new content nevertheless. */
    private void afterFailure(Claim claim, Throwable failure) throws IOException {
        AfterUpload.Found found = sending ? look(claim.temporary(), failure) : AfterUpload.Found.OLD;
        visible = found == AfterUpload.Found.NEW && !request.createsNew();
        if (visible && failure instanceof Exception) {
            return;
        }
        IOException thrown = null;
        try {
            thrown = switch (found) {
                case NEW -> StoreMessages.perhapsAnothers(requested, failure);
                case TORN -> StoreMessages.onlyHere(requested, LocalTemporary.keep(claim), failure);
                case OTHER ->
                    request.createsNew() ? taken(failure) : StoreMessages.replacedMeanwhile(requested, failure);
                case UNKNOWN -> StoreMessages.unknown(requested, failure);
                case OLD -> Messages.notCommitted(requested, failure);
            };
            claim.release(found == AfterUpload.Found.TORN ? Claim.Outcome.KEPT : Claim.Outcome.DISCARDED);
        } catch (Throwable cleanup) {
            Messages.suppress(failure, cleanup);
            if (thrown == null || cleanup instanceof Exception) {
                thrown = Messages.notRemoved(requested, claim.temporary(), failure);
            }
        }
        if (failure instanceof Error error) {
            throw error;
        }
        throw thrown;
    }

    private IOException taken(Throwable failure) {
        FileAlreadyExistsException taken = new FileAlreadyExistsException(requested.toString());
        taken.initCause(failure);
        return Messages.notCommitted(requested, taken);
    }

    private AfterUpload.Found look(Path temporary, Throwable failure) {
        try {
            InputStream content = Delegate.provider(temporary).newInputStream(temporary);
            retained.add(content);
            return AfterUpload.look(
                    object,
                    before,
                    content,
                    Delegate.of(temporary).attributes(temporary).size());
        } catch (IOException | RuntimeException unknown) {
            Messages.suppress(failure, unknown);
            return AfterUpload.Found.UNKNOWN;
        }
    }

    /** Gives everything up that this has, apart from the claim. */
    @Override
    public void close() throws IOException {
        name.free();
        retained.close();
    }
}
