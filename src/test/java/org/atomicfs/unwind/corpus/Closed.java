package org.atomicfs.unwind.corpus;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.atomicfs.unwind.OpenSite;
import org.atomicfs.unwind.Unwinding;

/** How the streams of a shape were closed. */
public final class Closed {
    /** Says in the stack trace of the propagating exception that a stream was discarded. */
    static final class Discarded extends IOException {
        private static final long serialVersionUID = 1;

        Discarded(String stream) {
            super(stream + " was discarded");
        }
    }

    private static final Map<String, Unwinding> CLOSED = new LinkedHashMap<>();
    private static final List<Discarded> THROWN = new ArrayList<>();

    private Closed() {}

    static OpenSite opened() {
        return OpenSite.here(type -> type == Sink.class || type == Channel.class || type == Closed.class);
    }

    static void close(String stream, OpenSite site) {
        Unwinding unwinding = site.unwinding();
        synchronized (CLOSED) {
            CLOSED.put(stream, unwinding);
            if (unwinding == Unwinding.ATTACHES || unwinding == Unwinding.ATTACHES_UNHEARD) {
                Discarded discarded = new Discarded(stream);
                THROWN.add(discarded);
                sneak(discarded);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> void sneak(Throwable thrown) throws X {
        throw (X) thrown;
    }

    static Map<String, Unwinding> streams() {
        synchronized (CLOSED) {
            return new LinkedHashMap<>(CLOSED);
        }
    }

    static List<Discarded> thrown() {
        synchronized (CLOSED) {
            return new ArrayList<>(THROWN);
        }
    }

    static void forget() {
        synchronized (CLOSED) {
            CLOSED.clear();
            THROWN.clear();
        }
    }
}
