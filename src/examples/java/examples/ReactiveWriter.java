package examples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.atomicfs.AtomicFiles;
import org.atomicfs.AtomicWrite;
import org.atomicfs.CommitPolicy;

/**
 * Writes what a publisher sends. A failure reaches a subscriber as a call, not as an exception that propagates, so it
 * says itself when the file is complete.
 */
public final class ReactiveWriter implements Flow.Subscriber<ByteBuffer> {
    private final SeekableByteChannel channel;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private Flow.Subscription subscription;

    /** @param file to be written */
    public ReactiveWriter(Path file) throws IOException {
        channel = Files.newByteChannel(
                AtomicFiles.atomic(file),
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE,
                        CommitPolicy.EXPLICIT));
    }

    /** Completes when the file is published, or fails. */
    public CompletableFuture<Void> done() {
        return done;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        subscription.request(1);
    }

    @Override
    public void onNext(ByteBuffer item) {
        try {
            while (item.hasRemaining()) {
                channel.write(item);
            }
            subscription.request(1);
        } catch (IOException e) {
            subscription.cancel();
            onError(e);
        }
    }

    @Override
    public void onError(Throwable failure) {
        try {
            channel.close(); // without a commit: what was written is discarded
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        done.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        try {
            ((AtomicWrite) channel).commit();
            done.complete(null);
        } catch (IOException e) {
            done.completeExceptionally(e);
        }
    }
}
