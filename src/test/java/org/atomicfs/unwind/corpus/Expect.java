package org.atomicfs.unwind.corpus;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What becomes of the streams of a shape, as in {@code a=C,b=A}: {@code C} it is complete and is published; {@code A}
 * an exception is propagating and it is discarded; {@code M} it should be discarded, but that is not noticed today;
 * {@code D} it is discarded, and some would rather have it published (documented); {@code U} somebody wants the one and
 * somebody the other: published today; {@code ?} depends on the compiler.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Expect {
    /** When nothing fails. */
    String n();

    /** When something does. */
    String f();

    /** Why. */
    String note() default "";
}
