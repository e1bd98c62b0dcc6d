package org.atomicfs.view;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.spi.FileSystemProvider;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.atomicfs.commit.Delegate;
import org.atomicfs.commit.OpenRequest;
import org.atomicfs.commit.Opener;

/** How the delegate opens each kind of stream and channel. */
final class Openers {
    static final Opener<OutputStream> STREAMS = new Streams();
    static final Opener<SeekableByteChannel> BYTE_CHANNELS = new ByteChannels();
    static final Opener<FileChannel> FILE_CHANNELS = new FileChannels();

    private Openers() {}

    /** Those whose operations run in an executor; null for the delegate's default. */
    static Opener<AsynchronousFileChannel> asynchronousFileChannels(ExecutorService executor) {
        return new AsynchronousFileChannels(executor);
    }

    /** As an array, for the methods of NIO that want one. */
    static OpenOption[] array(Collection<OpenOption> options) {
        return options.toArray(new OpenOption[0]);
    }

    private static FileSystemProvider provider(Path path) {
        return path.getFileSystem().provider();
    }

    private static final class Streams implements Opener<OutputStream> {
        @Override
        public OutputStream open(Path file, Set<OpenOption> options, FileAttribute<?>... attributes)
                throws IOException {
            return provider(file).newOutputStream(file, array(options));
        }

        /** Of others than the JDK's own file system it is not known what an interrupt does to a channel's writes. */
        @Override
        public boolean shares(Delegate delegate, OpenRequest request, boolean copies) {
            return delegate.isUnix() && !copies && !request.reads() && !request.appends();
        }

        @Override
        public Channel create(Path file, Set<OpenOption> options, FileAttribute<?>... attributes) throws IOException {
            return UninterruptibleStream.open(file, options, attributes);
        }

        @Override
        public OutputStream over(Channel created) {
            return new UninterruptibleStream((AsynchronousFileChannel) created);
        }
    }

    private static final class ByteChannels implements Opener<SeekableByteChannel> {
        @Override
        public SeekableByteChannel open(Path file, Set<OpenOption> options, FileAttribute<?>... attributes)
                throws IOException {
            return provider(file).newByteChannel(file, Delegate.complete(file, options), attributes);
        }

        @Override
        public boolean shares(Delegate delegate, OpenRequest request, boolean copies) {
            return !copies || !request.appends();
        }

        @Override
        public Channel create(Path file, Set<OpenOption> options, FileAttribute<?>... attributes) throws IOException {
            return open(file, options, attributes);
        }

        @Override
        public SeekableByteChannel over(Channel created) {
            return (SeekableByteChannel) created;
        }
    }

    private static final class FileChannels implements Opener<FileChannel> {
        @Override
        public FileChannel open(Path file, Set<OpenOption> options, FileAttribute<?>... attributes) throws IOException {
            return provider(file).newFileChannel(file, Delegate.complete(file, options), attributes);
        }

        @Override
        public boolean shares(Delegate delegate, OpenRequest request, boolean copies) {
            return BYTE_CHANNELS.shares(delegate, request, copies);
        }

        @Override
        public Channel create(Path file, Set<OpenOption> options, FileAttribute<?>... attributes) throws IOException {
            return open(file, options, attributes);
        }

        @Override
        public FileChannel over(Channel created) {
            return (FileChannel) created;
        }
    }

    private record AsynchronousFileChannels(ExecutorService executor) implements Opener<AsynchronousFileChannel> {
        @Override
        public boolean writesInCallingThread() {
            return false;
        }

        @Override
        public AsynchronousFileChannel open(Path file, Set<OpenOption> options, FileAttribute<?>... attributes)
                throws IOException {
            return provider(file).newAsynchronousFileChannel(file, options, executor, attributes);
        }

        /** To copy through it, a thread would have to wait for another one. */
        @Override
        public boolean shares(Delegate delegate, OpenRequest request, boolean copies) {
            return !copies;
        }

        @Override
        public Channel create(Path file, Set<OpenOption> options, FileAttribute<?>... attributes) throws IOException {
            return open(file, options, attributes);
        }

        @Override
        public AsynchronousFileChannel over(Channel created) {
            return (AsynchronousFileChannel) created;
        }
    }
}
