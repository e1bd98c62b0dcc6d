package org.atomicfs.benchmark;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.atomicfs.CommitPolicy;
import org.atomicfs.Durability;
import org.atomicfs.TemporaryName;
import org.atomicfs.testing.TestDirectory;
import org.atomicfs.unwind.OpenSite;
import org.atomicfs.unwind.Unwinding;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What it costs to ask on closing whether an exception is propagating: alone, and beside the smallest write that there
 * is.
 */
@State(Scope.Benchmark)
public class CommitPolicyBenchmark extends Measured {
    /** Of the stack below the writer, in frames. */
    @Param({"20", "200"})
    public int depth;

    private final byte[] content = new byte[4096];
    private TestDirectory place;
    private Path atomic;

    @Setup
    public void createPlace() throws IOException {
        place = Place.create();
        atomic = place.atomic().resolve("file");
    }

    @TearDown
    public void removePlace() throws IOException {
        place.close();
    }

    private interface Body {
        Object run() throws IOException;
    }

    private static Object below(int frames, Body body) throws IOException {
        return frames == 0 ? body.run() : below(frames - 1, body);
    }

    private static final class Asking implements AutoCloseable {
        private final OpenSite site = OpenSite.here(type -> type == Asking.class);
        private Unwinding answer;

        @Override
        public void close() {
            answer = site.unwinding();
        }
    }

    @Benchmark
    public Object question() throws IOException {
        return below(depth, () -> {
            Asking last;
            try (Asking asking = new Asking()) {
                last = asking;
            }
            return last.answer;
        });
    }

    @Benchmark
    public Object questionOnTheWayOut() throws IOException {
        return below(depth, () -> {
            Asking last = null;
            try (Asking asking = new Asking()) {
                last = asking;
                throw PROPAGATING;
            } catch (IllegalStateException expected) {
                return last.answer;
            }
        });
    }

    private static final IllegalStateException PROPAGATING = new IllegalStateException();

    @Benchmark
    public Object onSuccess() throws IOException {
        return write(CommitPolicy.ON_SUCCESS);
    }

    @Benchmark
    public Object onClose() throws IOException {
        return write(CommitPolicy.ON_CLOSE);
    }

    private Object write(CommitPolicy policy) throws IOException {
        return below(depth, () -> {
            try (OutputStream out = Files.newOutputStream(atomic, policy, Durability.NONE, TemporaryName.UNIQUE)) {
                out.write(content);
                return out;
            }
        });
    }
}
