package org.atomicfs.crash;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.atomicfs.AtomicFiles;
import org.atomicfs.Durability;

/**
 * A program that writes files while something is exhausted, and again when it is not any more. Prints how often a write
 * failed, and then what is wrong, if anything is. Run by {@link ExhaustionIT}.
 */
final class Exhausted {
    private static final int LARGE = 1 << 16;
    private static final int SMALL = 40;
    private static final int STEPS = 90;
    private static final int PIECES = 12; // that are set free more in each step
    private static final int WARM_UP = 20;
    private static final int LARGE_STACK = 1 << 19;
    private static final int SMALL_STACK = 1 << 16;

    private static Path plain;
    private static Path atomic;
    private static Object[] large;
    private static Object[] small;
    private static int failures;
    private static final List<String> WRONG = new ArrayList<>();

    private Exhausted() {}

    public static void main(String[] arguments) throws Exception {
        plain = Path.of(arguments[1]);
        atomic = AtomicFiles.atomic(plain);
        int rounds = Integer.parseInt(arguments[2]);
        switch (arguments[0]) {
            case "memory" -> memory(rounds);
            case "threads" -> threads();
            case "descriptors" -> descriptors(rounds);
            case "stack" -> stack(rounds);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        writeAllAgain();
        System.out.println("failures: " + failures);
        WRONG.forEach(System.out::println);
        System.exit(0); // threads that wait do not hold it up
    }

    /** Writes one file; what is published is complete, and close() that returned has published. */
    private static void attempt(int number) {
        boolean closed = false;
        try {
            OutputStream out = Files.newOutputStream(atomic.resolve("f" + number), CREATE, WRITE, Durability.NONE);
            try {
                out.write(1);
            } finally {
                out.close();
            }
            closed = true;
        } catch (IOException | Error e) {
            failures++;
        }
        large = null;
        small = null;
        if (closed && !Files.exists(plain.resolve("f" + number))) {
            WRONG.add("f" + number + ": closed, and not published");
        }
    }

    private static void writeAllAgain() throws IOException {
        for (int i = 0; i < WARM_UP; i++) {
            Files.writeString(atomic.resolve("again"), "again");
        }
        List<Path> files;
        try (var found = Files.list(plain)) {
            files = found.toList();
        }
        for (Path file : files) {
            String name = file.getFileName().toString();
            if (!name.endsWith(".tmp")) {
                try {
                    Files.writeString(atomic.resolve(name), "again");
                } catch (IOException e) {
                    WRONG.add("cannot be written again: " + e);
                }
            }
        }
        for (int i = 0; i < 3; i++) {
            try {
                Files.writeString(atomic.resolve("f" + i), "again");
            } catch (IOException e) {
                WRONG.add("cannot be written again: " + e);
            }
        }
        if (!AtomicFiles.pending().isEmpty()) {
            WRONG.add("pending: " + AtomicFiles.pending().size());
        }
        AtomicFiles.recover(plain);
        try (var found = Files.list(plain)) {
            found.filter(file -> file.toString().endsWith(".tmp")).forEach(file -> WRONG.add("left: " + file));
        }
    }

    private static void warmUp() throws IOException {
        for (int i = 0; i < WARM_UP; i++) {
            Files.writeString(atomic.resolve("warm"), "warm");
        }
    }

    /** Fills the heap up to a different number of bytes in each round. */
    private static void memory(int rounds) throws IOException {
        warmUp();
        small = new Object[] {null, null};
        setFree(1); // the JVM looks up the class of the array, the first time, by Java code that needs memory
        for (int i = 0; i < rounds; i++) {
            fill(i % STEPS * PIECES);
            attempt(i);
        }
    }

    private static void fill(int free) {
        try {
            while (true) {
                large = new Object[] {large, new byte[LARGE]};
            }
        } catch (OutOfMemoryError full) {
            // smaller pieces may still fit
        }
        try {
            while (true) {
                small = new Object[] {small, new byte[SMALL]};
            }
        } catch (OutOfMemoryError full) {
            setFree(free);
        }
    }

    private static void setFree(int pieces) {
        for (int i = 0; i < pieces && small != null; i++) {
            small = (Object[]) small[0];
        }
    }

    /** The first writes of the JVM, while no thread can be started. */
    private static void threads() throws InterruptedException {
        CountDownLatch stop = new CountDownLatch(1);
        List<Thread> waiting = new ArrayList<>();
        try {
            while (true) {
                Thread thread = new Thread(null, () -> await(stop), "waiting", SMALL_STACK);
                thread.start();
                waiting.add(thread);
            }
        } catch (OutOfMemoryError noMore) {
            attempt(0);
            attempt(1);
        }
        stop.countDown();
        for (Thread thread : waiting) {
            thread.join();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Leaves a different number of descriptors free in each round. */
    private static void descriptors(int rounds) throws IOException {
        // channels of the JDK need descriptors to be initialized, and stay broken in the JVM if there are none
        Files.writeString(plain.resolve("plain"), "");
        for (int i = 0; i < rounds; i++) {
            List<Closeable> open = new ArrayList<>();
            try {
                while (true) {
                    open.add(new FileInputStream("/dev/null"));
                }
            } catch (IOException noMore) {
                for (int free = 0; free < i % 8 && !open.isEmpty(); free++) {
                    open.remove(open.size() - 1).close();
                }
            }
            if (i == 0) {
                open.get(0).close();
            }
            attempt(i);
            for (Closeable each : open) {
                each.close();
            }
        }
    }

    private static final int COMPILED_AFTER = 20;
    private static final long STEP = 250; // from one round to the next, in bytes of the stack

    /** Begins a write a little further from the end of the stack in each round. */
    private static void stack(int rounds) throws InterruptedException, IOException {
        warmUp(); // a class of the JDK whose initializer is cut off stays broken, whoever needs it
        Thread deep = new Thread(
                null,
                () -> {
                    for (int i = 0; i < COMPILED_AFTER; i++) {
                        deepest();
                    }
                    int deepest = deepest();
                    int step = 1 + (int) (STEP * deepest / LARGE_STACK);
                    for (int i = 0; i < rounds; i++) {
                        int number = i;
                        try {
                            descend(Math.max(0, deepest - 1 - number * step), () -> attempt(number));
                        } catch (StackOverflowError e) {
                            failures++;
                        }
                    }
                },
                "deep",
                LARGE_STACK);
        deep.start();
        deep.join();
    }

    /** How far {@link #descend} comes now: the frames of compiled code are smaller. */
    private static int deepest() {
        int possible = 0;
        int impossible = 1 << 20;
        while (impossible - possible > 1) {
            int tried = (possible + impossible) / 2;
            try {
                descend(tried, () -> {});
                possible = tried;
            } catch (StackOverflowError end) {
                impossible = tried;
            }
        }
        return possible;
    }

    private static void descend(int left, Runnable action) {
        if (left == 0) {
            action.run();
        } else {
            descend(left - 1, action);
        }
    }
}
