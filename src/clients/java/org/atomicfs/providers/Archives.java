package org.atomicfs.providers;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.cryptomator.cryptofs.CryptoFileSystemProperties;
import org.cryptomator.cryptofs.CryptoFileSystemProvider;
import org.cryptomator.cryptolib.api.Masterkey;

/** File systems that keep all their files in others. */
final class Archives {
    private static final int KEY = 64; // bytes

    private Archives() {}

    static List<TestedProvider> all() {
        return List.of(new Simple("zipfs", Archives::zip), new Simple("cryptofs", Archives::vault));
    }

    private static Path zip() throws Exception {
        Path archive = Simple.temporaryDirectory("zip").resolve("archive.zip");
        FileSystem fileSystem =
                FileSystems.newFileSystem(URI.create("jar:" + archive.toUri()), Map.of("create", "true"));
        return Simple.held(fileSystem).getPath("/");
    }

    private static Path vault() throws Exception {
        Path vault = Files.createDirectory(Simple.temporaryDirectory("vault").resolve("vault"));
        CryptoFileSystemProperties properties = CryptoFileSystemProperties.cryptoFileSystemProperties()
                .withKeyLoader(any -> new Masterkey(new byte[KEY]))
                .build();
        CryptoFileSystemProvider.initialize(vault, properties, URI.create("test:key"));
        return Simple.held(CryptoFileSystemProvider.newFileSystem(vault, properties))
                .getPath("/");
    }
}
