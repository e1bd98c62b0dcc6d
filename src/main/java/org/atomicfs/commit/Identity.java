package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** Whose a file is and who may use it, in the terms that a file system has for that. */
enum Identity {
    /**
     * In numbers. For the owner of {@link #POSIX} the JDK looks the name up in the user database, which is many system
     * calls and may be a server far away.
     */
    UNIX("unix", "uid", "gid", "mode"),

    POSIX("posix", "owner", "group", "permissions"),

    NONE("basic", null, null, null);

    private final String view;
    private final String owner;
    private final String group;
    private final String mode;
    private final String wanted;

    Identity(String view, String owner, String group, String mode) {
        this.view = view;
        this.owner = owner;
        this.group = group;
        this.mode = mode;
        this.wanted = view + ":"
                + (owner == null ? "" : owner + "," + group + "," + mode + ",")
                + "isRegularFile,fileKey,size";
    }

    /** The most exact terms that a file system with these views has. */
    static Identity of(Set<String> views) {
        return views.contains(UNIX.view) ? UNIX : views.contains(POSIX.view) ? POSIX : NONE;
    }

    /** Reads them, with whether it is a regular file, its key and its size. */
    Map<String, Object> read(Path file) throws IOException {
        return Delegate.provider(file).readAttributes(file, wanted, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Gives a file what was {@link #read} from another one, as far as it differs. The mode last: a change of the owner
     * takes bits of it away, chown(2).
     *
     * @param actual what the file has now
     * @return whether it differed
     */
    boolean give(Map<String, Object> wanted, Map<String, Object> actual, Path to) throws IOException {
        if (this == NONE) {
            return false;
        }
        boolean given = giveIfAllowed(owner, wanted, actual, to) | giveIfAllowed(group, wanted, actual, to);
        if (given || differs(mode, wanted, actual)) {
            set(mode, wanted.get(mode), to);
            return true;
        }
        return false;
    }

    private static boolean differs(String name, Map<String, Object> wanted, Map<String, Object> actual) {
        return !wanted.get(name).equals(actual.get(name));
    }

    /** Only a privileged process may give files away; for another one the new content stays the writer's own. */
    private boolean giveIfAllowed(String name, Map<String, Object> wanted, Map<String, Object> actual, Path to) {
        if (!differs(name, wanted, actual)) {
            return false;
        }
        try {
            set(name, wanted.get(name), to);
        } catch (IOException notAllowed) {
            return true;
        }
        return true;
    }

    private void set(String name, Object value, Path to) throws IOException {
        Delegate.provider(to).setAttribute(to, view + ":" + name, value, LinkOption.NOFOLLOW_LINKS);
    }
}
