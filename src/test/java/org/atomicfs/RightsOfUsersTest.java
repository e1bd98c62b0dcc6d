package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.Needs;
import org.atomicfs.testing.UnprivilegedUser;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Owners, groups, modes and writers, through every way of writing and copying: no other user may do more than before,
 * and no more than after the same done by the plain provider.
 */
class RightsOfUsersTest {
    private static final int[][] OWNERS = {{2001, 3000}, {2001, 2001}, {2002, 2002}, {2002, 3000}, {2002, 4000}};

    private static final int[] MODES = {
        0644, 0664, 0660, 0640, 0604, 0606, 0666, 0622, 0222, 0755, 0775, 04755, 04775, 02755, 02775, 06775, 04777
    };

    /** Users other than the writers, each with one group. */
    private static final int[][] OTHERS = {{2001, 2001}, {2003, 3000}, {2004, 4000}, {2005, 2002}, {2006, 0}, {2007, 1}
    };

    private static final int SET_USER = 04000;
    private static final int SET_GROUP = 02000;

    @TempDir
    Path directory;

    /** Who writes. */
    private enum Writer {
        MEMBER("--reuid=2002", "--regid=2002", "--groups=2002,3000"),
        STRANGER("--reuid=2002", "--regid=2002", "--clear-groups"),
        ROOT("--clear-groups"),
        ROOT_OF_CONTAINER("--clear-groups", "--bounding-set=-chown"),
        ROOT_WITHOUT_SET_IDS("--clear-groups", "--bounding-set=-fsetid");

        final List<String> identity;

        Writer(String... identity) {
            this.identity = List.of(identity);
        }
    }

    private enum Way {
        TRUNCATE,
        APPEND,
        UPDATE,
        REPLACE_BY_COPY,
        COPY,
        COPY_WITH_ATTRIBUTES;

        boolean makesNew() {
            return this == COPY || this == COPY_WITH_ATTRIBUTES;
        }

        void write(Path file) throws IOException {
            switch (this) {
                case TRUNCATE -> stream(file);
                case APPEND -> stream(file, StandardOpenOption.APPEND);
                case UPDATE -> stream(file, StandardOpenOption.WRITE);
                case REPLACE_BY_COPY ->
                    Files.copy(file.resolveSibling("source"), file, StandardCopyOption.REPLACE_EXISTING);
                case COPY -> Files.copy(file, copyOf(file));
                case COPY_WITH_ATTRIBUTES -> Files.copy(file, copyOf(file), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }

        private static void stream(Path file, StandardOpenOption... options) throws IOException {
            try (OutputStream out = Files.newOutputStream(file, options)) {
                out.write(1);
                Path temporary = AtomicFiles.plain(file).resolveSibling(file.getFileName() + ".tmp");
                if (Files.exists(temporary)) {
                    System.out.println(file.getFileName() + " " + Rights.of(temporary));
                }
            }
        }
    }

    private static Path copyOf(Path file) {
        return file.resolveSibling(file.getFileName() + "-copy");
    }

    private record Rights(int uid, int gid, int mode) {
        static Rights of(Path file) throws IOException {
            Map<String, Object> found = Files.readAttributes(file, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
            return new Rights((int) found.get("uid"), (int) found.get("gid"), (int) found.get("mode") & 07777);
        }

        static Rights parse(String text) {
            String[] parts = text.split("[:=]");
            return new Rights(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2], 8));
        }

        /** Read, write and execute, as bits. */
        int mayDo(int[] user) {
            int bits = user[0] == uid ? mode >> 6 : user[1] == gid ? mode >> 3 : mode;
            return bits & 7;
        }

        /** In whose name it runs: two numbers, -1 for that of the caller. */
        List<Integer> runsAs() {
            return List.of((mode & SET_USER) == 0 ? -1 : uid, (mode & SET_GROUP) == 0 ? -1 : gid);
        }

        @Override
        public String toString() {
            return "%d:%d=%o".formatted(uid, gid, mode);
        }
    }

    /** Writes files in one way, and prints what their temporaries are like meanwhile. */
    static final class Writing {
        public static void main(String[] arguments) {
            Way way = Way.valueOf(arguments[0]);
            for (int i = 1; i < arguments.length; i++) {
                Path plain = Path.of(arguments[i]);
                boolean atomic = plain.getParent().endsWith("atomic");
                try {
                    way.write(atomic ? AtomicFiles.atomic(plain) : plain);
                } catch (IOException refused) {
                    System.out.println(plain.getFileName() + " refused");
                }
            }
        }
    }

