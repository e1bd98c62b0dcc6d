package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.atomicfs.testing.DelegateKind;
import org.atomicfs.testing.TestDirectory;
import org.atomicfs.testing.WriterKind;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every combination of open options does through an atomic path what it does through a plain one. */
class OpenOptionsTest {
    private static final StandardOpenOption[] ALL = StandardOpenOption.values();

    @TestFactory
    Stream<DynamicTest> every_combination_does_what_a_plain_open_does() {
        return Stream.of(DelegateKind.values())
                .flatMap(delegate -> Stream.of(WriterKind.values())
                        .map(surface ->
                                DynamicTest.dynamicTest(delegate + " " + surface, () -> compare(delegate, surface))));
    }

    private static void compare(DelegateKind delegate, WriterKind surface) throws IOException {
        List<String> differences = new ArrayList<>();
        try (TestDirectory place = delegate.newDirectory()) {
            Path file = place.plain().resolve("file");
            for (int bits = 0; bits < 1 << ALL.length; bits++) {
                for (boolean exists : new boolean[] {false, true}) {
                    Set<OpenOption> options = options(bits);
                    prepare(file, exists);
                    String before = leaves(place, file);
                    String plain = run(place, surface, file, options);
                    prepare(file, exists);
                    String atomic = run(place, surface, AtomicFiles.atomic(file), options);
                    if (!atomic.equals(plain) && !atomic.equals(discarded(plain, before, file))) {
                        differences.add("%s, %s: plain %s; atomic %s"
                                .formatted(options, exists ? "present" : "absent", plain, atomic));
                    }
                }
            }
        }
        assertEquals("", String.join("\n", differences), differences.size() + " differ");
    }

    /** What an atomic open does instead where the write fails: close() throws, and nothing changes. */
    private static String discarded(String plain, String before, Path file) {
        return plain.replaceFirst(
                "(opened, java\\S+Exception.*), leaves .*",
                "$1, "
                        + Matcher.quoteReplacement(
                                "%s of %s%s".formatted(AtomicCommitException.class.getName(), file, before)));
    }

    private static Set<OpenOption> options(int bits) {
        Set<OpenOption> options = new HashSet<>();
        for (StandardOpenOption option : ALL) {
            if ((bits & 1 << option.ordinal()) != 0) {
                options.add(option);
            }
        }
        return options;
    }

    private static void prepare(Path file, boolean exists) throws IOException {
        Files.deleteIfExists(file);
        if (exists) {
            Files.writeString(file, "old content");
        }
    }

    /** Opens, writes and closes; tells all that could be seen of it. */
    private static String run(TestDirectory place, WriterKind surface, Path file, Set<OpenOption> options)
            throws IOException {
        StringBuilder seen = new StringBuilder();
        try (WriterKind.Writer writer = surface.open(file, options)) {
            seen.append("opened");
            try {
                writer.write("new");
                seen.append(", written");
            } catch (IOException | RuntimeException e) {
                seen.append(", ").append(describe(e));
            }
        } catch (IOException | RuntimeException e) {
            seen.append(", ").append(describe(e));
        }
        return seen + leaves(place, file);
    }

    private static String leaves(TestDirectory place, Path file) throws IOException {
        return ", leaves "
                + place.names()
                + (Files.exists(file) ? " with " + Files.readString(file, StandardCharsets.UTF_8) : "");
    }

    private static String describe(Exception e) {
        String name = e.getClass().getName();
        return e instanceof FileSystemException about ? name + " of " + about.getFile() : name;
    }
}
