package org.atomicfs.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;
import org.atomicfs.AtomicDefaultProvider;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.ChildProcess.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.console.ConsoleLauncher;

/** Ordinary programs, unchanged, whose default file system is the library's. */
class ProgramsIT {
    private static final String JAR = System.getProperty("library.jar");

    @TempDir
    Path directory;

    /** The arguments of a JVM in which all files of the directory are written atomically. */
    private List<String> atomically(String... arguments) {
        List<String> command = ChildProcess.shortCommand(
                "-Xbootclasspath/a:" + JAR,
                "-Djava.nio.file.spi.DefaultFileSystemProvider=" + AtomicDefaultProvider.class.getName(),
                "-Dorg.atomicfs.include=" + directory + "/**");
        Collections.addAll(command, arguments);
        return command;
    }

    private List<String> program(Class<?> program, Object... arguments) {
        List<String> command = atomically("-cp", System.getProperty("java.class.path"), program.getName());
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }

    private static String run(List<String> command) throws IOException {
        Result result = ChildProcess.run(command, null);
        assertEquals(0, result.status(), result.out() + result.err());
        return result.out();
    }

    private static void assertNoTemporaries(Path below) throws IOException {
        try (Stream<Path> files = Files.walk(below)) {
            assertEquals(
                    List.of(),
                    files.filter(file -> file.toString().endsWith(".tmp")).toList());
        }
    }

    /** A database; it is halted as by {@code kill -9}. */
    static final class Rows {
        public static void main(String[] arguments) throws Exception {
            try (Connection connection = DriverManager.getConnection("jdbc:h2:" + arguments[1]);
                    Statement statement = connection.createStatement()) {
                if (arguments[0].equals("count")) {
                    try (ResultSet count = statement.executeQuery("select count(*) from t")) {
                        count.next();
                        System.out.print(count.getInt(1));
                    }
                    return;
                }
                statement.execute("create table t(n int)");
                try (PreparedStatement insert = connection.prepareStatement("insert into t values(?)")) {
                    for (int i = 0; i < 500; i++) {
                        insert.setInt(1, i);
                        insert.execute();
                    }
                }
                statement.execute("checkpoint");
                Runtime.getRuntime().halt(0);
            }
        }
    }

    @Test
    void h2_has_all_its_rows_after_it_was_halted() throws IOException {
        Path database = directory.resolve("database");
        run(program(Rows.class, "write", database));
        assertEquals("500", run(program(Rows.class, "count", database)));
        assertNoTemporaries(directory);
    }

    /** An index: writes a document and waits, or tries to, or counts. */
    static final class Index {
        public static void main(String[] arguments) throws Exception {
            try (Directory index = FSDirectory.open(Path.of(arguments[1]))) {
                if (arguments[0].equals("count")) {
                    try (DirectoryReader reader = DirectoryReader.open(index)) {
                        System.out.print(reader.numDocs());
                    }
                    return;
                }
                try (IndexWriter writer = new IndexWriter(index, new IndexWriterConfig())) {
                    for (int committed = 0; committed < 2; committed++) {
                        Document document = new Document();
                        document.add(new StringField("n", "1", Field.Store.YES));
                        writer.addDocument(document);
                        writer.commit();
                    }
                    writer.addDocument(new Document());
                    System.out.println("committed");
                    System.in.read();
                } catch (LockObtainFailedException e) {
                    System.out.print("locked");
                }
            }
        }
    }

