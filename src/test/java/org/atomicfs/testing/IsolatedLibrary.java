package org.atomicfs.testing;

import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.File;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The library, loaded by a class loader of its own. */
public final class IsolatedLibrary {
    private IsolatedLibrary() {}

    /**
     * Runs a static method of a class that is loaded apart, as everything that it uses, and waits until all that is
     * unloaded.
     */
    public static void runAndUnload(Class<?> type, String method, String argument) throws Exception {
        WeakReference<ClassLoader> loader = run(type, method, argument);
        Poll.until(() -> {
            System.gc();
            return loader.get() == null;
        });
    }

    private static WeakReference<ClassLoader> run(Class<?> type, String method, String argument) throws Exception {
        URL[] classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(IsolatedLibrary::url)
                .toArray(URL[]::new);
        try (URLClassLoader loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
            Class<?> loaded = loader.loadClass(type.getName());
            assertSame(loader, loaded.getClassLoader());
            loaded.getMethod(method, String.class).invoke(null, argument);
            return new WeakReference<>(loader);
        }
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        }
    }
}
