package org.atomicfs.view;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.atomicfs.commit.Delegate;

/**
 * The URIs of the scheme {@code atomic}. What follows the colon is always taken raw, so that escaped characters reach
 * the inner provider as they are.
 *
 * <pre>
 * atomic-URI    = "atomic:" ( absolute-path | "//" absolute-path | inner-URI | relative-path )
 * absolute-path = "/" …            on the default file system
 * inner-URI     = scheme ":" …     of any other provider, or "file:"
 * relative-path = …                on the default file system, from its working directory
 * </pre>
 *
 * No authority, query or fragment of its own. A relative path whose first name has a colon in it is read as an inner
 * URI: write {@code ./} before it.
 */
public final class AtomicUris {
    /** The scheme. */
    public static final String SCHEME = "atomic";

    private static final Pattern INNER = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):");

    private AtomicUris() {}

    /**
     * The plain path that an atomic URI means.
     *
     * @throws IllegalArgumentException if the URI is none of the forms above, or its provider refuses it; the message
     *     quotes the URI
     * @throws FileSystemNotFoundException if there is no provider of that scheme, or no such file system
     */
    public static Path toPlain(URI uri) {
        String problem = problemWith(uri);
        if (problem != null) {
            throw refusal(uri, problem, null);
        }
        try {
            String raw = uri.getRawSchemeSpecificPart();
            if (!uri.isOpaque()) {
                return onDefault(uri.getRawPath());
            }
            return innerScheme(raw) == null ? relative(raw) : Path.of(URI.create(raw));
        } catch (FileSystemNotFoundException e) {
            FileSystemNotFoundException explained =
                    new FileSystemNotFoundException("'%s': %s".formatted(uri, reasonOf(e)));
            explained.initCause(e);
            throw explained;
        } catch (IllegalArgumentException e) {
            throw refusal(uri, e.getMessage(), e);
        }
    }

    /** The JDK's zipfs gives none. */
    private static String reasonOf(FileSystemNotFoundException e) {
        return e.getMessage() != null
                ? e.getMessage()
                : "its file system is not open; FileSystems.newFileSystem opens one";
    }

    private static String problemWith(URI uri) {
        if (!SCHEME.equalsIgnoreCase(uri.getScheme())) {
            return "its scheme is not " + SCHEME;
        }
        if (uri.getRawAuthority() != null) {
            return "it names a host; a path of the default file system is written atomic:///path";
        }
        if (uri.getRawFragment() != null) {
            return "it has a fragment; write '#' in a name as %23";
        }
        String innerScheme = uri.isOpaque() ? innerScheme(uri.getRawSchemeSpecificPart()) : null;
        if (SCHEME.equalsIgnoreCase(innerScheme)) {
            return "it is atomic twice; once is enough";
        }
        if (innerScheme == null && uri.getRawSchemeSpecificPart().indexOf('?') >= 0) {
            return "it has a query; write '?' in a name as %3F";
        }
        return null;
    }

    private static String innerScheme(String schemeSpecificPart) {
        Matcher matcher = INNER.matcher(schemeSpecificPart);
        return matcher.lookingAt() ? matcher.group(1) : null;
    }

    private static Path onDefault(String rawPath) {
        return FileSystems.getDefault().provider().getPath(URI.create("file://" + rawPath));
    }

    /** By way of an absolute path, so that the default provider decodes it as it decodes all others. */
    private static Path relative(String raw) {
        Path directory = Path.of("").toAbsolutePath();
        String base = directory.toUri().getRawPath();
        Path absolute = onDefault(base.endsWith("/") ? base + raw : base + "/" + raw);
        return absolute.subpath(directory.getNameCount(), absolute.getNameCount());
    }

    private static IllegalArgumentException refusal(URI uri, String reason, Throwable cause) {
        return new IllegalArgumentException("Not a usable URI: '%s': %s".formatted(uri, reason), cause);
    }

    /** The atomic URI of a plain path. */
    public static URI of(Path plain) {
        URI inner = plain.toUri();
        FileSystem fileSystem = plain.getFileSystem();
        // the JDK's own is not the default one when another one stands in for it, to which its URIs lead
        if (fileSystem == FileSystems.getDefault() || Delegate.isBuiltIn(fileSystem)) {
            return URI.create(
                    SCHEME + inner.toString().substring(inner.getScheme().length()));
        }
        return URI.create(SCHEME + ":" + inner);
    }
}
