package org.atomicfs.view;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttributeView;
import org.atomicfs.commit.EarlyPublication;

/**
 * The attributes of a file that this JVM is writing while it stands in for the default file system: before they are
 * set, what was written is published, since they are those of the new file. By reflection, since it is rare, and there
 * are many types of views.
 */
public final class WrittenAttributes implements InvocationHandler {
    private final FileAttributeView view;
    private final Path plain;

    private WrittenAttributes(FileAttributeView view, Path plain) {
        this.view = view;
        this.plain = plain;
    }

    /**
     * Wraps a view.
     *
     * @param view null, as for a type of views that there is not, stays null
     */
    public static <V extends FileAttributeView> V of(V view, Class<V> type, Path plain) {
        return view == null
                ? null
                : type.cast(Proxy.newProxyInstance(
                        type.getClassLoader(), new Class<?>[] {type}, new WrittenAttributes(view, plain)));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (changes(method.getName())) {
            EarlyPublication.ofPath(plain);
        }
        try {
            return method.invoke(view, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** By the names that the interfaces of the JDK give to what changes a file. */
    private static boolean changes(String method) {
        return method.startsWith("set") || method.equals("write") || method.equals("delete");
    }
}
