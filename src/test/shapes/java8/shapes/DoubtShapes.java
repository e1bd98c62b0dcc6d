package shapes;

import java.io.*;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.*;
import org.atomicfs.unwind.corpus.*;

/** Files that are complete, or written on purpose, although an exception is propagating; and what is similar. */
public class DoubtShapes {
    // ---------------- the exception says that the input has ended
    static DataInputStream input() {
        return new DataInputStream(new ByteArrayInputStream(new byte[8]));
    }

    static void copyToTheEnd(boolean f) throws IOException {
        try (Sink s = Sink.open()) {
            DataInputStream in = input();
            while (true) {
                s.write(in.readByte());
                Boom.maybe(f);
            }
        }
    }

    @Expect(n = "a=C", f = "a=M")
    static void endTestedInCatch(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            DataInputStream in = input();
            while (true) {
                s.write(in.readByte());
                Boom.maybe(f);
            }
        } catch (IOException e) {
            if (!(e instanceof EOFException)) {
                throw e;
            }
        }
    }

    @Expect(n = "a=C", f = "a=M")
    static void endTestedByCaller(boolean f) throws Exception {
        try {
            copyToTheEnd(f);
        } catch (IOException e) {
            if (e instanceof EOFException) {
                return;
            }
            throw e;
        }
    }

    @Expect(n = "a=C", f = "a=M")
    static void endTestedByClass(boolean f) throws Exception {
        try {
            copyToTheEnd(f);
        } catch (IOException e) {
            if (e.getClass() != EOFException.class) {
                throw e;
            }
        }
    }

    static boolean isEnd(Exception e) {
        return e instanceof EOFException;
    }

    @Expect(n = "a=C", f = "a=M")
    static void endTestedByMethod(boolean f) throws Exception {
        try {
            copyToTheEnd(f);
        } catch (IOException e) {
            if (!isEnd(e)) {
                throw e;
            }
        }
    }

    @Expect(n = "a=C", f = "a=M")
    static void endIsCause(boolean f) throws Exception {
        try {
            try {
                copyToTheEnd(f);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        } catch (UncheckedIOException e) {
            if (!(e.getCause() instanceof EOFException)) {
                throw e;
            }
        }
    }

    @Expect(n = "a=C", f = "a=M")
    static void elementsEnd(boolean f) throws Exception {
        Iterator<Integer> it = Arrays.asList(1, 2).iterator();
        try (Sink s = Sink.open()) {
            while (true) {
                s.write(it.next());
                Boom.maybe(f);
            }
        } catch (RuntimeException e) {
            if (!(e instanceof NoSuchElementException)) {
                throw e;
            }
        }
    }

    @Expect(n = "a=C", f = "a=M")
    static void bufferEnds(boolean f) throws Exception {
        ByteBuffer b = ByteBuffer.wrap(new byte[2]);
        try (Sink s = Sink.open()) {
            while (true) {
                s.write(b.get());
                Boom.maybe(f);
            }
        } catch (BufferUnderflowException e) {
            // the end
        }
    }

    @Expect(n = "a=C", f = "a=M")
    static void arrayEnds(boolean f) throws Exception {
        byte[] b = new byte[2];
        try (Sink s = Sink.open()) {
            for (int i = 0; ; i++) {
                s.write(b[i]);
                Boom.maybe(f);
            }
        } catch (ArrayIndexOutOfBoundsException e) {
            // the end
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void otherTypeTested(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            s.write(1);
            if (f) {
                throw new FileNotFoundException();
            }
        } catch (IOException e) {
            if (!(e instanceof FileNotFoundException)) {
                throw e;
            }
        }
    }

    // ---------------- the catch clause writes to the file, by another way than what is closed
    @Expect(n = "a=C", f = "a=C")
    static void wrapperWrites(boolean f) throws Exception {
        Sink s = Sink.open();
        PrintWriter w = new PrintWriter(s, true);
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            w.println("failed");
            s.close();
            throw e;
        }
        s.close();
    }

    @Expect(n = "a=C", f = "a=C")
    static void wrapperWritesFinally(boolean f) throws Exception {
        Sink s = Sink.open();
        PrintWriter w = new PrintWriter(new BufferedWriter(new OutputStreamWriter(s)), true);
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            w.println("failed");
            throw e;
        } finally {
            s.close();
        }
    }

    static Writer writer(OutputStream o) {
        return new OutputStreamWriter(o);
    }

    @Expect(n = "a=C", f = "a=C")
    static void wrapperOfFactoryWrites(boolean f) throws Exception {
        Sink s = Sink.open();
        Writer w = writer(s);
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            w.write("failed");
            w.flush();
            s.close();
            throw e;
        }
        s.close();
    }

    @Expect(n = "a=C", f = "a=C")
    static void wrappedWrites(boolean f) throws Exception {
        Sink s = Sink.open();
        BufferedOutputStream b = new BufferedOutputStream(s);
        try {
            b.write(1);
            b.flush();
            Boom.maybe(f);
        } catch (Boom e) {
            s.write(2);
            b.close();
            throw e;
        }
        b.close();
    }

    @Expect(n = "a=C", f = "a=A", note = "the wrapper is only closed")
    static void wrapperIsClosed(boolean f) throws Exception {
        Sink s = Sink.open();
        PrintWriter w = new PrintWriter(s);
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            w.close();
            s.close();
            throw e;
        }
        s.close();
    }

    @Expect(n = "a=C", f = "a=A", note = "another variable at the place of the wrapper's")
    static void variableInItsPlace(boolean f) throws Exception {
        Sink s = Sink.open();
        try {
            int i = 1;
            PrintWriter w = new PrintWriter(s);
            w.print(i);
            Boom.maybe(f);
        } catch (Boom e) {
            String message = "failed: " + e;
            log(message);
            s.close();
            throw e;
        }
        s.close();
    }

    static void log(Object o) {}

    @Expect(n = "a=C", f = "a=A", note = "what is reported is no way to write")
    static void nameIsLogged(boolean f) throws Exception {
        Sink s = Sink.open();
        String name = s.toString();
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            log(name);
            s.close();
            throw e;
        }
        s.close();
    }

    @Expect(n = "a=C", f = "a=C")
    static void copyWrites(boolean f) throws Exception {
        Sink s = Sink.open();
        Sink t = s;
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            s.write(2);
            t.close();
            throw e;
        }
        t.close();
    }

    @Expect(n = "a=C", f = "a=A", note = "the copy is only closed")
    static void copyIsClosed(boolean f) throws Exception {
        Sink s = Sink.open();
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            Sink t = s;
            t.close();
            throw e;
        }
        s.close();
    }

    static Sink shared;

    static void sayShared(Exception e) throws IOException {
        shared.write(2);
    }

    @Expect(n = "a=C", f = "a=C")
    static void methodWritesToStaticField(boolean f) throws Exception {
        shared = Sink.open();
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            sayShared(e);
            shared.close();
            throw e;
        }
        shared.close();
    }

    static class Journal {
        final Sink out = Sink.open();
        int count;

        void say(Exception e) throws IOException {
            sayNow();
        }

        private void sayNow() throws IOException {
            out.write(2);
        }

        void count(Exception e) {
            count++;
            log(e);
        }

        void flush() throws IOException {
            out.flush();
        }

        void says(boolean f) throws Exception {
            try {
                Boom.maybe(f);
            } catch (Boom e) {
                say(e);
                out.close();
                throw e;
            }
            out.close();
        }

        void saysFinally(boolean f) throws Exception {
            try {
                Boom.maybe(f);
            } catch (Boom e) {
                say(e);
                throw e;
            } finally {
                out.close();
            }
        }

        void counts(boolean f) throws Exception {
            try {
                Boom.maybe(f);
            } catch (Boom e) {
                count(e);
                flush();
                out.close();
                throw e;
            }
            out.close();
        }
    }

    @Expect(n = "a=C", f = "a=C")
    static void methodWritesToField(boolean f) throws Exception {
        new Journal().says(f);
    }

    @Expect(n = "a=C", f = "a=C")
    static void methodWritesToFieldFinally(boolean f) throws Exception {
        new Journal().saysFinally(f);
    }

    @Expect(n = "a=C", f = "a=A", note = "the methods write nothing")
    static void methodsWriteNothing(boolean f) throws Exception {
        new Journal().counts(f);
    }

    // ---------------- the exception is not attached to the one that is propagating: it must not be thrown
    static class Holder {
        private final Sink kept = Sink.open();

        Sink out() {
            return kept;
        }
    }

    @Expect(n = "a=C", f = "a=C")
    static void gotAndWritten(boolean f) throws Exception {
        Holder h = new Holder();
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            h.out().write(2);
            throw e;
        } finally {
            h.out().close();
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "what is got is only flushed and closed")
    static void gotAndClosed(boolean f) throws Exception {
        Holder h = new Holder();
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            log(h);
            h.out().flush();
            h.out().close();
            throw e;
        }
        h.out().close();
    }

    @Expect(n = "a=C", f = "a=C")
    static void writtenInTheStatementThatCloses(boolean f) throws Exception {
        Writer w = new OutputStreamWriter(Sink.open());
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            w.append("failed").close();
            throw e;
        }
        w.append("done").close();
    }

    @Expect(n = "a=C", f = "a=A", note = "a finally block writes on every way")
    static void writtenInTheStatementThatClosesFinally(boolean f) throws Exception {
        Writer w = new OutputStreamWriter(Sink.open());
        try {
            Boom.maybe(f);
        } finally {
            w.append("end").close();
        }
    }

    static void closeAll(List<? extends Closeable> all) throws IOException {
        IOException first = null;
        for (Closeable each : all) {
            try {
                each.close();
            } catch (IOException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    @Expect(n = "a=C,b=C", f = "a=A,b=A")
    static void firstOfSeveralIsThrown(boolean f) throws Exception {
        List<Sink> all = new ArrayList<>();
        try {
            all.add(Sink.open());
            all.add(Sink.open("b"));
            Boom.maybe(f);
        } finally {
            closeAll(all);
        }
    }

    static void closeBoth(Closeable one, Closeable two) throws IOException {
        IOException failed = new IOException("not closed");
        try {
            one.close();
        } catch (IOException e) {
            failed.addSuppressed(e);
        }
        try {
            two.close();
        } catch (IOException e) {
            failed.addSuppressed(e);
        }
        if (failed.getSuppressed().length > 0) {
            throw failed;
        }
    }

    @Expect(n = "a=C,b=C", f = "a=A,b=A")
    static void newOneIsThrown(boolean f) throws Exception {
        Sink s = Sink.open();
        Sink t = Sink.open("b");
        try {
            Boom.maybe(f);
        } finally {
            closeBoth(s, t);
        }
    }

    @Expect(n = "a=C,b=C", f = "a=A,b=A")
    static void firstOfSeveralInCatch(boolean f) throws Exception {
        Sink s = Sink.open();
        Sink t = Sink.open("b");
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            IOException first = null;
            for (Closeable each : Arrays.<Closeable>asList(s, t)) {
                try {
                    each.close();
                } catch (IOException x) {
                    if (first == null) {
                        first = x;
                    } else {
                        first.addSuppressed(x);
                    }
                }
            }
            if (first != null) {
                throw first;
            }
            throw e;
        }
        s.close();
        t.close();
    }
}
