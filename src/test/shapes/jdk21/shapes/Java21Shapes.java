package shapes;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.atomicfs.unwind.corpus.Boom;
import org.atomicfs.unwind.corpus.Expect;
import org.atomicfs.unwind.corpus.Sink;

public class Java21Shapes {
    sealed interface Row {}

    record Good(int value) implements Row {}

    record Bad(String why) implements Row {}

    record Pair(Row left, Row right) implements Row {}

    @Expect(n = "a=C", f = "a=A")
    static void patternSwitch(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            for (Row row : List.of(new Good(1), new Pair(new Good(2), f ? new Bad("x") : new Good(3)))) {
                switch (row) {
                    case Good(int value) -> s.write(value);
                    case Pair(Good(int left), Good(int right)) -> s.write(left + right);
                    case Pair(Row left, Bad(String why)) -> throw new Boom();
                    case Pair pair -> s.write(0);
                    case Bad bad -> throw new Boom();
                }
            }
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "no arm matches")
    static void matchException(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            Row row = f ? null : new Good(1);
            s.write(
                    switch (row) {
                        case Good good -> good.value();
                        case Bad bad -> 0;
                        case Pair pair -> 1;
                    });
        }
    }

    static Void work(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            Thread.yield();
            s.write(1);
            Boom.maybe(f);
        }
        return null;
    }

    @Expect(n = "a=C", f = "a=A")
    static void virtualThread(boolean f) throws Exception {
        Thread thread = Thread.ofVirtual().unstarted(() -> {
            try {
                work(f);
            } catch (Exception e) {
                // the thread's own business
            }
        });
        thread.start();
        thread.join();
    }

    @Expect(n = "a=C", f = "a=A")
    static void virtualThreadsExecutor(boolean f) throws Exception {
        Callable<Void> work = () -> work(f);
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            executor.submit(work).get();
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "closed by a virtual thread, opened by another")
    static void virtualThreadCloses(boolean f) throws Exception {
        Sink s = Sink.open();
        Thread thread = Thread.ofVirtual().unstarted(() -> {
            try (s) {
                Boom.maybe(f);
            } catch (Boom e) {
                // the thread's own business
            }
        });
        thread.start();
        thread.join();
    }

    @Expect(n = "a=C", f = "a=M", note = "the exception says that the input has ended")
    static void endTestedBySwitch(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(new byte[8]));
            while (true) {
                s.write(in.readByte());
                Boom.maybe(f);
            }
        } catch (IOException e) {
            switch (e) {
                case EOFException end -> {}
                default -> throw e;
            }
        }
    }
}