    private List<Path> files(String place) throws IOException {
        Path parent = Files.createDirectory(directory.resolve(place));
        Files.setAttribute(parent, "unix:mode", 0777);
        set(Files.writeString(parent.resolve("source"), "source"), 2001, 3000, 0644);
        List<Path> files = new ArrayList<>();
        for (int[] owner : OWNERS) {
            for (int mode : MODES) {
                Path file = parent.resolve("%d-%d-%o".formatted(owner[0], owner[1], mode));
                set(Files.writeString(file, "old"), owner[0], owner[1], mode);
                files.add(file);
            }
        }
        return files;
    }

    private static void set(Path file, int uid, int gid, int mode) throws IOException {
        Files.setAttribute(file, "unix:uid", uid);
        Files.setAttribute(file, "unix:gid", gid);
        Files.setAttribute(file, "unix:mode", mode);
    }

    private Map<String, String> write(Path copies, Writer writer, Way way, List<Path> files) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(way.name()));
        files.forEach(file -> arguments.add(file.toString()));
        ChildProcess.Result result = ChildProcess.run(
                UnprivilegedUser.program(copies, writer.identity, Writing.class, arguments.toArray(String[]::new)),
                null);
        assertEquals(0, result.status(), result.err());
        Map<String, String> printed = new HashMap<>();
        result.out().lines().map(line -> line.split(" ")).forEach(line -> printed.put(line[0], line[1]));
        return printed;
    }

    @ParameterizedTest
    @EnumSource
    void nobody_may_do_more_than_before(Writer writer, @TempDir Path copies) throws IOException {
        Needs.root();
        Files.setAttribute(directory, "unix:mode", 0755);
        List<String> wrong = new ArrayList<>();
        int compared = 0;
        for (Way way : Way.values()) {
            List<Path> plain = files("plain-" + way);
            List<Path> atomic = files("atomic");
            Map<String, String> refused = write(copies, writer, way, plain);
            Map<String, String> meanwhile = write(copies, writer, way, atomic);
            for (int i = 0; i < atomic.size(); i++) {
                String name = atomic.get(i).getFileName().toString();
                String[] was = name.split("-");
                Rights before =
                        new Rights(Integer.parseInt(was[0]), Integer.parseInt(was[1]), Integer.parseInt(was[2], 8));
                String about = writer + " " + way + " " + before + ": ";
                if ("refused".equals(meanwhile.get(name))) {
                    boolean readsToo = way == Way.APPEND || way == Way.UPDATE; // the old content has to be copied
                    if (!"refused".equals(refused.get(name)) && !readsToo) {
                        wrong.add(about + "refused");
                    }
                    continue;
                }
                compared++;
                Rights byPlain = Rights.of(way.makesNew() ? copyOf(plain.get(i)) : plain.get(i));
                Rights after = Rights.of(way.makesNew() ? copyOf(atomic.get(i)) : atomic.get(i));
                for (int[] user : OTHERS) {
                    int allowed =
                            way.makesNew() || way == Way.REPLACE_BY_COPY ? byPlain.mayDo(user) : before.mayDo(user);
                    if ((after.mayDo(user) & ~allowed) != 0) {
                        wrong.add(about + user[0] + " gains a right by " + after + ", plain " + byPlain);
                    }
                    if (meanwhile.containsKey(name)
                            && (Rights.parse(meanwhile.get(name)).mayDo(user) & ~allowed) != 0) {
                        wrong.add(about + user[0] + " gains a right meanwhile by " + meanwhile.get(name));
                    }
                }
                List<Integer> runsAs = after.runsAs();
                if (runsAs.get(0) != -1
                                && !runsAs.get(0).equals(byPlain.runsAs().get(0))
                        || runsAs.get(1) != -1
                                && !runsAs.get(1).equals(byPlain.runsAs().get(1))) {
                    wrong.add(about + "runs as another by " + after + ", plain " + byPlain);
                }
            }
            Files.move(directory.resolve("atomic"), directory.resolve("done-" + way));
        }
        assertEquals(List.of(), wrong);
        assertTrue(compared > 200, "compared " + compared);
    }
}
