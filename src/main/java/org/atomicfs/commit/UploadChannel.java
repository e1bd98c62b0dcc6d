package org.atomicfs.commit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;

/**
 * One upload. Closing the provider's channel ends it and lets the object appear, whatever was written before; that is
 * how the providers of Google Cloud Storage, S3 and Azure do it. So it is closed only when it has everything. Otherwise
 * it is left as it is: the store forgets what was sent of an upload that does not end. Only a channel of S3's provider
 * is closed then too, as one that has nothing to upload ({@link S3Provider}).
 */
final class UploadChannel {
    private final Path object;
    private final SeekableByteChannel channel;

    private UploadChannel(Path object, SeekableByteChannel channel) {
        this.object = object;
        this.channel = channel;
    }

    /** Opens the provider's channel; nothing is sent yet. */
    static UploadChannel open(Path object, Set<OpenOption> options) throws IOException {
        return new UploadChannel(object, Delegate.provider(object).newByteChannel(object, options));
    }

    void write(ByteBuffer content) throws IOException {
        while (content.hasRemaining()) {
            channel.write(content);
        }
    }

    /** Ends the upload: the object has the new content afterwards. */
    void finish() throws IOException {
        channel.close();
    }

    /** Makes sure that the upload never ends. */
    void stop() {
        S3Provider.stop(object, channel);
    }
}
