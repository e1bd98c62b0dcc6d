package org.atomicfs.commit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;

/** Tells a file that is open and empty from another one. Java cannot ask an open file for its key. */
final class OpenFile {
    private static final int LARGEST_MARK = 1 << 16; // bytes

    private OpenFile() {}

    /**
     * Whether a name is still that of the file which is open, asked when the writer was stopped before it had the lock:
     * another process may have taken the file for an abandoned one, and a further one have created the next. So the
     * file gets a size that no other one has by chance, for a moment.
     *
     * @param writesInCallingThread whether an asynchronous channel does, so that waiting for it ends
     */
    static boolean hasName(Channel open, Path name, boolean writesInCallingThread) throws IOException {
        long mark = 1 + ThreadLocalRandom.current().nextInt(LARGEST_MARK);
        try {
            ByteBuffer last = ByteBuffer.allocate(1);
            if (open instanceof FileChannel file) {
                file.write(last, mark - 1);
                boolean same = mark == Delegate.of(name).attributes(name).size();
                file.truncate(0);
                return same;
            }
            if (open instanceof AsynchronousFileChannel file && writesInCallingThread) {
                file.write(last, mark - 1).get();
                boolean same = mark == Delegate.of(name).attributes(name).size();
                file.truncate(0);
                return same;
            }
            return false;
        } catch (InterruptedException | ExecutionException notWritten) {
            return false;
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException notWritable) {
            return false; // by this channel, or not at a position, in append mode
        }
    }
}
