package org.atomicfs.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.atomicfs.AtomicFiles;
import org.atomicfs.clients.Client.Failure;
import org.atomicfs.testing.CapturedLogs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Libraries that write to an atomic path: what they complete is published, and what they fail to complete is not.
 * Prints a table of them, writes it to {@code target/clients.md}, and compares it with that of the README of this
 * folder, which was made on JDK 17.
 */
class ClientsIT {
    private static final Path TABLE = Path.of("target", "clients.md");
    private static final Path README = Path.of("src", "clients", "README.md");

    /** For each client what its runs did, as they were seen to do. */
    private static final Map<String, String> SUCCESSES = new TreeMap<>();

    private static final Map<String, String> FAILURES = new TreeMap<>();

    @TempDir
    Path directory;

    static List<Client> clients() throws Exception {
        return Stream.of(
                        JdkClients.all(),
                        JavacClients.all(),
                        JfrClients.all(),
                        HttpClients.all(),
                        CompressClients.all(),
                        CsvClients.all(),
                        JacksonClients.all(),
                        StreamClients.all(),
                        OkioClients.all(),
                        ColumnClients.all(),
                        LuceneClients.all(),
                        DocumentClients.all(),
                        EasyExcelClients.all(),
                        KotlinClients.all())
                .flatMap(List::stream)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("clients")
    void what_is_complete_is_published(Client client) throws Exception {
        Path file = directory.resolve(client.file());
        try (CapturedLogs logs = new CapturedLogs()) {
            client.write(AtomicFiles.atomic(file));
            client.check(file);
            client.write(AtomicFiles.atomic(file));
            client.check(file);
            assertEquals(List.of(), logs.records());
        }
        assertNothingLeft();
        SUCCESSES.put(client.name(), "published");
    }

    @ParameterizedTest
    @MethodSource("clients")
    void what_is_not_complete_is_not_published(Client client) throws Exception {
        Path file = directory.resolve(client.file());
        client.write(file);
        Map<String, String> old = content(directory);
        Throwable thrown;
        boolean logged;
        try (CapturedLogs logs = new CapturedLogs()) {
            thrown = assertThrows(Exception.class, () -> client.failing(AtomicFiles.atomic(file)));
            logged = !logs.records().isEmpty();
        }

        assertNothingLeft();
        Failure seen = content(directory).equals(old)
                ? Failure.KEPT
                : Files.exists(file) ? Failure.PUBLISHED : Failure.DELETED;
        FAILURES.put(client.name(), seen.toString());
        assertEquals(client.failure(), seen);
        if (seen == Failure.KEPT) {
            client.check(file);
            assertEquals(client.told(), logged || isAttached(thrown), "logged, or attached to the exception");
        } else {
            assertNotEquals("", client.remark());
        }
        assertTrue(causes(thrown).stream().anyMatch(client.cause()::isInstance), thrown::toString);
        assertEquals(onPlainPath(client), described(client, thrown, directory));
    }

    /** What the failing run throws without the library; it destroys the old file there. */
    private List<String> onPlainPath(Client client) throws Exception {
        Path plain = Files.createDirectory(directory.resolve("plain"));
        Path file = plain.resolve(client.file());
        client.write(file);
        Map<String, String> old = content(plain);
        Throwable thrown = assertThrows(Exception.class, () -> client.failing(file));
        assertNotEquals(old, content(plain), "the failing run writes nothing");
        return described(client, thrown, plain);
    }

    private void assertNothingLeft() throws IOException {
        assertEquals(List.of(), AtomicFiles.pending());
        try (Stream<Path> found = Files.walk(directory)) {
            for (Path each : found.filter(Files::isDirectory).toList()) {
                assertEquals(List.of(), AtomicFiles.temporaries(each));
            }
        }
    }

    private static boolean isAttached(Throwable thrown) {
        return causes(thrown).stream()
                .flatMap(cause -> Stream.of(cause.getSuppressed()))
                .anyMatch(suppressed -> suppressed.toString().contains("discarded"));
    }

    private static List<Throwable> causes(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause).toList();
    }

    /** The exceptions down to the one that is expected, without what differs from run to run. */
    private static List<String> described(Client client, Throwable thrown, Path directory) {
        List<String> described = new ArrayList<>();
        for (Throwable cause : causes(thrown)) {
            described.add(cause.toString().replace(directory.toString(), "").replaceAll("\\d+", "0"));
            if (client.cause().isInstance(cause)) {
                break;
            }
        }
        return described;
    }

    /** The files below a directory, and what is in them. */
    private static Map<String, String> content(Path directory) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                content.put(
                        directory.relativize(file).toString(),
                        Base64.getEncoder().encodeToString(Files.readAllBytes(file)));
            }
        }
        return content;
    }

    @AfterAll
    static void print() throws Exception {
        List<String> table = new ArrayList<>(List.of("| library | success | failure | remark |", "|---|---|---|---|"));
        for (Client client : clients()) {
            table.add("| %s | %s | %s | %s |"
                    .formatted(
                            client.name(),
                            SUCCESSES.getOrDefault(client.name(), "test failed"),
                            FAILURES.getOrDefault(client.name(), "test failed"),
                            client.remark()));
        }
        assertFalse(SUCCESSES.isEmpty());
        Files.write(TABLE, table, StandardCharsets.UTF_8);
        table.forEach(System.out::println);
        List<String> readme = Files.readAllLines(README);
        assertEquals(
                List.of(),
                table.stream()
                        .filter(row -> !readme.contains(row.replaceFirst("^\\| JDK \\d+", "| JDK 17")))
                        .toList(),
                "not in " + README);
    }
}
