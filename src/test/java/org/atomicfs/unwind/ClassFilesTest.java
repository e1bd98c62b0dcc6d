package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClassFilesTest {
    /** Has one method besides its constructor. */
    static final class Sample {
        void method() {}
    }

    @Test
    void a_class_is_read_by_whatever_loader_has_it() {
        assertEquals(2, new ClassFiles().of(Sample.class).methodCount());
        assertNotNull(new ClassFiles().of(Map.Entry.class), "of the boot loader, and nested");
        assertNotNull(new ClassFiles().of(org.junit.jupiter.api.Assertions.class));
    }

    @Test
    void the_last_file_is_kept_for_the_next_question() {
        ClassFiles files = new ClassFiles();
        assertSame(files.of(Sample.class), files.of(Sample.class));
    }

    @Test
    void a_class_that_was_made_in_memory_has_no_file() throws IllegalAccessException, java.io.IOException {
        Class<?> proxy = Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {Runnable.class},
                        (object, method, arguments) -> null)
                .getClass();
        assertNull(new ClassFiles().of(proxy));
        Class<?> hidden = MethodHandles.lookup()
                .defineHiddenClass(ClassFileTest.bytes(Sample.class), false)
                .lookupClass();
        assertNull(new ClassFiles().of(hidden));
    }
}
