package org.atomicfs;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Finds globs that are valid, and match no file's absolute path on Unix: they would be without effect. */
final class UselessGlob {
    private UselessGlob() {}

    /** Says what is wrong with a glob, and what to write instead; null if it can match a file. */
    static String reason(FileSystem plain, String glob) {
        if (!plain.getSeparator().equals("/")) {
            return null;
        }
        if (isRelative(glob)) {
            return "no absolute path can match '%s'; begin with / or **: '**/%s'".formatted(glob, glob);
        }
        if (glob.endsWith("/")) {
            return "no path ends with / as '%s' does; for all files in a directory: '%s/**'"
                    .formatted(glob, glob.replaceFirst("/+$", ""));
        }
        return isDirectory(plain, glob)
                ? "'%s' is a directory, and stands for no file in it; for those: '%s/**'".formatted(glob, glob)
                : null;
    }

    /** Whether what a glob begins with, or one of its alternatives, is what no absolute path begins with. */
    private static boolean isRelative(String glob) {
        int end = glob.startsWith("{") ? glob.indexOf('}') : -1;
        if (end < 0) {
            return isRelativeStart(glob);
        }
        for (String alternative : glob.substring(1, end).split(",", -1)) {
            if (isRelativeStart(alternative + glob.substring(end + 1))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isRelativeStart(String glob) {
        return !glob.startsWith("/") && !glob.startsWith("**") && !glob.startsWith("\\/");
    }

    /** By its own provider: there is no default file system yet. */
    private static boolean isDirectory(FileSystem plain, String glob) {
        for (int i = 0; i < glob.length(); i++) {
            if ("*?[]{}\\".indexOf(glob.charAt(i)) >= 0) {
                return false;
            }
        }
        try {
            Path path = plain.getPath(glob);
            return plain.provider()
                    .readAttributes(path, BasicFileAttributes.class)
                    .isDirectory();
        } catch (IOException | InvalidPathException none) {
            return false;
        }
    }
}
