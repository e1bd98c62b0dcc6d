package org.atomicfs;

import java.nio.file.OpenOption;

/**
 * How the temporary file of a write is named. It always lies in the directory of its destination. Given as an open
 * option it overrides, for that one open, what the file system was made with.
 *
 * <p>A name too long for the file system is shortened; the {@code .tmp} ending stays. What is written to an object
 * store is in a file of this machine ({@link AtomicOptions#stagingDirectory()}), whose name is always unique; there the
 * choice is only whether two writers of this JVM exclude each other.
 */
public enum TemporaryName implements OpenOption {
    /**
     * {@code <name>.tmp}. Easy to watch, and two writers of one file exclude each other: the second gets a
     * {@link java.nio.file.FileAlreadyExistsException}. The default.
     *
     * <p>While it is written the file has a second, hidden name, {@code .<name>~<digits>.tmp}. That one proves, when
     * the writer was killed, that the next one may remove both.
     */
    FIXED,

    /**
     * {@code .<name>.<random>.tmp}, with 16 random hexadecimal digits and 8 check digits. Any number of writers of one
     * file go on side by side; the last commit wins. What a killed writer leaves, {@link AtomicFiles#recover} removes.
     */
    UNIQUE
}
