package org.atomicfs;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.atomicfs.commit.OpenRequest;
import org.atomicfs.view.Selection;

/**
 * Selects nothing, and logs what would be selected: once for each place in the program, of which the first
 * {@value #MOST} count. Safe for use by several threads.
 */
final class SelectionReport implements Selection {
    private static final int MOST = 1000;

    private final Selection selection;
    private final Set<String> places = ConcurrentHashMap.newKeySet();

    SelectionReport(Selection selection) {
        this.selection = selection;
    }

    @Override
    public boolean selects(Path plain, OpenRequest request) {
        if (selection.selects(plain, request)) {
            report(plain);
        }
        return false;
    }

    @Override
    public boolean selects(Path plain) {
        if (selection.selects(plain)) {
            report(plain);
        }
        return false;
    }

    private void report(Path plain) {
        String place = StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> !isBelow(frame.getClassName()))
                        .findFirst()
                        .map(Object::toString)
                        .orElse("a thread of the JVM"));
        if (places.size() < MOST && places.add(place)) {
            System.getLogger("org.atomicfs").log(Level.INFO, plain + ": would be written atomically, by " + place);
        }
    }

    /** Whether a class is of the JDK or of this library: by name, since it can be loaded more than once. */
    private static boolean isBelow(String className) {
        return className.startsWith("org.atomicfs.")
                || className.startsWith("java.")
                || className.startsWith("javax.")
                || className.startsWith("jdk.")
                || className.startsWith("sun.");
    }
}
