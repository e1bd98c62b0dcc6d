package org.atomicfs.commit;

import java.nio.file.spi.FileSystemProvider;
import java.util.function.Predicate;
import org.atomicfs.CommitPolicy;

/** Tells the frames of the library itself, which opens and closes on behalf of a caller. */
final class LibraryFrames implements Predicate<Class<?>> {
    private static final String ROOT = CommitPolicy.class.getPackageName();
    private static final String COMMIT = LibraryFrames.class.getPackageName();
    private static final String VIEW = ROOT + ".view";

    static final LibraryFrames TEST = new LibraryFrames();

    private LibraryFrames() {}

    @Override
    public boolean test(Class<?> type) {
        String name = type.getPackageName();
        return name.equals(COMMIT)
                || name.equals(VIEW)
                || name.equals(ROOT) && FileSystemProvider.class.isAssignableFrom(type);
    }

    /** Whether a class, by its name, is between a program and the write that it opens. */
    static boolean isBelow(String className) {
        return className.startsWith(COMMIT + ".")
                || className.startsWith(VIEW + ".")
                || className.equals(ROOT + ".AtomicFileSystemProvider")
                || className.equals(ROOT + ".AtomicDefaultProvider")
                || className.equals("java.nio.file.Files");
    }
}
