package org.atomicfs.commit;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.google.common.jimfs.Jimfs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;
import org.atomicfs.commit.SameFile.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SameFileTest {
    private static final List<OpenOption[]> MODES = List.of(
            new OpenOption[] {READ}, new OpenOption[] {WRITE}, new OpenOption[] {APPEND}, new OpenOption[] {READ, WRITE
            });

    @TempDir
    Path directory;

    private Path one;
    private Path other;

    @BeforeEach
    void write_two_files() throws IOException {
        one = Files.writeString(directory.resolve("one"), "one");
        other = Files.writeString(directory.resolve("other"), "other");
    }

    @Test
    void channels_of_all_modes_tell_whether_they_are_of_one_file() throws IOException {
        for (OpenOption[] first : MODES) {
            for (OpenOption[] second : MODES) {
                try (FileChannel a = FileChannel.open(one, first);
                        FileChannel b = FileChannel.open(one, second);
                        FileChannel c = FileChannel.open(other, second)) {
                    assertEquals(Answer.SAME, SameFile.ask(a, b));
                    assertEquals(Answer.DIFFERENT, SameFile.ask(a, c));
                    assertEquals(Answer.SAME, SameFile.ask(a, a));
                }
            }
        }
    }

    @Test
    void asynchronous_channels_tell_it_too() throws IOException {
        try (AsynchronousFileChannel a = AsynchronousFileChannel.open(one, WRITE);
                AsynchronousFileChannel b = AsynchronousFileChannel.open(one, READ);
                FileChannel c = FileChannel.open(one, READ);
                AsynchronousFileChannel d = AsynchronousFileChannel.open(other, WRITE)) {
            assertEquals(Answer.SAME, SameFile.ask(a, b));
            assertEquals(Answer.SAME, SameFile.ask(b, c));
            assertEquals(Answer.DIFFERENT, SameFile.ask(a, d));
        }
    }

    @Test
    void another_name_is_the_same_file_and_a_replaced_one_is_not() throws IOException {
        try (FileChannel opened = FileChannel.open(one, READ)) {
            Files.move(one, directory.resolve("moved"));
            Files.writeString(one, "new");
            try (FileChannel moved = FileChannel.open(directory.resolve("moved"), READ);
                    FileChannel replacing = FileChannel.open(one, READ)) {
                assertEquals(Answer.SAME, SameFile.ask(opened, moved));
                assertEquals(Answer.DIFFERENT, SameFile.ask(opened, replacing));
            }
        }
    }

    @Test
    void a_callers_lock_does_not_matter_and_stays() throws IOException {
        try (FileChannel a = FileChannel.open(one, READ, WRITE);
                FileChannel b = FileChannel.open(one, READ, WRITE);
                FileLock lock = a.lock(0, CallerLocks.clipped(0, Long.MAX_VALUE), false)) {
            assertEquals(Answer.SAME, SameFile.ask(a, b));
            assertEquals(Answer.SAME, SameFile.ask(b, a));
            assertEquals(true, lock.isValid());
        }
    }

    @Test
    void a_lock_of_this_jvm_on_all_of_the_other_file_is_not_taken_for_the_mark() throws IOException {
        try (FileChannel a = FileChannel.open(one, READ, WRITE);
                FileChannel b = FileChannel.open(other, READ, WRITE)) {
            assertNotNull(b.lock());
            assertEquals(Answer.UNKNOWN, SameFile.ask(a, b));
            assertEquals(Answer.UNKNOWN, SameFile.ask(b, a));
        }
    }

    @Test
    void what_is_no_channel_of_the_jdk_is_not_asked() throws IOException {
        try (FileSystem memory = Jimfs.newFileSystem();
                FileChannel a = FileChannel.open(one, READ)) {
            Path inMemory = Files.writeString(memory.getPath("file"), "");
            try (FileChannel b = FileChannel.open(inMemory, READ);
                    FileChannel again = FileChannel.open(inMemory, READ)) {
                assertEquals(Answer.UNKNOWN, SameFile.ask(b, again));
                assertEquals(Answer.UNKNOWN, SameFile.ask(a, b));
            }
            assertEquals(Answer.UNKNOWN, SameFile.ask(a, new ByteArrayOutputStream()));
            assertEquals(Answer.UNKNOWN, SameFile.ask(null, a));
        }
    }
}
