package org.atomicfs.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.atomicfs.testing.Metadata;
import org.junit.jupiter.api.Test;

/** What the library calls of other providers by reflection is there, in the versions that it is tested with. */
class ReflectionIT {
    @Test
    void all_that_is_named_in_the_metadata_for_native_images_is_there() {
        assertEquals(
                List.of(), Metadata.missing(type -> !type.startsWith("org.atomicfs.") && !type.startsWith("java.")));
    }
}
