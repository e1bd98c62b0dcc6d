package org.atomicfs.clients;

import java.net.URL;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A library that writes a file, used in one of the ways in which its users do. */
public abstract class Client {
    private static final Pattern JAR = Pattern.compile("(?<artifact>[^/]+?)-(?<version>\\d[^/]*)\\.jar$");

    /** What is at the destination after the failing run. */
    public enum Failure {
        KEPT("the old file"),
        PUBLISHED("**published**"),
        DELETED("**deleted** by the library");

        private final String text;

        Failure(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private final Class<?> library;
    private final String use;

    /**
     * @param library a class of the jar that is tested
     * @param use what of the library is used, as Markdown
     */
    protected Client(Class<?> library, String use) {
        this.library = library;
        this.use = use;
    }

    /** The library, its version and what of it is used. */
    public final String name() {
        return "%s: %s".formatted(artifact(), use);
    }

    private String artifact() {
        URL place = library.getResource("/" + library.getName().replace('.', '/') + ".class");
        Matcher jar = JAR.matcher(place.getPath().replaceFirst("!.*", ""));
        return jar.find()
                ? jar.group("artifact") + " " + jar.group("version")
                : "JDK " + Runtime.version().feature();
    }

    /** The name of the file that is written. */
    public String file() {
        return "result";
    }

    /** What the failing run leaves at the destination. */
    public Failure failure() {
        return Failure.KEPT;
    }

    /** What a user should know; never empty where the failing run does not keep the old file. */
    public String remark() {
        return "";
    }

    /** What the failing run throws, or has as a cause of what it throws. */
    public Class<? extends Throwable> cause() {
        return SourceBrokeException.class;
    }

    /** Whether a write that is discarded is logged, or attached to what is thrown. */
    public boolean told() {
        return true;
    }

    /** Writes all of what is to be written; the source fails or does not. */
    protected abstract void write(Path file, Source source) throws Exception;

    /** Writes a complete file. */
    public final void write(Path file) throws Exception {
        write(file, Source.complete());
    }

    /** Writes a part of a file and throws. */
    public void failing(Path file) throws Exception {
        write(file, Source.broken());
    }

    /** Reads what {@link #write(Path)} has written, and throws unless it is complete. */
    public abstract void check(Path file) throws Exception;

    @Override
    public final String toString() {
        return name();
    }
}
