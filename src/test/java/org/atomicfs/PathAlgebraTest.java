package org.atomicfs;

import static org.atomicfs.testing.RandomCases.oneOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.atomicfs.testing.RandomCases;
import org.junit.jupiter.api.Test;

/** Every operation on paths gives what it gives on the wrapped paths, wrapped. */
class PathAlgebraTest {
    private static final FileSystem JIMFS_UNIX = Jimfs.newFileSystem(Configuration.unix());
    private static final FileSystem JIMFS_WINDOWS = Jimfs.newFileSystem(Configuration.windows());

    /** An operation on one path, with another one, a text and two numbers. */
    @FunctionalInterface
    private interface Operation {
        Object on(Path path, Path other, String text, int i, int j);
    }

    private static final Map<String, Operation> OPERATIONS = new LinkedHashMap<>();

    static {
        OPERATIONS.put("getRoot", (path, other, text, i, j) -> path.getRoot());
        OPERATIONS.put("getFileName", (path, other, text, i, j) -> path.getFileName());
        OPERATIONS.put("getParent", (path, other, text, i, j) -> path.getParent());
        OPERATIONS.put("getNameCount", (path, other, text, i, j) -> path.getNameCount());
        OPERATIONS.put("getName", (path, other, text, i, j) -> path.getName(i));
        OPERATIONS.put("subpath", (path, other, text, i, j) -> path.subpath(i, j));
        OPERATIONS.put("isAbsolute", (path, other, text, i, j) -> path.isAbsolute());
        OPERATIONS.put("startsWith path", (path, other, text, i, j) -> path.startsWith(other));
        OPERATIONS.put("startsWith text", (path, other, text, i, j) -> path.startsWith(text));
        OPERATIONS.put("endsWith path", (path, other, text, i, j) -> path.endsWith(other));
        OPERATIONS.put("endsWith text", (path, other, text, i, j) -> path.endsWith(text));
        OPERATIONS.put("normalize", (path, other, text, i, j) -> path.normalize());
        OPERATIONS.put("resolve path", (path, other, text, i, j) -> path.resolve(other));
        OPERATIONS.put("resolve text", (path, other, text, i, j) -> path.resolve(text));
        OPERATIONS.put("resolveSibling path", (path, other, text, i, j) -> path.resolveSibling(other));
        OPERATIONS.put("resolveSibling text", (path, other, text, i, j) -> path.resolveSibling(text));
        OPERATIONS.put("relativize", (path, other, text, i, j) -> path.relativize(other));
        OPERATIONS.put("toAbsolutePath", (path, other, text, i, j) -> path.toAbsolutePath());
        OPERATIONS.put("iterator", (path, other, text, i, j) -> {
            List<Path> names = new ArrayList<>();
            path.iterator().forEachRemaining(names::add);
            return names;
        });
        OPERATIONS.put("compareTo", (path, other, text, i, j) -> Integer.signum(path.compareTo(other)));
        OPERATIONS.put("equals", (path, other, text, i, j) -> path.equals(other));
        OPERATIONS.put("hashCode", (path, other, text, i, j) -> path.hashCode());
        OPERATIONS.put("toString", (path, other, text, i, j) -> path.toString());
        OPERATIONS.put("toUri", (path, other, text, i, j) -> afterScheme(path.toUri()));
        OPERATIONS.put(
                "getPath", (path, other, text, i, j) -> path.getFileSystem().getPath(text, text));
    }

    private static String afterScheme(URI uri) {
        String text = uri.toString();
        String inner = text.startsWith("atomic:") ? text.substring("atomic:".length()) : text;
        return inner.startsWith("file:") ? inner.substring("file:".length()) : inner;
    }

    private static final int CASES = 3000;
    private static final String[] ROOTS = {"/", "", "/"};
    private static final String[] WINDOWS_ROOTS = {"\\", "", "\\", "C:\\", "c:", "D:\\", "\\\\host\\share\\"};
    /** Few names, so that paths often have something in common. */
    private static final String[] NAMES = {
        "a", "b", "a", "A", "..", ".", "", "a.tmp", "ä ", "file:x", "𝄞", "nul\0", "*?"
    };

    @Test
    void on_the_default_file_system() {
        compareRandomPaths(FileSystems.getDefault(), JIMFS_UNIX, "/", ROOTS);
    }

    @Test
    void on_jimfs_unix() {
        compareRandomPaths(JIMFS_UNIX, FileSystems.getDefault(), "/", ROOTS);
    }

    @Test
    void on_jimfs_windows() {
        compareRandomPaths(JIMFS_WINDOWS, FileSystems.getDefault(), "\\", WINDOWS_ROOTS);
    }

    private static void compareRandomPaths(
            FileSystem fileSystem, FileSystem foreign, String separator, String[] roots) {
        RandomCases.check(
                CASES,
                random -> compare(
                        fileSystem,
                        foreign,
                        text(random, separator, roots),
                        text(random, separator, roots),
                        random.nextInt(7) - 1, // the index of a name, or out of range
                        random.nextInt(7) - 1));
    }

    private static String text(Random random, String separator, String[] roots) {
        String names = Stream.generate(() -> oneOf(random, NAMES))
                .limit(random.nextInt(6))
                .collect(Collectors.joining(separator));
        return oneOf(random, roots) + names;
    }

    private static void compare(FileSystem fileSystem, FileSystem foreign, String first, String second, int i, int j) {
        Path path;
        Path other;
        try {
            path = fileSystem.getPath(first);
            other = fileSystem.getPath(second);
        } catch (InvalidPathException e) {
            path = fileSystem.getPath("a");
            other = path;
        }
        Path atomic = AtomicFiles.atomic(path);
        Path atomicOther = AtomicFiles.atomic(other);
        Path stranger = foreign.getPath("a");
        for (Map.Entry<String, Operation> entry : OPERATIONS.entrySet()) {
            Operation operation = entry.getValue();
            Supplier<String> what = () -> "%s of '%s' with '%s', %d, %d".formatted(entry.getKey(), first, second, i, j);
            assertEquals(
                    plain(operation, path, other, second, i, j),
                    atomic(operation, atomic, atomicOther, second, i, j),
                    what);
            assertEquals(
                    plain(operation, path, stranger, second, i, j),
                    atomic(operation, atomic, stranger, second, i, j),
                    () -> what.get() + ", a foreign path");
            assertEquals(
                    plain(operation, path, null, null, i, j),
                    atomic(operation, atomic, null, null, i, j),
                    () -> what.get() + ", null");
        }
    }

    private static Object plain(Operation operation, Path path, Path other, String text, int i, int j) {
        try {
            return operation.on(path, other, text, i, j);
        } catch (RuntimeException e) {
            return e.getClass();
        }
    }

    private static Object atomic(Operation operation, Path path, Path other, String text, int i, int j) {
        Object result = plain(operation, path, other, text, i, j);
        if (result == other) {
            return other == null ? null : AtomicFiles.plain(other); // a foreign path, given back as it came
        }
        if (result instanceof Path wrapped) {
            return unwrap(path, wrapped);
        }
        if (result instanceof List<?> list) {
            return list.stream().map(element -> unwrap(path, (Path) element)).toList();
        }
        return result;
    }

    private static Path unwrap(Path origin, Path result) {
        assertSame(origin.getFileSystem(), result.getFileSystem(), () -> result + " is not wrapped");
        return AtomicFiles.plain(result);
    }
}
