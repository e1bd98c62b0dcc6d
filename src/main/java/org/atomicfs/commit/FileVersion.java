package org.atomicfs.commit;

import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/** Tells, by two looks at a name, whether the file was replaced or changed between them. */
public final class FileVersion {
    private FileVersion() {}

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
