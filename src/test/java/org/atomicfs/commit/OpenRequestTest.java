package org.atomicfs.commit;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.atomicfs.CommitPolicy;
import org.atomicfs.Durability;
import org.atomicfs.TemporaryName;
import org.junit.jupiter.api.Test;

class OpenRequestTest {
    private static OpenRequest stream(OpenOption... options) {
        return OpenRequest.ofStream(options, Channels.FAST);
    }

    @Test
    void options_of_atomicfs_are_kept_from_the_delegate_and_override_the_defaults() {
        OpenRequest request = Channels.request(WRITE, Durability.FULL, CommitPolicy.EXPLICIT, TemporaryName.UNIQUE);
        assertEquals(Set.of(WRITE), request.options());
        assertEquals(Durability.FULL, request.atomic().durability());
        assertEquals(CommitPolicy.EXPLICIT, request.atomic().commitPolicy());
        assertEquals(TemporaryName.UNIQUE, request.atomic().temporaryName());
        assertEquals(Durability.NONE, Channels.request(WRITE).atomic().durability());
    }

    @Test
    void a_stream_without_options_creates_and_truncates() {
        assertEquals(Set.of(CREATE, TRUNCATE_EXISTING, WRITE), stream().options());
        assertEquals(
                Set.of(CREATE, TRUNCATE_EXISTING, WRITE),
                stream(Durability.FULL).options());
        assertEquals(Set.of(APPEND, WRITE), stream(APPEND).options());
    }

    @Test
    void only_an_open_that_can_change_a_file_writes() {
        assertFalse(Channels.request().writes());
        assertFalse(Channels.request(READ, CREATE).writes());
        assertTrue(Channels.request(WRITE).writes());
        assertTrue(Channels.request(APPEND).writes());
    }

    @Test
    void the_temporary_is_opened_as_asked_for_but_neither_created_nor_truncated_once_more() {
        OpenRequest request = Channels.request(READ, WRITE, CREATE, TRUNCATE_EXISTING);
        assertEquals(Set.of(READ, WRITE), request.forTemporary());
        assertEquals(Set.of(READ, WRITE, CREATE_NEW), request.forNewTemporary());
        assertEquals(Set.of(READ, WRITE), request.forExisting());
    }

    @Test
    void what_a_delegate_refuses_is_left_for_it_to_refuse() {
        assertEquals(
                Set.of(APPEND, TRUNCATE_EXISTING),
                Channels.request(APPEND, TRUNCATE_EXISTING).forTemporary());
    }

    @Test
    void each_question_is_about_one_option() {
        assertTrue(Channels.request(WRITE, CREATE_NEW).createsNew());
        assertTrue(Channels.request(WRITE, CREATE_NEW).creates());
        assertFalse(Channels.request(WRITE, CREATE).createsNew());
        assertTrue(Channels.request(WRITE, DELETE_ON_CLOSE).deletesOnClose());
        assertFalse(Channels.request(WRITE, LinkOption.NOFOLLOW_LINKS).followsLinks());
        assertTrue(Channels.request(WRITE, READ).reads());
        assertTrue(Channels.request(APPEND).appends());
    }

    @Test
    void a_file_may_be_made_to_be_locked_if_nothing_of_it_is_thrown_away() {
        assertTrue(Channels.request(WRITE, CREATE).mayMakeLockFile());
        assertFalse(Channels.request(WRITE, CREATE, TRUNCATE_EXISTING).mayMakeLockFile());
        assertFalse(Channels.request(WRITE, CREATE_NEW).mayMakeLockFile());
        assertFalse(Channels.request(WRITE, CREATE, CommitPolicy.EXPLICIT).mayMakeLockFile());
    }

    @Test
    void null_is_no_option() {
        Set<OpenOption> withNull = new HashSet<>(Arrays.asList(WRITE, null));
        assertThrows(NullPointerException.class, () -> OpenRequest.ofChannel(withNull, Channels.FAST));
    }
}
