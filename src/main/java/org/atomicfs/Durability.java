package org.atomicfs;

import java.nio.file.OpenOption;

/**
 * What a commit forces to the storage device, and so what a power cut can leave behind. Given as an open option it
 * overrides, for that one open, what the file system was made with: {@code Files.newOutputStream(path,
 * Durability.NONE)}, which creates or truncates as without it.
 *
 * <p>Whatever the choice, a reader sees the old content or the new content, complete. The choice is about power cuts
 * and crashes of the operating system only; a killed process loses nothing that it committed. An object store makes an
 * object durable before it says that the upload has ended, so there the choice makes no difference.
 */
public enum Durability implements OpenOption {
    /** Nothing is forced. After a power cut the destination may be old, new, empty or torn. */
    NONE,

    /**
     * The temporary is forced before the rename. A power cut leaves the old content or the new one, never a torn file;
     * which of the two is not known. The default.
     */
    DATA,

    /**
     * As {@link #DATA}, and the directory is forced after the rename: once {@code close()} returned, the new content
     * survives a power cut. Where a directory cannot be opened to be forced (Windows, in-memory file systems) this is
     * {@link #DATA}.
     */
    FULL
}
