package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/** The library as a bundle of OSGi. */
class OsgiIT {
    @TempDir
    Path directory;

    @Test
    void it_is_a_bundle_and_writes() throws Exception {
        Framework framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        directory.resolve("cache").toString(),
                        Constants.FRAMEWORK_BOOTDELEGATION,
                        ""));
        framework.start();
        try {
            Bundle library = framework
                    .getBundleContext()
                    .installBundle(
                            Path.of(System.getProperty("library.jar")).toUri().toString());
            library.start();
            assertEquals(Bundle.ACTIVE, library.getState());
            Class<?> files = library.loadClass("org.atomicfs.AtomicFiles");
            Path plain = directory.resolve("file");
            Path atomic = (Path) files.getMethod("atomic", Path.class).invoke(null, plain);
            assertEquals("atomic", atomic.toUri().getScheme());
            Files.writeString(atomic, "content");
            assertEquals("content", Files.readString(plain));
        } finally {
            framework.stop();
            framework.waitForStop(10_000);
        }
    }
}
