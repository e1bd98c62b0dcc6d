package org.atomicfs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.atomicfs.testing.Needs;
import org.atomicfs.testing.TestDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same calls, with the same and also with senseless options, to a plain path and to an atomic one. */
class LikePlainTest {
    private static final FileSystem ATOMIC = AtomicFiles.wrap(
            FileSystems.getDefault(),
            AtomicOptions.builder().durability(Durability.NONE).build());

    /** An option that no provider knows. */
    private enum Unknown implements OpenOption, CopyOption {
        UNKNOWN
    }

    private static final List<String> FILES =
            List.of("f", "link", "dangling", "dir", "empty", "missing", "no/x", "f/x", "dir/..");

    @TempDir
    Path base;

    private FileSystem jimfs;

    @BeforeEach
    void make() {
        Needs.posix();
        jimfs = Jimfs.newFileSystem(Configuration.unix());
    }

    @AfterEach
    void close() throws IOException {
        jimfs.close();
    }

    @FunctionalInterface
    private interface Call {
        Object on(Path plainDirectory, Path directory) throws Exception;
    }

    private static void fill(Path directory) throws IOException {
        Files.createDirectories(directory.resolve("dir"));
        Files.createDirectory(directory.resolve("empty"));
        Files.writeString(directory.resolve("f"), "content of f");
        Files.writeString(directory.resolve("g"), "g");
        Files.writeString(directory.resolve("dir/in"), "in");
        Files.createSymbolicLink(
                directory.resolve("link"), directory.getFileSystem().getPath("f"));
        Files.createSymbolicLink(
                directory.resolve("dangling"), directory.getFileSystem().getPath("nowhere"));
    }

