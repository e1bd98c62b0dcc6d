package org.atomicfs.providers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of S3 as the provider asks for, in memory: objects of one bucket, conditional PUTs, and answers that are lost
 * or refuse.
 */
final class S3Server implements Closeable {
    /** What becomes of a PUT. */
    enum Puts {
        TAKEN,
        /** Access is denied. */
        REFUSED,
        /** The object is stored, and the connection closed without an answer. */
        ANSWER_LOST
    }

    private record Stored(byte[] content, Instant time) {
        String tag() {
            try {
                return '"'
                        + HexFormat.of()
                                .formatHex(MessageDigest.getInstance("MD5").digest(content))
                        + '"';
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static final Pattern KEY = Pattern.compile("<Key>([^<]*)</Key>");

    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Stored> objects = new TreeMap<>();
    private volatile Puts puts = Puts.TAKEN;

    S3Server() throws IOException {
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Has PUTs end in another way. */
    void puts(Puts how) {
        puts = how;
    }

    /** The content of an object, from the server itself; null if there is none. */
    synchronized String content(String key) {
        Stored stored = objects.get(key);
        return stored == null ? null : new String(stored.content());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String[] path = exchange.getRequestURI().getPath().substring(1).split("/", 2);
            String key = path.length > 1 ? path[1] : "";
            byte[] body = content(exchange);
            switch (exchange.getRequestMethod()) {
                case "HEAD", "GET" -> {
                    if (key.isEmpty()) {
                        list(exchange);
                    } else {
                        get(exchange, objects.get(key));
                    }
                }
                case "PUT" -> put(exchange, key, body);
                case "POST" -> {
                    Matcher keys = KEY.matcher(new String(body, StandardCharsets.UTF_8));
                    while (keys.find()) {
                        objects.remove(keys.group(1));
                    }
                    send(exchange, 200, "<DeleteResult/>");
                }
                case "DELETE" -> {
                    objects.remove(key);
                    send(exchange, 204, "");
                }
                default -> send(exchange, 405, "");
            }
        }
    }

    /** The body, without the frames that the SDK puts around pieces of it. */
    private static byte[] content(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (!String.valueOf(exchange.getRequestHeaders().getFirst("Content-Encoding"))
                .contains("aws-chunked")) {
            return body;
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        InputStream in = new ByteArrayInputStream(body);
        while (true) {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n' && c >= 0; c = in.read()) {
                line.append((char) c);
            }
            int size = Integer.parseInt(line.toString().trim().split(";")[0], 16);
            if (size == 0) {
                return content.toByteArray();
            }
            content.write(in.readNBytes(size));
            in.skipNBytes(2);
        }
    }

    private void put(HttpExchange exchange, String key, byte[] body) throws IOException {
        Stored old = objects.get(key);
        String ifNone = exchange.getRequestHeaders().getFirst("If-None-Match");
        String ifMatch = exchange.getRequestHeaders().getFirst("If-Match");
        if (puts == Puts.REFUSED) {
            error(exchange, 403, "AccessDenied");
        } else if (ifNone != null && old != null || ifMatch != null && (old == null || !ifMatch.equals(old.tag()))) {
            error(exchange, 412, "PreconditionFailed");
        } else {
            Stored stored = new Stored(body, Instant.now());
            objects.put(key, stored);
            if (puts == Puts.TAKEN) {
                exchange.getResponseHeaders().set("ETag", stored.tag());
                send(exchange, 200, "");
            }
        }
    }

    private static void get(HttpExchange exchange, Stored stored) throws IOException {
        if (stored == null) {
            error(exchange, 404, "NoSuchKey");
            return;
        }
        byte[] content = stored.content();
        exchange.getResponseHeaders().set("ETag", stored.tag());
        exchange.getResponseHeaders()
                .set(
                        "Last-Modified",
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                stored.time().atOffset(ZoneOffset.UTC)));
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(content.length));
            exchange.sendResponseHeaders(200, -1);
        } else if (range != null) {
            String[] ends = range.replace("bytes=", "").split("-");
            int from = Integer.parseInt(ends[0]);
            if (from >= content.length) {
                error(exchange, 416, "InvalidRange");
                return;
            }
            int to = Math.min(Integer.parseInt(ends[1]), content.length - 1);
            exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + to + "/" + content.length);
            byte[] part = Arrays.copyOfRange(content, from, to + 1);
            exchange.sendResponseHeaders(206, part.length);
            exchange.getResponseBody().write(part);
        } else {
            exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
        }
    }

    private void list(HttpExchange exchange) throws IOException {
        Map<String, String> query = new LinkedHashMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        for (String each : raw == null ? new String[0] : raw.split("&")) {
            String[] pair = each.split("=", 2);
            query.put(pair[0], pair.length > 1 ? URLDecoder.decode(pair[1], StandardCharsets.UTF_8) : "");
        }
        String prefix = query.getOrDefault("prefix", "");
        String delimiter = query.get("delimiter");
        StringBuilder xml = new StringBuilder("<ListBucketResult><IsTruncated>false</IsTruncated>");
        Set<String> common = new TreeSet<>();
        objects.forEach((key, stored) -> {
            int end = delimiter == null ? -1 : key.indexOf(delimiter, prefix.length());
            if (key.startsWith(prefix) && end >= 0) {
                common.add(key.substring(0, end + 1));
            } else if (key.startsWith(prefix)) {
                xml.append("<Contents><Key>")
                        .append(key)
                        .append("</Key><Size>")
                        .append(stored.content().length)
                        .append("</Size></Contents>");
            }
        });
        common.forEach(
                each -> xml.append("<CommonPrefixes><Prefix>").append(each).append("</Prefix></CommonPrefixes>"));
        send(exchange, 200, xml.append("</ListBucketResult>").toString());
    }

    private static void error(HttpExchange exchange, int status, String code) throws IOException {
        send(exchange, status, "<Error><Code>" + code + "</Code><Message>" + code + "</Message></Error>");
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        boolean none = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, none ? -1 : body.length);
        if (!none) {
            exchange.getResponseBody().write(body);
        }
    }
}
