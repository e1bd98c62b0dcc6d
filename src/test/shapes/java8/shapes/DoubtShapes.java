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
}
