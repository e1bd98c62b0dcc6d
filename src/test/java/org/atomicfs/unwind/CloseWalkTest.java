package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The rules about several frames; besides the corpus of {@link ShapesIT}. */
@SuppressWarnings("try") // resources that are only opened and closed
class CloseWalkTest {
    private static Unwinding closed;

    /** The library. */
    private static final class Opened implements Closeable {
        private final OpenSite site = OpenSite.here(type -> type == Opened.class);

        @Override
        public void close() {
            closed = site.unwinding();
        }
    }

    private static void fail() {
        throw new IllegalStateException();
    }

    private static void within(int depth, Closeable resource) throws IOException {
        if (depth > 0) {
            within(depth - 1, resource);
        } else {
            resource.close();
        }
    }

    private static Unwinding closedInHandler(int depth) throws IOException {
        Opened opened = new Opened();
        try (Closeable chain = () -> within(depth, opened)) {
            fail();
        } catch (IllegalStateException expected) {
            return closed;
        }
        throw new AssertionError();
    }

    @Test
    void what_lies_between_the_close_and_the_stream_may_be_long() throws IOException {
        for (int depth : new int[] {0, 1, 20, CloseWalk.LONGEST_CHAIN - 3}) {
            assertEquals(Unwinding.ATTACHES, closedInHandler(depth), () -> depth + " calls");
        }
        assertEquals(Unwinding.NO, closedInHandler(CloseWalk.LONGEST_CHAIN + 1));
    }

    private static void failIn(Closeable resource) throws IOException {
        try (resource) {
            fail();
        }
    }

    @Test
    void the_stream_must_be_older_than_the_frames_that_close_it() throws Exception {
        Opened[] opened = new Opened[1];
        try {
            opened[0] = new Opened();
            failIn(opened[0]);
        } catch (IllegalStateException expected) {
            assertEquals(Unwinding.ATTACHES, closed);
        }
        openFarBelow(opened, 100); // none of the frames that are known then is there any more
        try {
            failIn(opened[0]);
        } catch (IllegalStateException expected) {
            assertEquals(Unwinding.NO, closed);
        }
    }

    private static void openFarBelow(Opened[] opened, int depth) {
        if (depth == 0) {
            opened[0] = new Opened();
        } else {
            openFarBelow(opened, depth - 1);
        }
    }

    @Test
    void a_stream_of_another_thread_may_be_closed_because_of_an_exception() throws IOException {
        Opened opened = CompletableFuture.supplyAsync(Opened::new).join();
        try {
            failIn(opened);
        } catch (IllegalStateException expected) {
            assertEquals(Unwinding.ATTACHES, closed);
        }
    }

    private static void untilEnd(Closeable resource, boolean atEnd) throws IOException {
        try (resource) {
            if (atEnd) {
                throw new EOFException();
            }
            fail();
        }
    }

    @Test
    void an_exception_that_is_caught_further_outward_as_a_jump_is_no_failure() throws IOException {
        try {
            untilEnd(new Opened(), true);
        } catch (EOFException end) {
            assertEquals(Unwinding.NO, closed);
        }
    }

    @Test
    void a_close_that_no_code_of_the_library_asks_about_is_not_known() {
        OpenSite site = OpenSite.here(type -> false);
        assertEquals(Unwinding.NO, site.unwinding());
    }
}
