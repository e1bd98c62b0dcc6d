package org.atomicfs.commit;

import static org.atomicfs.testing.DirectoryListing.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.atomicfs.AtomicFiles;
import org.atomicfs.TemporaryName;
import org.atomicfs.commit.Abandoned.State;
import org.atomicfs.commit.Abandoned.Temporary;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.Needs;
import org.atomicfs.testing.UnprivilegedUser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class AbandonedTest {
    @TempDir
    Path directory;

    private Path temporary;
    private Path anchor;

    @BeforeEach
    void name() {
        temporary = directory.resolve("x.tmp");
        anchor = TemporaryNames.anchor(directory.resolve("x"));
    }

    private void leave() throws IOException {
        Files.writeString(anchor, "left by a dead writer");
        Files.createLink(temporary, anchor);
    }

    @Test
    void both_names_of_a_dead_writer_are_removed_and_it_is_listed_by_the_visible_one() throws IOException {
        leave();
        assertEquals(List.of(new Temporary(temporary, State.DEAD)), Abandoned.list(directory));
        assertEquals(2, names(directory).size());
        assertEquals(List.of(new Temporary(temporary, State.DEAD)), Abandoned.removeAll(directory));
        assertEquals(List.of(), names(directory));
    }

    @Test
    void an_anchor_alone_is_removed() throws IOException {
        Files.createFile(anchor);
        assertEquals(List.of(new Temporary(anchor, State.DEAD)), Abandoned.removeAll(directory));
        assertEquals(List.of(), names(directory));
    }

    @Test
    void a_unique_temporary_of_a_dead_writer_is_removed() throws IOException {
        Path unique = Files.createFile(TemporaryNames.full(directory.resolve("x"), TemporaryName.UNIQUE));
        assertEquals(State.DEAD, Abandoned.remove(unique, unique));
        assertEquals(List.of(), names(directory));
    }

    @Test
    void what_is_locked_is_live_and_stays() throws IOException {
        leave();
        try (FileChannel writer = FileChannel.open(anchor, StandardOpenOption.WRITE)) {
            assertTrue(LivenessLock.tryLock(writer) != null);
            assertEquals(State.LIVE, Abandoned.remove(anchor, temporary));
            assertEquals(List.of(new Temporary(temporary, State.LIVE)), Abandoned.removeAll(directory));
        }
        assertEquals(2, names(directory).size());
    }

    @Test
    void the_temporary_of_this_jvm_is_live_and_is_not_opened_which_would_drop_its_lock() throws IOException {
        Claim claim = Claims.take(Delegate.of(directory), directory.resolve("x"), TemporaryName.FIXED, null);
        assertEquals(List.of(new Temporary(temporary, State.LIVE)), Abandoned.removeAll(directory));
        assertEquals(State.LIVE, Abandoned.remove(anchor, temporary));
        claim.verify(0);
        claim.release(Claim.Outcome.DISCARDED);
    }

    @Test
    void a_name_that_is_gone_is_gone() throws IOException {
        assertEquals(State.GONE, Abandoned.remove(anchor, temporary));
        assertEquals(List.of(), Abandoned.removeAll(directory));
    }

    @Test
    void a_file_beside_the_anchor_that_is_not_the_same_file_is_left_alone() throws IOException {
        Files.createFile(anchor);
        Files.writeString(temporary, "another program's");
        assertEquals(List.of(new Temporary(anchor, State.DEAD)), Abandoned.removeAll(directory));
        assertEquals("another program's", Files.readString(temporary));
        assertEquals(List.of("x.tmp"), names(directory));
    }

    @Test
    void other_names_of_the_file_are_left_alone() throws IOException {
        leave();
        Files.createLink(directory.resolve("published"), anchor);
        Files.createLink(directory.resolve("other.tmp"), anchor);
        assertEquals(State.DEAD, Abandoned.remove(anchor, temporary));
        assertEquals(List.of("other.tmp", "published"), names(directory));
    }

    /** Kernels give the number of a removed file to the next one at once, which has other times. */
    @Test
    void a_file_with_the_key_of_the_one_before_and_other_times_is_another_one() throws Exception {
        Needs.posix();
        leave();
        AtomicBoolean done = new AtomicBoolean();
        CountDownLatch changing = new CountDownLatch(1);
        Thread other = new Thread(() -> {
            for (long second = 0; !done.get(); second++) {
                try {
                    Files.setLastModifiedTime(anchor, FileTime.from(second, TimeUnit.SECONDS));
                } catch (IOException e) {
                    return; // it was removed
                }
                changing.countDown();
            }
        });
        other.start();
        changing.await();
        State state = Abandoned.remove(anchor, temporary);
        done.set(true);
        other.join();
        assertEquals(State.GONE, state);
        assertEquals(2, names(directory).size());
    }

    @Test
    void a_named_pipe_in_the_anchors_place_does_not_block() throws IOException {
        Needs.command("mkfifo");
        ChildProcess.run(List.of("mkfifo", anchor.toString()), null);
        assertEquals(State.UNKNOWN, Abandoned.remove(anchor, temporary));
        assertEquals(List.of(new Temporary(anchor, State.UNKNOWN)), Abandoned.removeAll(directory));
        assertEquals(List.of(anchor.getFileName().toString()), names(directory));
    }

    @Test
    void a_directory_or_a_link_with_an_anchors_name_is_left_alone() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "content");
        Files.createSymbolicLink(anchor, secret);
        assertEquals(State.UNKNOWN, Abandoned.remove(anchor, temporary));
        assertEquals("content", Files.readString(anchor));
        Files.delete(anchor);
        Files.createDirectory(anchor);
        assertEquals(State.UNKNOWN, Abandoned.remove(anchor, temporary));
    }

    @Test
    void a_symbolic_link_that_waits_to_be_renamed_is_live_for_a_minute() throws IOException {
        Path link = TemporaryNames.full(directory.resolve("x"), TemporaryName.UNIQUE);
        Files.createSymbolicLink(link, Path.of("anywhere"));
        assertEquals(List.of(new Temporary(link, State.LIVE)), Abandoned.removeAll(directory));
        ChildProcess.run(
                List.of("touch", "-h", "-d", "-" + Duration.ofMinutes(2).toSeconds() + " seconds", link.toString()),
                null);
        assertEquals(List.of(new Temporary(link, State.DEAD)), Abandoned.removeAll(directory));
        assertEquals(List.of(), names(directory));
    }

    private void share() throws IOException {
        Needs.root();
        Files.setAttribute(directory, "unix:mode", 01777);
    }

    private void assertLeftAlone() throws IOException {
        List<String> before = names(directory);
        assertEquals(State.UNKNOWN, Abandoned.remove(anchor, temporary));
        for (Temporary found : Abandoned.removeAll(directory)) {
            assertEquals(State.UNKNOWN, found.state());
        }
        FileSystemException refused = assertThrows(
                FileAlreadyExistsException.class,
                () -> Files.writeString(AtomicFiles.atomic(directory.resolve("x")), "new"));
        assertFalse(refused instanceof BusyException, "it would be waited for: " + refused);
        assertEquals(before, names(directory));
    }

    @Test
    void in_a_shared_directory_what_another_user_made_is_left_alone() throws IOException {
        share();
        Files.writeString(anchor, "made by another user");
        Files.setAttribute(anchor, "unix:uid", UnprivilegedUser.UID);
        assertLeftAlone();
        Files.createLink(temporary, anchor);
        assertLeftAlone();
        try (FileChannel locked = FileChannel.open(anchor, StandardOpenOption.WRITE)) {
            assertTrue(LivenessLock.tryLock(locked) != null); // as if it were written
            assertLeftAlone();
        }
    }

    @Test
    void in_a_shared_directory_a_name_that_another_user_can_have_given_proves_nothing() throws IOException {
        share();
        Files.writeString(temporary, "no temporary at all");
        Files.setAttribute(temporary, "unix:mode", 0666);
        Files.createLink(anchor, temporary);
        assertLeftAlone();
        Files.setAttribute(temporary, "unix:mode", 0644);
        Files.createLink(directory.resolve("third"), temporary);
        assertLeftAlone();
    }

    @Test
    void in_a_shared_directory_ones_own_leftovers_are_removed() throws IOException {
        share();
        Path protection = Path.of("/proc/sys/fs/protected_hardlinks");
        assumeTrue(Files.exists(protection) && Files.readString(protection).startsWith("1"), "needs protected links");
        leave();
        Files.writeString(AtomicFiles.atomic(directory.resolve("x")), "new");
        assertEquals(List.of("x"), names(directory));
    }
}
