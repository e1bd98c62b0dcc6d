package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
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

    NONE("basic");

    private final String view;
    private final List<String> names; // the mode last: changing the owner takes bits of it away, chown(2)

    Identity(String view, String... names) {
        this.view = view;
        this.names = List.of(names);
    }

    /** The most exact terms that a file system has. */
    static Identity of(FileSystem fileSystem) {
        Set<String> views = fileSystem.supportedFileAttributeViews();
        for (Identity terms : List.of(UNIX, POSIX)) {
            if (views.contains(terms.view)) {
                return terms;
            }
        }
        return NONE;
    }

    /** Reads them, and whether it is a regular file. */
    Map<String, Object> read(Path file) throws IOException {
        String attributes = view + ":" + String.join(",", names) + (names.isEmpty() ? "" : ",") + "isRegularFile";
        return file.getFileSystem().provider().readAttributes(file, attributes, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Gives a file what was {@link #read} from another one, as far as it differs.
     *
     * @return whether it differed
     */
    boolean give(Map<String, Object> wanted, Path to) throws IOException {
        Map<String, Object> actual = read(to);
        boolean differs = false;
        for (String name : names) {
            if (!wanted.get(name).equals(actual.get(name))) {
                give(name, wanted.get(name), to);
                differs = true;
            }
        }
        return differs;
    }

    private void give(String name, Object value, Path to) throws IOException {
        boolean isMode = name.equals(names.get(names.size() - 1));
        try {
            to.getFileSystem().provider().setAttribute(to, view + ":" + name, value, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            if (isMode) {
                throw e;
            }
            // only a privileged process may give files away; the new content stays the writer's own
        }
    }
}
