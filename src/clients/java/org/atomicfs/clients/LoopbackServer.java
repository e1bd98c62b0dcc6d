package org.atomicfs.clients;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** Answers one request with bytes that are no complete answer where a test wants none. */
final class LoopbackServer implements Closeable {
    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    /**
     * @param head the lines of the header
     * @param body what is sent after it
     * @param stays whether the connection is kept after that, until the server is closed
     */
    LoopbackServer(String head, byte[] body, boolean stays) throws IOException {
        thread = new Thread(() -> serve(head, body, stays), "loopback server");
        thread.start();
    }

    URI uri() {
        return URI.create(
                "http://%s:%d/".formatted(listener.getInetAddress().getHostAddress(), listener.getLocalPort()));
    }

    private void serve(String head, byte[] body, boolean stays) {
        try (Socket socket = listener.accept()) {
            skipRequest(socket.getInputStream());
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\n%s\r\n\r\n".formatted(head).getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            if (stays) {
                closed.await();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void skipRequest(InputStream in) throws IOException {
        for (int last = 0, next; last != 4 && (next = in.read()) >= 0; ) {
            last = next == "\r\n\r\n".charAt(last) ? last + 1 : next == '\r' ? 1 : 0;
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            listener.close();
        }
    }
}
