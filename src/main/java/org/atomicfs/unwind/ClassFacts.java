package org.atomicfs.unwind;

import java.lang.StackWalker.StackFrame;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.atomicfs.unwind.IndexFacts.Extent;

/**
 * What has been found out about a class from its file. Every question is answered from the file once; when that fails
 * the answer is "unknown", and the next question reads the file again. Holds no reference to the class. Safe for any
 * thread.
 */
final class ClassFacts {
    private final ConcurrentHashMap<Place, CallSite> sites = new ConcurrentHashMap<>(4);
    private final ConcurrentHashMap<Integer, IndexFacts> indexes = new ConcurrentHashMap<>(4);
    private volatile Boolean unchanged;
    private volatile Boolean namesJumps;

    /** Whether a frame of this class is at a close that is reached by exceptions only; null if that is unknown. */
    Boolean mayDecide(StackFrame frame, ClassFiles files) {
        IndexFacts index = index(frame, files);
        if (index == null || index.inHandler() == Extent.NONE) {
            return index == null ? null : Boolean.FALSE;
        }
        CallSite site = site(frame, files);
        return site == null ? null : site.isClose() && site.verdict().handlerOnly();
    }

    /** As {@link Ownership#closesWhatItOpens}, about the call at which a frame of this class is. */
    boolean closesWhatItOpens(StackFrame frame, ClassFiles files) {
        IndexFacts index = index(frame, files);
        if (index == null || index.owning() != Extent.SOME) {
            return index != null && index.owning() == Extent.ALL;
        }
        CallSite site = site(frame, files);
        return site != null && site.isOwning();
    }

    /** The number of the method of a frame, if its index tells that; otherwise {@link IndexFacts#SEVERAL}. */
    int onlyMethodAt(StackFrame frame, ClassFiles files) {
        IndexFacts index = index(frame, files);
        return index == null ? IndexFacts.SEVERAL : index.onlyMethod();
    }

    private IndexFacts index(StackFrame frame, ClassFiles files) {
        Integer index = frame.getByteCodeIndex();
        IndexFacts known = indexes.get(index);
        if (known == null) {
            try {
                ClassFile file = files.of(frame.getDeclaringClass());
                if (file != null) {
                    known = IndexFacts.of(file, index);
                    indexes.put(index, known);
                }
            } catch (RuntimeException malformed) {
                return null;
            }
        }
        return known;
    }

    /** The instruction at which a frame of this class is; null if that is unknown. */
    CallSite site(StackFrame frame, ClassFiles files) {
        Place place = Place.of(frame);
        CallSite site = sites.get(place);
        if (site == null) {
            site = readSite(frame, files);
            if (site != null) {
                sites.put(place, site);
            }
        }
        return site;
    }

    private static CallSite readSite(StackFrame frame, ClassFiles files) {
        try {
            MethodCode method = method(frame, files);
            return method == null ? null : CallSite.at(method, frame.getByteCodeIndex());
        } catch (RefusedCodeException tooLong) {
            return CallSite.refused();
        } catch (RuntimeException malformed) {
            return null;
        }
    }

    /**
     * The verdict on the call that a frame of this class is at; null if that is unknown.
     *
     * @param opens indexes of calls in the same activation of the method by which the stream was opened
     */
    Verdict verdict(StackFrame frame, CallSite site, List<Integer> opens, ClassFiles files) {
        Verdict verdict = site.verdict(opens);
        if (verdict == null) {
            try {
                MethodCode method = method(frame, files);
                if (method != null) {
                    verdict = Judge.judge(method, frame.getByteCodeIndex(), toArray(opens));
                    site.add(opens, verdict);
                }
            } catch (RuntimeException malformed) {
                return null;
            }
        }
        return verdict;
    }

    /** As {@link OpenedInHandler#mayConcernException}; true if that is unknown. */
    boolean mayConcernException(StackFrame frame, List<Integer> opens, ClassFiles files) {
        try {
            MethodCode method = method(frame, files);
            return method == null || OpenedInHandler.mayConcernException(method, opens, frame.getByteCodeIndex());
        } catch (RuntimeException malformed) {
            return true;
        }
    }

    /** As {@link OpenedInHandler#mayHaveThrown}, about the place where a frame was; true if that is unknown. */
    boolean mayHaveThrown(StackFrame frame, ClassFiles files) {
        try {
            MethodCode method = method(frame, files);
            return method == null || OpenedInHandler.mayHaveThrown(method, frame.getByteCodeIndex());
        } catch (RuntimeException malformed) {
            return true;
        }
    }

    /**
     * Whether the class has as many members as its file. Agents that add members (JaCoCo does) rewrite the code too.
     * The JDK hides fields of some of its own classes.
     */
    boolean isUnchanged(Class<?> type, ClassFiles files) {
        if (unchanged == null) {
            try {
                ClassFile file = files.of(type);
                if (file == null) {
                    return false;
                }
                int declared = type.getDeclaredMethods().length + type.getDeclaredConstructors().length;
                int inFile = file.methodCount();
                // reflection does not count the static initializer
                unchanged = (declared == inFile || declared == inFile - 1)
                        && (type.getClassLoader() == null || type.getDeclaredFields().length == file.fieldCount());
            } catch (RuntimeException | LinkageError unknown) {
                return false; // a class that a member names may be missing only now
            }
        }
        return unchanged;
    }

    /**
     * Whether an exception that leaves the call at which a frame is is caught there as a jump, and not as a failure; or
     * may be, because the code that runs is not that of the class file. If the file cannot be read it is not.
     *
     * @param callee the frame of what is called
     */
    boolean catchesJump(StackFrame frame, StackFrame callee, ClassFiles files) {
        if (!namesJumps(frame, files)) {
            return false; // most classes: without asking for the name of the method, which takes some time
        }
        CallSite site = site(frame, files);
        if (site == null || Frames.isStaticInitializer(callee)) { // which any kind of instruction may call
            return site != null && site.isInsideCatchOfJump();
        }
        return site.isInsideCatchOfJump()
                || !site.mayLeadTo(callee, frame.getDeclaringClass() == callee.getDeclaringClass())
                || !site.isOnLineOf(frame);
    }

    private boolean namesJumps(StackFrame frame, ClassFiles files) {
        if (namesJumps == null) {
            try {
                ClassFile file = files.of(frame.getDeclaringClass());
                if (file == null) {
                    return false;
                }
                namesJumps = Jumps.areNamedIn(file.constants());
            } catch (RuntimeException malformed) {
                return false;
            }
        }
        return namesJumps;
    }

    private static MethodCode method(StackFrame frame, ClassFiles files) {
        ClassFile file = files.of(frame.getDeclaringClass());
        return file == null ? null : file.method(frame.getMethodName(), frame.getDescriptor());
    }

    private static int[] toArray(List<Integer> numbers) {
        int[] array = new int[numbers.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = numbers.get(i);
        }
        return array;
    }
}
