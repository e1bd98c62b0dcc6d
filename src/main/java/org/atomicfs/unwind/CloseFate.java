package org.atomicfs.unwind;

import java.util.BitSet;
import org.atomicfs.unwind.Verdict.Fate;

/** Finds out what becomes, in the method, of an exception that a call of {@code close()} throws. */
final class CloseFate {
    private final Reach reach;
    private final MethodCode method;
    private final BitSet had = new BitSet(); // handlers, by where they begin, that the exception has been in

    CloseFate(Reach reach) {
        this.reach = reach;
        this.method = reach.method();
    }

    /** The fate of what an instruction throws. */
    Fate of(int thrown) {
        for (Handler handler : method.handlers()) {
            if (handler.covers(thrown)
                    && (!handler.isCatch() || catchesIoException(handler.caught()))
                    && !had.get(handler.target())) {
                had.set(handler.target());
                return inside(handler.target(), thrown);
            }
        }
        return Fate.PASSES_ON;
    }

    private static boolean catchesIoException(String type) {
        return switch (type) {
            case "java/lang/Throwable",
                    "java/lang/Exception",
                    "java/io/IOException",
                    "java/nio/file/FileSystemException" -> true;
            default -> false;
        };
    }

    private Fate inside(int handler, int thrown) {
        BitSet reached = reach.from(handler);
        int exception = method.stored(handler);
        boolean goesOn = reach.hasReturn(reached);
        if (exception != MethodCode.NONE && new Attaching(reach, handler, thrown).isCertain()) {
            return goesOn ? Fate.ATTACHED_AND_CAUGHT : Fate.ATTACHED;
        }
        boolean dropped =
                method.opcode(handler) == Opcode.POP || exception != MethodCode.NONE && !isLoaded(exception, reached);
        if (goesOn || dropped) {
            return Fate.LOST;
        }
        BitSet throwing = reach.throwing(reached);
        for (int at = throwing.nextSetBit(0); at >= 0; at = throwing.nextSetBit(at + 1)) {
            Fate fate = of(at); // of what it throws again
            if (fate != Fate.PASSES_ON) {
                return fate;
            }
        }
        return Fate.PASSES_ON;
    }

    private boolean isLoaded(int local, BitSet reached) {
        for (int at = reached.nextSetBit(0); at >= 0; at = reached.nextSetBit(at + 1)) {
            if (method.loaded(at) == local) {
                return true;
            }
        }
        return false;
    }
}
