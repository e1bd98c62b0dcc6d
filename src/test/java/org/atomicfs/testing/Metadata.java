package org.atomicfs.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The library's reachability metadata, and what is there of it. */
public final class Metadata {
    private Metadata() {}

    /** The file, as it is packaged. */
    public static JsonNode read() {
        try {
            return new ObjectMapper()
                    .readTree(Path.of("target/classes/META-INF/native-image/org.atomicfs/atomicfs")
                            .resolve("reachability-metadata.json")
                            .toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    /** The classes, methods and fields that the file names and that are not there, among types that are wanted. */
    public static List<String> missing(Predicate<String> wanted) {
        List<String> missing = new ArrayList<>();
        for (JsonNode entry : read().get("reflection")) {
            String name = entry.get("type").asText();
            if (!wanted.test(name)) {
                continue;
            }
            try {
                Class<?> type = type(name);
                stream(entry.path("methods"))
                        .filter(method -> !has(type, method))
                        .forEach(method ->
                                missing.add(name + "." + method.get("name").asText()));
                stream(entry.path("fields"))
                        .map(field -> field.get("name").asText())
                        .filter(field -> !hasField(type, field))
                        .forEach(field -> missing.add(name + "." + field));
            } catch (ClassNotFoundException e) {
                missing.add(name);
            }
        }
        return missing;
    }

    private static Class<?> type(String name) throws ClassNotFoundException {
        if (name.endsWith("[]")) {
            return Array.newInstance(type(name.substring(0, name.length() - 2)), 0)
                    .getClass();
        }
        return name.equals("int") ? int.class : Class.forName(name, false, Metadata.class.getClassLoader());
    }

    private static boolean has(Class<?> type, JsonNode method) {
        try {
            List<Class<?>> parameters = new ArrayList<>();
            for (JsonNode parameter : method.get("parameterTypes")) {
                parameters.add(type(parameter.asText()));
            }
            Class<?>[] types = parameters.toArray(Class<?>[]::new);
            String name = method.get("name").asText();
            return name.equals("<init>")
                    ? type.getDeclaredConstructor(types) != null
                    : type.getMethod(name, types) != null;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    private static boolean hasField(Class<?> type, String name) {
        try {
            return type.getDeclaredField(name) != null;
        } catch (NoSuchFieldException e) {
            return false;
        }
    }
}
