package org.atomicfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.spi.FileSystemProvider;
import org.apache.lucene.tests.mockfile.FilterFileSystemProvider;
import org.atomicfs.commit.KnownProviders.Moves;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownProvidersTest {
    private static FileSystemProvider zipfs() {
        return FileSystemProvider.installedProviders().stream()
                .filter(provider -> provider.getScheme().equals("jar"))
                .findFirst()
                .orElseThrow();
    }

    private static FileSystemProvider ofScheme(String scheme) {
        return new FilterFileSystemProvider(scheme, FileSystems.getDefault()) {};
    }

    @Test
    void a_provider_is_known_by_its_class() throws IOException {
        assertEquals(Moves.REPLACE_WITH_BOTH_OPTIONS, KnownProviders.of(zipfs()).moves());
        assertTrue(KnownProviders.of(zipfs()).rewrites());
        try (FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix())) {
            assertEquals(
                    Moves.REPLACE_WITH_BOTH_OPTIONS,
                    KnownProviders.of(jimfs.provider()).moves());
            assertFalse(KnownProviders.of(jimfs.provider()).rewrites());
        }
    }

    @ParameterizedTest
    @CsvSource({"jimfs, RENAME", "sftp, RENAME_TO_NEW_NAME", "ftps, RENAME_TO_NEW_NAME", "s3, UPLOAD", "odd, RENAME"})
    void another_class_is_taken_for_what_its_scheme_says(String scheme, Way way) {
        assertEquals(way, KnownProviders.of(ofScheme(scheme)).moves().way());
    }

    @Test
    void one_that_is_not_known_is_never_asked_for_both_options() {
        assertEquals(Moves.ATOMIC_OR_REFUSED, KnownProviders.of(ofScheme("odd")).moves());
    }
}
