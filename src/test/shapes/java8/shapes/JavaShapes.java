package shapes;

import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.*;
import java.util.concurrent.*;
import java.util.zip.*;
import org.atomicfs.unwind.corpus.*;

public class JavaShapes {
    @Expect(n = "a=C", f = "a=A")
    static void twrSingle(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            s.write(1);
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C,b=C", f = "a=A,b=A")
    static void twrTwo(boolean f) throws Exception {
        try (Sink s = Sink.open();
                Sink t = Sink.open("b")) {
            s.write(1);
            Boom.maybe(f);
            t.write(2);
        }
    }

    @Expect(n = "a=C,b=C,c=C", f = "a=A,b=A,c=A")
    static void twrThree(boolean f) throws Exception {
        try (Sink s = Sink.open();
                Sink t = Sink.open("b");
                Sink u = Sink.open("c")) {
            s.write(1);
            Boom.maybe(f);
            t.write(2);
        }
    }

    @Expect(n = "a=C,b=C", f = "a=A,b=A")
    static void twrNested(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            try (Sink t = Sink.open("b")) {
                Boom.maybe(f);
            }
            s.write(1);
        }
    }

    @Expect(n = "a=C,b=C", f = "a=C,b=A", note = "inner failure swallowed inside outer body")
    static void twrNestedSwallow(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            try (Sink t = Sink.open("b")) {
                Boom.maybe(f);
            } catch (Boom e) {
                s.write(9);
            }
            s.write(1);
        }
    }

    static Sink nul() {
        return null;
    }

    @Expect(n = "a=C", f = "a=A")
    static void twrNull(boolean f) throws Exception {
        try (Sink z = nul();
                Sink s = Sink.open();
                Sink y = nul()) {
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void twrNewDirect(boolean f) throws Exception {
        try (Sink s = new Sink("a")) {
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void twrBufferedWriter(boolean f) throws Exception {
        try (BufferedWriter w = new BufferedWriter(new OutputStreamWriter(Sink.open(), "UTF-8"))) {
            w.write("x");
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void twrPrintWriter(boolean f) throws Exception {
        try (PrintWriter w = new PrintWriter(Sink.open())) {
            w.println("x");
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void twrPrintStream(boolean f) throws Exception {
        try (PrintStream w = new PrintStream(new BufferedOutputStream(Sink.open()))) {
            w.println("x");
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void twrOutputStreamWriter(boolean f) throws Exception {
        try (Writer w = new OutputStreamWriter(Sink.open(), StandardCharsets.UTF_8)) {
            w.write("x");
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void twrGzip(boolean f) throws Exception {
        try (OutputStream w = new GZIPOutputStream(new BufferedOutputStream(Sink.open()))) {
            w.write(3);
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void twrZip(boolean f) throws Exception {
        try (ZipOutputStream w = new ZipOutputStream(Sink.open())) {
            w.putNextEntry(new ZipEntry("q"));
            w.write(3);
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void twrJar(boolean f) throws Exception {
        try (java.util.jar.JarOutputStream w = new java.util.jar.JarOutputStream(Sink.open())) {
            w.putNextEntry(new ZipEntry("q"));
            w.write(3);
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void twrObject(boolean f) throws Exception {
        try (ObjectOutputStream w = new ObjectOutputStream(Sink.open())) {
            w.writeObject(f ? new Object() : "s");
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void twrData(boolean f) throws Exception {
        try (DataOutputStream w = new DataOutputStream(new BufferedOutputStream(Sink.open()))) {
            w.writeInt(3);
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void twrCipher(boolean f) throws Exception {
        javax.crypto.Cipher c = javax.crypto.Cipher.getInstance("AES");
        c.init(1, new javax.crypto.spec.SecretKeySpec(new byte[16], "AES"));
        try (OutputStream w = new javax.crypto.CipherOutputStream(Sink.open(), c)) {
            w.write(3);
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void twrFormatter(boolean f) throws Exception {
        try (Formatter w = new Formatter(Sink.open())) {
            w.format("%s", "x");
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void twrLayersSeparately(boolean f) throws Exception {
        try (OutputStream o = Sink.open();
                Writer w = new OutputStreamWriter(o);
                BufferedWriter b = new BufferedWriter(w)) {
            b.write("x");
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void twrChannel(boolean f) throws Exception {
        try (Channel c = new Channel("a")) {
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void twrChannelStream(boolean f) throws Exception {
        try (OutputStream c = java.nio.channels.Channels.newOutputStream(new Channel("a"))) {
            c.write(1);
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void twrChannelWriter(boolean f) throws Exception {
        try (Writer c = java.nio.channels.Channels.newWriter(new Channel("a"), "UTF-8")) {
            c.write("x");
            Boom.maybe(f);
        }
    }

    static class MyFilter extends FilterOutputStream {
        MyFilter(OutputStream o) {
            super(o);
        }

        @Override
        public void close() throws IOException {
            try {
                write(0);
            } finally {
                super.close();
            }
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void twrCustomFilterFinallySuper(boolean f) throws Exception {
        try (OutputStream c = new MyFilter(Sink.open())) {
            c.write(1);
            Boom.maybe(f);
        }
    }

    static class BadFlush extends FilterOutputStream {
        boolean bad;

        BadFlush(OutputStream o, boolean b) {
            super(o);
            bad = b;
        }

        @Override
        public void flush() throws IOException {
            Boom.maybe(bad);
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "failure comes from flush inside FilterOutputStream.close")
    static void flushFailsInClose(boolean f) throws Exception {
        OutputStream c = new BadFlush(Sink.open(), f);
        c.write(1);
        c.close();
    }

    static class BadClose implements Closeable {
        boolean b;

        BadClose(boolean b) {
            this.b = b;
        }

        public void close() throws IOException {
            Boom.maybe(b);
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "second resource's close throws")
    static void otherCloseThrows(boolean f) throws Exception {
        try (Sink s = Sink.open();
                BadClose b = new BadClose(f)) {
            s.write(1);
        }
    }

    static Sink failing(boolean f) throws Exception {
        Boom.maybe(f);
        return Sink.open("b");
    }

    @Expect(n = "a=C,b=C", f = "a=A", note = "second resource cannot be opened")
    static void otherOpenThrows(boolean f) throws Exception {
        try (Sink s = Sink.open();
                Sink b = failing(f)) {
            s.write(1);
        }
    }

    // ---------------- finally / catch
    @Expect(n = "a=C", f = "a=A")
    static void tryFinally(boolean f) throws Exception {
        Sink s = Sink.open();
        try {
            Boom.maybe(f);
        } finally {
            s.close();
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void tryFinallyNull(boolean f) throws Exception {
        Sink s = null;
        try {
            s = Sink.open();
            Boom.maybe(f);
        } finally {
            if (s != null) s.close();
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void tryFinallyQuiet(boolean f) throws Exception {
        Sink s = null;
        try {
            s = Sink.open();
            Boom.maybe(f);
        } finally {
            if (s != null)
                try {
                    s.close();
                } catch (Exception ignore) {
                }
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void tryFinallyFlush(boolean f) throws Exception {
        BufferedOutputStream s = new BufferedOutputStream(Sink.open());
        try {
            s.write(1);
            Boom.maybe(f);
        } finally {
            s.flush();
            s.close();
        }
    }

    static void log(String s) {}

    @Expect(n = "a=C", f = "a=A")
    static void tryFinallyLog(boolean f) throws Exception {
        Sink s = Sink.open();
        try {
            Boom.maybe(f);
        } finally {
            log("closing");
            s.close();
            log("closed");
        }
    }

    static void closeQuietly(Closeable c) {
        if (c != null)
            try {
                c.close();
            } catch (IOException e) {
            }
    }

    @Expect(n = "a=C", f = "a=A")
    static void tryFinallyCloseQuietly(boolean f) throws Exception {
        Sink s = Sink.open();
        try {
            Boom.maybe(f);
        } finally {
            closeQuietly(s);
        }
    }

    @Expect(n = "a=C", f = "a=C", note = "swallowed before finally")
    static void catchFinallySwallow(boolean f) throws Exception {
        Sink s = Sink.open();
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            log("x");
        } finally {
            s.close();
        }
    }

    @Expect(n = "a=C", f = "a=?", note = "swallow, close, then unconditional throw built from it")
    static void catchFinallySwallowThenThrow(boolean f) throws Exception {
        Sink s = Sink.open();
        Exception last;
        try {
            Boom.maybe(f);
            return;
        } catch (Boom e) {
            last = e;
        } finally {
            s.close();
        }
        throw last;
    }

    @Expect(n = "a=C", f = "a=A")
    static void catchFinallyRethrow(boolean f) throws Exception {
        Sink s = Sink.open();
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            throw new RuntimeException(e);
        } finally {
            s.close();
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void catchRethrow(boolean f) throws Exception {
        Sink s = Sink.open();
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            s.close();
            throw e;
        }
        s.close();
    }

    @Expect(n = "a=C", f = "a=A")
    static void catchWrapRethrow(boolean f) throws Exception {
        Sink s = Sink.open();
        try {
            Boom.maybe(f);
        } catch (Exception e) {
            s.close();
            throw new IllegalStateException("wrapped", e);
        }
        s.close();
    }

    @Expect(n = "a=C", f = "a=A")
    static void catchLogRethrow(boolean f) throws Exception {
        Sink s = Sink.open();
        try {
            Boom.maybe(f);
        } catch (Exception e) {
            log("failed " + e);
            s.close();
            throw e;
        }
        s.close();
    }

    @Expect(n = "a=C", f = "a=A")
    static void catchSuppressRethrow(boolean f) throws Exception {
        Sink s = Sink.open();
        try {
            Boom.maybe(f);
        } catch (Exception e) {
            try {
                s.close();
            } catch (RuntimeException x) {
                e.addSuppressed(x);
            }
            throw e;
        }
        s.close();
    }

    @Expect(n = "a=C,b=C", f = "a=A,b=A")
    static void catchLoopClose(boolean f) throws Exception {
        List<Closeable> l = new ArrayList<Closeable>();
        l.add(Sink.open());
        l.add(Sink.open("b"));
        try {
            Boom.maybe(f);
        } catch (Exception e) {
            for (Closeable c : l) c.close();
            throw e;
        }
        for (Closeable c : l) c.close();
    }

    @Expect(n = "a=C", f = "a=A")
    static void catchSwitchRethrow(boolean f) throws Exception {
        Sink s = Sink.open();
        try {
            Boom.maybe(f);
        } catch (Exception e) {
            s.close();
            switch (String.valueOf(e.getMessage())) {
                case "boom":
                    throw e;
                case "q":
                    throw new IOException(e);
                default:
                    throw new RuntimeException(e);
            }
        }
        s.close();
    }

    @Expect(n = "a=C", f = "a=C", note = "swallowed")
    static void catchSwallow(boolean f) throws Exception {
        Sink s = Sink.open();
        try {
            Boom.maybe(f);
        } catch (Exception e) {
            s.close();
            return;
        }
        s.close();
    }

    @Expect(n = "a=C", f = "a=M", note = "conditional rethrow: cannot be known")
    static void catchConditionalRethrow(boolean f) throws Exception {
        Sink s = Sink.open();
        try {
            Boom.maybe(f);
        } catch (Exception e) {
            s.close();
            if (e instanceof IOException) throw e;
            return;
        }
        s.close();
    }

    @Expect(n = "a=C", f = "a=A")
    static void manualPrimaryFlag(boolean f) throws Throwable {
        Sink s = Sink.open();
        Throwable p = null;
        try {
            Boom.maybe(f);
        } catch (Throwable t) {
            p = t;
            throw t;
        } finally {
            if (s != null) {
                if (p != null) {
                    try {
                        s.close();
                    } catch (Throwable x) {
                        p.addSuppressed(x);
                    }
                } else s.close();
            }
        }
    }

    @Expect(n = "a=C", f = "a=M", note = "exception kept in a variable, close on merged path")
    static void mergedFlag(boolean f) throws Exception {
        Sink s = Sink.open();
        Exception err = null;
        try {
            Boom.maybe(f);
        } catch (Exception e) {
            err = e;
        }
        s.close();
        if (err != null) throw err;
    }

    @Expect(n = "a=C", f = "a=A", note = "scala Using.resource shape by hand")
    static void flagBranch(boolean f) throws Exception {
        Sink s = Sink.open();
        Exception err = null;
        try {
            Boom.maybe(f);
        } catch (Exception e) {
            err = e;
        }
        if (err == null) s.close();
        else {
            try {
                s.close();
            } catch (Exception x) {
                err.addSuppressed(x);
            }
            throw err;
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void finallyThrows(boolean f) throws Exception {
        Sink s = Sink.open();
        try {
            Boom.maybe(f);
        } catch (Exception e) {
            try {
                s.close();
            } finally {
                throw new RuntimeException(e);
            }
        }
        s.close();
    }

    @Expect(n = "a=C", f = "a=A")
    static int finallyReturns(boolean f) throws Exception {
        try {
            try (Sink s = Sink.open()) {
                Boom.maybe(f);
            }
        } finally {
            return 1;
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void nestedFinally(boolean f) throws Exception {
        Sink s = Sink.open();
        try {
            try {
                Boom.maybe(f);
            } finally {
                log("in");
            }
        } finally {
            try {
                s.close();
            } finally {
                log("out");
            }
        }
    }

    static class AbortEx extends RuntimeException {
        AbortEx(Throwable t) {
            super(t);
        }
    }

    static void closeAndThrow(Closeable c, Exception e) throws Exception {
        c.close();
        throw e;
    }

    @Expect(
            n = "a=C",
            f = "a=A",
            note = "Jackson's closeOnFailAndThrow shape: helper always throws, caller then returns")
    static void helperThrows(boolean f) throws Exception {
        Sink s = Sink.open();
        try {
            Boom.maybe(f);
        } catch (Exception e) {
            closeAndThrow(s, e);
            return;
        }
        s.close();
    }

    static void abandon(Closeable c) throws IOException {
        c.close();
    }

    @Expect(n = "a=C", f = "a=M", note = "helper with a name that is not close-like")
    static void helperOtherName(boolean f) throws Exception {
        Sink s = Sink.open();
        try {
            Boom.maybe(f);
        } catch (Exception e) {
            abandon(s);
            throw e;
        }
        s.close();
    }

    @Expect(n = "a=C", f = "a=A")
    static void swallowedOutsideTwr(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            Boom.maybe(f);
        } catch (Boom e) {
            log("ignored");
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void twrCatchFinally(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            Boom.maybe(f);
        } catch (Boom e) {
            throw new IOException(e);
        } finally {
            log("z");
        }
    }

    // ---------------- normal-path traps
    @Expect(n = "a=C", f = "a=C", note = "close, then unconditional throw on the normal path")
    static void xThenThrow(boolean f) throws Exception {
        Sink s = Sink.open();
        s.write(1);
        s.close();
        throw new IllegalStateException("normal path");
    }

    @Expect(n = "a=C", f = "a=C", note = "same inside try/finally with other resource")
    static void xThenThrowInTwr(boolean f) throws Exception {
        try (BadClose b = new BadClose(false)) {
            Sink s = Sink.open();
            s.close();
            throw new IllegalStateException("normal path");
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static int earlyReturn(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            Boom.maybe(f);
            return s.hashCode();
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static int earlyReturn2(boolean f) throws Exception {
        for (int i = 0; ; i++)
            try (Sink s = Sink.open()) {
                Boom.maybe(f);
                if (i == 0) return 7;
            }
    }

    @Expect(n = "a=C", f = "a=A")
    static void breakOut(boolean f) throws Exception {
        while (true) {
            try (Sink s = Sink.open()) {
                Boom.maybe(f);
                break;
            }
        }
    }

    @Expect(n = "a=C,b=C", f = "a=A")
    static void continueOut(boolean f) throws Exception {
        for (int i = 0; i < 2; i++) {
            try (Sink s = Sink.open(i == 0 ? "a" : "b")) {
                Boom.maybe(f);
                if (i == 0) continue;
                s.write(i);
            }
        }
    }

    @Expect(n = "a=C,b=C,c=C", f = "a=C,b=A")
    static void twrInLoop(boolean f) throws Exception {
        for (int i = 0; i < 3; i++)
            try (Sink s = Sink.open(new String[] {"a", "b", "c"}[i])) {
                Boom.maybe(f && i == 1);
                s.write(i);
            }
    }

    @Expect(n = "a=C", f = "a=A,b=A,c=A")
    static void retryLoop(boolean f) throws Exception {
        Exception last = null;
        for (int i = 0; i < 3; i++)
            try (Sink s = Sink.open(new String[] {"a", "b", "c"}[i])) {
                Boom.maybe(f);
                return;
            } catch (Boom e) {
                last = e;
            }
        throw last;
    }

    @Expect(n = "a=C", f = "a=A,b=C")
    static void retryOnce(boolean f) throws Exception {
        for (int i = 0; ; i++)
            try (Sink s = Sink.open(new String[] {"a", "b", "c"}[i])) {
                Boom.maybe(f && i == 0);
                return;
            } catch (Boom e) {
                if (i > 3) throw e;
            }
    }

    static class Stop extends RuntimeException {}

    static void step(int i, boolean f) throws Boom {
        if (i == 2) Boom.maybe(f);
        if (i == 5) throw new Stop();
    }

    @Expect(n = "", f = "a=C", note = "rotation in a handler inside an endless loop that ends only by throwing")
    static void endlessRotate(boolean f) throws Exception {
        Sink s = Sink.open();
        int i = 0;
        for (; ; ) {
            try {
                step(i++, f);
            } catch (Boom e) {
                s.close();
                s = Sink.open("b");
            }
        }
    }

    @Expect(n = "", f = "a=C", note = "same, in helper called from server loop, no exit at all in the handler loop")
    static void endlessRotate2(boolean f) throws Exception {
        Sink s = Sink.open();
        int i = 0;
        while (true) {
            try {
                step(i++, f);
                s.write(1);
            } catch (Boom e) {
                s.close();
                s = Sink.open("b");
                continue;
            } finally {
                log("q");
            }
        }
    }

    @Expect(n = "", f = "a=C,b=C", note = "fallback loop living entirely in a handler, leaving only by Stop")
    static void loopInHandler(boolean f) throws Exception {
        try {
            Boom.maybe(f);
            return;
        } catch (Boom e) {
            int i = 3;
            Sink s = Sink.open();
            for (; ; ) {
                step(i++, false);
                s.close();
                s = Sink.open(i == 4 ? "b" : "c");
            }
        }
    }

    // ---------------- reports written while an exception is handled
    static void writeReport(String n) throws IOException {
        try (Sink r = Sink.open(n)) {
            r.write(1);
        }
    }

    @Expect(n = "a=C", f = "a=A,b=C")
    static void reportByMethod(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            Boom.maybe(f);
        } catch (Boom e) {
            writeReport("b");
            throw e;
        }
    }

    @Expect(n = "a=C", f = "b=C,a=A")
    static void reportByMethodInner(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            try {
                Boom.maybe(f);
            } catch (Boom e) {
                writeReport("b");
                throw e;
            }
        }
    }

    @Expect(n = "a=C", f = "a=A,b=C", note = "inline try-with-resources in the catch block")
    static void reportInlineTwr(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            Boom.maybe(f);
        } catch (Boom e) {
            try (PrintWriter r = new PrintWriter(Sink.open("b"))) {
                e.printStackTrace(r);
            }
            throw e;
        }
    }

    @Expect(n = "a=C", f = "a=A,b=C", note = "inline manual close in the catch block")
    static void reportInlineManual(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            Boom.maybe(f);
        } catch (Boom e) {
            Sink r = Sink.open("b");
            r.write(1);
            r.close();
            throw e;
        }
    }

    @Expect(n = "a=C", f = "a=A,b=C", note = "opened and closed in the catch, nothing written directly")
    static void reportInlineOpaque(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            Boom.maybe(f);
        } catch (Boom e) {
            Sink.open("b").close();
            throw e;
        }
    }

    @Expect(n = "a=C", f = "a=A,b=M", note = "the report itself fails too")
    static void reportInlineFails(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            Boom.maybe(f);
        } catch (Boom e) {
            try (PrintWriter r = new PrintWriter(Sink.open("b"))) {
                e.printStackTrace(r);
                Boom.maybe(f);
            }
            throw e;
        }
    }

    @Expect(n = "a=C,b=C", f = "a=A,b=C", note = "report in finally (any-handler copy)")
    static void reportInFinally(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            Boom.maybe(f);
        } finally {
            try (Sink r = Sink.open("b")) {
                r.write(1);
            }
        }
    }

    static class Journal implements Closeable {
        public void close() throws IOException {
            try (Sink j = Sink.open("j")) {
                j.write(1);
            }
        }
    }

    @Expect(n = "j=C", f = "j=C", note = "a close() method that writes its own complete file")
    static void ownFileInClose(boolean f) throws Exception {
        try (Journal j = new Journal()) {
            Boom.maybe(f);
        }
    }

    static class Journal2 implements Closeable {
        void dump(String n) throws IOException {
            try (Writer j = new OutputStreamWriter(Sink.open(n))) {
                j.write(1);
            }
        }

        public void close() throws IOException {
            dump("j");
        }
    }

    @Expect(n = "j=C", f = "j=C")
    static void ownFileInClose2(boolean f) throws Exception {
        try (Journal2 j = new Journal2()) {
            Boom.maybe(f);
        }
    }

    static class Journal3 implements Closeable {
        Sink s;

        void releaseOpen() {
            s = Sink.open("j");
        }

        void closeFile() {
            s.close();
        }

        public void close() throws IOException {
            releaseOpen();
            s.write(1);
            closeFile();
        }
    }

    @Expect(n = "j=C", f = "j=C", note = "opened and closed by helpers of a close() method")
    static void ownFileInClose3(boolean f) throws Exception {
        try (Journal3 j = new Journal3()) {
            Boom.maybe(f);
        }
    }

    static class Rep {
        Sink s;

        void begin() {
            s = Sink.open("b");
        }

        void end() {
            s.write(1);
            closeIt();
        }

        void closeIt() {
            s.close();
        }
    }

    @Expect(n = "", f = "b=C", note = "report object used inside a handler: begin / end")
    static void reportBeginEnd(boolean f) throws Exception {
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            Rep r = new Rep();
            r.begin();
            r.end();
            throw e;
        }
    }

    @Expect(n = "", f = "b=C", note = "report object used inside a handler: begin / closeIt")
    static void reportBeginClose(boolean f) throws Exception {
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            Rep r = new Rep();
            r.begin();
            r.s.write(1);
            r.closeIt();
            throw e;
        }
    }

    Sink errors;

    @Expect(n = "", f = "a=D", note = "older error log, nothing written in handler, closed, rethrow")
    static void olderLogClosed(boolean f) throws Exception {
        JavaShapes j = new JavaShapes();
        openLog(j);
        j.errors.write(1);
        work(j, f);
    }

    static void openLog(JavaShapes j) {
        j.errors = Sink.open();
    }

    static void work(JavaShapes j, boolean f) throws Exception {
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            j.errors.close();
            throw e;
        }
    }

    @Expect(n = "", f = "a=U", note = "error written to older stream in handler, closed, rethrow")
    static void errorMarkerClosed(boolean f) throws Exception {
        JavaShapes j = new JavaShapes();
        openLog(j);
        work2(j, f);
    }

    static void work2(JavaShapes j, boolean f) throws Exception {
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            j.errors.write(e.toString().getBytes());
            j.errors.close();
            throw e;
        }
    }

    @Expect(n = "a=C", f = "a=U", note = "writer local, error text written in the catch, closed, rethrown")
    static void errorMarkerLocal(boolean f) throws Exception {
        PrintWriter w = new PrintWriter(Sink.open());
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            w.println("FAILED " + e);
            w.close();
            throw e;
        }
        w.close();
    }

    @Expect(n = "a=C", f = "a=U", note = "error text in catch, rethrow, close in finally")
    static void errorMarkerFinally(boolean f) throws Exception {
        PrintWriter w = new PrintWriter(Sink.open());
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            e.printStackTrace(w);
            throw e;
        } finally {
            w.close();
        }
    }

    @Expect(n = "a=C", f = "a=U", note = "error text in catch inside try-with-resources, rethrow")
    static void errorMarkerTwr(boolean f) throws Exception {
        try (PrintWriter w = new PrintWriter(Sink.open())) {
            try {
                Boom.maybe(f);
            } catch (Boom e) {
                e.printStackTrace(w);
                throw e;
            }
        }
    }

    static class RollLog {
        Sink s;
        int n;

        void roll() {
            if (s != null) closeFile();
            s = Sink.open("log" + n++);
        }

        void closeFile() {
            s.close();
        }

        void error(String m) {
            s.write(1);
            if (n < 2) roll();
        }
    }

    @Expect(n = "", f = "log0=C", note = "logger rolls its file while an exception is being logged")
    static void logRollsInHandler(boolean f) throws Exception {
        RollLog l = new RollLog();
        l.roll();
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            l.error("x");
            throw e;
        }
    }

    @Expect(n = "", f = "log0=C", note = "same through a finally")
    static void logRollsInFinally(boolean f) throws Exception {
        RollLog l = new RollLog();
        l.roll();
        try {
            Boom.maybe(f);
        } finally {
            l.error("x");
        }
    }

    static void readAll(DataInputStream in, boolean f) throws Exception {
        try (DataOutputStream w = new DataOutputStream(Sink.open())) {
            while (true) {
                w.writeInt(in.readInt());
                Boom.maybe(f);
            }
        }
    }

    @Expect(n = "a=U", f = "a=M", note = "EOFException caught by the caller")
    static void eofCaughtByCaller(boolean f) throws Exception {
        try {
            readAll(new DataInputStream(new ByteArrayInputStream(new byte[8])), f);
        } catch (EOFException e) {
            log("done");
        }
    }

    @Expect(n = "a=C", f = "a=D", note = "footer in finally")
    static void footerInFinally(boolean f) throws Exception {
        PrintWriter w = new PrintWriter(Sink.open());
        try {
            Boom.maybe(f);
        } finally {
            w.println("</html>");
            w.close();
        }
    }

    @Expect(n = "a=U", f = "a=M", note = "end of input signalled by EOFException")
    static void eofEndsLoop(boolean f) throws Exception {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(new byte[8]));
                DataOutputStream w = new DataOutputStream(Sink.open())) {
            while (true) {
                w.writeInt(in.readInt());
                Boom.maybe(f);
            }
        } catch (EOFException e) {
            log("done");
        }
    }

    @Expect(n = "a=U", f = "a=A", note = "end of data signalled by NoSuchElementException, finally")
    static void nseEndsLoop(boolean f) throws Exception {
        Sink s = Sink.open();
        Iterator<Integer> it = Arrays.asList(1, 2).iterator();
        try {
            while (true) {
                s.write(it.next());
                Boom.maybe(f);
            }
        } catch (NoSuchElementException e) {
            log("done");
        } finally {
            s.close();
        }
    }

    @Expect(n = "a=D", f = "a=A", note = "worker stopped by InterruptedException")
    static void workerInterrupted(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            while (true) {
                Boom.maybe(f);
                if (!f) throw new InterruptedException();
                s.write(1);
            }
        }
    }

    // ---------------- other places
    interface Body {
        void run(Sink s) throws Exception;
    }

    static void with(Body b) throws Exception {
        try (Sink s = Sink.open()) {
            b.run(s);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void templateMethod(boolean f) throws Exception {
        with(s -> Boom.maybe(f));
    }

    @Expect(n = "a=C", f = "a=A")
    static void inLambda(boolean f) throws Exception {
        Callable<Integer> c = () -> {
            try (Sink s = Sink.open()) {
                Boom.maybe(f);
                return 1;
            }
        };
        c.call();
    }

    @Expect(n = "a=C", f = "a=A")
    static void inAnon(boolean f) throws Exception {
        new Callable<Integer>() {
            public Integer call() throws Exception {
                try (Sink s = Sink.open()) {
                    Boom.maybe(f);
                    return 1;
                }
            }
        }.call();
    }

    static class Ctor {
        Ctor(boolean f) throws Exception {
            super();
            try (Sink s = Sink.open()) {
                Boom.maybe(f);
            }
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void inConstructor(boolean f) throws Exception {
        new Ctor(f);
    }

    static class InitN {
        static int x;

        static {
            try (Sink s = Sink.open()) {
                Boom.maybe(false);
                x = 1;
            } catch (IOException e) {
                throw new RuntimeException(e);
            }
        }
    }

    static class InitF {
        static int x;

        static {
            try (Sink s = Sink.open()) {
                Boom.maybe(true);
                x = 1;
            } catch (IOException e) {
                throw new RuntimeException(e);
            }
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void inStaticInit(boolean f) throws Exception {
        if (f) {
            InitF.x++;
        } else InitN.x++;
    }

    @Expect(n = "a=C", f = "a=A")
    static void inSynchronized(boolean f) throws Exception {
        synchronized (JavaShapes.class) {
            try (Sink s = Sink.open()) {
                Boom.maybe(f);
            }
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void syncInsideTwr(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            synchronized (s) {
                Boom.maybe(f);
            }
        }
    }

    @Expect(n = "a=C", f = "")
    static void syncClose(boolean f) throws Exception {
        Sink s = Sink.open();
        synchronized (s) {
            Boom.maybe(f);
            s.close();
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void syncCloseInCatch(boolean f) throws Exception {
        Sink s = Sink.open();
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            synchronized (s) {
                s.close();
            }
            throw e;
        }
        s.close();
    }

    @Expect(n = "a=C", f = "a=A")
    static void switchBody(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            switch (f ? 3 : 1) {
                case 1:
                    s.write(1);
                    break;
                case 2:
                case 3:
                    Boom.maybe(f);
                default:
                    s.write(2);
            }
            switch (f + "") {
                case "true":
                    s.write(1);
                    break;
                default:
                    s.write(2);
            }
        }
    }

    static void rec(int n, boolean f) throws Exception {
        try (Sink s = Sink.open("r" + n)) {
            if (n > 0) rec(n - 1, f);
            else Boom.maybe(f);
        }
    }

    @Expect(n = "r0=C,r1=C,r2=C", f = "r0=A,r1=A,r2=A")
    static void recursion(boolean f) throws Exception {
        rec(2, f);
    }

    static void recSwallow(int n, boolean f) throws Exception {
        try (Sink s = Sink.open("r" + n)) {
            if (n > 0) {
                try {
                    recSwallow(n - 1, f);
                } catch (Boom e) {
                    log("x");
                }
            } else Boom.maybe(f);
        }
    }

    @Expect(n = "r0=C,r1=C,r2=C", f = "r0=A,r1=C,r2=C")
    static void recursionSwallow(boolean f) throws Exception {
        recSwallow(2, f);
    }

    static void recHandler(int n, boolean f) throws Exception {
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            if (n > 0)
                try {
                    recHandler(n - 1, false);
                } finally {
                    log("");
                }
            try (Sink s = Sink.open("b")) {
                s.write(1);
            }
            throw e;
        }
    }

    @Expect(n = "", f = "b=C")
    static void recursionInHandler(boolean f) throws Exception {
        recHandler(1, f);
    }

    static class Svc {
        Sink s;

        void start() {
            s = Sink.open();
        }

        void run(boolean f) throws Exception {
            Boom.maybe(f);
        }

        void close() {
            s.close();
        }

        void stop() {
            s.close();
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void serviceClose(boolean f) throws Exception {
        Svc v = new Svc();
        v.start();
        try {
            v.run(f);
        } finally {
            v.close();
        }
    }

    @Expect(n = "a=C", f = "a=M", note = "closed by stop(): name not close-like")
    static void serviceStop(boolean f) throws Exception {
        Svc v = new Svc();
        v.start();
        try {
            v.run(f);
        } finally {
            v.stop();
        }
    }

    static void passed(Sink s, boolean f) throws Exception {
        try {
            Boom.maybe(f);
        } finally {
            s.close();
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void passedAsParam(boolean f) throws Exception {
        passed(Sink.open(), f);
    }

    static Sink make(boolean deep) {
        return deep ? make(false) : Sink.open();
    }

    @Expect(n = "a=C", f = "a=A")
    static void factory(boolean f) throws Exception {
        try (Sink s = make(true)) {
            Boom.maybe(f);
        }
    }

    static Sink deep(int n, String name) {
        return n == 0 ? Sink.open(name) : deep(n - 1, name);
    }

    @Expect(n = "a=C", f = "a=A,b=C", note = "opened through a 10-deep factory inside the handler")
    static void reportDeep10(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            Boom.maybe(f);
        } catch (Boom e) {
            try (Sink r = deep(10, "b")) {
                r.write(1);
            }
            throw e;
        }
    }

    @Expect(n = "a=C", f = "a=A,b=C", note = "opened through a 40-deep factory inside the handler")
    static void reportDeep40(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            Boom.maybe(f);
        } catch (Boom e) {
            try (Sink r = deep(40, "b")) {
                r.write(1);
            }
            throw e;
        }
    }

    @Expect(
            n = "a=C",
            f = "a=A,b=C",
            note = "contrived: opened 40 frames deep in the handler and closed without any use")
    static void reportDeep40Opaque(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            Boom.maybe(f);
        } catch (Boom e) {
            deep(40, "b").close();
            throw e;
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "resource is a lambda")
    static void twrLambdaResource(boolean f) throws Exception {
        Sink s = Sink.open();
        try (AutoCloseable c = () -> s.close()) {
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "resource is a method reference")
    static void twrMethodRef(boolean f) throws Exception {
        Sink s = Sink.open();
        try (AutoCloseable c = s::close) {
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "closed by a lambda that the stream runs")
    static void streamOnClose(boolean f) throws Exception {
        Sink s = Sink.open();
        try (java.util.stream.Stream<String> c = java.util.stream.Stream.of("x").onClose(() -> s.close())) {
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=M")
    static void reflectionClose(boolean f) throws Exception {
        Sink s = Sink.open();
        java.lang.reflect.Method m = Sink.class.getMethod("close");
        try {
            Boom.maybe(f);
        } catch (Boom e) {
            m.invoke(s);
            throw e;
        }
        m.invoke(s);
    }

    @Expect(n = "a=C", f = "a=M")
    static void proxyClose(boolean f) throws Exception {
        Sink s = Sink.open();
        try (Closeable c = (Closeable) java.lang.reflect.Proxy.newProxyInstance(
                JavaShapes.class.getClassLoader(), new Class<?>[] {Closeable.class}, (p, m, a) -> m.invoke(s, a))) {
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=M", note = "closed in a completion callback")
    static void completableFuture(boolean f) throws Exception {
        Sink s = Sink.open();
        CompletableFuture.supplyAsync(() -> {
                    if (f) throw new IllegalStateException();
                    return 1;
                })
                .whenComplete((v, t) -> s.close())
                .handle((v, t) -> 1)
                .get();
    }

    @Expect(n = "a=C", f = "a=A")
    static void otherThreadFinally(boolean f) throws Exception {
        Sink s = Sink.open();
        Thread t = new Thread(() -> {
            try {
                if (f) throw new Stop();
            } finally {
                s.close();
            }
        });
        t.setUncaughtExceptionHandler((x, y) -> {});
        t.start();
        t.join();
    }

    @Expect(n = "a=C", f = "a=C", note = "another thread closes normally while this one fails")
    static void otherThreadNormal(boolean f) throws Exception {
        Sink s = Sink.open();
        try {
            Boom.maybe(f);
        } finally {
            Thread t = new Thread(() -> s.close());
            t.start();
            t.join();
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void executorTask(boolean f) throws Exception {
        ExecutorService x = Executors.newSingleThreadExecutor();
        try {
            x.submit(() -> {
                        try (Sink s = Sink.open()) {
                            Boom.maybe(f);
                        }
                        return 1;
                    })
                    .get();
        } finally {
            x.shutdown();
        }
    }

    static class AutoIter implements Iterator<Integer> {
        final Sink s = Sink.open();
        int i;
        final boolean f;

        AutoIter(boolean f) {
            this.f = f;
        }

        public boolean hasNext() {
            if (i < 3) return true;
            s.close();
            return false;
        }

        public Integer next() {
            if (f && i == 1) {
                s.close();
                throw new Stop();
            }
            return i++;
        }
    }

    @Expect(n = "a=C", f = "a=C", note = "generator closing itself; close();throw on a normal path")
    static void generator(boolean f) throws Exception {
        Iterator<Integer> it = new AutoIter(f);
        while (it.hasNext()) it.next();
    }

    static class AutoIter2 implements Iterator<Integer> {
        final Sink s = Sink.open();
        int i;
        final boolean f;

        AutoIter2(boolean f) {
            this.f = f;
        }

        public boolean hasNext() {
            if (i < 3) return true;
            s.close();
            return false;
        }

        public Integer next() {
            try {
                if (f && i == 1) throw new Stop();
                return i++;
            } catch (RuntimeException | Error e) {
                s.close();
                throw e;
            }
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void generatorRethrow(boolean f) throws Exception {
        Iterator<Integer> it = new AutoIter2(f);
        while (it.hasNext()) it.next();
    }

    @Expect(n = "a=C", f = "a=A")
    static void errorThrown(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            if (f) throw new StackOverflowError();
        }
    }

    static int so(int n) {
        return so(n + 1) + 1;
    }

    @Expect(n = "a=C", f = "a=A")
    static void realStackOverflow(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            if (f) so(0);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void implicitNpe(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            if (f) ((String) null).length();
        }
    }

    // ---------------- JDK code that closes for us
    @Expect(n = "a=C", f = "a=A")
    static void filesCopy(boolean f) throws Exception {
        Files.copy(Inputs.bytes(f), Target.stream());
    }

    @Expect(n = "a=C", f = "a=A")
    static void filesCopyChannel(boolean f) throws Exception {
        Files.copy(Inputs.bytes(f), Target.channel());
    }

    @Expect(n = "a=C", f = "a=A")
    static void filesWriteLines(boolean f) throws Exception {
        Files.write(Target.stream(), Inputs.lines(f));
    }

    @Expect(n = "a=C", f = "a=A")
    static void filesWriteLinesChannel(boolean f) throws Exception {
        Files.write(Target.channel(), Inputs.lines(f));
    }

    @Expect(n = "a=C", f = "a=A", note = "unmappable characters")
    static void filesWriteUnmappable(boolean f) throws Exception {
        Files.write(Target.stream(), Arrays.asList("a", f ? "\u20ac" : "b"), StandardCharsets.US_ASCII);
    }

    @Expect(n = "a=C", f = "a=C")
    static void filesWriteBytes(boolean f) throws Exception {
        Files.write(Target.stream(), new byte[20000]);
    }

    @Expect(n = "a=C", f = "a=A")
    static void filesNewBufferedWriter(boolean f) throws Exception {
        try (BufferedWriter w = Files.newBufferedWriter(Target.channel())) {
            w.write("x");
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void imageIo(boolean f) throws Exception {
        java.awt.image.BufferedImage i = new java.awt.image.BufferedImage(9, 9, 1);
        try (OutputStream o = Sink.open()) {
            javax.imageio.ImageIO.write(i, "png", o);
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void propertiesStore(boolean f) throws Exception {
        Properties p = new Properties();
        p.put("a", f ? (Object) 1 : "b");
        try (Writer o = Files.newBufferedWriter(Target.channel())) {
            p.store(o, "c");
        }
    }
}
