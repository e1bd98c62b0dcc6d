package org.atomicfs.unwind.corpus;

import java.io.IOException;
import java.io.InputStream;

/** Moves the code of the shapes by a number of NOPs when it loads them; their files stay as they are. */
final class ShiftingLoader extends ClassLoader {
    private final int nops;

    ShiftingLoader(ClassLoader parent, int nops) {
        super(parent);
        this.nops = nops;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("shapes.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : shifted(name);
        }
    }

    private Class<?> shifted(String name) throws ClassNotFoundException {
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
            byte[] file = NopAgent.shift(in.readAllBytes(), nops);
            return defineClass(name, file, 0, file.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
