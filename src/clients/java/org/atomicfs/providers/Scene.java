package org.atomicfs.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicFiles;

/** A directory in which one operation is tried, and what came of it. */
final class Scene {
    /** Part of an operation. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }

    /** What is thrown where a file is opened. */
    @FunctionalInterface
    interface Open<T> {
        T open() throws Exception;
    }

    /** Tells a refusal from a failure that comes later. */
    private static final class AtOpenException extends Exception {
        private static final long serialVersionUID = 1L;

        AtOpenException(Exception cause) {
            super(cause);
        }
    }

    private enum Came {
        NEW_WORKED,
        NEW_REFUSED,
        REPLACED,
        NOT_REPLACED
    }

    private static final int SHORTEST_REASON = 30; // characters: less says nothing

    private final Path directory;
    private final Path local;
    private final Set<Came> came = EnumSet.noneOf(Came.class);
    private final Set<String> refusals = new TreeSet<>();

    /**
     * A scene.
     *
     * @param directory empty, of the provider
     * @param local a directory of this machine
     */
    Scene(Path directory, Path local) {
        this.directory = directory;
        this.local = local;
    }

    Path directory() {
        return directory;
    }

    /** Whether it is in an object store, which has no renames and no temporaries. */
    boolean isInStore() {
        return Set.of("gs", "s3x").contains(directory.getFileSystem().provider().getScheme());
    }

    Path local(String name) {
        return local.resolve(name);
    }

    Path plain(String name) {
        return directory.resolve(name);
    }

    Path atomic(String name) {
        return AtomicFiles.atomic(plain(name));
    }

    /** Has a file with some content, before the library comes into play. */
    Path existing(String name, String content) throws IOException {
        Files.write(plain(name), content.getBytes());
        return atomic(name);
    }

    /** Opens a file, or does what opens one inside. A refusal is accepted here and nowhere else. */
    <T> T opening(Open<T> open) throws AtOpenException {
        try {
            return open.open();
        } catch (Exception e) {
            throw new AtOpenException(e);
        }
    }

    /** A part that replaces nothing. */
    void toNewName(Step step) throws Exception {
        run(step, Came.NEW_WORKED, Came.NEW_REFUSED);
    }

    /** A part that replaces a file. */
    void replacing(Step step) throws Exception {
        run(step, Came.REPLACED, Came.NOT_REPLACED);
    }

    private void run(Step step, Came worked, Came refused) throws Exception {
        Map<String, String> before = content();
        try {
            step.run();
            came.add(worked);
        } catch (AtOpenException e) {
            if (!(e.getCause() instanceof FileSystemException refusal)
                    || refusal instanceof AtomicCommitException // it was tried
                    || refusal.getReason() == null
                    || refusal.getReason().length() < SHORTEST_REASON) {
                throw new AssertionError("refused without a reason: " + e.getCause(), e.getCause());
            }
            assertTrue(refusal.getFile().startsWith(directory.toString()), refusal.getFile());
            assertEquals(before, content(), "after a refusal");
            came.add(refused);
            refusals.add(refusal.getMessage());
        }
        assertEquals(0, AtomicFiles.pending().size());
    }

    /** What is in the directory, read without the library. */
    Map<String, String> content() throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                content.put(file.getFileName().toString(), new String(Files.readAllBytes(file)));
            }
        }
        return content;
    }

    /** That the directory has these files and no others: names and contents in turn. */
    void has(String... namesAndContents) throws IOException {
        Map<String, String> expected = new TreeMap<>();
        for (int i = 0; i < namesAndContents.length; i += 2) {
            expected.put(namesAndContents[i], namesAndContents[i + 1]);
        }
        assertEquals(expected, content());
    }

    /** What the exceptions of the refusals say. */
    Set<String> refusals() {
        return refusals;
    }

    Cell cell() {
        if (came.contains(Came.NEW_WORKED) || came.contains(Came.REPLACED)) {
            assertTrue(!came.contains(Came.NEW_REFUSED), came::toString);
            assertTrue(!(came.contains(Came.REPLACED) && came.contains(Came.NOT_REPLACED)), came::toString);
            return came.contains(Came.NOT_REPLACED) ? Cell.NEW_NAMES : Cell.YES;
        }
        assertTrue(!came.isEmpty(), "nothing was tried");
        return Cell.REFUSED;
    }
}
