package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AtomicOptionsTest {
    @AfterEach
    void clearProperties() {
        System.getProperties().stringPropertyNames().forEach(name -> {
            if (name.startsWith("org.atomicfs.")) {
                System.clearProperty(name);
            }
        });
    }

    @Test
    void the_defaults_are_safe() {
        AtomicOptions options = AtomicOptions.defaults();
        assertEquals(Durability.DATA, options.durability());
        assertEquals(CommitPolicy.ON_SUCCESS, options.commitPolicy());
        assertEquals(TemporaryName.FIXED, options.temporaryName());
        assertEquals(options, AtomicOptions.builder().build());
        assertEquals(options, AtomicOptions.fromEnv(Map.of()));
    }

    @Test
    void an_environment_takes_constants_and_their_names_in_any_case() {
        AtomicOptions expected = AtomicOptions.builder()
                .durability(Durability.FULL)
                .commitPolicy(CommitPolicy.ON_CLOSE)
                .temporaryName(TemporaryName.UNIQUE)
                .build();
        assertEquals(
                expected,
                AtomicOptions.fromEnv(Map.of(
                        "durability", "full",
                        "commitPolicy", "On_Close",
                        "temporaryName", TemporaryName.UNIQUE)));
        assertEquals(
                expected.hashCode(),
                AtomicOptions.fromEnv(Map.of(
                                "durability", Durability.FULL, "commitPolicy", "ON_CLOSE", "temporaryName", "unique"))
                        .hashCode());
        assertEquals(
                "{durability=FULL, commitPolicy=ON_CLOSE, temporaryName=UNIQUE, traceOpens=false, keepOwner=false, forceThreads=8, busyTimeout=PT0S}",
                expected.toString());
    }

    @Test
    void an_unknown_key_is_refused_with_the_valid_ones() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> AtomicOptions.fromEnv(Map.of("durabilty", "full")));
        assertTrue(
                e.getMessage().contains("'durabilty'")
                        && e.getMessage().contains("durability, commitPolicy, temporaryName"),
                e.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> FileSystems.newFileSystem(URI.create("atomic:///"), Map.of("create", "true")));
    }

    @Test
    void an_unknown_value_is_refused_with_the_valid_ones() {
        for (Object value : List.of("fulll", "", 1, CommitPolicy.EXPLICIT)) {
            IllegalArgumentException e = assertThrows(
                    IllegalArgumentException.class, () -> AtomicOptions.fromEnv(Map.of("durability", value)));
            assertTrue(
                    e.getMessage().contains("'" + value + "'")
                            && e.getMessage().contains("'durability'")
                            && e.getMessage().contains("[NONE, DATA, FULL]"),
                    e.getMessage());
        }
    }

    @Test
    void system_properties_are_the_defaults() {
        System.setProperty("org.atomicfs.durability", "none");
        System.setProperty("org.atomicfs.temporaryName", "unique");
        assertEquals(Durability.NONE, AtomicOptions.defaults().durability());
        assertEquals(TemporaryName.UNIQUE, AtomicOptions.builder().build().temporaryName());
        assertEquals(
                Durability.FULL,
                AtomicOptions.fromEnv(Map.of("durability", "full")).durability());
    }

    @Test
    void a_mistaken_system_property_is_refused_by_name() {
        System.setProperty("org.atomicfs.durability", "maximal");
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, AtomicOptions::defaults);
        assertTrue(e.getMessage().contains("org.atomicfs.durability"), e.getMessage());
        System.clearProperty("org.atomicfs.durability");
        System.setProperty("org.atomicfs.fsync", "true");
        e = assertThrows(IllegalArgumentException.class, AtomicOptions::defaults);
        assertTrue(e.getMessage().contains("org.atomicfs.fsync"), e.getMessage());
    }

    @Test
    void open_options_override_and_others_are_passed_over() {
        AtomicOptions options = AtomicOptions.defaults();
        assertEquals(options, options.overriddenBy(List.of(StandardOpenOption.WRITE)));
        AtomicOptions overridden =
                options.overriddenBy(List.of(StandardOpenOption.WRITE, Durability.FULL, CommitPolicy.EXPLICIT));
        assertEquals(Durability.FULL, overridden.durability());
        assertEquals(CommitPolicy.EXPLICIT, overridden.commitPolicy());
        assertEquals(TemporaryName.FIXED, overridden.temporaryName());
        assertEquals(
                Durability.NONE,
                overridden
                        .overriddenBy(List.of(Durability.NONE, Durability.NONE))
                        .durability());
    }

    @Test
    void listeners_are_added_to_those_there_are() {
        AtomicListener one = event -> {};
        AtomicListener two = event -> {};
        AtomicOptions both = AtomicOptions.builder()
                .addListener(one)
                .addListener(two)
                .traceOpens(true)
                .build();
        assertEquals(List.of(one, two), both.listeners());
        assertEquals(
                List.of(one), AtomicOptions.fromEnv(Map.of("listener", one)).listeners());
        AtomicOptions opened = both.overriddenBy(List.of(StandardOpenOption.WRITE, one, Durability.FULL));
        assertEquals(List.of(one, two, one), opened.listeners());
        assertEquals(Durability.FULL, opened.durability());
        assertTrue(opened.traceOpens());
        assertNotEquals(both, AtomicOptions.builder().traceOpens(true).build());
        assertTrue(both.toString().contains("listener=["), both.toString());
        assertEquals(List.of(), AtomicOptions.defaults().listeners());
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> AtomicOptions.fromEnv(Map.of("listener", "a name")));
        assertTrue(e.getMessage().contains("an AtomicListener"), e.getMessage());
    }
}
