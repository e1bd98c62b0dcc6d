package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.atomicfs.testing.DelegateKind;
import org.atomicfs.testing.TestDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Calls every public method of every decorated type with arguments of all kinds, and looks for a path, file system or
 * provider of the delegate in all that comes back, is passed to a filter, or is thrown.
 */
@ParameterizedClass
@EnumSource(names = {"DEFAULT", "JIMFS_UNIX"})
class LeakTest {
    /** What cannot succeed here, with the reason; everything else has to be called with success at least once. */
    private static final Set<String> CANNOT_SUCCEED = Set.of(
            "Path.toFile", // an atomic path has no File
            "FileSystem.close", // closed at the end
            "FileSystemProvider.newFileSystem", // would be in the way of the other tests; UriTest tries it
            "FileSystemProvider.getFileSystem", // jimfs is not registered by a name here; UriTest tries it
            "FileSystemProvider.getPath");

    @Parameter
    DelegateKind delegate;

    private TestDirectory place;
    private Path atomic;
    private final Set<String> succeeded = new TreeSet<>();
    private final Set<String> leaks = new TreeSet<>();

    @BeforeEach
    void createPlace() {
        place = delegate.newDirectory();
        atomic = place.atomic().resolve("root");
    }

    @AfterEach
    void removePlace() throws IOException {
        place.close();
    }

    @Test
    void no_method_hands_out_what_belongs_to_the_delegate() throws Exception {
        callAll(FileSystemProvider.class, () -> atomic.getFileSystem().provider());
        callAll(FileSystem.class, () -> atomic.getFileSystem());
        for (Path path : paths()) {
            callAll(Path.class, () -> path);
        }
        callAll(DirectoryStream.class, () -> Files.newDirectoryStream(atomic));
        callAll(PathMatcher.class, () -> atomic.getFileSystem().getPathMatcher("glob:*"));
        callAll(AtomicWrite.class, () -> (AtomicWrite) Files.newOutputStream(atomic.resolve("written")));
        callAll(WatchService.class, this::watchService);
        callAll(WatchKey.class, this::signalled);
        callAll(WatchEvent.class, () -> signalled().pollEvents().get(0));
        if (delegate == DelegateKind.DEFAULT) {
            callAll(SecureDirectoryStream.class, () -> Files.newDirectoryStream(atomic));
        }
        assertEquals(Set.of(), leaks);
    }

    private WatchService watchService() throws IOException {
        WatchService service = atomic.getFileSystem().newWatchService();
        atomic.register(service, StandardWatchEventKinds.ENTRY_CREATE);
        Files.writeString(AtomicFiles.plain(atomic).resolve("event"), "");
        return service;
    }

    private WatchKey signalled() throws IOException, InterruptedException {
        return watchService().take();
    }

    /** Makes an object when it is needed. */
    @FunctionalInterface
    private interface Source {
        Object get() throws Exception;
    }

    /** Calls each method of a type, on a new object each time, in a directory made anew. */
    private void callAll(Class<?> type, Source source) throws Exception {
        for (Method method : type.getMethods()) {
            if (Modifier.isStatic(method.getModifiers())
                    || method.isBridge()
                    || method.getDeclaringClass() == Object.class) {
                continue;
            }
            String name = type.getSimpleName() + "." + method.getName();
            if (name.equals("FileSystem.close") || name.equals("FileSystemProvider.newFileSystem")) {
                continue;
            }
            for (List<Object> arguments : arguments(List.of(method.getParameterTypes()))) {
                makeFiles();
                call(name, method, source.get(), arguments);
            }
            assertTrue(
                    succeeded.contains(name) || CANNOT_SUCCEED.contains(name),
                    () -> method + " was never called with success");
        }
    }

    private void call(String name, Method method, Object target, List<Object> arguments) throws Exception {
        Object result = null;
        Object[] made = new Object[arguments.size()];
        for (int i = 0; i < made.length; i++) {
            made[i] = arguments.get(i) instanceof Source source ? source.get() : arguments.get(i);
        }
        try {
            result = method.invoke(target, made);
            succeeded.add(name);
            inspect(name, result);
        } catch (InvocationTargetException e) {
            inspectException(name + arguments, e.getCause());
        } finally {
            close(result);
            for (Object argument : made) {
                close(argument);
            }
            if (!(target instanceof FileSystem)) {
                close(target);
            }
        }
    }

    private static void close(Object object) throws IOException {
        if (object instanceof FileSystem) {
            return;
        }
        if (object instanceof AtomicWrite write) {
            write.abort();
        }
        if (object instanceof Closeable closeable) {
            closeable.close();
        }
    }

    private void inspect(String where, Object object) {
        if (object instanceof Path path) {
            check(where, path, path.getFileSystem().provider());
        } else if (object instanceof FileSystem fileSystem) {
            check(where, fileSystem, fileSystem.provider());
        } else if (object instanceof FileSystemProvider provider) {
            check(where, provider, provider);
        } else if (object instanceof Iterable<?> elements) {
            elements.forEach(element -> inspect(where, element));
        } else if (object instanceof Iterator<?> elements) {
            elements.forEachRemaining(element -> inspect(where, element));
        } else if (object instanceof Optional<?> optional) {
            optional.ifPresent(element -> inspect(where, element));
        } else if (object instanceof Map<?, ?> map) {
            inspect(where, map.values());
        } else if (object instanceof WatchKey key) {
            inspect(where, key.watchable());
            inspect(where, key.pollEvents());
        } else if (object instanceof WatchEvent<?> event) {
            inspect(where, event.context());
        }
    }

