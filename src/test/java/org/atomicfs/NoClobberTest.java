package org.atomicfs;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.DelegateKind;
import org.atomicfs.testing.Poll;
import org.atomicfs.testing.TestDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file that is there is never overwritten by one that must be new. */
class NoClobberTest {
    private static final int RACERS = 4;
    private static final int ROUNDS = 1000;

    @TempDir
    Path directory;

    private long entries() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.count();
        }
    }

    /** Tries to make a new file; tells whether it did. */
    static boolean create(Path file, String content, TemporaryName name) throws IOException {
        try (OutputStream out = Files.newOutputStream(file, CREATE_NEW, WRITE, Durability.NONE, name)) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
            ((AtomicWrite) out).commit();
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (AtomicCommitException e) {
            if (e.getCause() instanceof FileAlreadyExistsException) {
                return false;
            }
            throw e;
        }
    }

    private static <T> List<T> together(int threads, Callable<T> work) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                futures.add(executor.submit(work));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get(60, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void of_threads_that_race_exactly_one_wins(TemporaryName name) throws Exception {
        for (DelegateKind delegate : DelegateKind.values()) {
            try (TestDirectory place = delegate.newDirectory()) {
                CyclicBarrier start = new CyclicBarrier(RACERS);
                AtomicInteger ids = new AtomicInteger();
                Map<Integer, List<String>> winners = new HashMap<>();
                together(RACERS, () -> {
                    String id = "writer " + ids.incrementAndGet();
                    for (int i = 0; i < ROUNDS; i++) {
                        start.await(60, TimeUnit.SECONDS);
                        if (create(place.atomic().resolve("f" + i), id, name)) {
                            synchronized (winners) {
                                winners.computeIfAbsent(i, round -> new ArrayList<>())
                                        .add(id);
                            }
                        }
                    }
                    return null;
                });
                assertEquals(ROUNDS, winners.size(), delegate.name());
                for (int i = 0; i < ROUNDS; i++) {
                    assertEquals(List.of(Files.readString(place.plain().resolve("f" + i))), winners.get(i));
                }
                assertEquals(ROUNDS, place.names().size());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void of_processes_that_race_exactly_one_wins(TemporaryName name) throws Exception {
        List<Process> racers = new ArrayList<>();
        for (int i = 0; i < RACERS; i++) {
            racers.add(new ProcessBuilder(ChildProcess.program(Racer.class, directory.toString(), name.name()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        }
        Files.createFile(directory.resolve("start"));
        Map<String, List<String>> winners = new HashMap<>();
        for (Process racer : racers) {
            String won = new String(racer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, ChildProcess.await(racer));
            won.lines()
                    .forEach(file -> winners.computeIfAbsent(file, f -> new ArrayList<>())
                            .add(Long.toString(racer.pid())));
        }
        Files.delete(directory.resolve("start"));
        assertEquals(ROUNDS, winners.size());
        for (int i = 0; i < ROUNDS; i++) {
            assertEquals(List.of(Files.readString(directory.resolve("f" + i))), winners.get("f" + i));
        }
        assertEquals(ROUNDS, entries());
    }

    /** Tries to make all files, and prints those it made. */
    static final class Racer {
        private static final Pattern TAKEN_FOR_DEAD =
                Pattern.compile("the temporary was (replaced by another file|removed)|taken for an abandoned");

        public static void main(String[] arguments) throws IOException {
            Path directory = AtomicFiles.atomic(Path.of(arguments[0]));
            String id = Long.toString(ProcessHandle.current().pid());
            Poll.until(() -> Files.exists(directory.resolve("start")));
            for (int i = 0; i < ROUNDS; i++) {
                if (createPatiently(directory.resolve("f" + i), id, TemporaryName.valueOf(arguments[1]))) {
                    System.out.println("f" + i);
                }
            }
        }

        /**
         * On a busy machine a racer can be suspended in the moment in which it is without its lock, for as long as
         * another one needs to take it for dead. It is told, nothing is published, and it tries again.
         */
        private static boolean createPatiently(Path file, String id, TemporaryName name) throws IOException {
            while (true) {
                try {
                    return create(file, id, name);
                } catch (AtomicCommitException e) {
                    if (!TAKEN_FOR_DEAD.matcher(e.getMessage()).find()) {
                        throw e;
                    }
                }
            }
        }
    }

    @Test
    void processes_compute_each_file_once_and_find_it_there() throws Exception {
        Path log = Files.createFile(directory.resolve("log"));
        List<Process> workers = new ArrayList<>();
        for (int i = 0; i < RACERS; i++) {
            workers.add(new ProcessBuilder(ChildProcess.program(Worker.class, directory.toString()))
                    .inheritIO()
                    .start());
        }
        Files.createFile(directory.resolve("start"));
        for (Process worker : workers) {
            assertEquals(0, ChildProcess.await(worker));
        }
        List<String> computed = Files.readAllLines(log);
        assertEquals(
                Stream.iterate(0, i -> i < Worker.FILES, i -> i + 1)
                        .map(i -> "f" + i)
                        .sorted()
                        .toList(),
                computed.stream().sorted().toList());
        assertEquals(Worker.FILES + 2, entries());
    }

    /** Writes all files that are absent, and notes which it computes. */
    static final class Worker {
        static final int FILES = 200;

        public static void main(String[] arguments) throws IOException {
            Path directory = Path.of(arguments[0]);
            Poll.until(() -> Files.exists(directory.resolve("start")));
            for (int i = 0; i < FILES; i++) {
                String name = "f" + i;
                AtomicFiles.writeIfAbsent(directory.resolve(name), out -> {
                    Files.writeString(directory.resolve("log"), name + "\n", StandardOpenOption.APPEND);
                    out.write(name.getBytes(StandardCharsets.UTF_8));
                });
                if (!Files.readString(directory.resolve(name)).equals(name)) {
                    throw new AssertionError(name + " is not complete");
                }
            }
        }
    }

    @Test
    void the_first_writes_and_the_second_does_not_compute() throws IOException {
        Path file = directory.resolve("f");
        assertTrue(AtomicFiles.writeIfAbsent(file, out -> out.write('1')));
        assertFalse(AtomicFiles.writeIfAbsent(AtomicFiles.atomic(file), out -> {
            throw new AssertionError("computed again");
        }));
        assertEquals("1", Files.readString(file));
    }

    @Test
    void whoever_comes_while_it_is_computed_waits_and_does_not_compute() throws Exception {
        for (int round = 0; round < 200; round++) {
            Path file = directory.resolve("f" + round);
            AtomicInteger computations = new AtomicInteger();
            CyclicBarrier start = new CyclicBarrier(RACERS);
            List<Boolean> written = together(RACERS, () -> {
                start.await(60, TimeUnit.SECONDS);
                boolean wrote = AtomicFiles.writeIfAbsent(file, out -> {
                    computations.incrementAndGet();
                    out.write('x');
                });
                assertEquals("x", Files.readString(file), "the file is there when the call returns");
                return wrote;
            });
            assertEquals(1, computations.get());
            assertEquals(1, written.stream().filter(wrote -> wrote).count());
        }
    }

    @Test
    void when_the_first_fails_one_of_those_that_waited_computes() throws Exception {
        Path file = directory.resolve("f");
        AtomicInteger computations = new AtomicInteger();
        CyclicBarrier start = new CyclicBarrier(RACERS);
        List<String> results = together(RACERS, () -> {
            start.await(60, TimeUnit.SECONDS);
            try {
                return Boolean.toString(AtomicFiles.writeIfAbsent(file, out -> {
                    out.write('x');
                    if (computations.incrementAndGet() == 1) {
                        throw new IOException("the first one fails");
                    }
                }));
            } catch (IOException e) {
                return e.getMessage();
            }
        });
        assertEquals(
                List.of("false", "false", "the first one fails", "true"),
                results.stream().sorted().toList());
        assertEquals(2, computations.get());
        assertEquals(1, entries());
    }

    @Test
    void a_file_that_appears_meanwhile_stays() throws IOException {
        Path file = directory.resolve("f");
        assertFalse(AtomicFiles.writeIfAbsent(file, out -> {
            out.write('x');
            Files.writeString(file, "another's");
        }));
        assertEquals("another's", Files.readString(file));
        assertEquals(1, entries());
    }

    @Test
    void an_exception_of_the_computation_comes_through_untouched() throws IOException {
        Path file = directory.resolve("f");
        for (Exception thrown :
                List.of(new IOException("1"), new FileAlreadyExistsException("2"), new IllegalStateException("3"))) {
            Exception caught = assertThrows(
                    Exception.class,
                    () -> AtomicFiles.writeIfAbsent(file, out -> {
                        out.write('x');
                        if (thrown instanceof IOException e) {
                            throw e;
                        }
                        throw (RuntimeException) thrown;
                    }));
            assertSame(thrown, caught);
            assertEquals(0, caught.getSuppressed().length);
            assertEquals(0, entries());
        }
    }

    @Test
    void a_strange_file_in_the_temporarys_place_is_told_and_a_dangling_link_is_there() throws IOException {
        Path file = directory.resolve("f");
        Files.writeString(directory.resolve("f.tmp"), "somebody's");
        FileAlreadyExistsException e = assertThrows(
                FileAlreadyExistsException.class, () -> AtomicFiles.writeIfAbsent(file, out -> out.write('x')));
        assertTrue(e.getMessage().contains("f.tmp"), e.getMessage());
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("nowhere"));
        assertFalse(AtomicFiles.writeIfAbsent(link, out -> out.write('x')));
    }

    @Test
    void who_waits_can_be_interrupted_and_nobody_waits_for_itself() throws IOException {
        Path file = directory.resolve("f");
        assertTrue(AtomicFiles.writeIfAbsent(file, out -> {
            assertThrows(
                    FileAlreadyExistsException.class, () -> AtomicFiles.writeIfAbsent(file, again -> again.write('y')));
            Thread waiting = new Thread(() -> {
                InterruptedIOException e = assertThrows(
                        InterruptedIOException.class, () -> AtomicFiles.writeIfAbsent(file, again -> again.write('y')));
                assertTrue(Thread.currentThread().isInterrupted(), e::getMessage);
            });
            AtomicInteger failures = new AtomicInteger();
            waiting.setUncaughtExceptionHandler((thread, failure) -> failures.incrementAndGet());
            waiting.start();
            Poll.until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
            waiting.interrupt();
            Poll.until(() -> !waiting.isAlive());
            assertEquals(0, failures.get());
            out.write('x');
        }));
        assertEquals("x", Files.readString(file));
    }
}
