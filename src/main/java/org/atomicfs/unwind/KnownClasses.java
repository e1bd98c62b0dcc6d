package org.atomicfs.unwind;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The facts about classes, each given up with its class: neither does a class loader of the application stay alive
 * because of them, nor this library's own. (A {@link ClassValue} would hold objects of this library in classes of the
 * JDK, which live as long as the JVM.) Safe for any thread.
 */
final class KnownClasses {
    /** Made when it is first needed: a static initializer that fails once, for lack of memory, fails for good. */
    private static volatile KnownClasses shared;

    private final ConcurrentHashMap<Object, ClassFacts> facts = new ConcurrentHashMap<>();
    private final ReferenceQueue<Class<?>> unloaded = new ReferenceQueue<>();

    KnownClasses() {}

    /** What this JVM has found out. */
    static KnownClasses shared() {
        KnownClasses known = shared;
        if (known == null) {
            known = new KnownClasses(); // two threads may do so: then some facts are found out twice
            shared = known;
        }
        return known;
    }

    ClassFacts of(Class<?> type) {
        ClassFacts known = facts.get(new Wanted(type));
        if (known == null) {
            forgetUnloaded();
            ClassFacts made = new ClassFacts();
            known = facts.putIfAbsent(new Known(type, unloaded), made);
            known = known == null ? made : known;
        }
        return known;
    }

    int size() {
        forgetUnloaded();
        return facts.size();
    }

    private void forgetUnloaded() {
        for (Reference<?> gone = unloaded.poll(); gone != null; gone = unloaded.poll()) {
            facts.remove(gone);
        }
    }

    /** A key in the map. */
    private static final class Known extends WeakReference<Class<?>> {
        private final int hash;

        Known(Class<?> type, ReferenceQueue<Class<?>> unloaded) {
            super(type, unloaded);
            hash = type.hashCode();
        }

        @Override
        public boolean equals(Object other) {
            return other == this || other instanceof Known known && get() != null && get() == known.get();
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** A key that is looked for. */
    private static final class Wanted {
        private final Class<?> type;

        Wanted(Class<?> type) {
            this.type = type;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Known known && known.refersTo(type);
        }

        @Override
        public int hashCode() {
            return type.hashCode();
        }
    }
}
