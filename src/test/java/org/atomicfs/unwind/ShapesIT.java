package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.SourceVersion;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.unwind.corpus.Corpus;
import org.atomicfs.unwind.corpus.NopAgent;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How programs close their streams, as many compilers as possible put it: {@code src/test/shapes}. Compiled here and
 * run in JVMs of their own.
 */
class ShapesIT {
    private static final String CLASS_PATH = System.getProperty("java.class.path");
    private static final Path SHAPES = Path.of("src", "test", "shapes");
    private static final Pattern LINE =
            Pattern.compile("(?<shape>\\S+ (?<run>\\S+) \\S+) expected (?<expected>.): (?<said>.*)");

    /** Their exception's suppressed ones are not kept, or somebody swallowed the exception itself. */
    private static final Pattern NOBODY_TO_TELL = Pattern.compile(
            "(JavaShapes\\.(realStackOverflow|reportInlineFails|retryLoop)|ChainShapes\\.(retry|afterFailedBlock)) .*");

    private static final Map<String, Path> COMPILED = new HashMap<>();

    @TempDir
    static Path directory;

    /**
     * A compiler.
     *
     * @param command its main class and options
     * @param sources folders below {@code src/test/shapes}
     * @param classes to be run
     */
    record Compiler(String name, List<String> command, List<String> sources, List<String> classes) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Compiler> compilers() {
        List<Compiler> compilers = new ArrayList<>();
        int newest = SourceVersion.latest().ordinal();
        for (int release : List.of(8, 9, 11, 17, 21, 25)) {
            if (release <= newest) {
                compilers.add(javac(release));
            }
        }
        compilers.add(new Compiler(
                "ecj",
                List.of("org.eclipse.jdt.internal.compiler.batch.Main", "-17", "-nowarn", "-proc:none"),
                List.of("java8", "java11", "java17"),
                List.of("JavaShapes", "ChainShapes", "DoubtShapes", "LibraryShapes", "Java17Shapes")));
        compilers.add(new Compiler(
                "lombok",
                List.of(
                        "-m",
                        "jdk.compiler/com.sun.tools.javac.Main",
                        "-nowarn",
                        "--release",
                        "17",
                        "-processorpath",
                        jar("lombok")),
                List.of("lombok"),
                List.of("LombokShapes")));
        compilers.add(new Compiler(
                "kotlin",
                List.of(
                        "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler",
                        "-no-stdlib",
                        "-no-reflect",
                        "-nowarn",
                        "-jvm-target",
                        "17"),
                List.of("kotlin"),
                List.of("KotlinShapes")));
        compilers.add(new Compiler(
                "scala 2",
                List.of("scala.tools.nsc.Main", "-nowarn", "-release", "17"),
                List.of("scala"),
                List.of("ScalaShapes")));
        compilers.add(new Compiler(
                "scala 3",
                List.of("dotty.tools.dotc.Main", "-nowarn", "-release", "17"),
                List.of("scala3"),
                List.of("Scala3Shapes")));
        compilers.add(new Compiler(
                "groovy",
                List.of("org.codehaus.groovy.tools.FileSystemCompiler"),
                List.of("groovy"),
                List.of("GroovyShapes", "StaticGroovyShapes")));
        return compilers.stream();
    }

    private static Compiler javac(int release) {
        List<String> sources = new ArrayList<>(List.of("java8"));
        List<String> classes = new ArrayList<>(List.of("JavaShapes", "ChainShapes", "DoubtShapes"));
        if (release >= 11) {
            sources.add("java11");
            classes.add("LibraryShapes");
        }
        if (release >= 17) {
            sources.add("java17");
            classes.add("Java17Shapes");
        }
        if (release >= 21) {
            sources.add("jdk21");
            classes.add("Java21Shapes");
        }
        return new Compiler(
                "javac " + release,
                List.of(
                        "-m",
                        "jdk.compiler/com.sun.tools.javac.Main",
                        "-nowarn",
                        "-proc:none",
                        "--release",
                        String.valueOf(release)),
                sources,
                classes);
    }

