package org.atomicfs.commit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.atomicfs.TemporaryName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListingTest {
    @TempDir
    Path directory;

    private Claim claim() throws IOException {
        return Claims.take(Delegate.of(directory), directory.resolve("x"), TemporaryName.FIXED, null);
    }

    @Test
    void names_of_a_temporary_are_hidden_while_it_is_written_and_in_listings_that_began_before_it_was_gone()
            throws IOException {
        Listing before = new Listing();
        Claim claim = claim();
        Path anchor = TemporaryNames.anchor(directory.resolve("x"));
        for (Path name : new Path[] {claim.temporary(), anchor}) {
            assertFalse(before.shows(name), name.toString());
            assertFalse(new Listing().shows(name), name.toString());
        }
        claim.release(Claim.Outcome.DISCARDED);
        assertFalse(before.shows(claim.temporary())); // is gone
    }

    @Test
    void another_file_of_the_same_name_is_shown() throws IOException {
        Path other = Files.createFile(
                Files.createDirectory(directory.resolve("other")).resolve("x.tmp"));
        Claim claim = claim();
        assertTrue(new Listing().shows(other));
        claim.release(Claim.Outcome.DISCARDED);
        Path unknown = Files.createFile(directory.resolve("x.tmp"));
        assertTrue(new Listing().shows(unknown));
    }

    @Test
    void a_temporary_is_hidden_when_it_is_listed_by_another_way() throws IOException {
        Path link =
                Files.createSymbolicLink(directory.resolve("link"), Files.createDirectory(directory.resolve("real")));
        Claim claim =
                Claims.take(Delegate.of(directory), directory.resolve("real").resolve("x"), TemporaryName.FIXED, null);
        assertFalse(new Listing().shows(link.resolve("x.tmp")));
        claim.release(Claim.Outcome.DISCARDED);
    }

    @Test
    void a_name_that_no_temporary_can_have_is_shown() throws IOException {
        Claim claim = claim();
        assertTrue(new Listing().shows(directory.resolve("x")));
        assertTrue(new Listing().shows(directory.resolve("x.tmpx")));
        claim.release(Claim.Outcome.DISCARDED);
    }
}
