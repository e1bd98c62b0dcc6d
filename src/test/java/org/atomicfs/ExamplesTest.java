package org.atomicfs;

import static org.atomicfs.testing.DirectoryListing.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import examples.CsvLibrary;
import examples.Download;
import examples.PipelineStep;
import examples.ReactiveWriter;
import examples.RowsAndIndex;
import examples.ServerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of {@code src/examples/java} do what they say, when they succeed and when they fail. */
class ExamplesTest {
    @TempDir
    Path directory;

    @Test
    void a_step_of_a_pipeline_is_skipped_when_its_output_exists() throws IOException {
        Path input = Files.writeString(directory.resolve("input"), "b\na\n");
        Path output = directory.resolve("output");
        PipelineStep.main(new String[] {input.toString(), output.toString()});
        assertEquals("a\nb\n", Files.readString(output));
        Files.writeString(input, "c\n");
        PipelineStep.main(new String[] {input.toString(), output.toString()});
        assertEquals("a\nb\n", Files.readString(output));
        Path missing = directory.resolve("missing");
        String[] failing = {missing.toString(), directory.resolve("other").toString()};
        assertThrows(IOException.class, () -> PipelineStep.main(failing));
        assertEquals(List.of("input", "output"), names(directory));
    }

    @Test
    void no_change_of_a_server_s_settings_is_lost() throws Exception {
        Path file = directory.resolve("settings");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> changes = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String key = "key" + i;
                changes.add(threads.submit(() -> {
                    new ServerSettings(file).set(key, "value");
                    return null;
                }));
            }
            for (Future<?> change : changes) {
                change.get();
            }
        } finally {
            threads.shutdownNow();
        }
        Properties settings = new Properties();
        try (var in = Files.newInputStream(file)) {
            settings.load(in);
        }
        assertEquals(40, settings.size());
        assertEquals(List.of("settings"), names(directory));
    }

    @Test
    void what_is_made_of_the_settings_is_written_only_when_it_differs() throws IOException {
        ServerSettings settings = new ServerSettings(directory.resolve("settings"));
        Path exported = directory.resolve("names");
        settings.set("b", "1");
        settings.set("a", "1");
        assertTrue(settings.exportNames(exported));
        assertEquals("a\nb", Files.readString(exported));
        FileTime time = FileTime.fromMillis(0);
        Files.setLastModifiedTime(exported, time);
        settings.set("a", "2");
        assertFalse(settings.exportNames(exported));
        assertEquals(time, Files.getLastModifiedTime(exported));
        settings.set("c", "1");
        assertTrue(settings.exportNames(exported));
        assertEquals("a\nb\nc", Files.readString(exported));
    }

    private static void respond(HttpExchange exchange) throws IOException {
        byte[] content = "new content".getBytes();
        switch (exchange.getRequestURI().getPath()) {
            case "/whole" -> {
                exchange.sendResponseHeaders(200, content.length);
                exchange.getResponseBody().write(content);
            }
            case "/half" -> {
                exchange.sendResponseHeaders(200, 2 * content.length);
                exchange.getResponseBody().write(content);
            }
            default -> {
                exchange.sendResponseHeaders(404, content.length);
                exchange.getResponseBody().write(content);
            }
        }
        exchange.close(); // cuts the connection where something is missing
    }

    /** The HTTP client closes the file in a thread of its own, perhaps after it has thrown. */
    private static void awaitEnd(Path file) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (AtomicFiles.pending(file).isPresent()) {
            assertTrue(System.nanoTime() < deadline, "not closed");
            Thread.onSpinWait();
        }
    }

    @Test
    void a_download_replaces_the_file_only_when_it_is_complete() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "the old content");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", ExamplesTest::respond);
        server.start();
        try {
            String address = "http://127.0.0.1:" + server.getAddress().getPort();
            for (String failing : List.of("/half", "/missing")) {
                String[] arguments = {address + failing, file.toString()};
                assertThrows(IOException.class, () -> Download.main(arguments));
                awaitEnd(file);
                assertEquals("the old content", Files.readString(file));
                assertEquals(List.of("file"), names(directory));
            }
            Download.main(new String[] {address + "/whole", file.toString()});
            assertEquals("new content", Files.readString(file));
            assertEquals(List.of("file"), names(directory));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void two_files_are_both_new_or_both_as_they_were() throws IOException {
        RowsAndIndex.main(directory.toString(), "100", "200");
        assertEquals("1,100\n2,200\n", Files.readString(directory.resolve("rows.csv")));
        assertEquals("1 0\n2 6\n", Files.readString(directory.resolve("rows.idx")));
        assertThrows(NumberFormatException.class, () -> RowsAndIndex.main(directory.toString(), "300", "no number"));
        assertEquals("1,100\n2,200\n", Files.readString(directory.resolve("rows.csv")));
        assertEquals("1 0\n2 6\n", Files.readString(directory.resolve("rows.idx")));
        assertEquals(List.of("rows.csv", "rows.idx"), names(directory));
    }

    @Test
    void a_library_that_takes_a_path_replaces_the_file_when_it_succeeds() throws IOException {
        Path file = directory.resolve("prices.csv");
        Map<String, Integer> prices = new LinkedHashMap<>(Map.of("tea", 3));
        CsvLibrary.write(file, prices);
        assertEquals("article,price\r\ntea,3\r\n", Files.readString(file));
        prices.put("air", -1);
        assertThrows(IllegalArgumentException.class, () -> CsvLibrary.write(file, prices));
        assertEquals("article,price\r\ntea,3\r\n", Files.readString(file));
        assertEquals(List.of("prices.csv"), names(directory));
    }

    private CompletableFuture<Void> publish(Path file, Throwable failure, String... items) throws IOException {
        ReactiveWriter writer = new ReactiveWriter(file);
        try (SubmissionPublisher<ByteBuffer> publisher = new SubmissionPublisher<>()) {
            publisher.subscribe(writer);
            for (String item : items) {
                publisher.submit(ByteBuffer.wrap(item.getBytes()));
            }
            if (failure != null) {
                publisher.closeExceptionally(failure);
            }
        }
        return writer.done();
    }

    @Test
    void a_reactive_writer_publishes_when_it_is_told_that_all_is_there() throws Exception {
        Path file = directory.resolve("file");
        String[] items = IntStream.range(0, 1000).mapToObj(i -> i + "\n").toArray(String[]::new);
        assertNull(publish(file, null, items).get(60, TimeUnit.SECONDS));
        assertEquals(String.join("", items), Files.readString(file));
        IOException failure = new IOException("the source broke");
        ExecutionException thrown = assertThrows(
                ExecutionException.class, () -> publish(file, failure, "half").get(60, TimeUnit.SECONDS));
        assertSame(failure, thrown.getCause());
        assertEquals(String.join("", items), Files.readString(file));
        assertEquals(List.of(), AtomicFiles.pending());
        assertEquals(List.of("file"), names(directory));
    }
}
