package shapes;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.atomicfs.unwind.corpus.Boom;
import org.atomicfs.unwind.corpus.Expect;
import org.atomicfs.unwind.corpus.Sink;

/**
 * Closes that reach the stream through methods of any name; streams that are opened far below the block, or while
 * another exception is being handled; blocks that are called in unusual ways.
 */
public class ChainShapes {
    // ---------------- what lies between the close and the stream

    static class Ends implements Closeable {
        final OutputStream out;

        Ends(OutputStream out) {
            this.out = out;
        }

        @Override
        public void close() throws IOException {
            end();
        }

        void end() throws IOException {
            out.close();
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void end(boolean f) throws Exception {
        try (Ends w = new Ends(Sink.open())) {
            Boom.maybe(f);
        }
    }

    static class Footer extends Ends {
        boolean ended;

        Footer(OutputStream out) {
            super(out);
        }

        @Override
        public void close() throws IOException {
            if (!ended) {
                ended = true;
                try {
                    writeFooter();
                } finally {
                    super.close();
                }
            }
        }

        void writeFooter() throws IOException {
            out.write(1);
        }

        @Override
        synchronized void end() throws IOException {
            finishInternal(out, true);
        }

        private static void finishInternal(OutputStream out, boolean flush) throws IOException {
            if (flush) {
                out.flush();
            }
            OutputStream[] all = {null, out};
            for (OutputStream each : all) {
                terminate(each);
            }
        }

        static int terminate(OutputStream out) throws IOException {
            if (out == null) {
                return 0;
            }
            synchronized (out) {
                out.close();
            }
            return 1;
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "footer, super, synchronized, static, a loop, as in writers of columnar files")
    static void footer(boolean f) throws Exception {
        try (Footer w = new Footer(Sink.open())) {
            w.out.write(1);
            Boom.maybe(f);
        }
    }

    interface Output<T> {
        void done(T how) throws IOException;
    }

    static class Bridged implements Output<String>, Closeable {
        final Sink sink = Sink.open();

        @Override
        public void done(String how) {
            sink.close();
        }

        @Override
        public void close() throws IOException {
            Output<String> self = this;
            self.done("x");
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "a bridge method, and opened by a field's initializer")
    static void bridge(boolean f) throws Exception {
        try (Bridged w = new Bridged()) {
            Boom.maybe(f);
        }
    }

    static class Actions implements Closeable {
        final List<Callable<Void>> atEnd = new ArrayList<>();

        @Override
        public void close() throws IOException {
            try {
                for (Callable<Void> action : atEnd) {
                    action.call();
                }
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
        }

        Void finishing(Sink sink) {
            sink.close();
            return null;
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "a lambda that is called by call()")
    static void lambda(boolean f) throws Exception {
        try (Actions w = new Actions()) {
            Sink s = Sink.open();
            w.atEnd.add(() -> w.finishing(s));
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "a resource that is a reference to a method of another name")
    static void methodReference(boolean f) throws Exception {
        Ends w = new Ends(Sink.open());
        try (Closeable c = w::end) {
            Boom.maybe(f);
        }
    }

    static class FailingFooter extends Ends {
        FailingFooter(OutputStream out) {
            super(out);
        }

        @Override
        public void close() throws IOException {
            try {
                throw new IOException("no footer without content");
            } finally {
                out.close();
            }
        }
    }

    @Expect(n = "a=A", f = "a=A", note = "the footer fails, whether the content did or not")
    static void failingFooter(boolean f) throws Exception {
        try (FailingFooter w = new FailingFooter(Sink.open())) {
            Boom.maybe(f);
        }
    }

    static class Quiet extends Ends {
        Quiet(OutputStream out) {
            super(out);
        }

        @Override
        public void close() {
            try {
                end();
            } catch (IOException e) {
                // as Formatter or PrintStream
            }
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void quietChain(boolean f) throws Exception {
        try (Quiet w = new Quiet(Sink.open())) {
            Boom.maybe(f);
        }
    }

    static <X> void failAndClose(Ends w, X problem) throws IOException {
        w.close();
        throw new IOException(String.valueOf(problem));
    }

    static void closeOnFail(Ends w, Exception e) throws IOException {
        failAndClose(w, e);
    }

    @Expect(n = "a=C", f = "a=A", note = "as in Jackson: helpers that close and throw")
    static void helpersThrow(boolean f) throws Exception {
        Ends w = new Ends(Sink.open());
        try {
            Boom.maybe(f);
        } catch (Exception e) {
            closeOnFail(w, e);
            return;
        }
        w.close();
    }

    @Expect(n = "a=C", f = "a=C", note = "what the helper throws is swallowed, so the method goes on")
    static int helperIsSwallowed(boolean f) throws Exception {
        Ends w = new Ends(Sink.open());
        try {
            Boom.maybe(f);
        } catch (Exception e) {
            try {
                closeOnFail(w, e);
            } catch (IOException ignored) {
                return 1;
            }
        }
        w.close();
        return 2;
    }

    @Expect(n = "a=C", f = "a=M", note = "in the handler stands no close")
    static void endInHandler(boolean f) throws Exception {
        Ends w = new Ends(Sink.open());
        try {
            Boom.maybe(f);
        } catch (Exception e) {
            w.end();
            throw e;
        }
        w.end();
    }

    static class Batch implements Closeable {
        final List<Ends> open = new ArrayList<>();

        Ends add(String name) {
            Ends w = new Ends(Sink.open(name));
            open.add(w);
            return w;
        }

        @Override
        public void close() throws IOException {
            open.forEach(Batch::finish);
        }

        static void finish(Ends w) {
            try {
                w.end();
            } catch (IOException e) {
                log("cannot close");
            }
        }
    }

    @Expect(n = "a=C,b=C", f = "a=A,b=A", note = "several streams, through a method reference in the JDK's forEach")
    static void batch(boolean f) throws Exception {
        try (Batch batch = new Batch()) {
            batch.add("a").out.write(1);
            batch.add("b");
            Boom.maybe(f);
        }
    }

    // ---------------- complete files that end while an exception is propagating

    static class RollingLog {
        Sink sink;
        int count;

        void log(String message) {
            if (sink != null) {
                rollOver();
            }
            if (count < 2) {
                sink = Sink.open("log" + count++);
            }
        }

        void rollOver() {
            sink.close();
        }
    }

    static class Connection implements Closeable {
        final RollingLog log;

        Connection(RollingLog log) {
            this.log = log;
        }

        @Override
        public void close() {
            log.log("closed");
        }
    }

    @Expect(n = "log0=C", f = "log0=C", note = "the close of something else logs, and the logger begins a new file")
    static void closeLogsAndRolls(boolean f) throws Exception {
        RollingLog log = new RollingLog();
        log.log("started");
        try (Connection c = new Connection(log)) {
            Boom.maybe(f);
        }
    }

    static class Exporter implements Closeable {
        final List<Sink> finished = new ArrayList<>();

        @Override
        public void close() {
            Sink s = openDeep(20, "summary");
            s.write(1);
            finished.add(s);
            completed(s);
        }

        void completed(Sink s) {
            s.close();
        }
    }

    static Sink openDeep(int depth, String name) {
        return depth == 0 ? Sink.open(name) : openDeep(depth - 1, name);
    }

    @Expect(n = "summary=C", f = "summary=C", note = "a close that writes a file of its own, opened far below")
    static void ownFileOpenedDeep(boolean f) throws Exception {
        try (Exporter e = new Exporter()) {
            Boom.maybe(f);
        }
    }

    static class Dump {
        Ends w;

        void begin(Exception e) throws IOException {
            w = new Ends(openDeep(3, "b"));
            w.out.write(e.toString().getBytes("UTF-8"));
        }

        void close() throws IOException {
            if (w != null) {
                w.close();
            }
        }
    }

    @Expect(n = "", f = "b=C", note = "opened and written in a catch clause, closed by the finally after it")
    static void dumpClosedByFinally(boolean f) throws Exception {
        Dump dump = new Dump();
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            dump.begin(e);
            throw e;
        } finally {
            dump.close();
        }
    }

    @Expect(n = "", f = "b=C", note = "the same, and the exception is wrapped")
    static void dumpClosedByFinallyWrapped(boolean f) throws Exception {
        Dump dump = new Dump();
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            dump.begin(e);
            throw new IllegalStateException("see the dump", e);
        } finally {
            dump.close();
        }
    }

    static void failAndDump(Dump dump, boolean f) throws Exception {
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            dump.begin(e);
            throw e;
        }
    }

    @Expect(n = "", f = "b=C", note = "opened by a method that handles the exception and throws it again")
    static void dumpClosedByCaller(boolean f) throws Exception {
        try (DumpResource dump = new DumpResource()) {
            failAndDump(dump, f);
        }
    }

    static class DumpResource extends Dump implements Closeable {
        @Override
        public void close() throws IOException {
            super.close();
        }
    }

    @Expect(n = "", f = "b=C", note = "a report of the first exception, in a block of its own")
    static void reportInBlock(boolean f) throws Exception {
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            try (Ends w = new Ends(Sink.open("b"))) {
                w.out.write(e.toString().getBytes("UTF-8"));
            }
            throw e;
        }
    }

    @Expect(n = "", f = "b=C", note = "the same by hand, with a finally")
    static void reportFinally(boolean f) throws Exception {
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            Ends w = new Ends(Sink.open("b"));
            try {
                w.out.write(1);
            } finally {
                w.close();
            }
            throw e;
        }
    }

    // ---------------- opened far below

    static class Deep extends Ends {
        Deep(int depth) {
            super(openDeep(depth, "a"));
        }

        Deep(String ignored) {
            this(12);
        }

        @Override
        public void close() throws IOException {
            out.flush();
            super.close();
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void opened7Below(boolean f) throws Exception {
        try (Sink s = openDeep(7, "a")) {
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void opened55Below(boolean f) throws Exception {
        try (Sink s = openDeep(55, "a")) {
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "through constructors, and closed through a chain")
    static void openedByConstructors(boolean f) throws Exception {
        try (Deep w = new Deep("x")) {
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void opened50BelowAndChain(boolean f) throws Exception {
        try (Deep w = new Deep(50)) {
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void openedByLambda(boolean f) throws Exception {
        Supplier<Deep> factory = () -> new Deep(9);
        try (Deep w = factory.get()) {
            Boom.maybe(f);
        }
    }

    static Ends withHeader(int depth) throws IOException {
        Ends w = new Footer(openDeep(depth, "a"));
        try (Closeable header = () -> {}) {
            w.out.write(1);
        } catch (RuntimeException e) {
            w.close();
            throw e;
        }
        return w;
    }

    static Ends factory(int depth, int inner) throws IOException {
        return depth == 0 ? withHeader(inner) : factory(depth - 1, inner);
    }

    @Expect(n = "a=C", f = "a=A", note = "a factory that closes something itself, and hands the stream on")
    static void openedByClosingFactory(boolean f) throws Exception {
        try (Ends w = factory(15, 1)) {
            Boom.maybe(f);
        }
    }

    static class Service implements Closeable {
        Ends w;

        void start() throws IOException {
            w = factory(8, 8);
        }

        void work(boolean f) throws Exception {
            w.out.write(1);
            Boom.maybe(f);
        }

        @Override
        public void close() throws IOException {
            w.close();
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "opened by a method of an object that is closed later")
    static void service(boolean f) throws Exception {
        try (Service service = new Service()) {
            service.start();
            service.work(f);
        }
    }

    // ---------------- opened while an exception was being handled

    static void first() throws IOException {
        throw new IOException("the first source is down");
    }

    static void second(Closeable target, boolean f) throws IOException {
        Boom.maybe(f);
    }

    @Expect(n = "a=C", f = "a=A")
    static void fallbackInCatch(boolean f) throws Exception {
        try {
            first();
        } catch (IOException e) {
            try (Sink s = Sink.open()) {
                second(s, f);
            }
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "the second failure is thrown in the block itself")
    static void fallbackInCatchThrows(boolean f) throws Exception {
        try {
            first();
        } catch (IOException e) {
            try (Ends w = new Ends(openDeep(10, "a"))) {
                w.out.write(1);
                if (f) {
                    throw new IOException("the second source broke");
                }
            }
        }
    }

    @Expect(n = "a=C,b=C", f = "a=A,b=A", note = "the first block always throws, so the second one follows a handler")
    static void afterFailedBlock(boolean f) throws Exception {
        try (Ends w = new Ends(Sink.open())) {
            w.out.write(1);
            if (f) {
                throw new Boom();
            }
        } catch (Boom e) {
            log(e.getMessage());
        }
        try (Ends w = new Ends(Sink.open("b"))) {
            w.out.write(1);
            Boom.maybe(f);
        }
    }

    static void fallback(boolean f) throws IOException {
        try (Ends w = new Ends(Sink.open())) {
            second(w, f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void fallbackByMethod(boolean f) throws Exception {
        try {
            first();
        } catch (IOException e) {
            fallback(f);
        }
    }

    static Sink primaryOrOther() throws IOException {
        try {
            first();
            return Sink.open("never");
        } catch (IOException e) {
            return openDeep(2, "a");
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "the factory falls back, and returns normally")
    static void fallbackInFactory(boolean f) throws Exception {
        try (Sink s = primaryOrOther()) {
            Boom.maybe(f);
        }
    }

    @Expect(n = "b=C", f = "b=A", note = "the first attempt is discarded, the second published or discarded")
    static void retry(boolean f) throws Exception {
        IOException last = null;
        for (String name : Arrays.asList("a", "b")) {
            try (Ends w = new Ends(openDeep(4, name))) {
                second(w, f || name.equals("a"));
                return;
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    // ---------------- what calls the block

    interface Task {
        void run(boolean f) throws Exception;
    }

    static void call(Task task, boolean f) throws Exception {
        task.run(f);
    }

    static void work(boolean f) throws Exception {
        block(f);
    }

    static void block(boolean f) throws Exception {
        try (Ends w = new Ends(Sink.open())) {
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void calledByMethodReference(boolean f) throws Exception {
        call(ChainShapes::work, f);
    }

    @Expect(n = "a=C", f = "a=A", note = "a method reference that is itself the block")
    static void blockIsMethodReference(boolean f) throws Exception {
        call(ChainShapes::block, f);
    }

    static class Built {
        Built(boolean f) throws Exception {
            block(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void calledByConstructorReference(boolean f) throws Exception {
        Task task = Built::new;
        call(task, f);
    }

    @Expect(n = "a=C", f = "a=A")
    static void calledByReflection(boolean f) throws Exception {
        ChainShapes.class.getDeclaredMethod("work", boolean.class).invoke(null, f);
    }

    static class Text {
        final boolean f;

        Text(boolean f) {
            this.f = f;
        }

        @Override
        public String toString() {
            try {
                work(f);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            return "";
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "called by a concatenation of strings")
    static void calledByConcatenation(boolean f) throws Exception {
        String text = "x" + new Text(f) + 1;
        log(text);
    }

    static void log(String text) {}

    static Void task(boolean f) throws Exception {
        work(f);
        return null;
    }

    @Expect(n = "a=C", f = "a=A")
    static void calledByExecutor(boolean f) throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            executor.invokeAll(Collections.<Callable<Void>>singleton(() -> task(f)));
        } finally {
            executor.shutdown();
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void calledByStream(boolean f) throws Exception {
        Collections.singleton(f).stream().map(ChainShapes::unchecked).forEach(ChainShapes::log);
    }

    static String unchecked(boolean f) {
        return new Text(f).toString();
    }

    @Expect(n = "a=C", f = "a=A", note = "all on one line")
    // spotless:off
    static void oneLine(boolean f) throws Exception {
        try (Ends w = new Ends(Sink.open())) {
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "the copies of a finally are on one line")
    static void oneLineFinally(boolean f) throws Exception {
        Sink s = Sink.open();
        try {
            Boom.maybe(f);
        } finally {
            s.close();
        }
    }
    // spotless:on
}
