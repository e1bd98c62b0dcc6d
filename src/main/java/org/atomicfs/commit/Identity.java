package org.atomicfs.commit;

/** In which terms a file system says whose a file is. */
enum Identity {
    /**
     * In numbers. For the owner of {@link #POSIX} the JDK looks the name up in the user database, which is many system
     * calls and may be a server far away.
     */
    UNIX("unix:uid", "unix:gid", "unix:mode"),
    POSIX("posix:owner", "posix:group", "posix:permissions"),
    NONE(null, null, null);

    private final String owner;
    private final String group;
    private final String mode;

    Identity(String owner, String group, String mode) {
        this.owner = owner;
        this.group = group;
        this.mode = mode;
    }

    /** The attribute that is the owner, and so on. */
    String owner() {
        return owner;
    }

    String group() {
        return group;
    }

    String mode() {
        return mode;
    }

    /** A mode as the value of {@link #mode()}. */
    Object ofMode(int bits) {
        return this == UNIX ? (Object) bits : Rights.permissions(bits);
    }
}
