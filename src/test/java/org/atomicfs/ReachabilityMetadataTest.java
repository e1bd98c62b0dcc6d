package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.atomicfs.testing.Metadata;
import org.junit.jupiter.api.Test;

/**
 * What the jar tells GraalVM's native-image: it has the form of the published schema (reachability-metadata, 1.1), what
 * it names is there, and it names all that the library does by reflection. The classes of other providers are compared
 * with these in the profile "clients".
 */
class ReachabilityMetadataTest {
    private static final Path MAIN = Path.of("src", "main", "java");

    private final JsonNode metadata = Metadata.read();

    private static Set<String> names(JsonNode node) {
        Set<String> names = new TreeSet<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static void assertOnly(JsonNode node, String required, String... optional) {
        assertTrue(node.isObject(), node.toString());
        assertTrue(required == null || node.hasNonNull(required), node.toString());
        Set<String> unknown = names(node);
        if (required != null) {
            unknown.remove(required);
        }
        List.of(optional).forEach(unknown::remove);
        assertEquals(Set.of(), unknown, node.toString());
    }

    private static void assertCondition(JsonNode entry) {
        if (entry.has("condition")) {
            assertOnly(entry.get("condition"), "typeReached");
            assertTrue(entry.get("condition").get("typeReached").isTextual(), entry.toString());
        }
    }

    @Test
    void it_has_the_form_of_the_schema() {
        assertOnly(metadata, null, "comment", "reflection", "resources");
        assertTrue(metadata.get("reflection").size() > 10);
        for (JsonNode entry : metadata.get("reflection")) {
            assertOnly(entry, "type", "condition", "methods", "fields", "unsafeAllocated");
            assertTrue(entry.get("type").isTextual(), entry.toString());
            assertCondition(entry);
            for (JsonNode method : entry.path("methods")) {
                assertOnly(method, "name", "parameterTypes");
                method.path("parameterTypes").forEach(type -> assertTrue(type.isTextual(), entry.toString()));
            }
            entry.path("fields").forEach(field -> assertOnly(field, "name"));
        }
        for (JsonNode entry : metadata.get("resources")) {
            assertOnly(entry, "glob", "condition");
            assertCondition(entry);
        }
    }

    @Test
    void what_it_names_of_the_library_and_the_jdk_is_there() {
        assertEquals(
                Runtime.version().feature() < 20
                        ? List.of("java.nio.file.spi.FileSystemProvider.readAttributesIfExists")
                        : List.of(),
                Metadata.missing(type -> type.startsWith("org.atomicfs.") || type.startsWith("java.")));
    }

    @Test
    void the_resources_that_it_names_are_those_of_the_services() throws IOException {
        Set<String> services = new HashSet<>(Set.of("META-INF/services/" + AtomicListener.class.getName()));
        Path classes = Path.of("target", "classes");
        try (Stream<Path> files = Files.list(classes.resolve("META-INF").resolve("services"))) {
            files.forEach(file -> services.add(classes.relativize(file).toString()));
        }
        Set<String> named = new HashSet<>();
        metadata.get("resources").forEach(entry -> named.add(entry.get("glob").asText()));
        assertEquals(services, named);
    }

    /** Methods of the JDK by which something is found by its name. */
    private static boolean isReflective(JavaMethodCall call) {
        String owner = call.getTargetOwner().getName();
        String name = call.getName();
        return owner.equals(Class.class.getName())
                        && Set.of(
                                        "forName",
                                        "getMethod",
                                        "getDeclaredMethod",
                                        "getField",
                                        "getDeclaredField",
                                        "getConstructor",
                                        "getDeclaredConstructor")
                                .contains(name)
                || owner.equals("java.lang.reflect.Array") && name.equals("newInstance")
                || owner.startsWith("java.lang.invoke.MethodHandles") && name.startsWith("find")
                || owner.equals("java.util.ServiceLoader") && name.equals("load");
    }

    @Test
    void each_class_that_uses_reflection_is_the_condition_of_an_entry() {
        Set<String> using = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("org.atomicfs").stream()
                        .filter(type -> !type.getPackageName().equals("org.atomicfs.cli"))
                        .filter(type ->
                                type.getMethodCallsFromSelf().stream().anyMatch(ReachabilityMetadataTest::isReflective))
                        .map(JavaClass::getName)
                        .map(name -> name.replaceFirst("\\$.*", ""))
                        .collect(Collectors.toCollection(TreeSet::new));
        Set<String> conditions = new TreeSet<>();
        Stream.of("reflection", "resources")
                .flatMap(part -> Metadata.stream(metadata.get(part)))
                .filter(entry -> entry.has("condition"))
                .forEach(entry ->
                        conditions.add(entry.get("condition").get("typeReached").asText()));
        assertTrue(using.size() > 4, using.toString());
        assertEquals(using, conditions);
    }

    /** The names as they are in the source: whole, or with a prefix that is a constant there. */
    @Test
    void what_it_names_of_others_is_named_in_the_source() throws IOException {
        List<String> unknown = new ArrayList<>();
        for (JsonNode entry : metadata.get("reflection")) {
            String type = entry.get("type").asText();
            if (type.startsWith("org.atomicfs.") || type.startsWith("java.")) {
                continue;
            }
            String condition = entry.get("condition").get("typeReached").asText();
            String source = Files.readString(MAIN.resolve(condition.replace('.', '/') + ".java"));
            Stream.concat(Metadata.stream(entry.path("methods")), Metadata.stream(entry.path("fields")))
                    .map(member -> member.get("name").asText())
                    .filter(name -> !name.equals("<init>") && !source.contains('"' + name + '"'))
                    .forEach(name -> unknown.add(type + "." + name));
        }
        assertEquals(List.of(), unknown);
    }

    /** Every string that the source gives to a reflective call is a name in the file. */
    @Test
    void what_the_source_names_it_names() throws IOException {
        Set<String> named = new HashSet<>();
        for (JsonNode entry : metadata.get("reflection")) {
            Stream.concat(Metadata.stream(entry.path("methods")), Metadata.stream(entry.path("fields")))
                    .forEach(member -> named.add(member.get("name").asText()));
        }
        Pattern call = Pattern.compile("(?:getMethod|getField|findVirtual|field|get|option)\\([^\"()]*\"([a-zA-Z]+)\"");
        Set<String> inSource = new TreeSet<>();
        for (String name : List.of(
                "commit/SftpServer",
                "commit/HdfsCluster",
                "commit/S3Provider",
                "view/AtomicPath",
                "AtomicFileSystemProvider")) {
            Matcher matcher = call.matcher(Files.readString(MAIN.resolve("org/atomicfs/" + name + ".java")));
            while (matcher.find()) {
                inSource.add(matcher.group(1));
            }
        }
        assertTrue(inSource.size() >= 12, inSource.toString());
        inSource.removeAll(named);
        assertEquals(Set.of(), inSource);
    }
}
