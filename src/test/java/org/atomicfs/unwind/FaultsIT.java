package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.unwind.corpus.NopAgent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the state of a JVM does to the detection, and what it does not do for good; in JVMs of their own. */
class FaultsIT {
    private static final String CLASS_PATH = System.getProperty("java.class.path");

    /** The library. */
    static final class Opened implements Closeable {
        static Unwinding closed;

        private final OpenSite site = OpenSite.here(type -> type == Opened.class);

        @Override
        public void close() {
            closed = site.unwinding();
        }
    }

    /** Its class file is read only at the close. */
    static final class Chain implements Closeable {
        private final Closeable target;

        Chain(Closeable target) {
            this.target = target;
        }

        @Override
        public void close() throws IOException {
            end();
        }

        void end() throws IOException {
            target.close();
        }
    }

    /** No lambda: the JVM would have to make its class while it has no stack and no memory. */
    private static final Runnable NOTHING = new Runnable() {
        @Override
        public void run() {}
    };

    private static void fail(Runnable before) throws IOException {
        try (Chain chain = new Chain(new Opened())) {
            before.run();
            throw new IllegalStateException(String.valueOf(chain.target));
        }
    }

    private static Unwinding failing(Runnable before) throws IOException {
        try {
            fail(before);
        } catch (IllegalStateException expected) {
            // only what the close found out is of interest
        }
        return Opened.closed;
    }

    /** Opens files until there are no descriptors, fails, closes them, and fails again. */
    static final class Descriptors {
        public static void main(String[] arguments) throws IOException {
            List<Closeable> open = new ArrayList<>();
            Unwinding without = failing(() -> {
                try {
                    while (true) {
                        open.add(new FileInputStream("/dev/null"));
                    }
                } catch (IOException none) {
                    // as intended
                }
            });
            for (Closeable each : open) {
                each.close();
            }
            System.out.println(without + " " + failing(NOTHING));
        }
    }

    @Test
    void a_lack_of_file_descriptors_passes() throws IOException {
        assumeTrue(File.separatorChar == '/', "needs a shell that limits the number of descriptors");
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n 100; exec \"$@\"", "sh"));
        command.addAll(ChildProcess.command("-XX:-MaxFDLimit", "-cp", CLASS_PATH, Descriptors.class.getName()));
        ChildProcess.Result result = ChildProcess.run(command, null);
        assertEquals("NO ATTACHES", result.out().strip(), result.err());
    }

    /** Fails near the end of the stack at every depth, and then with all of it. */
    static final class Stack {
        public static void main(String[] arguments) throws Exception {
            Thread thread = new Thread(
                    null,
                    () -> {
                        try {
                            descend();
                            System.out.println(failing(NOTHING));
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    },
                    "deep",
                    1 << 20);
            failing(NOTHING);
            thread.start();
            thread.join();
        }

        private static void descend() {
            try {
                descend();
            } catch (StackOverflowError end) {
                // one frame further out there is a little more room
            }
            try {
                failing(NOTHING);
            } catch (VirtualMachineError | IOException tooDeep) { // the JDK wraps some of them
                return;
            }
        }
    }

    @Test
    void a_stack_overflow_passes() throws IOException {
        ChildProcess.Result result = ChildProcess.run(ChildProcess.program(Stack.class), null);
        assertEquals("ATTACHES", result.out().strip(), result.err());
    }

    /** Fails with a full heap, and then with room. */
    static final class Memory {
        public static void main(String[] arguments) throws IOException {
            failing(NOTHING);
            for (int room = 0; room < 60; room++) {
                Object[] hog = null;
                for (int size = 1 << 16; size > 0; size /= 64) { // the last bytes in small pieces
                    try {
                        while (true) {
                            hog = new Object[] {hog, new byte[size]};
                        }
                    } catch (OutOfMemoryError full) {
                        // as intended
                    }
                }
                for (int i = 0; i < 4 * room && hog != null; i++) {
                    hog = (Object[]) hog[0];
                }
                try {
                    failing(NOTHING);
                } catch (VirtualMachineError inTheMiddle) {
                    // at every place in turn
                }
                hog = null;
            }
            System.out.println(failing(NOTHING));
        }
    }

    @Test
    void a_lack_of_memory_passes() throws IOException {
        ChildProcess.Result result = ChildProcess.run(
                ChildProcess.command("-Xmx16m", "-XX:+UseSerialGC", "-cp", CLASS_PATH, Memory.class.getName()), null);
        assertEquals("ATTACHES", result.out().strip(), result.err());
    }

    /** Fails, once and again. */
    static final class Twice {
        public static void main(String[] arguments) throws IOException {
            System.out.println(failing(NOTHING) + " " + failing(NOTHING));
        }
    }

    private static long notices(ChildProcess.Result result) {
        return result.err().lines().filter(line -> line.contains("agent")).count();
    }

    @Test
    void with_an_agent_nothing_is_discarded_and_the_log_says_so_once(@TempDir Path directory) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name("Premain-Class"), NopAgent.class.getName());
        Path jar = directory.resolve("agent.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        ChildProcess.Result result = ChildProcess.run(
                ChildProcess.command("-javaagent:" + jar + "=1", "-cp", CLASS_PATH, Twice.class.getName()), null);
        assertEquals("NO NO", result.out().strip(), result.err());
        assertEquals(1, notices(result), result.err());
    }

    @Test
    void a_debugger_is_no_such_agent() throws IOException {
        ChildProcess.Result result = ChildProcess.run(
                ChildProcess.command(
                        "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0,quiet=y",
                        "-cp",
                        CLASS_PATH,
                        Twice.class.getName()),
                null);
        assertEquals("ATTACHES ATTACHES", result.out().strip(), result.err());
        assertEquals(0, notices(result), result.err());
    }

    @Test
    void in_a_native_image_nothing_is_asked() throws IOException {
        ChildProcess.Result result = ChildProcess.run(
                ChildProcess.command(
                        "-Dorg.graalvm.nativeimage.imagecode=runtime", "-cp", CLASS_PATH, Twice.class.getName()),
                null);
        assertEquals("NO NO", result.out().strip(), result.err());
        assertEquals(
                1,
                result.err()
                        .lines()
                        .filter(line -> line.contains("native image"))
                        .count(),
                result.err());
    }
}
