package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import org.atomicfs.testing.Poll;
import org.junit.jupiter.api.Test;

class KnownClassesTest {
    /** Is loaded several times. */
    static final class Loaded {}

    private static Class<?> load() throws IOException {
        byte[] file = ClassFileTest.bytes(Loaded.class);
        return new ClassLoader(null) {
            Class<?> define() {
                return defineClass(null, file, 0, file.length);
            }
        }.define();
    }

    @Test
    void a_class_is_known_by_identity_and_not_by_name() throws IOException {
        KnownClasses classes = new KnownClasses();
        Class<?> one = load();
        Class<?> other = load();
        assertSame(classes.of(one), classes.of(one));
        assertNotSame(classes.of(one), classes.of(other));
        assertEquals(2, classes.size());
    }

    @Test
    void what_is_known_of_an_unloaded_class_is_given_up() throws IOException {
        KnownClasses classes = new KnownClasses();
        classes.of(String.class);
        for (int i = 0; i < 10; i++) {
            classes.of(load());
        }
        Poll.until(() -> {
            System.gc();
            return classes.size() == 1;
        });
        assertSame(classes.of(String.class), classes.of(String.class));
    }

    @Test
    void there_is_one_for_the_whole_library() {
        assertSame(KnownClasses.shared(), KnownClasses.shared());
    }
}
