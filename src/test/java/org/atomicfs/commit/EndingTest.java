package org.atomicfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicWrite.Status;
import org.atomicfs.CommitPolicy;
import org.atomicfs.testing.CapturedLogs;
import org.atomicfs.unwind.Unwinding;
import org.junit.jupiter.api.Test;

class EndingTest {
    /** Records what is asked of it, and fails as the test says. */
    private static final class Content implements Ending.Content {
        final List<String> calls = new ArrayList<>();
        IOException found;
        Throwable publishing;
        boolean published;
        boolean inPlace;

        @Override
        public boolean isStaged() {
            return !inPlace;
        }

        @Override
        public boolean isInPlace() {
            return inPlace;
        }

        @Override
        public IOException failure() {
            return found;
        }

        @Override
        public void publish() {
            calls.add("publish");
            if (publishing != null) {
                throw TestThrow.sneak(publishing);
            }
        }

        @Override
        public boolean isPublished() {
            return published;
        }

        @Override
        public void discard() {
            calls.add("discard");
        }

        @Override
        public void ended() {
            calls.add("ended");
        }
    }

    private final Content content = new Content();
    private final Ending ending = new Ending(Path.of("x"), CommitPolicy.ON_SUCCESS, content);

    private void assertEnded(Status status, String... calls) {
        assertEquals(List.of(calls), content.calls);
        assertEquals(status, ending.status());
        assertTrue(ending.hasEnded());
    }

    @Test
    void closing_publishes_once() throws IOException {
        assertEquals(Status.OPEN, ending.status());
        ending.close(Unwinding.NO);
        ending.close(Unwinding.NO);
        ending.abort(null, Failure.Kind.ASKED_FOR);
        ending.commit();
        assertEnded(Status.COMMITTED, "publish", "ended");
        assertFalse(ending.fail(new IOException(), Failure.Kind.FAILED));
    }

    @Test
    void what_was_aborted_by_its_writer_closes_silently() throws IOException {
        ending.abort(null, Failure.Kind.ASKED_FOR);
        ending.close(Unwinding.NO);
        assertEnded(Status.DISCARDED, "discard", "ended");
        assertThrows(ClosedChannelException.class, ending::requireOpen);
    }

    @Test
    void what_was_aborted_by_another_tells_the_reason_at_every_operation_and_once_at_close() throws IOException {
        IOException reason = new IOException("the file system is closed");
        ending.abort(reason, Failure.Kind.ABORTED);
        assertFalse(ending.isSettled());
        assertSame(
                reason,
                assertThrows(AtomicCommitException.class, ending::requireOpen).getCause());
        assertSame(reason, ending.explained(new ClosedChannelException()).getCause());
        assertSame(
                reason,
                assertThrows(AtomicCommitException.class, () -> ending.close(Unwinding.NO))
                        .getCause());
        ending.close(Unwinding.NO);
        assertEnded(Status.DISCARDED, "discard", "ended");
    }

    @Test
    void the_first_failure_stays_and_is_the_cause() {
        IOException first = new IOException("first");
        assertTrue(ending.fail(first, Failure.Kind.FAILED));
        assertTrue(ending.fail(new IOException("second"), Failure.Kind.FAILED));
        assertEquals(Status.FAILED, ending.status());
        assertSame(
                first,
                assertThrows(AtomicCommitException.class, () -> ending.close(Unwinding.NO))
                        .getCause());
        assertEnded(Status.DISCARDED, "discard", "ended");
    }

    @Test
    void a_failure_that_the_caller_asked_for_as_well_is_silent() throws IOException {
        ending.fail(new IOException(), Failure.Kind.FAILED);
        ending.fail(new IOException(), Failure.Kind.ASKED_FOR);
        ending.close(Unwinding.NO);
        assertEnded(Status.DISCARDED, "discard", "ended");
    }

    @Test
    void a_failure_that_the_content_finds_at_the_end_prevents_publishing() {
        content.found = new IOException("under way");
        assertThrows(AtomicCommitException.class, ending::commit);
        assertEnded(Status.DISCARDED, "discard", "ended");
    }

    @Test
    void a_failure_of_what_is_written_in_place_was_seen_already() throws IOException {
        content.inPlace = true;
        ending.fail(new IOException(), Failure.Kind.FAILED);
        ending.close(Unwinding.HIDES);
        assertEnded(Status.DISCARDED, "discard", "ended");
    }

    @Test
    void an_exception_that_would_hide_the_propagating_one_is_logged() throws IOException {
        try (CapturedLogs logs = new CapturedLogs()) {
            ending.close(Unwinding.HIDES);
            assertEquals(1, logs.records().size());
        }
        assertEnded(Status.DISCARDED, "discard", "ended");
    }

    @Test
    void whatever_publishing_throws_the_status_is_what_the_content_says() {
        for (Throwable thrown : List.of(new IOException("no"), new IllegalStateException("no"), new Error("no"))) {
            for (boolean published : new boolean[] {true, false}) {
                Content failing = new Content();
                failing.publishing = thrown;
                failing.published = published;
                Ending commit = new Ending(Path.of("x"), CommitPolicy.ON_SUCCESS, failing);
                assertSame(thrown, assertThrows(Throwable.class, commit::commit));
                assertEquals(published ? Status.COMMITTED : Status.DISCARDED, commit.status());
                assertEquals(
                        published ? List.of("publish", "ended") : List.of("publish", "discard", "ended"),
                        failing.calls);
            }
        }
    }

    @Test
    void stopping_lets_no_change_begin_and_decides_nothing() throws IOException {
        ending.stop();
        assertFalse(ending.isOpen());
        assertFalse(ending.hasEnded());
        assertThrows(ClosedChannelException.class, ending::requireOpen);
        ending.commit();
        assertEnded(Status.COMMITTED, "publish", "ended");
    }

    @Test
    void undoing_discards_and_ends() {
        ending.undo(new IOException());
        assertEnded(Status.DISCARDED, "discard", "ended");
    }

    @Test
    void under_the_explicit_policy_only_a_commit_publishes() throws IOException {
        Ending explicit = new Ending(Path.of("x"), CommitPolicy.EXPLICIT, content);
        explicit.close(Unwinding.NO);
        assertEquals(List.of("discard", "ended"), content.calls);
        assertThrows(AtomicCommitException.class, explicit::commit);
    }

    @Test
    void of_two_failures_the_first_cause_stays_and_that_it_was_asked_for_does_too() {
        Failure first = new Failure(new IOException("first"), Failure.Kind.FAILED);
        assertSame(first, first.and(new Failure(null, Failure.Kind.ABORTED)));
        assertEquals(
                new Failure(first.cause(), Failure.Kind.ASKED_FOR),
                first.and(new Failure(new IOException("second"), Failure.Kind.ASKED_FOR)));
    }
}
