package org.atomicfs.commit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;

/** Looks what an object is after an upload that failed: a store can report a failure of what it has done. */
final class AfterUpload {
    /** What is found. */
    enum Found {
        /** All that was to be uploaded. */
        NEW,
        /** A part of it, or nothing where there was an object. */
        TORN,
        /** The object that was there before, or none as before. */
        OLD,
        /** What another writer has put there. */
        OTHER,
        /** The store does not tell. */
        UNKNOWN
    }

    private static final int BUFFER = 1 << 16; // bytes

    private AfterUpload() {}

    /**
     * Looks.
     *
     * @param before what the object was before the upload; null if there was none
     * @param uploaded the content that was to be uploaded
     * @param size of that
     */
    static Found look(Path object, BasicFileAttributes before, InputStream uploaded, long size) throws IOException {
        BasicFileAttributes now = Delegate.of(object).attributesIfExists(object);
        if (now == null) {
            return before == null ? Found.OLD : Found.TORN;
        }
        boolean same = FileVersion.isSame(before, now);
        if (same && now.fileKey() != null) {
            return Found.OLD;
        }
        long equal;
        try (InputStream stored = Delegate.provider(object).newInputStream(object)) {
            equal = equalBytes(stored, uploaded);
        }
        if (equal == now.size()) {
            return equal == size ? Found.NEW : same ? Found.OLD : Found.TORN;
        }
        return same ? Found.OLD : Found.OTHER;
    }

    /** How many bytes two streams have in common, from the first one on. */
    private static long equalBytes(InputStream one, InputStream other) throws IOException {
        for (long equal = 0; ; equal += BUFFER) {
            byte[] left = one.readNBytes(BUFFER);
            byte[] right = other.readNBytes(left.length);
            int mismatch = Arrays.mismatch(left, right);
            if (mismatch >= 0 || left.length < BUFFER) {
                return equal + (mismatch >= 0 ? mismatch : left.length);
            }
        }
    }
}
