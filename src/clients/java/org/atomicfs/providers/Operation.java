package org.atomicfs.providers;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.atomicfs.AtomicFiles;
import org.atomicfs.AtomicWrite;

/** What is tried over every provider. */
enum Operation {
    CREATE_FILE("create") {
        @Override
        void run(Scene scene) throws Exception {
            scene.toNewName(() -> {
                try (OutputStream out = scene.opening(() -> Files.newOutputStream(scene.atomic("stream")))) {
                    out.write(bytes("content"));
                    assertFalse(Files.exists(scene.atomic("stream")));
                    assertFalse(Files.exists(scene.plain("stream")));
                }
                try (SeekableByteChannel out =
                        scene.opening(() -> Files.newByteChannel(scene.atomic("channel"), CREATE, WRITE))) {
                    out.write(ByteBuffer.wrap(bytes("content")));
                    assertFalse(Files.exists(scene.plain("channel")));
                }
                scene.has("channel", "content", "stream", "content");
            });
        }
    },
    REPLACE("replace") {
        @Override
        void run(Scene scene) throws Exception {
            Path stream = scene.existing("stream", "old");
            scene.replacing(() -> {
                try (OutputStream out = scene.opening(() -> Files.newOutputStream(stream))) {
                    out.write(bytes("new"));
                    assertEquals("old", read(stream));
                    assertEquals("old", read(AtomicFiles.plain(stream)));
                }
                scene.has("stream", "new");
                Files.write(stream, bytes("newer"));
                scene.has("stream", "newer");
            });
            Path channel = scene.existing("channel", "old");
            scene.replacing(() -> {
                try (SeekableByteChannel out =
                        scene.opening(() -> Files.newByteChannel(channel, WRITE, TRUNCATE_EXISTING))) {
                    out.write(ByteBuffer.wrap(bytes("new")));
                    assertEquals("old", read(AtomicFiles.plain(channel)));
                }
                scene.has("channel", "new", "stream", "newer");
            });
        }
    },
    FAIL("failed write") {
        @Override
        void run(Scene scene) throws Exception {
            scene.toNewName(() -> {
                fail(scene, scene.atomic("file"));
                scene.has();
            });
            Path file = scene.existing("file", "old");
            scene.replacing(() -> {
                fail(scene, file);
                scene.has("file", "old");
            });
            scene.replacing(() -> {
                fail(scene, file, APPEND);
                scene.has("file", "old");
            });
        }

        private void fail(Scene scene, Path file, OpenOption... options) throws Exception {
            OutputStream opened = scene.opening(() -> Files.newOutputStream(file, options));
            assertThrows(IllegalStateException.class, () -> {
                try (OutputStream out = opened) {
                    out.write(bytes("a part"));
                    throw new IllegalStateException("the source broke");
                }
            });
        }
    },
    ABORT("abort") {
        @Override
        void run(Scene scene) throws Exception {
            scene.toNewName(() -> {
                abort(scene, scene.atomic("file"));
                scene.has();
            });
            Path file = scene.existing("file", "old");
            scene.replacing(() -> {
                abort(scene, file);
                scene.has("file", "old");
            });
        }

        private void abort(Scene scene, Path file) throws Exception {
            OutputStream out = scene.opening(() -> Files.newOutputStream(file));
            out.write(bytes("a part"));
            ((AtomicWrite) out).abort();
            out.close();
        }
    },
    CREATE_NEW_FILE("CREATE_NEW") {
        @Override
        void run(Scene scene) throws Exception {
            scene.toNewName(() -> {
                try (OutputStream out = scene.opening(() -> Files.newOutputStream(scene.atomic("file"), CREATE_NEW))) {
                    out.write(bytes("first"));
                }
                assertThrows(
                        FileAlreadyExistsException.class,
                        () -> Files.newOutputStream(scene.atomic("file"), CREATE_NEW)
                                .close());
                scene.has("file", "first");
            });
            scene.toNewName(() -> {
                OutputStream out = scene.opening(() -> Files.newOutputStream(scene.atomic("late"), CREATE_NEW));
                out.write(bytes("mine"));
                Files.write(scene.plain("late"), bytes("theirs"));
                assertThrows(IOException.class, out::close);
                scene.has("file", "first", "late", "theirs");
            });
        }
    },
    APPEND_TO("append") {
        @Override
        void run(Scene scene) throws Exception {
            scene.toNewName(() -> {
                try (OutputStream out =
                        scene.opening(() -> Files.newOutputStream(scene.atomic("new"), CREATE, APPEND))) {
                    out.write(bytes("content"));
                }
                scene.has("new", "content");
                Files.delete(scene.plain("new"));
            });
            Path stream = scene.existing("stream", "old");
            scene.replacing(() -> {
                try (OutputStream out = scene.opening(() -> Files.newOutputStream(stream, APPEND))) {
                    out.write(bytes("+"));
                    assertEquals("old", read(AtomicFiles.plain(stream)));
                    out.write(bytes("more"));
                }
                scene.has("stream", "old+more");
                Files.delete(stream);
            });
            Path channel = scene.existing("channel", "old");
            scene.replacing(() -> {
                try (SeekableByteChannel out = scene.opening(() -> Files.newByteChannel(channel, APPEND))) {
                    out.write(ByteBuffer.wrap(bytes("+more")));
                    assertEquals("old", read(AtomicFiles.plain(channel)));
                }
                assertEquals("old+more", read(AtomicFiles.plain(channel)));
            });
        }
    },
    UPDATE("update in place") {
        @Override
        void run(Scene scene) throws Exception {
            Path file = scene.existing("file", "base");
            scene.replacing(() -> {
                try (SeekableByteChannel out = scene.opening(() -> Files.newByteChannel(file, WRITE))) {
                    out.position(1);
                    out.write(ByteBuffer.wrap(bytes("XX")));
                    assertEquals("base", read(AtomicFiles.plain(file)));
                }
                scene.has("file", "bXXe");
            });
            scene.replacing(() -> {
                String before = read(AtomicFiles.plain(file));
                scene.opening(() -> Files.newByteChannel(file, WRITE)).close();
                scene.has("file", before);
            });
        }
    },
    COPY_IN("copy in") {
        @Override
        void run(Scene scene) throws Exception {
            Path source = Files.writeString(scene.local("source"), "content");
            scene.toNewName(() -> {
                scene.opening(() -> Files.copy(source, scene.atomic("path")));
                scene.opening(() -> Files.copy(new ByteArrayInputStream(bytes("content")), scene.atomic("stream")));
                assertThrows(
                        FileAlreadyExistsException.class,
                        () -> Files.copy(InputStream.nullInputStream(), scene.atomic("stream")));
                scene.has("path", "content", "stream", "content");
            });
            Path path = scene.existing("path", "old");
            scene.replacing(() -> {
                scene.opening(() -> Files.copy(source, path, REPLACE_EXISTING));
                assertEquals("content", read(AtomicFiles.plain(path)));
            });
            Path stream = scene.existing("stream", "old");
            scene.replacing(() -> {
                scene.opening(() -> Files.copy(new ByteArrayInputStream(bytes("content")), stream, REPLACE_EXISTING));
                assertEquals("content", read(AtomicFiles.plain(stream)));
            });
        }
    },
    COPY_OUT("copy out") {
        @Override
        void run(Scene scene) throws Exception {
            Path file = scene.existing("file", "content");
            scene.toNewName(() -> {
                scene.opening(() -> Files.copy(file, AtomicFiles.atomic(scene.local("out"))));
                assertEquals("content", Files.readString(scene.local("out")));
                scene.opening(() -> Files.copy(file, scene.atomic("copy")));
                scene.has("copy", "content", "file", "content");
            });
        }
    },
    MOVE("move") {
        @Override
        void run(Scene scene) throws Exception {
            Path file = scene.existing("file", "content");
            scene.toNewName(() -> {
                scene.opening(() -> Files.move(file, scene.atomic("moved")));
                scene.has("moved", "content");
                scene.opening(() -> moveAtomically(scene, scene.atomic("moved"), scene.atomic("again")));
                scene.has("again", "content");
                Path local = Files.writeString(scene.local("local"), "from afar");
                scene.opening(() -> Files.move(AtomicFiles.atomic(local), scene.atomic("come")));
                assertFalse(Files.exists(local));
                scene.has("again", "content", "come", "from afar");
            });
            Path source = scene.existing("again", "new");
            Path target = scene.existing("come", "old");
            assertThrows(FileAlreadyExistsException.class, () -> Files.move(source, target));
            scene.has("again", "new", "come", "old");
            scene.replacing(() -> {
                scene.opening(() -> Files.move(source, target, REPLACE_EXISTING));
                scene.has("come", "new");
            });
            Path another = scene.existing("again", "newer");
            scene.replacing(() -> {
                scene.opening(() -> moveAtomically(scene, another, target, REPLACE_EXISTING));
                scene.has("come", "newer");
            });
        }

        /** A store has no rename: that is refused, and it copies and deletes instead. */
        private Path moveAtomically(Scene scene, Path from, Path to, CopyOption... options) throws IOException {
            CopyOption[] atomically = Arrays.copyOf(options, options.length + 1);
            atomically[options.length] = ATOMIC_MOVE;
            if (!scene.isInStore()) {
                return Files.move(from, to, atomically);
            }
            AtomicMoveNotSupportedException refused =
                    assertThrows(AtomicMoveNotSupportedException.class, () -> Files.move(from, to, atomically));
            assertTrue(refused.getReason().contains("store"), refused.getReason());
            return Files.move(from, to, options);
        }
    },
    LIST("list") {
        @Override
        void run(Scene scene) throws Exception {
            scene.existing("old", "old");
            scene.toNewName(() -> {
                try (OutputStream out = scene.opening(() -> Files.newOutputStream(scene.atomic("new")))) {
                    out.write(bytes("content"));
                    assertEquals(List.of("old"), list(scene));
                    assertEquals(1, AtomicFiles.pending().size());
                }
                assertEquals(List.of("new", "old"), list(scene));
            });
        }

        private List<String> list(Scene scene) throws IOException {
            try (Stream<Path> files = Files.list(AtomicFiles.atomic(scene.directory()))) {
                return files.map(file -> file.getFileName().toString()).sorted().toList();
            }
        }
    },
    RECOVER("recover") {
        @Override
        void run(Scene scene) throws Exception {
            scene.existing("file.tmp", "another program's");
            scene.toNewName(() -> {
                AtomicFiles.recover(scene.directory());
                AtomicFiles.temporaries(scene.directory());
                scene.has("file.tmp", "another program's");
                if (scene.isInStore()) { // where no temporary is
                    Files.write(scene.atomic("file"), bytes("new"));
                    scene.has("file", "new", "file.tmp", "another program's");
                    return;
                }
                FileSystemException busy =
                        assertThrows(FileSystemException.class, () -> Files.write(scene.atomic("file"), bytes("new")));
                assertTrue(busy.getMessage().contains("file.tmp"), busy.getMessage());
                assertTrue(busy.getMessage().contains("last modified"), busy.getMessage());
                scene.has("file.tmp", "another program's");
                Files.delete(scene.plain("file.tmp"));
                Files.write(scene.atomic("file"), bytes("new"));
                scene.has("file", "new");
            });
        }
    };

    private final String text;

    Operation(String text) {
        this.text = text;
    }

    /** Tries it, and throws if anything but success or a refusal comes of it. */
    abstract void run(Scene scene) throws Exception;

    private static byte[] bytes(String content) {
        return content.getBytes();
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file));
    }

    @Override
    public String toString() {
        return text;
    }
}
