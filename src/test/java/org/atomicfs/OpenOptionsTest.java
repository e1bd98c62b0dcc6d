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
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every combination of open options does through an atomic path what it does through a plain one.
 */
class OpenOptionsTest {
  private static final StandardOpenOption[] ALL = StandardOpenOption.values();

  @TestFactory
  Stream<DynamicTest> every_combination_does_what_a_plain_open_does() {
    return Stream.of(Delegate.values())
        .flatMap(
            delegate ->
                Stream.of(Surface.values())
                    .map(
                        surface ->
                            DynamicTest.dynamicTest(
                                delegate + " " + surface, () -> compare(delegate, surface))));
  }

  private static void compare(Delegate delegate, Surface surface) throws IOException {
    List<String> differences = new ArrayList<>();
    try (Delegate.Place place = Delegate.place(delegate)) {
      Path file = place.plain().resolve("file");
      for (int bits = 0; bits < 1 << ALL.length; bits++) {
        for (boolean exists : new boolean[] {false, true}) {
          Set<OpenOption> options = options(bits);
          prepare(file, exists);
          String plain = run(place, surface, file, options);
          prepare(file, exists);
          String atomic = run(place, surface, AtomicFiles.atomic(file), options);
          if (!plain.equals(atomic)) {
            differences.add(
                "%s, %s: plain %s; atomic %s"
                    .formatted(options, exists ? "present" : "absent", plain, atomic));
          }
        }
      }
    }
    assertEquals("", String.join("\n", differences), differences.size() + " differ");
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
  private static String run(
      Delegate.Place place, Surface surface, Path file, Set<OpenOption> options)
      throws IOException {
    StringBuilder seen = new StringBuilder();
    try (Surface.Writer writer = surface.open(file, options)) {
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
    seen.append(", leaves ").append(place.names());
    if (Files.exists(file)) {
      seen.append(" with ").append(Files.readString(file, StandardCharsets.UTF_8));
    }
    return seen.toString();
  }

  private static String describe(Exception e) {
    String name = e.getClass().getName();
    return e instanceof FileSystemException about ? name + " of " + about.getFile() : name;
  }
}