    private static String tree(Path directory) throws IOException {
        Set<String> files = new TreeSet<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.toList()) {
                files.add(directory.relativize(file)
                        + (Files.isSymbolicLink(file)
                                ? "->" + Files.readSymbolicLink(file)
                                : Files.isDirectory(file) ? "/" : "=" + Files.readString(file)));
            }
        }
        return files.toString();
    }

    private String effect(Call call, FileSystem fileSystem) throws IOException {
        try (TestDirectory directory = new TestDirectory(base.resolve("t"), null)) {
            fill(directory.plain());
            Path used = fileSystem.getPath(directory.plain().toString());
            String result;
            try {
                result = String.valueOf(call.on(directory.plain(), used));
            } catch (FileSystemException e) {
                result = e.getClass().getName() + (e.getOtherFile() == null ? " " + e.getFile() : "");
            } catch (Exception e) {
                result = e.getClass().getName();
            }
            return result.replace(directory.plain().toString(), "D") + " " + tree(directory.plain());
        }
    }

    private final List<String> differences = new ArrayList<>();
    private int calls;

    private void compare(String what, Call call) throws IOException {
        calls++;
        String plain = effect(call, FileSystems.getDefault());
        String atomic = effect(call, ATOMIC);
        if (!plain.equals(atomic)) {
            differences.add(what + "\n   plain  " + plain + "\n   atomic " + atomic);
        }
    }

    /** Of two paths, one of which is missing, the JDK names both, and we the one that is. */
    private void compareMoves(String what, Call call) throws IOException {
        compare(what, (plain, directory) -> {
            try {
                return call.on(plain, directory);
            } catch (FileSystemException e) {
                return e.getClass().getName();
            }
        });
    }

    private void assertNone(int atLeast) {
        assertEquals("", String.join("\n", differences), differences.size() + " of " + calls);
        assertEquals(true, calls >= atLeast, () -> "only " + calls);
    }

    /** By its name: javac warns of the module that it is in. */
    private static CopyOption interruptible() {
        try {
            return (CopyOption)
                    Class.forName("com.sun.nio.file.ExtendedCopyOption").getEnumConstants()[0];
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static List<CopyOption[]> copyOptions() {
        List<CopyOption> single = new ArrayList<>(
                List.of(REPLACE_EXISTING, COPY_ATTRIBUTES, NOFOLLOW_LINKS, ATOMIC_MOVE, Unknown.UNKNOWN));
        single.add(null);
        List<CopyOption[]> all = new ArrayList<>();
        all.add(new CopyOption[0]);
        all.add(null);
        for (CopyOption option : single) {
            all.add(new CopyOption[] {option});
            all.add(new CopyOption[] {option, option});
            all.add(new CopyOption[] {REPLACE_EXISTING, option});
            all.add(new CopyOption[] {option, null});
        }
        all.add(new CopyOption[] {REPLACE_EXISTING, COPY_ATTRIBUTES, NOFOLLOW_LINKS});
        all.add(new CopyOption[] {REPLACE_EXISTING, interruptible()});
        return all;
    }

    @Test
    void copies() throws IOException {
        for (CopyOption[] options : copyOptions()) {
            for (String source : FILES) {
                for (String target : FILES) {
                    if (source.equals("link") && target.equals("link")) {
                        continue; // the JDK deletes the link first, and then cannot follow it
                    }
                    compare(
                            "copy %s %s %s".formatted(source, target, Arrays.toString(options)),
                            (plain, directory) ->
                                    Files.copy(directory.resolve(source), directory.resolve(target), options));
                }
            }
        }
        assertNone(1000);
    }

    @Test
    void moves() throws IOException {
        for (CopyOption[] options : copyOptions()) {
            for (String source : FILES) {
                for (String target : FILES) {
                    compareMoves(
                            "move %s %s %s".formatted(source, target, Arrays.toString(options)),
                            (plain, directory) ->
                                    Files.move(directory.resolve(source), directory.resolve(target), options));
                }
            }
        }
        assertNone(1000);
    }

    @Test
    void copies_and_moves_from_another_provider() throws IOException {
        for (CopyOption[] options : copyOptions()) {
            for (String source : List.of("f", "link", "dangling", "empty", "missing")) {
                for (String target : FILES) {
                    for (boolean copies : new boolean[] {true, false}) {
                        String what = "%s %s %s".formatted(source, target, Arrays.toString(options));
                        compare((copies ? "foreign copy " : "foreign move ") + what, (plain, directory) -> {
                            try (FileSystem foreign = Jimfs.newFileSystem(Configuration.unix())) {
                                fill(foreign.getPath("/work"));
                                Path from = foreign.getPath("/work", source);
                                Path to = directory.resolve(target);
                                return copies ? Files.copy(from, to, options) : Files.move(from, to, options);
                            }
                        });
                    }
                }
            }
        }
        assertNone(1000);
    }

    private static List<OpenOption[]> openOptions() {
        List<OpenOption> single = new ArrayList<>(List.of(StandardOpenOption.values()));
        single.add(NOFOLLOW_LINKS);
        single.add(Unknown.UNKNOWN);
        single.add(null);
        List<OpenOption[]> all = new ArrayList<>();
        all.add(new OpenOption[0]);
        for (OpenOption first : single) {
            all.add(new OpenOption[] {first});
            all.add(new OpenOption[] {StandardOpenOption.WRITE, StandardOpenOption.CREATE, first});
            all.add(new OpenOption[] {StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING, first});
            for (OpenOption second : single.subList(0, single.indexOf(first) + 1)) {
                all.add(new OpenOption[] {first, second});
            }
        }
        return all;
    }

    @FunctionalInterface
    private interface Open {
        Object open(Path file, OpenOption... options) throws Exception;
    }

    private static Object use(Object opened) throws Exception {
        Closeable closing = (Closeable) opened;
        try (closing) {
            if (opened instanceof OutputStream out) {
                out.write('Z');
            } else if (opened instanceof InputStream in) {
                return in.read();
            } else if (opened instanceof SeekableByteChannel channel) {
                return channel.position() + " " + channel.write(ByteBuffer.wrap(new byte[] {'Z'}));
            } else if (opened instanceof AsynchronousFileChannel channel) {
                return channel.write(ByteBuffer.wrap(new byte[] {'Z'}), 0).get();
            }
            return "";
        }
    }

    private void compareOpens(String how, Open open) throws IOException {
        for (OpenOption[] options : openOptions()) {
            for (String file : FILES) {
                compare("%s %s %s".formatted(how, file, Arrays.toString(options)), (plain, directory) -> {
                    Path path = directory.resolve(file);
                    Object opened = open.open(path, options);
                    return use(opened);
                });
            }
        }
        assertNone(1000);
    }

    private static Set<OpenOption> set(OpenOption... options) {
        return new HashSet<>(Arrays.asList(options));
    }

    @Test
    void input_streams() throws IOException {
        compareOpens("newInputStream", Files::newInputStream);
    }

    @Test
    void output_streams() throws IOException {
        compareOpens("newOutputStream", Files::newOutputStream);
    }

    @Test
    void byte_channels() throws IOException {
        compareOpens("newByteChannel", Files::newByteChannel);
    }

    @Test
    void file_channels() throws IOException {
        compareOpens(
                "newFileChannel",
                (file, options) -> file.getFileSystem().provider().newFileChannel(file, set(options)));
    }

    @Test
    void asynchronous_channels() throws IOException {
        compareOpens(
                "newAsynchronousFileChannel",
                (file, options) ->
                        file.getFileSystem().provider().newAsynchronousFileChannel(file, set(options), null));
    }

    @Test
    void attributes_of_new_files() throws IOException {
        FileAttribute<?> mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        FileAttribute<?> unknown = new FileAttribute<String>() {
            @Override
            public String name() {
                return "foo:bar";
            }

            @Override
            public String value() {
                return "";
            }
        };
        List<FileAttribute<?>[]> all = new ArrayList<>(List.of(
                new FileAttribute<?>[] {mode},
                new FileAttribute<?>[] {unknown},
                new FileAttribute<?>[] {null},
                new FileAttribute<?>[] {mode, unknown}));
        all.add(null);
        List<Set<OpenOption>> ways = List.of(
                Set.of(StandardOpenOption.WRITE),
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE),
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING),
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE, Unknown.UNKNOWN),
                Set.of(StandardOpenOption.READ));
        for (FileAttribute<?>[] attributes : all) {
            for (Set<OpenOption> way : ways) {
                for (String file : FILES) {
                    String what = "%s %s %s".formatted(file, way, Arrays.toString(attributes));
                    compare(
                            "newByteChannel " + what,
                            (plain, directory) -> use(Files.newByteChannel(directory.resolve(file), way, attributes))
                                    + mode(plain, file));
                    compare(
                            "newFileChannel " + what,
                            (plain, directory) -> use(directory
                                            .getFileSystem()
                                            .provider()
                                            .newFileChannel(directory.resolve(file), way, attributes))
                                    + mode(plain, file));
                    compare(
                            "newAsynchronousFileChannel " + what,
                            (plain, directory) -> use(directory
                                            .getFileSystem()
                                            .provider()
                                            .newAsynchronousFileChannel(directory.resolve(file), way, null, attributes))
                                    + mode(plain, file));
                }
            }
        }
        assertNone(500);
    }

    private static String mode(Path directory, String file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(file)));
    }

    @Test
    void copies_and_moves_of_an_interrupted_thread() throws IOException {
        for (CopyOption[] options : new CopyOption[][] {{}, {REPLACE_EXISTING}, {REPLACE_EXISTING, COPY_ATTRIBUTES}}) {
            for (String target : List.of("g", "missing")) {
                compare("copy " + target + Arrays.toString(options), (plain, directory) -> {
                    Thread.currentThread().interrupt();
                    try {
                        return Files.copy(directory.resolve("f"), directory.resolve(target), options);
                    } finally {
                        assertEquals(true, Thread.interrupted());
                    }
                });
            }
        }
        assertNone(6);
    }
}
