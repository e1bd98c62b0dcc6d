package org.atomicfs.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.atomicfs.testing.ObservedFileSystem.Operation;

/**
 * All that was done in some directories, operation by operation, and what of it may be found there after a crash.
 *
 * <p>After a kill all is there that was done. After a power cut that is sure only of what was forced. Of the other
 * changes of names any may be lost: on a journaling file system the last ones, on any that POSIX allows each by itself.
 * Of content that was not forced there may be none, any earlier version, a part, or zeros.
 */
public final class CrashJournal implements ObservedFileSystem.Observer {
    /** What may be lost. */
    public enum Crash {
        KILL,
        POWER_CUT_WITH_ORDERED_NAMES,
        POWER_CUT
    }

    /** The files of the directories: names, and the content that each file has. */
    private record Snapshot(Map<String, Object> names, Map<Object, byte[]> contents) {}

    /**
     * One step: names in one directory that were changed (null: removed), content that was changed, or something that
     * was forced.
     */
    private record Event(Path directory, Map<String, Object> names, Object file, byte[] content, Object forced) {}

    private final Path base;
    private final List<Path> directories;
    private final Map<Object, FileTime> times = new HashMap<>(); // when the content of each file was changed last
    private final Snapshot initial;
    private final List<Event> events = new ArrayList<>();
    private final ObservedFileSystem.Observer fault;
    private Snapshot last;
    private final Map<List<Object>, List<byte[]>> known = new HashMap<>(); // contents, by file, step and crash

    /**
     * Begins.
     *
     * @param fault may throw instead of an operation
     */
    public CrashJournal(Path directory, ObservedFileSystem.Observer fault) {
        this(directory, List.of(directory), fault);
    }

    /**
     * Begins.
     *
     * @param base what names are relative to
     * @param directories that are looked at, each by itself
     * @param fault may throw instead of an operation
     */
    public CrashJournal(Path base, List<Path> directories, ObservedFileSystem.Observer fault) {
        this.base = base;
        this.directories = directories;
        this.fault = fault;
        initial = look();
        last = initial;
    }

    @Override
    public void before(Operation operation, Path file) throws IOException {
        note();
        fault.before(operation, file);
        if (operation == Operation.FORCE) {
            Object forced = directories.contains(file) ? file : key(file);
            events.add(new Event(null, Map.of(), null, null, forced));
        }
    }

    /** Notes what was done since the last time. */
    public void note() {
        Snapshot now = look();
        for (Map.Entry<Object, byte[]> file : now.contents.entrySet()) {
            if (!Arrays.equals(file.getValue(), last.contents.get(file.getKey()))) {
                events.add(new Event(null, Map.of(), file.getKey(), file.getValue(), null));
            }
        }
        for (Path directory : directories) {
            Map<String, Object> changed = new HashMap<>();
            now.names.forEach((name, file) -> {
                if (isIn(directory, name) && !file.equals(last.names.get(name))) {
                    changed.put(name, file);
                }
            });
            last.names.keySet().stream()
                    .filter(name -> isIn(directory, name) && !now.names.containsKey(name))
                    .forEach(name -> changed.put(name, null));
            if (!changed.isEmpty()) {
                events.add(new Event(directory, changed, null, null, null));
            }
        }
        last = now;
    }

    private boolean isIn(Path directory, String name) {
        return base.resolve(name).getParent().equals(directory);
    }

    /** How many steps were noted so far. */
    public int length() {
        return events.size();
    }

