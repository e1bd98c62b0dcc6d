package shapes;

import java.io.*;
import lombok.*;
import org.atomicfs.unwind.corpus.*;

public class LombokShapes {
    @Expect(n = "a=C", f = "a=A")
    static void cleanup(boolean f) throws Exception {
        @Cleanup Sink s = Sink.open();
        s.write(1);
        Boom.maybe(f);
    }

    @Expect(n = "a=C,b=C", f = "a=A,b=A")
    static void cleanupTwo(boolean f) throws Exception {
        @Cleanup Sink s = Sink.open();
        @Cleanup Writer w = new OutputStreamWriter(Sink.open("b"));
        w.write(1);
        Boom.maybe(f);
    }

    @Expect(n = "a=C", f = "a=A")
    static int cleanupReturn(boolean f) throws Exception {
        @Cleanup Sink s = Sink.open();
        s.write(1);
        Boom.maybe(f);
        return 3;
    }

    @Expect(n = "a=C", f = "a=A")
    @SneakyThrows
    static void sneaky(boolean f) {
        try (Sink s = Sink.open()) {
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    @Synchronized
    static void sync(boolean f) throws Exception {
        try (Sink s = Sink.open()) {
            Boom.maybe(f);
        }
    }
}
