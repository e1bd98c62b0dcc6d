package org.atomicfs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.StackWalker.StackFrame;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The JDK's own copying to an atomic path: {@link Files#copy(InputStream, Path, CopyOption...)}, and the copy between
 * two providers (CopyMoveHelper), which ends there. It deletes the target first and creates it anew, and closes a half
 * copied file as it closes a complete one. Here the deletion is put off until the new file takes the target's place,
 * and what was half copied is discarded. Who calls, and from where, is seen from the stack; everybody else's deletion
 * is done at once.
 */
final class JdkCopy {
    private static final String FILES = Files.class.getName();
    private static final String HELPER = "java.nio.file.CopyMoveHelper";
    private static final String STREAM_TO_PATH =
            "(Ljava/io/InputStream;Ljava/nio/file/Path;[Ljava/nio/file/CopyOption;)J";
    private static final int DEPTH = 8; // of our own frames and the JDK's, to the one that is looked for

    /** Newer JDKs (25) tell the descriptor of a method only together with its class. */
    private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    /**
     * The file whose deletion this thread has put off. A copy between providers that fails before it opens its target
     * leaves it set; that is harmless, because only a copy that has just asked for the deletion gets to open the
     * target.
     */
    private static final ThreadLocal<Path> SPARED = new ThreadLocal<>();

    private JdkCopy() {}

    /** Notes that a file is not to be deleted yet, if a copy asks for the deletion. */
    static boolean spares(Path plain) {
        boolean copying = isCalledBy("deleteIfExists");
        if (copying) {
            SPARED.set(plain);
        }
        return copying;
    }

    /** Whether the deletion of this file was put off, and is to be made good now. */
    static boolean owesDeletion(Path plain) {
        boolean owed = plain.equals(SPARED.get()) && isCalledBy("createDirectory");
        if (owed) {
            SPARED.remove();
        }
        return owed;
    }

    /** Whether it is a copy that opens a stream now. */
    static boolean opens() {
        return isCalledBy("newOutputStream");
    }

    /** Whether the file that a copy opens is the one whose deletion was put off. */
    static boolean replaces(Path plain) {
        boolean replaced = plain.equals(SPARED.get());
        SPARED.remove();
        return replaced;
    }

    /** Whether the stream that a copy has opened is being closed because the copy is complete. In doubt it is. */
    static boolean isComplete() {
        return Success.CLOSE < 0 || closeOfCopy() == Success.CLOSE;
    }

    /** Whether a path is not to be opened, but only to find out how the JDK closes. */
    static boolean isProbe(Path path) {
        return path == Success.PROBE;
    }

    /** Stands for the stream of the probe. */
    static OutputStream probe() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("there is nothing to write");
            }

            @Override
            public void close() {
                Success.seen = closeOfCopy();
            }
        };
    }

    /**
     * Where the JDK's copy closes its stream after success, as an index of its bytecode; after a failure it is another
     * one. Found out by letting it copy nothing, once.
     */
    private static final class Success {
        static int seen = -1;
        static final Path PROBE = AtomicFiles.atomic(Path.of("probe"));
        static final int CLOSE = find();

        private static int find() {
            try {
                Files.copy(InputStream.nullInputStream(), PROBE);
                return seen;
            } catch (IOException | RuntimeException unknown) {
                return -1;
            }
        }
    }

    private static int closeOfCopy() {
        Optional<StackFrame> copy = WALKER.walk(frames -> frames.limit(DEPTH)
                .filter(frame ->
                        is(frame, FILES, "copy") && frame.getDescriptor().equals(STREAM_TO_PATH))
                .findFirst());
        return copy.map(StackFrame::getByteCodeIndex).orElse(-1);
    }

    /** Whether the method of {@link Files} that led here was called by a copy of the JDK. */
    private static boolean isCalledBy(String method) {
        List<StackFrame> frames = WALKER.walk(all -> all.limit(DEPTH).toList());
        for (int i = 0; i + 1 < frames.size(); i++) {
            if (is(frames.get(i), FILES, method)) {
                StackFrame caller = frames.get(i + 1);
                return is(caller, FILES, "copy") || is(caller, HELPER, "copyToForeignTarget");
            }
        }
        return false;
    }

    private static boolean is(StackFrame frame, String type, String method) {
        return frame.getMethodName().equals(method) && frame.getClassName().equals(type);
    }
}