    private Snapshot look() {
        Map<String, Object> names = new TreeMap<>();
        Map<Object, byte[]> contents = new LinkedHashMap<>();
        for (Path directory : directories) {
            try (Stream<Path> entries = Files.list(directory)) {
                for (Path entry : entries.filter(Files::isRegularFile).toList()) {
                    names.put(base.relativize(entry).toString(), key(entry));
                    contents.put(key(entry), Files.readAllBytes(entry));
                    times.put(key(entry), Files.getLastModifiedTime(entry));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new Snapshot(names, contents);
    }

    private static Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    /**
     * What may be found after a crash that comes when some steps are done: names, and for names of one file a number;
     * by that number the contents, keys and times of the files.
     */
    public record State(Map<String, Integer> names, List<byte[]> contents, List<Object> keys, List<FileTime> times) {
        public byte[] content(String name) {
            Integer file = names.get(name);
            return file == null ? null : contents.get(file);
        }

        /** The same for the same state. */
        public String key() {
            StringBuilder key = new StringBuilder(names.toString()).append(keys);
            contents.forEach(content -> key.append(Arrays.toString(content)));
            return key.toString();
        }
    }

    /**
     * The states that have the same names: each file has one of its versions, independently of the others.
     *
     * @param names for names of one file a number
     * @param keys by that number
     * @param versions by that number
     */
    public record States(Map<String, Integer> names, List<Object> keys, List<List<byte[]>> versions) {
        public long count() {
            return versions.stream().mapToLong(List::size).reduce(1, Math::multiplyExact);
        }
    }

    /** Every state that may be found. */
    public void afterCrash(int done, Crash crash, Consumer<State> found) {
        afterCrash(done, crash, states -> true, found);
    }

    /** Every state that may be found, of those that the caller wants. */
    public void afterCrash(int done, Crash crash, Predicate<States> wanted, Consumer<State> found) {
        List<Event> unforced = new ArrayList<>();
        Map<String, Object> sure = new TreeMap<>(initial.names);
        for (Event event : events.subList(0, done)) {
            if (event.forced instanceof Path directory) {
                unforced.removeIf(change -> {
                    boolean forced = change.directory.equals(directory);
                    if (forced) {
                        apply(change, sure);
                    }
                    return forced;
                });
            } else if (!event.names.isEmpty()) {
                unforced.add(event);
            }
        }
        if (unforced.size() >= Integer.SIZE - 1) {
            throw new IllegalStateException("more than can be looked at");
        }
        int all = (1 << unforced.size()) - 1;
        for (int kept = 0; kept <= all; kept++) {
            boolean prefix = (kept & (kept + 1)) == 0; // the first ones
            boolean possible = switch (crash) {
                case KILL -> kept == all;
                case POWER_CUT_WITH_ORDERED_NAMES -> prefix;
                case POWER_CUT -> true;
            };
            if (possible) {
                Map<String, Object> names = new TreeMap<>(sure);
                for (int i = 0; i < unforced.size(); i++) {
                    if ((kept >> i & 1) != 0) {
                        apply(unforced.get(i), names);
                    }
                }
                withContents(names, done, crash, wanted, found);
            }
        }
    }

    private static void apply(Event change, Map<String, Object> names) {
        change.names.forEach((name, file) -> {
            if (file == null) {
                names.remove(name);
            } else {
                names.put(name, file);
            }
        });
    }

    private void withContents(
            Map<String, Object> names, int done, Crash crash, Predicate<States> wanted, Consumer<State> found) {
        List<Object> files = names.values().stream().distinct().toList();
        Map<String, Integer> numbers = new TreeMap<>();
        names.forEach((name, file) -> numbers.put(name, files.indexOf(file)));
        List<List<byte[]>> versions = files.stream()
                .map(file -> known.computeIfAbsent(List.of(file, done, crash), k -> contents(file, done, crash)))
                .toList();
        if (wanted.test(new States(numbers, files, versions))) {
            List<FileTime> modified = files.stream().map(times::get).toList();
            choose(
                    versions,
                    new ArrayList<>(),
                    contents -> found.accept(new State(numbers, contents, files, modified)));
        }
    }

    private static void choose(List<List<byte[]>> versions, List<byte[]> chosen, Consumer<List<byte[]>> found) {
        if (chosen.size() == versions.size()) {
            found.accept(List.copyOf(chosen));
            return;
        }
        for (byte[] content : versions.get(chosen.size())) {
            chosen.add(content);
            choose(versions, chosen, found);
            chosen.remove(chosen.size() - 1);
        }
    }

    private List<byte[]> contents(Object file, int done, Crash crash) {
        byte[] sure = initial.contents.getOrDefault(file, new byte[0]);
        List<byte[]> versions = new ArrayList<>(List.of(sure));
        for (Event event : events.subList(0, done)) {
            if (Objects.equals(event.file, file)) {
                versions.add(event.content);
            } else if (Objects.equals(event.forced, file)) {
                versions = new ArrayList<>(List.of(versions.get(versions.size() - 1)));
            }
        }
        byte[] newest = versions.get(versions.size() - 1);
        if (crash == Crash.KILL || versions.size() == 1) {
            return List.of(newest);
        }
        byte[] half = Arrays.copyOf(newest, newest.length / 2);
        versions.add(half);
        versions.add(Arrays.copyOf(half, newest.length)); // and zeros
        versions.add(new byte[newest.length]);
        byte[] end = newest.clone();
        Arrays.fill(end, 0, end.length / 2, (byte) 0); // blocks are written in any order
        versions.add(end);
        return versions;
    }
}
