package org.atomicfs.commit;

/** How a complete file gets the destination's name, as far as the file system underneath allows. */
public enum Way {
    /**
     * The temporary, which is beside the destination, is renamed in one step, also over a file that is there: its
     * readers see the old content or the new one.
     */
    RENAME,
    /**
     * The temporary is renamed, and only to a name that is free. A file that exists cannot be replaced in one step:
     * that is refused when it is opened.
     */
    RENAME_TO_NEW_NAME,
    /**
     * The temporary is a file of this machine. A complete one is sent in one upload: the file system shows an object
     * when its upload has ended, and cannot rename.
     */
    UPLOAD
}
