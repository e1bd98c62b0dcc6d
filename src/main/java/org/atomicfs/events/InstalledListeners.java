package org.atomicfs.events;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceLoader;
import org.atomicfs.AtomicListener;

/** Finds the listeners of the whole JVM, by service lookup. */
final class InstalledListeners {
    /** How many that cannot be had are passed over before the rest is given up. */
    private static final int FAILURES = 100;

    private InstalledListeners() {}

    /** Finds and makes them. One that cannot be made is logged, and stops no other. */
    static List<AtomicListener> find() {
        List<AtomicListener> found = new ArrayList<>();
        // on the boot class path that is null, and so stands for the system class loader
        ClassLoader loader = AtomicListener.class.getClassLoader();
        Iterator<AtomicListener> services =
                ServiceLoader.load(AtomicListener.class, loader).iterator();
        for (int failures = 0; failures < FAILURES; ) {
            try {
                if (!services.hasNext()) {
                    break;
                }
                found.add(services.next());
            } catch (VirtualMachineError e) {
                throw e; // a passing one, perhaps
            } catch (Throwable e) { // a ServiceConfigurationError, or an error out of the listener's own code
                failures++;
                Telling.logger().log(Level.WARNING, "a listener cannot be had: " + e.getMessage(), e);
            }
        }
        return List.copyOf(found);
    }
}
