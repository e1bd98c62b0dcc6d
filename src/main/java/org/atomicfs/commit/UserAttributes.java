package org.atomicfs.commit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.HashMap;
import java.util.Map;

/**
 * The user-defined attributes of a file that the caller is about to lock. To read them the JDK opens the file and
 * closes it, which drops the locks of this process (POSIX, fcntl(2)): so they are read before.
 */
final class UserAttributes {
    private static final String STATE = "unix:ctime,nlink";

    private final Path file;
    private final Map<String, Object> state; // of the file when they were read
    private final Map<String, ByteBuffer> values = new HashMap<>();

    private UserAttributes(Path file) throws IOException {
        this.file = file;
        state = state();
        UserDefinedFileAttributeView view = view(file);
        for (String name : view.list()) {
            ByteBuffer value = ByteBuffer.allocate(view.size(name));
            view.read(name, value);
            values.put(name, value.flip());
        }
    }

    /** Reads them; null if that is not possible, or not needed here. */
    static UserAttributes read(Delegate delegate, Path file) {
        if (!delegate.isUnix() || !delegate.hasUserAttributes()) {
            return null;
        }
        try {
            return new UserAttributes(file);
        } catch (IOException unreadable) {
            return null; // whether that matters is seen when the file is replaced
        }
    }

    private static UserDefinedFileAttributeView view(Path file) {
        return Delegate.provider(file)
                .getFileAttributeView(file, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    private Map<String, Object> state() throws IOException {
        return Delegate.provider(file).readAttributes(file, STATE, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Whether nothing was changed of the file since they were read, as far as is known. A name may have been removed:
     * the writer who published the file removes its anchor then.
     */
    boolean areCurrent() throws IOException {
        Map<String, Object> now;
        try {
            now = state();
        } catch (NoSuchFileException e) {
            return false;
        }
        return state.get("ctime").equals(now.get("ctime")) || (Integer) now.get("nlink") < (Integer) state.get("nlink");
    }

    /** Gives them to another file; returns whether there are any. */
    boolean giveTo(Path other) throws IOException {
        for (Map.Entry<String, ByteBuffer> attribute : values.entrySet()) {
            view(other).write(attribute.getKey(), attribute.getValue().duplicate());
        }
        return !values.isEmpty();
    }
}
