package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.StackWalker.StackFrame;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static List<StackFrame> initializing;

    private static final class Initialized {
        static final int VALUE;

        static {
            initializing = StackFrames.here();
            VALUE = initializing.size();
        }
    }

    private static StackFrame here(String first, long second) {
        return StackFrames.here().get(0);
    }

    private static StackFrame here(String first) {
        return StackFrames.here().get(0);
    }

    @Test
    void methods_are_the_same_by_class_name_and_parameters() {
        assertTrue(Frames.isSameMethod(here("", 1), here("x", 2)));
        assertFalse(Frames.isSameMethod(here("", 1), here("")));
        assertFalse(Frames.isSameMethod(here(""), StackFrames.here().get(0)));
    }

    @Test
    void a_frame_has_the_name_that_a_call_uses() {
        assertEquals("here(Ljava/lang/String;J", Frames.nameAndParameters(here("", 1)));
    }

    @Test
    void the_body_of_a_lambda_is_known_by_its_name() {
        Supplier<StackFrame> lambda = () -> StackFrames.here().get(0);
        assertTrue(Frames.isLambda(lambda.get()));
        assertFalse(Frames.isLambda(StackFrames.here().get(0)));
    }

    @Test
    void a_static_initializer_is_known() {
        assertTrue(Initialized.VALUE > 0);
        assertTrue(Frames.isStaticInitializer(initializing.get(0)));
        assertFalse(Frames.isStaticInitializer(initializing.get(1)));
    }

    @Test
    void only_the_subscriber_of_the_jdk_is_called_because_of_a_failure() {
        assertFalse(Frames.isCallbackOfFailure(onError()));
    }

    private static StackFrame onError() {
        return StackFrames.here().get(0);
    }
}
