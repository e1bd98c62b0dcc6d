package org.atomicfs.commit;

import static org.atomicfs.testing.DirectoryListing.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.atomicfs.TemporaryName;
import org.atomicfs.testing.DelegateKind;
import org.atomicfs.testing.ObservedFileSystem;
import org.atomicfs.testing.TestDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link Claims} and {@link Claim}. */
class ClaimsTest {
    @TempDir
    Path directory;

    private Path x;
    private Path temporary;
    private Path anchor;

    @BeforeEach
    void name() {
        x = directory.resolve("x");
        temporary = directory.resolve("x.tmp");
        anchor = TemporaryNames.anchor(x);
    }

    @AfterEach
    void nothing_is_held() {
        assertEquals(List.of(), Registry.held());
    }

    private Claim take(TemporaryName style, LockedFile.Creator sharing) throws IOException {
        return Claims.take(Delegate.of(directory), x, style, sharing);
    }

    private Claim take() throws IOException {
        return take(TemporaryName.FIXED, null);
    }

    private List<String> listed() throws IOException {
        return names(directory);
    }

    private static Channel create(Path file, FileAttribute<?>... attributes) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Where a writer is stopped that has created a file and not locked it yet. */
    private static void waitUntilSlow() {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < LivenessLock.INTERVAL) {
            Thread.onSpinWait();
        }
    }

    private void leaveAbandoned(String content) throws IOException {
        Files.writeString(anchor, content);
        Files.createLink(temporary, anchor);
    }

    @Test
    void a_fixed_temporary_has_an_anchor_and_both_names_are_one_locked_file() throws IOException {
        Claim claim = take();
        assertTrue(claim.isAnchored());
        assertEquals(List.of(anchor.getFileName().toString(), "x.tmp"), listed());
        assertTrue(Files.isSameFile(anchor, temporary));
        try (FileChannel other = FileChannel.open(anchor, StandardOpenOption.WRITE)) {
            assertEquals(null, LivenessLock.tryLock(other));
        }
        claim.release(Claim.Outcome.DISCARDED);
        assertEquals(List.of(), listed());
    }

    @Test
    void a_unique_temporary_has_one_hidden_name() throws IOException {
        Claim claim = take(TemporaryName.UNIQUE, null);
        assertFalse(claim.isAnchored());
        assertEquals(List.of(claim.temporary().getFileName().toString()), listed());
        assertTrue(TemporaryNames.isHidden(claim.temporary()));
        claim.release(Claim.Outcome.DISCARDED);
        assertEquals(List.of(), listed());
    }

    @ParameterizedTest
    @EnumSource
    void every_delegate_lets_the_temporary_be_taken_and_given_up(DelegateKind kind) throws IOException {
        try (TestDirectory in = kind.newDirectory()) {
            Path file = in.plain().resolve("x");
            Claim claim = Claims.take(Delegate.of(file), file, TemporaryName.FIXED, null);
            assertTrue(Files.exists(claim.temporary()));
            assertThrows(BusyException.class, () -> Claims.take(Delegate.of(file), file, TemporaryName.FIXED, null));
            claim.release(Claim.Outcome.DISCARDED);
            assertEquals(List.of(), in.names());
        }
    }

    @Test
    void a_second_writer_of_this_jvm_is_told_who_has_it_and_harms_nothing() throws IOException {
        Claim claim = take();
        BusyException busy = assertThrows(BusyException.class, this::take);
        assertTrue(busy.getReason().contains("another writer of this JVM"), busy.getReason());
        claim.verify(0);
        claim.release(Claim.Outcome.DISCARDED);
        take().release(Claim.Outcome.DISCARDED);
    }

    @Test
    void what_a_dead_writer_left_is_taken_over() throws IOException {
        leaveAbandoned("left by a dead writer");
        Claim claim = take();
        assertEquals(0, Files.size(temporary));
        claim.release(Claim.Outcome.DISCARDED);
        assertEquals(List.of(), listed());
    }

    @Test
    void a_file_of_another_program_with_the_temporarys_name_is_left_alone_and_named() throws IOException {
        Files.writeString(temporary, "another program's");
        FileAlreadyExistsException refused = assertThrows(FileAlreadyExistsException.class, this::take);
        assertFalse(refused instanceof BusyException);
        assertTrue(refused.getReason().contains(temporary.toString()), refused.getReason());
        assertEquals("another program's", Files.readString(temporary));
        assertEquals(List.of("x.tmp"), listed());
    }

    @Test
    void a_temporary_is_not_made_where_a_write_has_its_destination() throws IOException {
        FakeWrite other = new FakeWrite(this, temporary, temporary, null);
        Registry.add(other, Registry.normal(temporary), Registry.normal(temporary));
        BusyException busy = assertThrows(BusyException.class, this::take);
        assertTrue(busy.getReason().contains("which is being written itself"), busy.getReason());
        Registry.remove(other, Registry.normal(temporary), Registry.normal(temporary));
    }

    @Test
    void a_name_that_is_too_long_is_shortened() throws IOException {
        x = directory.resolve("x".repeat(255));
        Claim claim = take();
        assertEquals(TemporaryNames.shortened(x, TemporaryName.FIXED), claim.temporary());
        claim.release(Claim.Outcome.DISCARDED);
        assertEquals(List.of(), listed());
    }

    @Test
    void in_a_directory_that_is_missing_nothing_is_taken() {
        x = directory.resolve("missing").resolve("x");
        assertThrows(NoSuchFileException.class, this::take);
    }

    @Test
    void a_newborn_that_is_locked_late_is_proved_to_be_the_same_file_and_is_empty() throws IOException {
        AtomicInteger created = new AtomicInteger();
        Claim claim = take(TemporaryName.FIXED, (file, attributes) -> {
            Channel channel = create(file);
            created.incrementAndGet();
            waitUntilSlow();
            return channel;
        });
        assertTrue(claim.file().wasSlow());
        assertEquals(1, created.get());
        assertEquals(0, Files.size(temporary));
        assertEquals(0, ((FileChannel) claim.file().channel()).position());
        ((FileChannel) claim.file().channel()).write(ByteBuffer.wrap(new byte[] {'n'}));
        claim.verify(1);
        claim.release(Claim.Outcome.DISCARDED);
    }

    @Test
    void a_newborn_that_was_taken_for_abandoned_and_removed_is_made_again() throws IOException {
        AtomicInteger created = new AtomicInteger();
        Claim claim = take(TemporaryName.FIXED, (file, attributes) -> {
            Channel channel = create(file);
            created.incrementAndGet();
            waitUntilSlow();
            Files.delete(file); // by another process
            return channel;
        });
        assertEquals(1, created.get());
        assertFalse(claim.file().isShared()); // by a channel that can be proved to be of the same file
        claim.verify(0);
        claim.release(Claim.Outcome.DISCARDED);
        assertEquals(List.of(), listed());
    }

    /** The memory file system refuses to write at a position in append mode. */
    @ParameterizedTest
    @EnumSource
    void a_slow_newborn_in_append_mode_is_made_again_if_it_cannot_be_proved(TemporaryName name) throws IOException {
        try (TestDirectory in = DelegateKind.MEMORY.newDirectory()) {
            Path file = in.plain().resolve("x");
            AtomicInteger created = new AtomicInteger();
            Claim claim = Claims.take(Delegate.of(file), file, name, (path, attributes) -> {
                Channel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND);
                created.incrementAndGet();
                waitUntilSlow();
                return channel;
            });
            assertEquals(1, created.get());
            assertFalse(claim.file().isShared());
            claim.verify(0);
            claim.release(Claim.Outcome.DISCARDED);
            assertEquals(List.of(), in.names());
        }
    }

    @Test
    void a_newborn_whose_name_another_writer_has_by_now_is_given_up_and_the_others_file_stays() throws IOException {
        try (FileChannel others = FileChannel.open(
                directory.resolve("others"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            assertTrue(LivenessLock.tryLock(others) != null); // as another process's, that lives
            Files.writeString(directory.resolve("others"), "another writer's");
            AtomicInteger created = new AtomicInteger();
            assertThrows(
                    FileAlreadyExistsException.class,
                    () -> take(TemporaryName.FIXED, (file, attributes) -> {
                        Channel channel = create(file);
                        if (created.incrementAndGet() == 1) {
                            waitUntilSlow();
                            Files.delete(file);
                            Files.createLink(file, directory.resolve("others"));
                        }
                        return channel;
                    }));
            assertEquals("another writer's", Files.readString(anchor));
        }
    }

    @Test
    void a_slow_newborn_of_a_channel_that_proves_nothing_is_made_again_by_one_that_does() throws IOException {
        AtomicInteger created = new AtomicInteger();
        Claim claim = take(TemporaryName.FIXED, new LockedFile.Creator() {
            @Override
            public Channel create(Path file, FileAttribute<?>... attributes) throws IOException {
                Channel channel =
                        AsynchronousFileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                created.incrementAndGet();
                waitUntilSlow();
                return channel;
            }

            @Override
            public boolean writesInCallingThread() {
                return false;
            }
        });
        assertEquals(1, created.get());
        assertInstanceOf(FileChannel.class, claim.file().channel());
        assertFalse(claim.file().isShared());
        claim.release(Claim.Outcome.DISCARDED);
        assertEquals(List.of(), listed());
    }

    @Test
    void a_creator_that_fails_in_any_way_leaves_nothing_taken() throws IOException {
        for (Throwable failure : List.of(new IOException("no"), new IllegalStateException("no"), new Error("no"))) {
            assertEquals(
                    failure,
                    assertThrows(
                            Throwable.class,
                            () -> take(TemporaryName.FIXED, (file, attributes) -> {
                                throw TestThrow.sneak(failure);
                            })));
            assertEquals(List.of(), listed());
            assertEquals(List.of(), Registry.held());
        }
    }

    @Test
    void a_temporary_that_was_replaced_removed_or_changed_in_size_is_not_verified() throws IOException {
        Claim claim = take();
        assertThrows(FileSystemException.class, () -> claim.verify(5));
        Files.delete(temporary);
        assertThrows(NoSuchFileException.class, () -> claim.verify(0));
        Files.writeString(temporary, "another program's");
        assertThrows(FileSystemException.class, () -> claim.verify(-1));
        claim.release(Claim.Outcome.DISCARDED);
        assertEquals("another program's", Files.readString(temporary));
        assertEquals(List.of("x.tmp"), listed());
    }

    @Test
    void release_removes_what_the_outcome_says_and_no_more() throws IOException {
        Claim renamed = take();
        Files.move(temporary, x);
        renamed.release(Claim.Outcome.RENAMED);
        assertEquals(List.of("x"), listed());
        Files.delete(x);

        Claim linked = take();
        Files.createLink(x, temporary);
        linked.release(Claim.Outcome.LINKED);
        assertEquals(List.of("x"), listed());
    }

    @Test
    void a_claim_knows_its_file_under_every_name() throws IOException {
        Claim claim = take();
        Files.createLink(x, temporary);
        Files.createFile(directory.resolve("other"));
        assertTrue(claim.file().isAt(x));
        assertFalse(claim.file().isAt(directory.resolve("other")));
        assertFalse(claim.file().isAt(directory.resolve("missing")));
        claim.release(Claim.Outcome.LINKED);
    }

    @Test
    void a_second_name_that_was_given_and_reported_as_failed_is_removed_in_the_end() throws IOException {
        for (Exception reported : List.of(
                new FileSystemException("x.tmp"),
                new FileAlreadyExistsException("x.tmp"),
                new IOException("timed out"),
                new IllegalStateException("timed out"))) {
            Path observed = ObservedFileSystem.over(x, (operation, file) -> {
                if (operation == ObservedFileSystem.Operation.LINK) {
                    Files.createLink(temporary, anchor);
                    throw TestThrow.sneak(reported);
                }
            });
            try {
                Claims.take(Delegate.of(observed), observed, TemporaryName.FIXED, null)
                        .release(Claim.Outcome.DISCARDED);
            } catch (IOException | RuntimeException e) {
                assertEquals(reported, e);
            }
            assertEquals(List.of(), listed(), reported.toString());
        }
    }

    @Test
    void the_limit_for_a_newborn_is_half_of_the_interval_between_two_looks() {
        long now = System.nanoTime();
        assertTrue(LivenessLock.isSoon(now + TimeUnit.SECONDS.toNanos(1)));
        assertFalse(LivenessLock.isSoon(now - LivenessLock.INTERVAL / 2));
    }
}
