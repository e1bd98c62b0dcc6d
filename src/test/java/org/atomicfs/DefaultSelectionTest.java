package org.atomicfs;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;
import org.atomicfs.commit.OpenRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which writes of a whole program are atomic. */
class DefaultSelectionTest {
    private final FileSystem unix = Jimfs.newFileSystem(Configuration.unix());

    @AfterEach
    void close() throws IOException {
        unix.close();
    }

    private boolean selects(OpenOption... how) {
        OpenRequest request = OpenRequest.ofChannel(Set.of(how), AtomicOptions.defaults());
        return new DefaultSelection(unix, null, null).selects(unix.getPath("/data/out"), request);
    }

    @Test
    void opens_that_give_new_content_and_only_write_are_selected() {
        assertTrue(selects(WRITE, CREATE, TRUNCATE_EXISTING));
        assertTrue(selects(WRITE, TRUNCATE_EXISTING));
        assertTrue(selects(WRITE, CREATE_NEW));
    }

    @Test
    void all_others_are_not() {
        assertFalse(selects(WRITE));
        assertFalse(selects(WRITE, CREATE));
        assertFalse(selects(APPEND, CREATE));
        assertFalse(selects(WRITE, APPEND, CREATE_NEW));
        assertFalse(selects(READ, WRITE, CREATE, TRUNCATE_EXISTING));
        assertFalse(selects(WRITE, CREATE_NEW, DELETE_ON_CLOSE));
        assertFalse(selects(WRITE, CREATE_NEW, SYNC));
        assertFalse(selects(WRITE, CREATE_NEW, DSYNC));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # include         | exclude       | path               | selected
                              |               | /data/x            | true
                              |               | data/x             | true
                              |               | /proc/self/x       | false
                              |               | /dev/stdout        | false
                              |               | /sys/x             | false
                              |               | /processes/x       | true
                              |               | /data/a.lck        | false
                              |               | /data/write.lock   | false
                              | /data/**      | /data/x            | false
                              | /data/**      | /database          | true
            /data/**          |               | /data/x            | true
            /data/**          |               | /other/x           | false
            /proc/**          |               | /proc/x            | true
            /data/**          | glob:**/*.log | /data/x.log        | false
            /data/**          |               | /other/../data/x   | true
            regex:/d[a-z]+/.* |               | /data/x            | true
            /a/*;/b/*         |               | /b/x               | true
            /a/{b,c}          |               | /a/c               | true
            /work/data/*      |               | data/x             | true
            """)
    void paths_are_selected_by_patterns(String include, String exclude, String path, boolean selected) {
        OpenRequest request = OpenRequest.ofChannel(Set.of(WRITE, CREATE_NEW), AtomicOptions.defaults());
        assertEquals(selected, new DefaultSelection(unix, include, exclude).selects(unix.getPath(path), request));
    }

    @Test
    void temporary_files_are_not_unless_they_are_included() {
        String directory = System.getProperty("java.io.tmpdir");
        assertFalse(new DefaultSelection(unix, null, null).selects(unix.getPath(directory, "x")));
        assertTrue(new DefaultSelection(unix, directory + "/**", null).selects(unix.getPath(directory, "x")));
    }

    @Test
    void a_file_of_patterns_may_come_from_another_system(@TempDir Path directory) throws IOException {
        Path patterns = Files.writeString(directory.resolve("patterns"), "\uFEFF/data/*\r\n# no more\r\n/out/*;/x\r\n");
        DefaultSelection selection = new DefaultSelection(unix, "@" + patterns, null);
        assertTrue(selection.selects(unix.getPath("/data/x")));
        assertTrue(selection.selects(unix.getPath("/out/y;/x")));
        assertFalse(selection.selects(unix.getPath("/out/y")));
    }

    @Test
    void what_is_not_a_pattern_is_named() {
        IllegalArgumentException thrown =
                assertThrows(IllegalArgumentException.class, () -> new DefaultSelection(unix, null, "/data/*;regex:("));
        assertTrue(
                thrown.getMessage().startsWith("-Dorg.atomicfs.exclude: not a pattern: 'regex:('"), thrown::getMessage);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            *.log             | '**/*.log'
            {*.log,*.txt}     | '**/{*.log,*.txt}'
            {/x,y}.log        | '**/{/x,y}.log'
            {,/}x             | '**/{,/}x'
            \\x              | '**/\\x'
            /data/            | '/data/**'
            glob:/data/       | '/data/**'
            /                 | '/**'
            /work             | '/work/**'
            """)
    void what_can_match_no_file_is_refused_with_what_to_write_instead(String pattern, String instead)
            throws IOException {
        Files.createDirectories(unix.getPath("/work"));
        IllegalArgumentException include =
                assertThrows(IllegalArgumentException.class, () -> new DefaultSelection(unix, pattern, null));
        IllegalArgumentException exclude =
                assertThrows(IllegalArgumentException.class, () -> new DefaultSelection(unix, null, pattern));
        assertTrue(include.getMessage().startsWith("-Dorg.atomicfs.include: "), include::getMessage);
        assertTrue(exclude.getMessage().startsWith("-Dorg.atomicfs.exclude: "), exclude::getMessage);
        assertTrue(include.getMessage().endsWith(": '" + instead + "'"), include::getMessage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{/a,**/b}.log", "{,/x}/a.log", "\\/a", "/work/none", "regex:.*/", "**.log"})
    void what_can_match_a_file_is_not(String pattern) throws IOException {
        Files.createDirectories(unix.getPath("/work"));
        assertTrue(new DefaultSelection(unix, null, pattern).selects(unix.getPath("/data/x")));
    }
}
