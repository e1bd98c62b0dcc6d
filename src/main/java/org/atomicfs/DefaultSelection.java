package org.atomicfs;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.atomicfs.commit.OpenRequest;
import org.atomicfs.view.Selection;

/**
 * Which writes {@link AtomicDefaultProvider} makes atomic: by the open options, and by patterns of paths. Does no I/O
 * once it is made. Immutable.
 */
final class DefaultSelection implements Selection {
    private static final String[] LOCK_FILES = {".lck", ".lock"};
    private static final String[] KERNEL = {"/proc", "/sys", "/dev"};
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final List<PathMatcher> includes;
    private final List<PathMatcher> excludes;
    private final List<Path> unlessIncluded;

    /**
     * Reads the patterns.
     *
     * @param include as {@link AtomicDefaultProvider} describes them; null for all files
     * @param exclude null for none
     * @throws IllegalArgumentException if a pattern is not valid, or their file cannot be read; the message says which
     */
    DefaultSelection(FileSystem plain, String include, String exclude) {
        includes = matchers(plain, AtomicDefaultProvider.INCLUDE, include);
        if (include != null && includes.isEmpty()) { // not the same as all files
            throw new IllegalArgumentException(
                    "-D%s: there is no pattern in '%s'".formatted(AtomicDefaultProvider.INCLUDE, include));
        }
        excludes = matchers(plain, AtomicDefaultProvider.EXCLUDE, exclude);
        unlessIncluded = new ArrayList<>();
        if (plain.getSeparator().equals("/")) {
            for (String kernel : KERNEL) {
                unlessIncluded.add(plain.getPath(kernel));
            }
        }
        String temporary = System.getProperty("java.io.tmpdir");
        if (temporary != null && !temporary.isEmpty()) {
            unlessIncluded.add(plain.getPath(temporary).toAbsolutePath().normalize());
        }
    }

    private static List<PathMatcher> matchers(FileSystem plain, String property, String patterns) {
        List<PathMatcher> matchers = new ArrayList<>();
        for (String pattern : patterns == null ? new String[0] : patterns.split(";")) {
            String stripped = pattern.strip();
            if (stripped.startsWith("@")) {
                for (String line : linesOf(property, stripped.substring(1))) {
                    add(
                            matchers,
                            plain,
                            property,
                            line.replace(BYTE_ORDER_MARK, "").strip());
                }
            } else {
                add(matchers, plain, property, stripped);
            }
        }
        return matchers;
    }

    private static void add(List<PathMatcher> matchers, FileSystem plain, String property, String pattern) {
        if (pattern.isEmpty() || pattern.startsWith("#")) {
            return;
        }
        boolean hasSyntax = pattern.startsWith("glob:") || pattern.startsWith("regex:");
        PathMatcher matcher;
        try {
            matcher = plain.getPathMatcher(hasSyntax ? pattern : "glob:" + pattern);
        } catch (IllegalArgumentException | UnsupportedOperationException e) {
            throw new IllegalArgumentException(
                    "-D%s: not a pattern: '%s': %s".formatted(property, pattern, e.getMessage()), e);
        }
        String useless = pattern.startsWith("regex:") ? null : UselessGlob.reason(plain, withoutSyntax(pattern));
        if (useless != null) {
            throw new IllegalArgumentException("-D%s: %s".formatted(property, useless));
        }
        matchers.add(matcher);
    }

    private static String withoutSyntax(String glob) {
        return glob.startsWith("glob:") ? glob.substring("glob:".length()) : glob;
    }

    /** By {@code java.io}: there is no default file system yet. */
    private static List<String> linesOf(String property, String file) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(new FileInputStream(file), StandardCharsets.UTF_8))) {
            return lines.lines().toList();
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new IllegalArgumentException(
                    "-D%s: cannot read the file of patterns '%s': %s".formatted(property, file, e.getMessage()), e);
        }
    }

    @Override
    public boolean selects(Path plain, OpenRequest request) {
        return isOfNewContent(request) && !isLockFile(plain) && selects(plain);
    }

    /** Whether the open gives a file new content, and cannot look at the old one. */
    private static boolean isOfNewContent(OpenRequest request) {
        return (request.truncates() || request.createsNew())
                && !request.reads()
                && !request.appends()
                && !request.deletesOnClose()
                && !request.options().contains(StandardOpenOption.SYNC)
                && !request.options().contains(StandardOpenOption.DSYNC);
    }

    private static boolean isLockFile(Path plain) {
        Path name = plain.getFileName();
        String text = name == null ? "" : name.toString();
        for (String ending : LOCK_FILES) {
            if (text.endsWith(ending)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean selects(Path plain) {
        Path absolute = plain.toAbsolutePath().normalize();
        if (matches(excludes, absolute)) {
            return false;
        }
        if (matches(includes, absolute)) {
            return true;
        }
        return includes.isEmpty() && !isExcludedUnlessIncluded(absolute);
    }

    private static boolean matches(List<PathMatcher> matchers, Path absolute) {
        for (int i = 0; i < matchers.size(); i++) { // without an iterator
            if (matchers.get(i).matches(absolute)) {
                return true;
            }
        }
        return false;
    }

    private boolean isExcludedUnlessIncluded(Path absolute) {
        for (int i = 0; i < unlessIncluded.size(); i++) {
            if (absolute.startsWith(unlessIncluded.get(i))) {
                return true;
            }
        }
        return false;
    }
}
