package org.atomicfs.clients;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.atomicfs.AtomicFiles;
import org.atomicfs.testing.Poll;

/** The JDK's HTTP client, which writes a body to a file. */
final class HttpClients {
    /** What the server sends before it stops; it differs from what it sends to the end. */
    private static final String PART = "x".repeat(30_000);

    private HttpClients() {}

    static List<Client> all() {
        return List.of(new LengthCut(), new ChunkedCut(), new Cancelled());
    }

    private static HttpRequest request(LoopbackServer server) {
        return HttpRequest.newBuilder(server.uri()).build();
    }

    private static String length(int bytes) {
        return "Content-Length: " + bytes;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private abstract static class Download extends Client {
        Download(String how) {
            super(HttpClient.class, "`BodyHandlers.ofFile`, " + how);
        }

        @Override
        protected void write(Path file, Source source) throws Exception {
            receive(file, length(Source.text().length), Source.text());
        }

        final void receive(Path file, String head, byte[] body) throws IOException, InterruptedException {
            try (LoopbackServer server = new LoopbackServer(head, body, false)) {
                HttpClient.newHttpClient().send(request(server), BodyHandlers.ofFile(file));
            } finally {
                awaitClosed(file);
            }
        }

        /** The client's own thread closes the file after it has failed the caller's call. */
        static void awaitClosed(Path file) {
            Poll.until(() -> AtomicFiles.pending(file).isEmpty());
        }

        @Override
        public Class<? extends Throwable> cause() {
            return IOException.class;
        }

        /** The caller knows already that the download has failed: it is no news to log. */
        @Override
        public final boolean told() {
            return false;
        }

        @Override
        public final void check(Path file) throws IOException {
            Expect.text(file);
        }
    }

    private static final class LengthCut extends Download {
        LengthCut() {
            super("the body is shorter than its length");
        }

        @Override
        public void failing(Path file) throws Exception {
            receive(file, length(2 * PART.length()), ascii(PART));
        }
    }

    private static final class ChunkedCut extends Download {
        ChunkedCut() {
            super("the last chunk is missing");
        }

        @Override
        protected void write(Path file, Source source) throws Exception {
            String text = new String(Source.text(), StandardCharsets.US_ASCII);
            receive(file, "Transfer-Encoding: chunked", ascii(chunk(text) + "0\r\n\r\n"));
        }

        @Override
        public void failing(Path file) throws Exception {
            receive(file, "Transfer-Encoding: chunked", ascii(chunk(PART)));
        }

        private static String chunk(String text) {
            return "%x\r\n%s\r\n".formatted(text.length(), text);
        }
    }

    private static final class Cancelled extends Download {
        Cancelled() {
            super("the caller cancels");
        }

        @Override
        public Class<? extends Throwable> cause() {
            return CancellationException.class;
        }

        @Override
        public void failing(Path file) throws Exception {
            try (LoopbackServer server = new LoopbackServer(length(2 * PART.length()), ascii(PART), true)) {
                CompletableFuture<HttpResponse<Path>> response =
                        HttpClient.newHttpClient().sendAsync(request(server), BodyHandlers.ofFile(file));
                Poll.until(() -> hasBegun(file));
                response.cancel(true);
                awaitCancelled(response);
                awaitClosed(file);
                throw new CancellationException();
            }
        }

        /** Which of the two the caller gets to see is decided by the client's threads. */
        private static void awaitCancelled(CompletableFuture<?> response) {
            try {
                response.join();
            } catch (CancellationException e) {
                return;
            } catch (CompletionException e) {
                if (e.getCause() instanceof CancellationException) {
                    return;
                }
                throw e;
            }
            throw new AssertionError("not cancelled");
        }

        private static boolean hasBegun(Path file) {
            try {
                return AtomicFiles.pending(file)
                        .map(write -> write.bytesWritten() > 0)
                        .orElse(Files.readAllBytes(file)[0] == 'x');
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }
}
