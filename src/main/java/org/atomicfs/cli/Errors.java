package org.atomicfs.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What went wrong, in one line for a person. */
final class Errors {
    private Errors() {}

    static String describe(IOException e) {
        return text(e).replaceAll("\\R", " ");
    }

    private static String text(IOException e) {
        if (e instanceof FileSystemException about && about.getReason() == null) {
            return about.getFile() + ": " + reason(about);
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /** Some exceptions of NIO say what is wrong by their type alone. */
    private static String reason(FileSystemException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NotDirectoryException) {
            return "not a directory";
        }
        return e.getClass().getSimpleName();
    }
}
