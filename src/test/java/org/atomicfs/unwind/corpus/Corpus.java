package org.atomicfs.unwind.corpus;

import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.atomicfs.unwind.Unwinding;

/**
 * Runs all shapes of classes, normal and failing, and prints a line for each stream: shape, run, stream, what was
 * expected of it, whether it was published or discarded, and whether the discarding was seen.
 */
public final class Corpus {
    /** A system property: by how many NOPs a class loader moves the code of the shapes. */
    public static final String NOPS = "nops";

    private static final String FORMAT = "%s.%s %s %s expected %s: %s%n";

    private Corpus() {}

    public static void main(String[] classes) throws Exception {
        PrintStream report = System.out;
        System.setOut(System.err); // shapes may print
        ClassLoader loader = loader();
        for (String name : classes) {
            Method[] methods = Class.forName(name, true, loader).getDeclaredMethods();
            Stream<Method> shapes = Stream.of(methods)
                    .filter(method -> method.isAnnotationPresent(Expect.class))
                    .sorted(Comparator.comparing(Method::getName));
            for (Method shape : shapes.toList()) {
                Expect expect = shape.getAnnotation(Expect.class);
                shape.setAccessible(true);
                run(shape, "normal", expect.n(), report);
                run(shape, "failing", expect.f(), report);
            }
        }
    }

    /** One that changes the code of the shapes without an agent, if it is to be changed. */
    private static ClassLoader loader() {
        Integer nops = Integer.getInteger(NOPS);
        ClassLoader parent = Corpus.class.getClassLoader();
        return nops == null ? parent : new ShiftingLoader(parent, nops);
    }

    private static void run(Method shape, String run, String expected, PrintStream report) throws Exception {
        if (expected.isEmpty()) {
            return;
        }
        Closed.forget();
        Throwable thrown = null;
        try {
            shape.invoke(null, run.equals("failing"));
        } catch (InvocationTargetException e) {
            thrown = e.getCause();
        }
        Map<String, Unwinding> closed = Closed.streams();
        for (String stream : expected.split(",")) {
            String name = stream.substring(0, stream.indexOf('='));
            report.printf(
                    FORMAT,
                    shape.getDeclaringClass().getSimpleName(),
                    shape.getName(),
                    run,
                    name,
                    stream.substring(stream.indexOf('=') + 1),
                    said(closed.get(name), name, thrown));
        }
    }

    private static String said(Unwinding unwinding, String stream, Throwable thrown) {
        if (unwinding == null) {
            return "not closed";
        }
        return switch (unwinding) {
            case NO -> "published";
            case HIDES, FOLLOWS_FAILURE -> "discarded, to be logged";
            case ATTACHES, ATTACHES_UNHEARD -> {
                Closed.Discarded exception = Closed.thrown().stream()
                        .filter(discarded -> discarded.getMessage().startsWith(stream + " "))
                        .findFirst()
                        .orElseThrow();
                // a shape that swallows the exception which propagated gives no chance to see
                boolean seen = thrown == null || isReachable(exception, thrown, identitySet());
                boolean only = thrown == exception;
                yield "discarded, " + (only ? "in the place of the failure" : seen ? "attached" : "unseen");
            }
        };
    }

    private static Set<Throwable> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    private static boolean isReachable(Throwable wanted, Throwable from, Set<Throwable> visited) {
        return from != null
                && visited.add(from)
                && (from == wanted
                        || isReachable(wanted, from.getCause(), visited)
                        || Stream.of(from.getSuppressed())
                                .anyMatch(suppressed -> isReachable(wanted, suppressed, visited)));
    }
}