    @Test
    void lucene_excludes_a_second_process_and_keeps_what_was_committed() throws Exception {
        Path index = directory.resolve("index");
        Process writer = new ProcessBuilder(program(Index.class, "write", index))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertEquals("committed", writer.inputReader().readLine());
            assertEquals("locked", run(program(Index.class, "write", index)));
        } finally {
            writer.destroyForcibly().waitFor();
        }
        assertEquals("2", run(program(Index.class, "count", index)));
    }

    private Path project() throws IOException {
        Path source = Files.createDirectories(directory.resolve("src"));
        Files.writeString(
                source.resolve("Main.java"),
                "public class Main { public static void main(String[] a) { System.out.print(new Other()); } }");
        Files.writeString(
                source.resolve("Other.java"),
                "record Other() { @Override public String toString() { return \"compiled\"; } }");
        return source;
    }

    @Test
    void javac_and_jar_build_a_project() throws IOException {
        Path source = project();
        Path classes = directory.resolve("classes");
        Path jar = directory.resolve("main.jar");
        for (int times = 0; times < 2; times++) { // the second time all files are replaced
            run(atomically(
                    "-m",
                    "jdk.compiler/com.sun.tools.javac.Main",
                    "-d",
                    classes.toString(),
                    source.resolve("Main.java").toString(),
                    source.resolve("Other.java").toString()));
            run(atomically(
                    "-m",
                    "jdk.jartool/sun.tools.jar.Main",
                    "--create",
                    "--file",
                    jar.toString(),
                    "--main-class",
                    "Main",
                    "-C",
                    classes.toString(),
                    "."));
        }
        assertEquals("compiled", run(atomically("-jar", jar.toString())));
        assertNoTemporaries(directory);
    }

    @Test
    void maven_builds_a_project() throws IOException {
        Path maven = Stream.of(System.getenv("PATH").split(":"))
                .map(place -> Path.of(place, "mvn"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        assumeTrue(maven != null, "needs mvn on the PATH");
        Path copy = directory.resolve("copy");
        for (String part : List.of("pom.xml", "src/main")) {
            try (Stream<Path> files = Files.walk(Path.of(part))) {
                for (Path file : files.toList()) {
                    Path target = copy.resolve(file);
                    Files.createDirectories(target.getParent());
                    if (Files.isRegularFile(file)) {
                        Files.copy(file, target);
                    }
                }
            }
        }
        List<String> options = atomically();
        ProcessBuilder build = new ProcessBuilder(maven.toString(), "-o", "-B", "-q", "-f", copy.toString(), "compile")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile());
        build.environment().put("MAVEN_OPTS", String.join(" ", options.subList(1, options.size())));
        int status = ChildProcess.await(build.start());
        String log = Files.readString(directory.resolve("log"));
        assumeTrue(status == 0 || !log.contains("offline"), "needs the plugins in the local repository: " + log);
        assertEquals(0, status, log);
        assertTrue(Files.exists(copy.resolve("target/classes/org/atomicfs/AtomicFiles.class")));
        assertNoTemporaries(copy);
    }

    /** A server of files, which takes uploads, until it is told to stop. */
    static final class FileServer {
        public static void main(String[] arguments) throws Exception {
            Path root = Path.of(arguments[0]);
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                Path file = root.resolve(exchange.getRequestURI().getPath().substring(1));
                try (exchange) {
                    if (exchange.getRequestMethod().equals("PUT")) {
                        Files.copy(exchange.getRequestBody(), file, StandardCopyOption.REPLACE_EXISTING);
                        exchange.sendResponseHeaders(204, -1);
                    } else {
                        exchange.sendResponseHeaders(200, Files.size(file));
                        Files.copy(file, exchange.getResponseBody());
                    }
                }
            });
            server.start();
            System.out.println(server.getAddress().getPort());
            System.in.read();
            server.stop(0);
        }
    }

    @Test
    void an_http_server_publishes_complete_uploads_alone() throws Exception {
        Path root = Files.createDirectory(directory.resolve("root"));
        Process server = new ProcessBuilder(program(FileServer.class, root))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            int port = Integer.parseInt(server.inputReader().readLine());
            URI uri = URI.create("http://localhost:" + port + "/file");
            HttpClient client = HttpClient.newHttpClient();
            HttpRequest.Builder request = HttpRequest.newBuilder(uri);
            client.send(
                    request.PUT(HttpRequest.BodyPublishers.ofString("complete")).build(), BodyHandlers.discarding());
            try (java.net.Socket socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
                OutputStream out = socket.getOutputStream();
                out.write("PUT /file HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\npart".getBytes());
                out.flush();
                socket.shutdownOutput();
                try (InputStream in = socket.getInputStream()) {
                    in.readAllBytes(); // until the server has given up
                }
            }
            assertEquals(
                    "complete",
                    client.send(request.GET().build(), BodyHandlers.ofString()).body());
            server.getOutputStream().close();
            assertEquals(0, ChildProcess.await(server));
        } finally {
            server.destroyForcibly();
        }
        assertEquals("complete", Files.readString(root.resolve("file")));
        assertEquals(List.of("file"), Arrays.asList(root.toFile().list()));
    }

    /** For the console of JUnit. */
    static final class Small {
        @Test
        void passes() {
            assertTrue(Files.isDirectory(Path.of(".")));
        }
    }

    @Test
    void the_console_of_junit_writes_its_report() throws IOException {
        Path reports = directory.resolve("reports");
        String out = run(program(
                ConsoleLauncher.class,
                "execute",
                "--select-class",
                Small.class.getName(),
                "--reports-dir",
                reports,
                "--disable-banner"));
        assertTrue(out.contains("1 tests successful"), out);
        assertTrue(Files.readString(reports.resolve("TEST-junit-jupiter.xml")).contains("passes"));
        assertNoTemporaries(directory);
    }

    @Test
    void the_command_line_of_the_library_itself_works() throws IOException {
        Path source = Files.writeString(directory.resolve("source"), "content");
        Path target = directory.resolve("target");
        run(atomically("-jar", System.getProperty("cli.jar"), "copy", source.toString(), target.toString()));
        assertEquals("content", Files.readString(target));
        assertNoTemporaries(directory);
    }

    /** Writes a file, which never ends. */
    static final class Endless {
        public static void main(String[] arguments) throws IOException {
            try (OutputStream out = Files.newOutputStream(Path.of(arguments[0]))) {
                for (int i = 0; ; i++) {
                    out.write(new byte[1000]);
                    if (i == 10) {
                        System.out.println("writing");
                    }
                }
            }
        }
    }

    @Test
    void a_program_that_is_killed_half_way_leaves_the_old_file() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "old");
        Process writer = new ProcessBuilder(program(Endless.class, file))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertEquals("writing", writer.inputReader().readLine());
        } finally {
            writer.destroyForcibly().waitFor();
        }
        assertEquals("old", Files.readString(file));
    }
}
