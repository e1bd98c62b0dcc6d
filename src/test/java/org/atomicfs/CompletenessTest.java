package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.OutputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No method of a decorated type is forgotten, on this JDK or a newer one. */
class CompletenessTest {
    /** Methods that are right as they are inherited. */
    private static final Set<String> INHERITED = Set.of(
            // opening a file as a file system is not ours: it would hijack zip files
            "FileSystemProvider.newFileSystem(Path, Map)",
            // made of methods that are ours
            "Path.resolve(Path, Path[])",
            "Path.resolve(String, String[])",
            "OutputStream.write(byte[])",
            // names a type that Java 17 does not have; says that it is not supported
            "FileChannel.map(MapMode, long, long, Arena)");

    @TempDir
    Path directory;

    @Test
    void every_method_of_every_decorated_type_is_overridden() throws Exception {
        Path file = AtomicFiles.atomic(directory.resolve("file"));
        FileSystem fileSystem = file.getFileSystem();
        assertComplete(FileSystemProvider.class, fileSystem.provider().getClass());
        assertComplete(FileSystem.class, fileSystem.getClass());
        assertComplete(Path.class, file.getClass());
        try (OutputStream stream = Files.newOutputStream(file)) {
            assertComplete(OutputStream.class, stream.getClass());
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertComplete(FileChannel.class, channel.getClass());
            assertEquals(
                    List.of("isValid()", "release()"),
                    Stream.of(lock.getClass().getDeclaredMethods())
                            .filter(method -> !Modifier.isStatic(method.getModifiers()))
                            .map(CompletenessTest::signature)
                            .sorted()
                            .toList());
        }
        try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(file, StandardOpenOption.WRITE)) {
            assertComplete(AsynchronousFileChannel.class, channel.getClass());
        }
        assertComplete(SeekableByteChannel.class, Class.forName("org.atomicfs.view.AtomicByteChannel"));
        assertComplete(DirectoryStream.class, Class.forName("org.atomicfs.view.AtomicDirectoryStream"));
        assertComplete(SecureDirectoryStream.class, Class.forName("org.atomicfs.view.AtomicSecureDirectoryStream"));
        try (WatchService watcher = fileSystem.newWatchService()) {
            assertComplete(WatchService.class, watcher.getClass());
            WatchKey key = file.getParent().register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
            assertComplete(WatchKey.class, key.getClass());
        }
    }

    private static void assertComplete(Class<?> type, Class<?> implementation) {
        List<String> own = Stream.of(implementation.getDeclaredMethods())
                .map(CompletenessTest::signature)
                .toList();
        List<String> forgotten = Stream.of(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .filter(method -> (method.getModifiers() & (Modifier.FINAL | Modifier.STATIC)) == 0)
                .filter(method -> !method.isBridge())
                .map(CompletenessTest::signature)
                .filter(signature -> !own.contains(signature))
                .filter(signature -> !INHERITED.contains(type.getSimpleName() + "." + signature))
                .toList();
        assertEquals(List.of(), forgotten, type.getSimpleName());
    }

    private static String signature(Method method) {
        return method.getName()
                + "("
                + String.join(
                        ", ",
                        Arrays.stream(method.getParameterTypes())
                                .map(Class::getSimpleName)
                                .toList())
                + ")";
    }
}
