package org.atomicfs.commit;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Path;

/**
 * Paths as text of ASCII characters without blanks, for files that another process reads, perhaps in another locale: on
 * Unix a name is bytes, and the text has exactly those.
 */
final class PathText {
    private static final String PLAIN = "-._~/+=@,";
    private static final int HEX = 16;

    private PathText() {}

    /** The text of a path, absolute or relative, without {@code .} and {@code ..} inside. */
    static String of(Path path) {
        String text = path.toString();
        boolean ascii = text.chars().allMatch(c -> c < 0x80);
        if (!ascii && Delegate.of(path).isUnix()) {
            Path root = path.getFileSystem().getRootDirectories().iterator().next();
            String raw = root.resolve(path).toUri().getRawPath();
            String whole = raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw; // of a directory
            return path.isAbsolute() ? whole : whole.substring(1);
        }
        if (text.isEmpty()) {
            return ".";
        }
        StringBuilder result = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || PLAIN.indexOf(c) >= 0) {
                result.append(c);
            } else {
                result.append('%').append(Character.toUpperCase(Character.forDigit(c / HEX, HEX)));
                result.append(Character.toUpperCase(Character.forDigit(c % HEX, HEX)));
            }
        }
        return result.toString();
    }

    /**
     * The path that a text is of.
     *
     * @throws IllegalArgumentException if it is of none
     */
    static Path parse(FileSystem fileSystem, String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        boolean ascii = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%' && i + 2 < text.length()) {
                int value = Integer.parseInt(text.substring(i + 1, i + 3), HEX);
                ascii &= value < 0x80;
                bytes.write(value);
                i += 2;
            } else if (c == '%') {
                throw new IllegalArgumentException(text);
            } else {
                bytes.write(c);
            }
        }
        Path ofText = ascii ? fileSystem.getPath(bytes.toString(StandardCharsets.US_ASCII)) : null;
        if (ofText != null) {
            return ofText;
        }
        Path root = fileSystem.getRootDirectories().iterator().next();
        if (Delegate.of(root).isUnix()) {
            boolean absolute = text.startsWith("/");
            Path whole = fileSystem.provider().getPath(URI.create("file://" + (absolute ? "" : "/") + text));
            return absolute ? whole : root.relativize(whole);
        }
        return fileSystem.getPath(bytes.toString(StandardCharsets.UTF_8));
    }
}
