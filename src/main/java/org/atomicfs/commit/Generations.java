package org.atomicfs.commit;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.TreeMap;

/** The directories beside a link to which it led, leads, or was to lead. */
final class Generations {
    private Generations() {}

    /** All generations by their digits, oldest first. */
    static TreeMap<String, Path> all(Path target) throws IOException {
        TreeMap<String, Path> result = new TreeMap<>();
        try (DirectoryStream<Path> entries = Delegate.provider(target)
                .newDirectoryStream(target.getParent(), entry -> DirectoryNames.generation(target, entry) != null)) {
            entries.forEach(entry -> result.put(DirectoryNames.generation(target, entry), entry));
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return result;
    }

    /**
     * Removes old generations; what cannot be removed is removed by the next writer. The generation that was replaced
     * is not among these: it has readers, and need not be the newest, since a person may go back to an older one.
     *
     * @param old oldest first
     * @param remaining how many of them are kept
     */
    static void removeOld(TreeMap<String, Path> old, int remaining) {
        int newer = 0;
        for (Path generation : old.descendingMap().values()) {
            newer++;
            try {
                if (newer > remaining) {
                    Tree.delete(generation);
                }
            } catch (IOException | RuntimeException e) {
                Registry.logger().log(Level.WARNING, "could not remove " + generation, e);
            }
        }
    }

    /** Removes the link that was to take the target's place and has not, and the generation to which it leads. */
    static void removeUnpublished(Path target) throws IOException {
        Path link = DirectoryNames.link(target);
        BasicFileAttributes found = Delegate.of(link).attributesIfExists(link);
        if (found == null) {
            return;
        }
        if (found.isSymbolicLink()) {
            Path generation = target.resolveSibling(Delegate.provider(link).readSymbolicLink(link));
            if (DirectoryNames.generation(target, generation) != null && !isCurrent(target, generation)) {
                Tree.delete(generation);
            }
        }
        Delegate.provider(link).deleteIfExists(link);
    }

    /** Whether the target is a link to that generation. */
    static boolean isCurrent(Path target, Path generation) throws IOException {
        BasicFileAttributes found = Delegate.of(target).attributesIfExists(target);
        return found != null
                && found.isSymbolicLink()
                && target.resolveSibling(Delegate.provider(target).readSymbolicLink(target))
                        .getFileName()
                        .equals(generation.getFileName());
    }
}
