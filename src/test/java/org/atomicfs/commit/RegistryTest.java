package org.atomicfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.atomicfs.testing.CapturedLogs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RegistryTest {
    private static final Path LINK = Registry.normal(Path.of("dir", "link"));
    private static final Path FILE = Registry.normal(Path.of("dir", "file"));
    private static final Path TEMPORARY = Path.of("dir", "file.tmp").toAbsolutePath();

    private final FakeWrite write = new FakeWrite("owner", LINK, FILE, null);

    @AfterEach
    void nothing_is_held_after_all_was_removed() {
        Registry.remove(write, LINK, FILE);
        assertEquals(List.of(), Registry.held());
    }

    @Test
    void a_write_is_found_by_the_path_as_requested_and_by_its_destination_however_they_are_spelled() {
        Registry.add(write, LINK, FILE);
        for (String spelled : List.of("dir/link", "dir/file", "dir/./file", "dir/other/../link", "dir//file")) {
            assertEquals(List.of(write), Registry.list(Path.of(spelled)), spelled);
            assertEquals(List.of(write), Registry.list(Path.of(spelled).toAbsolutePath()), spelled);
        }
        assertEquals(List.of(), Registry.list(Path.of("dir/another")));
        Registry.remove(write, LINK, FILE);
        assertEquals(List.of(), Registry.list(Path.of("dir/link")));
        assertEquals(List.of(), Registry.list(Path.of("dir/file")));
    }

    @Test
    void writes_are_listed_in_the_order_in_which_they_were_opened() {
        FakeWrite second = new FakeWrite("owner", FILE, FILE, null);
        Registry.add(write, LINK, FILE);
        Registry.add(second, FILE, FILE);
        assertEquals(List.of(write, second), Registry.list());
        assertEquals(List.of(write, second), Registry.list(FILE));
        assertEquals(List.of(write), Registry.list(LINK));
        Registry.remove(second, FILE, FILE);
        assertEquals(List.of(write), Registry.list(FILE));
    }

    @Test
    void a_write_that_was_not_added_can_be_removed() {
        Registry.add(write, LINK, FILE);
        Registry.remove(new FakeWrite("owner", LINK, FILE, null), LINK, FILE);
        assertEquals(List.of(write), Registry.list());
    }

    @Test
    void a_path_is_a_destination_while_it_is_written_and_a_link_to_it_is_not() {
        Registry.add(write, LINK, FILE);
        assertTrue(Registry.isDestination(Path.of("dir/file")));
        assertFalse(Registry.isDestination(Path.of("dir/link")));
        Registry.remove(write, LINK, FILE);
        assertFalse(Registry.isDestination(Path.of("dir/file")));
    }

    @Test
    void the_writes_of_one_owner_are_aborted_and_one_that_fails_does_not_stop_the_others() {
        FakeWrite failing = new FakeWrite("owner", FILE, FILE, new IOException("on purpose"));
        FakeWrite ofAnother = new FakeWrite("another", FILE, FILE, null);
        Registry.add(failing, FILE, FILE);
        Registry.add(ofAnother, FILE, FILE);
        Registry.add(write, LINK, FILE);
        try (CapturedLogs logs = new CapturedLogs()) {
            Registry.abortAll("owner", "closed");
            assertEquals(1, logs.records().size());
            assertEquals("on purpose", logs.records().get(0).getThrown().getMessage());
        }
        assertEquals(List.of(1, 0, 1), List.of(failing.aborted, ofAnother.aborted, write.aborted));
        Registry.remove(failing, FILE, FILE);
        Registry.remove(ofAnother, FILE, FILE);
    }

    @Test
    void a_name_is_reserved_by_one_writer_until_it_is_freed() {
        assertTrue(Registry.reserve(TEMPORARY, "file.tmp"));
        assertFalse(Registry.reserve(TEMPORARY, "file.tmp"));
        assertTrue(Registry.isReserved(Path.of("dir/file.tmp")));
        Registry.free(TEMPORARY, "file.tmp");
        Registry.free(TEMPORARY, "file.tmp"); // again, when it is not known how far a writer came
        assertFalse(Registry.isReserved(Path.of("dir/file.tmp")));
    }

    @Test
    void a_listing_learns_whether_a_name_is_in_use_or_was_since_it_began() {
        String name = "RegistryTest.tmp";
        Path path = Path.of(name).toAbsolutePath();
        long before = Registry.now();
        assertEquals(Registry.Name.UNKNOWN, Registry.stateOf(name, before));
        Registry.reserve(path, name);
        assertEquals(Registry.Name.IN_USE, Registry.stateOf(name, before));
        assertEquals(Registry.Name.UNKNOWN, Registry.stateOf("another.tmp", before));
        Registry.free(path, name);
        assertEquals(Registry.Name.GONE, Registry.stateOf(name, before));
        assertEquals(Registry.Name.UNKNOWN, Registry.stateOf("another.tmp", before));
        assertEquals(Registry.Name.UNKNOWN, Registry.stateOf(name, Registry.now()));
    }

    @Test
    void a_name_of_two_directories_is_in_use_until_both_are_freed() {
        Path other = Path.of("other", "file.tmp").toAbsolutePath();
        long before = Registry.now();
        Registry.reserve(TEMPORARY, "file.tmp");
        Registry.reserve(other, "file.tmp");
        Registry.free(other, "file.tmp");
        assertEquals(Registry.Name.IN_USE, Registry.stateOf("file.tmp", before));
        Registry.free(TEMPORARY, "file.tmp");
        assertEquals(Registry.Name.GONE, Registry.stateOf("file.tmp", before));
    }

    @Test
    void a_listing_that_is_older_than_what_is_remembered_takes_every_name_for_a_temporary_that_is_gone() {
        long before = Registry.now();
        for (int i = 0; i < 2000; i++) {
            String name = i + ".tmp";
            Registry.reserve(Path.of(name).toAbsolutePath(), name);
            Registry.free(Path.of(name).toAbsolutePath(), name);
        }
        assertEquals(Registry.Name.GONE, Registry.stateOf("0.tmp", before));
        assertEquals(Registry.Name.GONE, Registry.stateOf("never.tmp", before));
        assertEquals(Registry.Name.UNKNOWN, Registry.stateOf("never.tmp", Registry.now()));
    }

    @Test
    void a_file_is_claimed_as_often_as_it_was_and_is_not_the_file_of_another_file_system_or_key() {
        Object file = Registry.file(FILE, "key");
        assertEquals(file, Registry.file(LINK, "key"));
        assertNotEquals(file, Registry.file(FILE, "another key"));
        Registry.claim(file);
        Registry.claim(file);
        Registry.unclaim(file);
        assertTrue(Registry.isClaimed(LINK, "key"));
        Registry.unclaim(file);
        assertFalse(Registry.isClaimed(LINK, "key"));
    }

    @Test
    void where_there_are_no_keys_nothing_is_claimed() {
        assertNull(Registry.file(FILE, null));
        Registry.claim(null);
        assertFalse(Registry.isClaimed(FILE, null));
        Registry.unclaim(null);
    }
}
