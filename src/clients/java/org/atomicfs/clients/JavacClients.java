package org.atomicfs.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.ForwardingJavaFileObject;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** javac by {@code javax.tools}, whose class files go to an atomic directory. */
final class JavacClients {
    private JavacClients() {}

    static List<Client> all() {
        return List.of(new Javac(), new JavacRefuses());
    }

    /** The class of a string constant, which is generated. */
    private abstract static class Compile extends Client {
        Compile(String how) {
            super(Files.class, "`javax.tools`, a class file" + how);
        }

        @Override
        public final String file() {
            return "Generated.class";
        }

        /** Compiles a class, unless something else is thrown. */
        final void compile(Path directory, String body, boolean broken) throws IOException {
            JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
            StringBuilder errors = new StringBuilder();
            try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
                files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(directory));
                JavaFileManager used = broken ? new BrokenFiles(files) : files;
                boolean compiled = compiler.getTask(
                                null, used, errors::append, List.of("-proc:none"), null, List.of(new Generated(body)))
                        .call();
                if (!compiled) {
                    throw new IOException(errors.toString());
                }
            }
        }

        /** javac reports what a caller's stream throws, as one of its own errors. */
        @Override
        public final Class<? extends Throwable> cause() {
            return IOException.class;
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            compile(file.getParent(), "public static final String ROWS = \"%d\";".formatted(Source.ROWS), false);
        }

        @Override
        public final void check(Path file) throws Exception {
            URL[] urls = {file.getParent().toUri().toURL()};
            try (URLClassLoader loader = new URLClassLoader(urls, null)) {
                Class<?> generated = loader.loadClass("Generated");
                assertEquals(
                        String.valueOf(Source.ROWS), generated.getField("ROWS").get(null));
            }
        }
    }

    private static final class Generated extends SimpleJavaFileObject {
        private final String body;

        Generated(String body) {
            super(URI.create("string:///Generated.java"), Kind.SOURCE);
            this.body = body;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return "public class Generated {" + body + "}";
        }
    }

    /** The caller's file manager, whose streams fail. */
    private static final class BrokenFiles extends ForwardingJavaFileManager<JavaFileManager> {
        BrokenFiles(JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) throws IOException {
            return new ForwardingJavaFileObject<JavaFileObject>(
                    super.getJavaFileForOutput(location, name, kind, sibling)) {
                @Override
                public OutputStream openOutputStream() throws IOException {
                    return new FilterOutputStream(super.openOutputStream()) {
                        @Override
                        public void write(byte[] bytes, int start, int length) throws IOException {
                            out.write(bytes, start, length / 2);
                            throw new IOException("the source broke");
                        }
                    };
                }

                @Override
                public boolean delete() {
                    return false;
                }
            };
        }
    }

    private static final class Javac extends Compile {
        Javac() {
            super(", the caller's file manager fails");
        }

        @Override
        public String remark() {
            return "if the file manager does not let javac delete the class file";
        }

        @Override
        public void failing(Path file) throws IOException {
            compile(file.getParent(), "", true);
        }
    }

    private static final class JavacRefuses extends Compile {
        JavacRefuses() {
            super(", too many constants");
        }

        @Override
        public Failure failure() {
            return Failure.DELETED;
        }

        @Override
        public String remark() {
            return "after a failure javac deletes the class file by name";
        }

        @Override
        public void failing(Path file) throws IOException {
            String body = IntStream.range(0, 35_000)
                    .mapToObj(i -> "int a%d; void b%d() {}".formatted(i, i))
                    .collect(Collectors.joining());
            compile(file.getParent(), body, false);
        }
    }
}
