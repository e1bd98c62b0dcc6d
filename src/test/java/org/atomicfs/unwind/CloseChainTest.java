package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.List;
import org.atomicfs.unwind.CloseChain.Answer;
import org.junit.jupiter.api.Test;

/** The rules about the frames from a close outward, one by one; together they are tested in {@link CloseWalkTest}. */
class CloseChainTest {
    private static List<StackFrame> seen;

    /** Plays the method of the library. */
    private static void close() {
        seen = StackFrames.here();
    }

    private static void fail() {
        throw new IllegalStateException();
    }

    private static void end() {
        close();
    }

    private static void rollOver() {
        close();
    }

    private static void closeFailing() {
        try {
            fail();
        } finally {
            close();
        }
    }

    private static void endFailing() {
        try {
            fail();
        } finally {
            end(); // more than a close, as its name says
        }
    }

    private static void closeSwallowing() {
        try {
            fail();
        } catch (IllegalStateException swallowed) {
            close();
        }
    }

    private static StackFrame[] chain(int count) {
        return seen.subList(0, count).toArray(StackFrame[]::new);
    }

    private static CloseChain judging(StackFrame... openers) {
        return new CloseChain(new Openers(openers), new KnownClasses(), new ClassFiles());
    }

    @Test
    void a_close_in_a_handler_that_throws_again_is_because_of_the_exception() {
        assertThrows(IllegalStateException.class, CloseChainTest::closeFailing);
        CloseChain judging = judging();
        assertEquals(Answer.BECAUSE_OF_EXCEPTION, judging.judge(chain(2), 2));
        assertEquals(Unwinding.HIDES, judging.unwinding());
    }

    @Test
    void a_close_in_a_handler_that_swallows_leaves_the_question_to_its_caller() {
        closeSwallowing();
        assertEquals(Answer.OPEN, judging().judge(chain(2), 2));
    }

    @Test
    void an_exception_that_is_handled_by_more_than_a_close_is_not() {
        assertThrows(IllegalStateException.class, CloseChainTest::endFailing);
        assertEquals(Answer.NO, judging().judge(chain(3), 3));
    }

    @Test
    void an_ordinary_call_leaves_the_question_to_its_caller() {
        end();
        assertEquals(Answer.OPEN, judging().judge(chain(2), 2));
    }

    @Test
    void frames_are_judged_as_they_come() {
        assertThrows(IllegalStateException.class, CloseChainTest::endFailing);
        CloseChain judging = judging();
        assertEquals(Answer.OPEN, judging.judge(chain(2), 2));
        assertEquals(Answer.NO, judging.judge(chain(3), 3));
    }

    @Test
    void what_rolls_over_closes_a_complete_file() {
        rollOver();
        assertEquals(Answer.NO, judging().judge(chain(2), 2));
    }

    @Test
    void a_frame_that_does_not_call_the_one_before_tells_nothing() {
        assertThrows(IllegalStateException.class, CloseChainTest::closeFailing);
        List<StackFrame> torn = new ArrayList<>(seen.subList(0, 2));
        end();
        torn.set(0, seen.get(1)); // end(), which closeFailing() does not call
        assertEquals(Answer.NO, judging().judge(torn.toArray(StackFrame[]::new), 2));
    }

    @Test
    void the_method_that_opened_the_stream_and_closes_it_ordinarily_ends_the_question() {
        close();
        StackFrame opened = seen.get(0);
        StackFrame opener = seen.get(1);
        close();
        assertEquals(Answer.NO, judging(opened, opener).judge(chain(2), 2));
        assertEquals(Answer.OPEN, judging().judge(chain(2), 2), "if it had not opened the stream");
    }
}
