package org.atomicfs.crash;

import static org.atomicfs.testing.DirectoryListing.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicFiles;
import org.atomicfs.AtomicOptions;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.Needs;
import org.atomicfs.testing.ObservedFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What becomes of a replacement when one system call of it fails: the kernel itself is made to answer with an error.
 */
class KernelFaultsTest {
    @TempDir
    Path directory;

    static final class Replacing {
        public static void main(String[] arguments) throws IOException {
            try {
                Files.writeString(AtomicFiles.atomic(Path.of(arguments[0])), "new");
                System.out.println("published");
            } catch (AtomicCommitException e) {
                System.out.println(e.outcome() + " " + e.getMessage());
            }
        }
    }

    private String replace(Path file, String fault) throws IOException {
        Path strace = Path.of("/usr/bin/strace");
        assumeTrue(Files.isExecutable(strace), "needs strace");
        ChildProcess.Result tracing = ChildProcess.run(List.of(strace.toString(), "-o", "/dev/null", "true"), null);
        assumeTrue(tracing.status() == 0, "needs the right to trace");
        String call = "/^" + fault.substring(0, fault.indexOf(':')) + "$";
        List<String> command = new ArrayList<>(List.of(strace.toString(), "-f", "-o", "/dev/null"));
        command.addAll(List.of("-e", "trace=" + call, "-e", "inject=" + call + fault.substring(fault.indexOf(':'))));
        command.addAll(ChildProcess.program(Replacing.class, file.toString()));
        ChildProcess.Result result = ChildProcess.run(command, null);
        assertEquals(0, result.status(), result.err());
        return result.out();
    }

    @ParameterizedTest
    @CsvSource({
        "fsync:error=EIO, Input/output error",
        "fsync:error=EINVAL, write with Durability.NONE",
        "(rename|renameat2?):error=EPERM, append-only or immutable",
        "(rename|renameat2?):error=EBUSY, mount",
        "(rename|renameat2?):error=EIO, Input/output error",
        "flistxattr:error=EIO, extended attributes",
        "flistxattr:error=EMFILE, extended attributes",
    })
    void the_old_file_stays_and_the_message_says_why(String fault, String why) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "old");
        String result = replace(file, fault);
        assertTrue(result.startsWith("NOT_COMMITTED"), result);
        assertTrue(result.contains(why), result);
        assertTrue(result.contains(file.toString()), result);
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("file"), names(directory));
    }

    private Path foreign(int mode) throws IOException {
        Needs.root();
        Path file = Files.writeString(directory.resolve("file"), "old");
        Files.setAttribute(file, "unix:uid", 12345);
        Files.setAttribute(file, "unix:gid", 23456);
        Files.setAttribute(file, "unix:mode", mode);
        return file;
    }

    /** EPERM is what root in a container gets, EINVAL where the owner has no number there. */
    @ParameterizedTest
    @CsvSource({"EPERM", "EINVAL"})
    void without_the_right_to_give_files_away_nobody_gains_a_right(String error) throws IOException {
        Path file = foreign(06764);
        assertEquals("published\n", replace(file, "(lchown|fchownat):error=" + error));
        assertEquals("new", Files.readString(file));
        assertEquals(0, Files.getAttribute(file, "unix:uid"));
        assertEquals(0744, (int) Files.getAttribute(file, "unix:mode") & 07777);
    }

    @Test
    void any_other_failure_to_give_files_away_fails_the_write() throws IOException {
        Path file = foreign(06764);
        for (String error : List.of("EIO", "EDQUOT", "EROFS")) {
            String result = replace(file, "(lchown|fchownat):error=" + error);
            assertTrue(result.startsWith("NOT_COMMITTED"), result);
            assertEquals("old", Files.readString(file));
            assertEquals(12345, Files.getAttribute(file, "unix:uid"));
            assertEquals(06764, (int) Files.getAttribute(file, "unix:mode") & 07777);
            assertEquals(List.of("file"), names(directory));
        }
    }

    @Test
    void with_keepOwner_it_is_refused_and_told_why() throws IOException {
        Path file = foreign(0644);
        Path atomic = AtomicFiles.wrap(
                        ObservedFileSystem.over(file, (operation, changed) -> {
                                    if (operation == ObservedFileSystem.Operation.SET_ATTRIBUTE) {
                                        throw new FileSystemException(
                                                changed.toString(), null, "Operation not permitted");
                                    }
                                })
                                .getFileSystem(),
                        AtomicOptions.builder().keepOwner(true).build())
                .getPath(file.toString());
        AtomicCommitException refused =
                assertThrows(AtomicCommitException.class, () -> Files.writeString(atomic, "new"));
        assertTrue(refused.getMessage().contains("org.atomicfs.keepOwner is true"), refused.getMessage());
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("file"), names(directory));
    }
}
