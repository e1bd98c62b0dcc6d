package shapes;

import com.google.common.io.ByteStreams;
import com.google.common.io.CharSink;
import com.google.common.io.CharStreams;
import com.google.common.io.Closer;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPOutputStream;
import org.atomicfs.unwind.corpus.Boom;
import org.atomicfs.unwind.corpus.Channel;
import org.atomicfs.unwind.corpus.Expect;
import org.atomicfs.unwind.corpus.Inputs;
import org.atomicfs.unwind.corpus.Sink;
import org.atomicfs.unwind.corpus.Target;
import org.springframework.util.FileCopyUtils;
import org.springframework.util.StreamUtils;

public class Java17Shapes {
    record Owner(Sink sink, String name) implements Closeable {
        Owner {
            if (name.isEmpty()) {
                throw new IllegalArgumentException();
            }
        }

        static Owner open() {
            return new Owner(Sink.open(), "x");
        }

        @Override
        public void close() {
            sink.close();
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void recordResource(boolean f) throws Exception {
        try (var owner = Owner.open()) {
            owner.sink().write(1);
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "the constructor refuses its argument")
    static void recordRefuses(boolean f) {
        Sink sink = Sink.open();
        try (sink) {
            new Owner(sink, f ? "" : "x");
        }
    }

    sealed interface Row permits Good, Bad {}

    record Good(int value) implements Row {}

    record Bad(String why) implements Row {}

    static int value(Row row) throws Boom {
        if (row instanceof Good good) {
            return good.value();
        }
        throw new Boom();
    }

    @Expect(n = "a=C", f = "a=A")
    static void sealedRows(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            for (Row row : List.of(new Good(1), f ? new Bad("x") : new Good(2), new Good(3))) {
                s.write(value(row));
            }
        }
    }

    enum Kind {
        ONE,
        TWO
    }

    @Expect(n = "a=C", f = "a=A")
    static int switchExpression(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            int code = switch (f ? Kind.TWO : Kind.ONE) {
                case ONE -> 1;
                case TWO -> {
                    Boom.maybe(true);
                    yield 2;
                }
            };
            s.write(code);
            return code;
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "the resource is opened in one arm of a switch")
    static void switchResource(boolean f) throws Exception {
        try (OutputStream out = switch (Kind.ONE) {
            case ONE -> new BufferedOutputStream(Sink.open());
            case TWO -> OutputStream.nullOutputStream();
        }) {
            out.write(1);
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void streamForEach(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            IntStream.range(0, 5).forEach(i -> {
                if (f && i == 3) {
                    throw new UncheckedIOException(new Boom());
                }
                s.write(i);
            });
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void lazyStream(boolean f) throws Exception {
        try (Sink s = Sink.open();
                Stream<String> lines = StreamSupport.stream(Inputs.lines(f).spliterator(), false)) {
            lines.map(String::length).filter(n -> n > 0).forEach(s::write);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void parallelStream(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            IntStream.range(0, 100).parallel().forEach(i -> {
                if (f && i == 73) {
                    throw new IllegalStateException();
                }
                s.write(i);
            });
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void transferTo(boolean f) throws Exception {
        try (var in = Inputs.bytes(f);
                var out = new GZIPOutputStream(Sink.open())) {
            in.transferTo(out);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void channelOfStream(boolean f) throws Exception {
        try (var out = Channels.newChannel(Sink.open())) {
            out.write(StandardCharsets.UTF_8.encode("x"));
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "the failure leaves a lambda that another thread runs")
    static void forkJoin(boolean f) throws Exception {
        ForkJoinPool.commonPool()
                .submit(() -> {
                    try (Channel c = new Channel("a")) {
                        Boom.maybe(f);
                        return c.size();
                    }
                })
                .get();
    }

    interface Step {
        void run(Sink sink) throws IOException;
    }

    static void steps(Step... steps) throws IOException {
        Sink s = Sink.open();
        try (s) {
            for (Step step : steps) {
                step.run(s);
            }
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void pipeline(boolean f) throws Exception {
        steps(s -> s.write(1), s -> Boom.maybe(f), s -> s.write(2));
    }

    @Expect(n = "a=C", f = "a=C", note = "a step fails, the next is tried, the file is complete")
    static void fallback(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            try {
                Boom.maybe(f);
                s.write(1);
            } catch (Boom e) {
                s.write(2);
            }
        }
    }

    @Expect(n = "a=C", f = "a=C", note = "closed before the exception that ends the method")
    static void closedBeforeValidation(boolean f) throws Exception {
        Sink s = Sink.open();
        try {
            s.write(1);
        } finally {
            s.close();
        }
        Boom.maybe(f);
    }

    @Expect(n = "a=C", f = "a=D", note = "content complete, a later statement of the same block throws")
    static void completeButLaterFails(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            s.write(1);
            s.flush();
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=C", note = "every try gets a file; the handler of the first opens and closes the second")
    static void fallbackFileInHandler(boolean f) throws Exception {
        try {
            Boom.maybe(f);
            Sink.open().close();
        } catch (Boom e) {
            try (Sink s = Sink.open()) {
                s.write(1);
            }
        }
    }

    @Expect(n = "a=C,b=C", f = "a=A,b=C", note = "a rejects file, opened before the failure and closed outside")
    static void rejects(boolean f) throws Exception {
        try (Sink rejected = Sink.open("b")) {
            try (Sink s = Sink.open()) {
                s.write(1);
                Boom.maybe(f);
            } catch (Boom e) {
                rejected.write(1);
            }
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void guavaCloserInTry(boolean f) throws Exception {
        try (Closer closer = Closer.create()) {
            Sink s = closer.register(Sink.open());
            s.write(1);
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void guavaByteStreams(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            ByteStreams.copy(Inputs.bytes(f), s);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void guavaCharStreams(boolean f) throws Exception {
        try (Writer w = new OutputStreamWriter(Sink.open(), StandardCharsets.UTF_8)) {
            CharStreams.copy(new InputStreamReader(Inputs.bytes(f), StandardCharsets.UTF_8), w);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void guavaCharSinkOfStream(boolean f) throws Exception {
        new CharSink() {
            @Override
            public Writer openStream() {
                return new OutputStreamWriter(Sink.open(), StandardCharsets.UTF_8);
            }
        }.writeLines(StreamSupport.stream(Inputs.lines(f).spliterator(), false));
    }

    @Expect(n = "a=C", f = "a=A")
    static void springStreamUtils(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            StreamUtils.copy(Inputs.bytes(f), s);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void springCopyOfReader(boolean f) throws Exception {
        FileCopyUtils.copy(
                f ? new InputStreamReader(Inputs.bytes(true), StandardCharsets.UTF_8) : new StringReader("x"),
                new OutputStreamWriter(Sink.open(), StandardCharsets.UTF_8));
    }

    @Expect(n = "a=C", f = "a=C")
    static void springCopyOfBytes(boolean f) throws Exception {
        FileCopyUtils.copy(new byte[100], Sink.open());
        Boom.maybe(f);
    }

    @Expect(n = "a=C", f = "a=M", note = "closed through a method handle")
    static void methodHandle(boolean f) throws Throwable {
        MethodHandle close = MethodHandles.lookup().findVirtual(Sink.class, "close", MethodType.methodType(void.class));
        Sink s = Sink.open();
        try {
            Boom.maybe(f);
        } finally {
            close.invokeExact(s);
        }
    }

    @Expect(n = "a=C", f = "a=M", note = "a flag says whether to close; the handler is not the only way there")
    static void flagGuarded(boolean f) throws Exception {
        Sink s = Sink.open();
        boolean open = true;
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            open = f;
        }
        if (open) {
            s.close();
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void filesWriteString(boolean f) throws Exception {
        try (var w = Files.newBufferedWriter(Target.channel())) {
            w.append("x").append(String.valueOf(1 / (f ? 0 : 1)));
        }
    }

    @Expect(n = "a=C", f = "a=C", note = "the catch clause writes to the file, of which the compiler has made a copy")
    static void variableAsResource(boolean f) throws Exception {
        Sink s = Sink.open();
        try (s) {
            try {
                Boom.maybe(f);
            } catch (Boom e) {
                s.write(2);
                throw e;
            }
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void variableAsResourceFails(boolean f) throws Exception {
        Sink s = Sink.open();
        try (s) {
            s.write(1);
            try {
                Boom.maybe(f);
            } catch (Boom e) {
                System.out.print(e.getMessage() == null ? "" : "");
                throw e;
            }
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "closed in the catch clause by a resource of its own")
    static void closedInCatch(boolean f) throws Exception {
        Sink s = Sink.open();
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            try (Sink t = s) {
                throw e;
            }
        }
        s.close();
    }
}