    @ParameterizedTest
    @MethodSource("compilers")
    void streams_are_discarded_exactly_when_an_exception_is_propagating(Compiler compiler) throws IOException {
        Path classes = compile(compiler);
        List<String> wrong = new ArrayList<>();
        for (Matcher line : run(compiler, classes)) {
            boolean discarded = line.group("said").startsWith("discarded");
            boolean expected = switch (line.group("expected")) {
                case "A", "D" -> discarded;
                case "C", "M", "U" -> line.group("said").equals("published");
                case "?" -> true;
                default -> throw new AssertionError(line.group());
            };
            boolean told = !discarded
                    || line.group("said").equals("discarded, attached")
                    || line.group("said").equals("discarded, to be logged")
                    || NOBODY_TO_TELL.matcher(line.group()).matches();
            if (!expected || !told) {
                wrong.add(line.group());
            }
        }
        assertEquals(List.of(), wrong);
    }

    /** What the JVM, agents and class loaders do to the code may let an exception be missed, but nothing else. */
    @ParameterizedTest
    @MethodSource("compilers")
    void nothing_complete_is_discarded_whatever_is_done_to_the_code(Compiler compiler) throws IOException {
        Path classes = compile(compiler);
        String jacoco = "-javaagent:%s=includes=shapes.*,destfile=%s"
                .formatted(jar("org.jacoco.agent"), directory.resolve("jacoco.exec"));
        String nops = "-javaagent:" + agent(NopAgent.class) + "=";
        String shift = "-D" + Corpus.NOPS + "=";
        List<List<String>> ways = List.of(
                List.of("-Xint"),
                List.of(jacoco),
                List.of(nops + 8),
                List.of(shift + 1),
                List.of(shift + 3),
                List.of(shift + 64));
        List<String> wrong = new ArrayList<>();
        for (List<String> way : ways) {
            for (Matcher line : run(compiler, classes, way.toArray(String[]::new))) {
                boolean complete = line.group("expected").equals("C")
                        || line.group("expected").equals("U");
                if (complete && !line.group("said").equals("published")) {
                    wrong.add(way + " " + line.group());
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    private static Path compile(Compiler compiler) throws IOException {
        Path known = COMPILED.get(compiler.name());
        if (known != null) {
            return known;
        }
        Path classes = Files.createDirectories(directory.resolve(compiler.name()));
        boolean inJdk = compiler.command().contains("-m"); // where Lombok needs more modules than javac does
        List<String> command = inJdk
                ? ChildProcess.shortCommand("--add-modules", "ALL-SYSTEM")
                : ChildProcess.shortCommand("-cp", CLASS_PATH);
        command.addAll(compiler.command());
        command.addAll(List.of(compiler.name().equals("groovy") ? "--classpath" : "-classpath", CLASS_PATH));
        command.addAll(List.of("-d", classes.toString()));
        for (String folder : compiler.sources()) {
            try (Stream<Path> files = Files.walk(SHAPES.resolve(folder))) {
                files.filter(Files::isRegularFile).map(Path::toString).forEach(command::add);
            }
        }
        ChildProcess.Result result = ChildProcess.run(command, null);
        assertEquals(0, result.status(), result.out() + result.err());
        COMPILED.put(compiler.name(), classes);
        return classes;
    }

    private static List<Matcher> run(Compiler compiler, Path classes, String... options) throws IOException {
        List<String> command = ChildProcess.command(options);
        command.addAll(List.of("-cp", classes + File.pathSeparator + CLASS_PATH, Corpus.class.getName()));
        compiler.classes().forEach(name -> command.add("shapes." + name));
        ChildProcess.Result result = ChildProcess.run(command, null);
        assertEquals(0, result.status(), result.err());
        List<Matcher> lines = result.out().lines().map(LINE::matcher).toList();
        assertNotEquals(List.of(), lines);
        lines.forEach(line -> assertTrue(line.matches(), line.toString()));
        return lines;
    }

    private static Path agent(Class<?> type) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name("Premain-Class"), type.getName());
        Path jar = directory.resolve("agent.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }

    private static String jar(String artifact) {
        return Stream.of(CLASS_PATH.split(File.pathSeparator))
                .filter(path -> Path.of(path).getFileName().toString().startsWith(artifact + "-"))
                .findFirst()
                .orElseThrow();
    }
}
