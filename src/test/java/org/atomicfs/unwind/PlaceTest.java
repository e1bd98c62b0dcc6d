package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class PlaceTest {
    private static Place here() {
        return Place.of(StackFrames.here().get(0));
    }

    private static Place here(int unused) {
        return Place.of(StackFrames.here().get(0));
    }

    @Test
    void the_same_instruction_of_the_same_method_is_the_same_place() {
        Place[] places = new Place[2];
        for (int i = 0; i < places.length; i++) {
            places[i] = Place.of(StackFrames.here().get(0));
        }
        assertEquals(places[0], places[1]);
        assertEquals(places[0].hashCode(), places[1].hashCode());
        assertEquals(here(), here());
    }

    @Test
    void another_instruction_or_method_is_another_place() {
        Place one = Place.of(StackFrames.here().get(0));
        Place other = Place.of(StackFrames.here().get(0));
        assertNotEquals(one, other);
        assertNotEquals(here(), here(1), "at the same index of an overload");
        assertNotEquals(one, "text");
    }
}