    private void check(String where, Object object, FileSystemProvider provider) {
        if (!provider.getScheme().equals("atomic")) {
            leaks.add(where + " gives " + object + " of " + provider.getScheme());
        }
    }

    /** An exception tells of paths as text: a temporary's name would be a leak, as it is no name the caller knows. */
    private void inspectException(String where, Throwable e) {
        if (e instanceof FileSystemException about) {
            for (String file : new String[] {about.getFile(), about.getOtherFile()}) {
                if (file != null && file.endsWith(".tmp")) {
                    leaks.add(where + " throws " + e);
                }
            }
        }
    }

    private List<Path> paths() {
        return List.of(
                atomic,
                atomic.resolve("file"),
                atomic.resolve("directory"),
                atomic.resolve("missing"),
                atomic.resolve("link"),
                atomic.getFileSystem().getPath("file"),
                atomic.resolve("no").resolve("parent"));
    }

    private void makeFiles() throws IOException {
        deleteAllIn(place.plain());
        Path root = Files.createDirectory(AtomicFiles.plain(atomic));
        Files.writeString(root.resolve("file"), "content");
        Files.createDirectory(root.resolve("directory"));
        Files.createSymbolicLink(root.resolve("link"), root.getFileSystem().getPath("file"));
    }

    private static void deleteAllIn(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                if (!directory.equals(root)) {
                    Files.delete(directory);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Every combination of the values there are for each parameter. */
    private List<List<Object>> arguments(List<Class<?>> types) {
        List<List<Object>> all = List.of(List.of());
        for (Class<?> type : types) {
            List<List<Object>> longer = new ArrayList<>();
            for (List<Object> shorter : all) {
                for (Object value : values(type)) {
                    List<Object> one = new ArrayList<>(shorter);
                    one.add(value);
                    longer.add(one);
                }
            }
            all = longer;
        }
        return all;
    }

    private Collection<?> values(Class<?> type) {
        if (type == Path.class) {
            return paths();
        } else if (type == String.class) {
            return List.of("size", "basic:*", "glob:*", "lastModifiedTime", "file");
        } else if (type == Path[].class) { // of a method of newer JDKs
            return List.<Object>of((Object) new Path[] {atomic.getFileSystem().getPath("more")});
        } else if (type == String[].class) {
            return List.<Object>of((Object) new String[] {"more"});
        } else if (type == Object.class) {
            FileSystem fileSystem = atomic.getFileSystem();
            return List.of(
                    FileTime.fromMillis(1000),
                    fileSystem.getPath("file"),
                    fileSystem.getPath("directory"),
                    fileSystem.getPath("missing"));
        } else if (type == int.class) {
            return List.of(0, 1);
        } else if (type == long.class) {
            return List.of(1L);
        } else if (type == TimeUnit.class) {
            return List.of(TimeUnit.SECONDS);
        } else if (type == Class.class) {
            return List.of(BasicFileAttributes.class, BasicFileAttributeView.class);
        } else if (type == URI.class) {
            return List.of(atomic.toUri());
        } else if (type == Map.class) {
            return List.of(Map.of());
        } else if (type == Throwable.class) {
            return List.of(new IOException());
        } else if (type == ExecutorService.class) {
            return java.util.Collections.singletonList(null);
        } else if (type == Set.class) {
            return List.of(
                    Set.of(StandardOpenOption.READ),
                    Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE),
                    Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                    Set.of(StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.CREATE));
        } else if (type == DirectoryStream.Filter.class) {
            return List.of((DirectoryStream.Filter<Path>) entry -> {
                inspect("a filter", entry);
                return true;
            });
        } else if (type == SecureDirectoryStream.class) {
            return List.of((Source) () -> Files.newDirectoryStream(atomic));
        } else if (type == WatchService.class) {
            return List.of((Source) () -> atomic.getFileSystem().newWatchService());
        } else if (type == WatchEvent.Kind[].class) {
            return List.<Object>of((Object) new WatchEvent.Kind<?>[] {StandardWatchEventKinds.ENTRY_CREATE});
        } else if (type == WatchEvent.Modifier[].class) {
            return List.<Object>of((Object) new WatchEvent.Modifier[0]);
        } else if (type == OpenOption[].class) {
            return List.<Object>of(new OpenOption[0], new OpenOption[] {StandardOpenOption.APPEND});
        } else if (type == CopyOption[].class) {
            return List.<Object>of(
                    new CopyOption[0], new CopyOption[] {java.nio.file.StandardCopyOption.REPLACE_EXISTING});
        } else if (type == LinkOption[].class) {
            return List.<Object>of(new LinkOption[0], new LinkOption[] {LinkOption.NOFOLLOW_LINKS});
        } else if (type == FileAttribute[].class) {
            return List.<Object>of((Object) new FileAttribute<?>[0]);
        } else if (type == AccessMode[].class) {
            return List.<Object>of((Object) new AccessMode[] {AccessMode.READ});
        } else if (type == java.util.function.Consumer.class) {
            return List.of((java.util.function.Consumer<Object>) element -> inspect("forEach", element));
        }
        throw new AssertionError("no value of " + type);
    }

    /** That the test would see a leak. */
    @Test
    void a_plain_path_is_seen() throws IOException {
        makeFiles();
        inspect("here", List.of(Optional.of(place.plain())));
        assertEquals(1, leaks.size());
        try (OutputStream out = Files.newOutputStream(atomic.resolve("x"))) {
            inspect("here", ((AtomicWrite) out).temporary());
            assertEquals(1, leaks.size());
        }
    }
}
