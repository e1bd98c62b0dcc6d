package org.atomicfs.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The user 65534, who owns nothing. Root can run a class of the tests as that user. */
public final class UnprivilegedUser {
    public static final int UID = 65534;

    private static final List<String> NOBODY = List.of("--reuid=" + UID, "--regid=" + UID, "--clear-groups");

    private UnprivilegedUser() {}

    /**
     * A command that runs a class of the tests as that user.
     *
     * @param copies a directory that is empty, or not there, for a copy of the class path, which may lie where only its
     *     owner can read it; jars are left out
     */
    public static List<String> program(Path copies, Class<?> program, String... arguments) throws IOException {
        return program(copies, NOBODY, program, arguments);
    }

    /**
     * As {@link #program(Path, Class, String...)}, with the copy made once.
     *
     * @param identity of the user, as options of setpriv(1)
     */
    public static List<String> program(Path copies, List<String> identity, Class<?> program, String... arguments)
            throws IOException {
        Needs.root();
        Needs.command("setpriv");
        List<String> classPath = copyClassPath(copies);
        List<String> java =
                ChildProcess.shortCommand("-cp", String.join(File.pathSeparator, classPath), program.getName());
        assumeCanUse(java.get(0), "-x");
        assumeCanUse(copies.toString(), "-r");
        List<String> command = as(identity, java);
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> as(List<String> identity, List<String> command) {
        List<String> whole = new ArrayList<>(List.of("setpriv"));
        whole.addAll(identity);
        whole.addAll(command);
        return whole;
    }

    private static void assumeCanUse(String file, String how) throws IOException {
        int status =
                ChildProcess.run(as(NOBODY, List.of("test", how, file)), null).status();
        assumeTrue(status == 0, () -> "needs a place of " + file + " that other users can enter");
    }

    private static List<String> copyClassPath(Path copies) throws IOException {
        Files.createDirectories(copies);
        makeReadable(copies);
        List<String> classPath = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path classes = Path.of(entry);
            if (Files.isDirectory(classes)) {
                Path copy = copies.resolve(String.valueOf(classPath.size()));
                if (!Files.exists(copy)) {
                    copyReadable(classes, copy);
                }
                classPath.add(copy.toString());
            }
        }
        return classPath;
    }

    private static void copyReadable(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file));
                Files.copy(file, copy);
                makeReadable(copy);
            }
        }
    }

    private static void makeReadable(Path file) throws IOException {
        Files.setPosixFilePermissions(
                file, PosixFilePermissions.fromString(Files.isDirectory(file) ? "rwxr-xr-x" : "rw-r--r--"));
    }
}
