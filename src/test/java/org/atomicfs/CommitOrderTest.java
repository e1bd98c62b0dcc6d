package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.CALLS_REAL_METHODS;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoMoreInteractions;
import static org.mockito.Mockito.withSettings;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.List;
import org.apache.lucene.tests.mockfile.FilterFileChannel;
import org.apache.lucene.tests.mockfile.FilterFileSystemProvider;
import org.atomicfs.AtomicCommitException.Outcome;
import org.atomicfs.testing.DirectoryListing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.InOrder;

/** The calls that one write makes to the file system underneath, and their order. */
class CommitOrderTest {
    private final FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix());
    private final Path old = jimfs.getPath("/work/file");

    /** Passes each call on to jimfs, and records it. */
    private FilterFileSystemProvider delegate;

    /** The channel that holds the lock on the temporary. */
    private FileChannel anchor;

    private Path file;
    private Path temporary;

    @BeforeEach
    void write_the_old_file() throws IOException {
        Files.writeString(old, "old");
        delegate = mock(
                FilterFileSystemProvider.class,
                withSettings().useConstructor("mocked", jimfs).defaultAnswer(CALLS_REAL_METHODS));
        file = delegate.wrapPath(old);
        temporary = file.resolveSibling("file.tmp");
        doAnswer(call -> {
                    anchor = mock(
                            FilterFileChannel.class,
                            withSettings().useConstructor(call.callRealMethod()).defaultAnswer(CALLS_REAL_METHODS));
                    return anchor;
                })
                .when(delegate)
                .newByteChannel(
                        anchorPath(),
                        argThat(options -> options.contains(StandardOpenOption.CREATE_NEW)),
                        any(FileAttribute[].class));
    }

    @AfterEach
    void close() throws IOException {
        jimfs.close();
    }

    /** The hidden name of the temporary. */
    private static Path anchorPath() {
        return argThat(path -> path != null && path.getFileName().toString().startsWith(".file"));
    }

    private void assertOnly(String content) throws IOException {
        assertEquals(content, Files.readString(old));
        assertEquals(List.of("file"), DirectoryListing.names(old.getParent()));
    }

    @Test
    void a_temporary_is_locked_before_it_gets_its_name_and_forced_and_checked_before_it_is_renamed()
            throws IOException {
        Files.writeString(AtomicFiles.atomic(file), "new");

        InOrder order = inOrder(delegate, anchor);
        order.verify(delegate).newByteChannel(anchorPath(), any(), any(FileAttribute[].class));
        order.verify(anchor).tryLock(anyLong(), anyLong(), anyBoolean());
        order.verify(delegate).createLink(eq(temporary), anchorPath());
        order.verify(anchor).force(true);
        order.verify(delegate).readAttributes(eq(temporary), eq(BasicFileAttributes.class), any(LinkOption[].class));
        order.verify(delegate).move(eq(temporary), eq(file), any(CopyOption[].class));
        order.verify(delegate).delete(anchorPath());
        assertOnly("new");
    }

    @Test
    void a_force_that_fails_is_not_repeated_and_nothing_is_renamed() throws IOException {
        IOException failure = new IOException("the device is gone");
        OutputStream out = Files.newOutputStream(AtomicFiles.atomic(file));
        out.write('n');
        doThrow(failure).when(anchor).force(anyBoolean());
        AtomicCommitException thrown = assertThrows(AtomicCommitException.class, out::close);

        assertEquals(Outcome.NOT_COMMITTED, thrown.outcome());
        assertSame(failure, thrown.getCause());
        verify(anchor, times(1)).force(anyBoolean());
        verify(delegate, never()).move(any(), any(), any(CopyOption[].class));
        verify(delegate, never()).delete(file);
        assertOnly("old");
    }

    @Test
    void what_is_aborted_is_neither_forced_nor_renamed() throws IOException {
        try (OutputStream out = Files.newOutputStream(AtomicFiles.atomic(file))) {
            out.write('n');
            ((AtomicWrite) out).abort();
        }
        verify(anchor, never()).force(anyBoolean());
        verify(delegate, never()).move(any(), any(), any(CopyOption[].class));
        assertOnly("old");
    }

    @Test
    void a_second_close_asks_the_delegate_for_nothing() throws IOException {
        OutputStream out = Files.newOutputStream(AtomicFiles.atomic(file));
        out.write('n');
        out.close();
        clearInvocations(delegate, anchor);
        out.close();
        verifyNoMoreInteractions(delegate, anchor);
        assertOnly("n");
    }

    @Test
    void a_handler_is_called_once_for_each_write() throws IOException {
        @SuppressWarnings("unchecked")
        CompletionHandler<Integer, String> handler = mock(CompletionHandler.class);
        try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(
                AtomicFiles.atomic(file),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {'n', 'e'}), 0, "first", handler);
            verify(handler, timeout(60_000)).completed(2, "first");
            channel.write(ByteBuffer.wrap(new byte[] {'w'}), 2, "second", handler);
            verify(handler, timeout(60_000)).completed(1, "second");
        }
        verifyNoMoreInteractions(handler);
        assertOnly("new");
    }
}
