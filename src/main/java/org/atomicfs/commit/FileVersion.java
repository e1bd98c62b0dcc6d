package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/** Tells, by two looks at a name, whether the file was replaced or changed between them. */
public final class FileVersion {
    private FileVersion() {}

    /**
     * As {@link #isSame(BasicFileAttributes, BasicFileAttributes)}, where it is not known what keys are worth.
     *
     * @param plain the file, as a path of the delegate
     */
    public static boolean isSame(Path plain, BasicFileAttributes before, BasicFileAttributes now) throws IOException {
        if (isSame(before, now)) {
            return true;
        }
        boolean changed = before == null || now == null || Objects.equals(before.fileKey(), now.fileKey());
        return !changed
                && !Delegate.of(plain).reader().keepsKeys(plain)
                && isSame(KeylessAttributes.of(before), KeylessAttributes.of(now));
    }

    /**
     * Whether it was not, as far as its key, size and time tell.
     *
     * @param before null if there was no file
     * @param now null if there is none
     */
    public static boolean isSame(BasicFileAttributes before, BasicFileAttributes now) {
        if (before == null || now == null) {
            return before == now;
        }
        return Objects.equals(before.fileKey(), now.fileKey())
                && before.size() == now.size()
                && Objects.equals(before.lastModifiedTime(), now.lastModifiedTime());
    }
}
