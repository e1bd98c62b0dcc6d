package org.atomicfs.unwind;

import java.lang.StackWalker.StackFrame;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The walk along the stack at an open, which keeps its nearest frames: as many as are fetched at once, which is cheap,
 * if a method is among them that closes what it opens; otherwise {@value #MOST}, since the stream is then handed on
 * outward, or kept by an object. Serves for one open.
 */
final class OpenWalk implements Function<Stream<StackFrame>, Openers> {
    /** How many frames are fetched at once, those of the library included. */
    static final int FETCHED = 10;

    /** How many frames are kept at most, besides that of the library. */
    static final int MOST = 64;

    private final Predicate<Class<?>> library;
    private final ClassFiles files = new ClassFiles();

    OpenWalk(Predicate<Class<?>> library) {
        this.library = library;
    }

    @Override
    public Openers apply(Stream<StackFrame> frames) {
        Outward outward = new Outward(frames);
        StackFrame[] kept = new StackFrame[FETCHED + 1];
        int count = 0;
        boolean owned = false;
        for (int seen = 0; count <= MOST && !(owned && seen >= FETCHED) && outward.advance(); seen++) {
            StackFrame frame = outward.frame();
            if (count <= 1 && library.test(frame.getDeclaringClass())) {
                kept[0] = frame;
                count = 1;
                continue;
            }
            if (count == kept.length) {
                kept = Arrays.copyOf(kept, MOST + 1);
            }
            kept[count++] = frame;
            owned = owned || seen < FETCHED && !Frames.isOpenOfFiles(frame) && closesWhatItOpens(frame);
        }
        return new Openers(Arrays.copyOf(kept, count));
    }

    private boolean closesWhatItOpens(StackFrame frame) {
        try {
            return KnownClasses.shared().of(frame.getDeclaringClass()).closesWhatItOpens(frame, files);
        } catch (VirtualMachineError unknown) {
            return false; // reading a class takes much memory; more frames take less
        }
    }
}
