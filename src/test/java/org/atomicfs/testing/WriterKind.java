package org.atomicfs.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.atomicfs.AtomicWrite;

/** The kinds of stream and channel through which a program can write a file. */
public enum WriterKind {
    STREAM {
        @Override
        public Writer open(Path path, Set<OpenOption> options) throws IOException {
            OutputStream out = provider(path).newOutputStream(path, options.toArray(OpenOption[]::new));
            return new Writer() {
                @Override
                public void write(String text) throws IOException {
                    out.write(text.getBytes(StandardCharsets.UTF_8));
                }

                @Override
                public Object opened() {
                    return out;
                }

                @Override
                public void close() throws IOException {
                    out.close();
                }
            };
        }
    },
    BYTE_CHANNEL {
        @Override
        public Writer open(Path path, Set<OpenOption> options) throws IOException {
            return over(provider(path).newByteChannel(path, options));
        }
    },
    FILE_CHANNEL {
        @Override
        public Writer open(Path path, Set<OpenOption> options) throws IOException {
            return over(provider(path).newFileChannel(path, options));
        }
    },
    ASYNCHRONOUS {
        @Override
        public Writer open(Path path, Set<OpenOption> options) throws IOException {
            AsynchronousFileChannel channel = provider(path).newAsynchronousFileChannel(path, options, null);
            return new ChannelWriter(channel) {
                @Override
                public void write(String text) throws IOException {
                    try {
                        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0)
                                .get();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    } catch (ExecutionException e) {
                        if (e.getCause() instanceof IOException cause) {
                            throw cause;
                        }
                        if (e.getCause() instanceof RuntimeException cause) {
                            throw cause;
                        }
                        throw new AssertionError(e);
                    }
                }
            };
        }
    };

    public abstract Writer open(Path path, Set<OpenOption> options) throws IOException;

    /** An open stream or channel, whichever it is, as something that writes text. */
    public interface Writer extends AutoCloseable {
        void write(String text) throws IOException;

        Object opened();

        default AtomicWrite handle() {
            return (AtomicWrite) opened();
        }

        @Override
        void close() throws IOException;
    }

    private abstract static class ChannelWriter implements Writer {
        private final Channel channel;

        ChannelWriter(Channel channel) {
            this.channel = channel;
        }

        @Override
        public Object opened() {
            return channel;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private static Writer over(SeekableByteChannel channel) {
        return new ChannelWriter(channel) {
            @Override
            public void write(String text) throws IOException {
                channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            }
        };
    }

    private static FileSystemProvider provider(Path path) {
        return path.getFileSystem().provider();
    }
}
