package org.atomicfs.unwind;

/**
 * An entry of a method's exception table (JVMS 4.7.3).
 *
 * @param start first index that is covered
 * @param end first index that is not covered any more
 * @param target where the handler begins
 * @param caught internal name of the exception, or {@link #ANY}
 */
record Handler(int start, int end, int target, String caught) {
    /** Stands for every exception, as a {@code finally} or a {@code synchronized} block handles them. */
    static final String ANY = "";

    boolean covers(int index) {
        return index >= start && index < end;
    }

    /** Whether it is a {@code catch} clause, as far as the table tells. */
    boolean isCatch() {
        return !caught.equals(ANY);
    }
}
