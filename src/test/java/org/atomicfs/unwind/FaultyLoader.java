package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.function.Function;

/** Loads one class anew, and answers as its test wants when the file of the class is read. */
final class FaultyLoader extends ClassLoader {
    private final Class<?> user;
    private Function<byte[], InputStream> answer;

    FaultyLoader(Class<?> user, Function<byte[], InputStream> answer) {
        super(FaultyLoader.class.getClassLoader());
        this.user = user;
        this.answer = answer;
    }

    void answer(Function<byte[], InputStream> next) {
        answer = next;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.equals(user.getName())) {
            return super.loadClass(name, resolve);
        }
        Class<?> loaded = findLoadedClass(name);
        return loaded != null ? loaded : defineClass(name, file(), 0, file().length);
    }

    @Override
    public InputStream getResourceAsStream(String name) {
        return name.equals(user.getName().replace('.', '/') + ".class")
                ? answer.apply(file())
                : super.getResourceAsStream(name);
    }

    private byte[] file() {
        try {
            return ClassFileTest.bytes(user);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The class, as this loader loads it. */
    Class<?> load() throws ClassNotFoundException {
        return loadClass(user.getName());
    }

    /** Runs the static method {@code run} of the class, and returns what it throws. */
    Throwable run() throws ReflectiveOperationException {
        return assertThrows(
                        InvocationTargetException.class,
                        () -> load().getMethod("run").invoke(null))
                .getCause();
    }
}
