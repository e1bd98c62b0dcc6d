package org.atomicfs.commit;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What is to be done for a transaction that is committed, as text, one line for each thing:
 *
 * <pre>
 *   atomicfs intent 1
 *   root KEY FORCED                              the root's key; whether anything is forced
 *   directory KEY PATH                           relative to the root where it is below it; numbered from 0
 *   KIND DIRECTORY OLD KEY SIZE MODIFIED DESTINATION TEMPORARY ANCHOR
 *   end STEPS CHECKSUM
 * </pre>
 *
 * A dash stands for what is not there. Another version is refused, and so is every text that is not exactly this.
 *
 * @param rootKey the key of the directory that the intent is in
 * @param forced whether each step is forced before the next one
 * @param directories those that members are in
 * @param steps what is to be done, in order
 */
record Intent(String rootKey, boolean forced, List<Directory> directories, List<Step> steps) {
    static final String VERSION = "atomicfs intent 1";
    private static final String PREFIX = "atomicfs intent ";
    private static final int STEP_FIELDS = 9;

    /** What becomes of a member. */
    enum Kind {
        /** The temporary takes the destination's place, whatever is there. */
        REPLACE,
        /** The temporary takes the destination's name, which was free. */
        CREATE,
        /** The destination is removed; the temporary only keeps others from writing it. */
        DELETE
    }

    /**
     * A directory of members.
     *
     * @param key by which it is known that it is there, and no empty place where it was mounted
     * @param path as {@link PathText}
     */
    record Directory(String key, String path) {
        String line() {
            return "directory " + key + " " + path;
        }
    }

    /**
     * What is done for one member; all names as {@link PathText}.
     *
     * @param directory the number of its directory
     * @param old the key of the file that the destination had when the transaction was committed
     * @param file what the temporary was then
     * @param anchor {@link Fingerprint#NONE} without one
     */
    record Step(
            Kind kind,
            int directory,
            String old,
            Fingerprint file,
            String destination,
            String temporary,
            String anchor) {
        String line() {
            return String.join(
                    " ",
                    kind.name().toLowerCase(java.util.Locale.ROOT),
                    Integer.toString(directory),
                    old,
                    file.toString(),
                    destination,
                    temporary,
                    anchor);
        }
    }

    /** The text is not that of an intent which can be understood. */
    static final class NotUnderstood extends IOException {
        private static final long serialVersionUID = 1L;

        NotUnderstood(String reason) {
            super(reason);
        }
    }

    static String rootLine(String rootKey, boolean forced) {
        return "root " + rootKey + " " + (forced ? "forced" : "unforced");
    }

    static String endLine(int steps, CRC32C sum) {
        return "end " + steps + " " + Long.toHexString(sum.getValue());
    }

    /** Adds a line to a checksum. */
    static void add(CRC32C sum, String line) {
        for (int i = 0; i < line.length(); i++) {
            sum.update(line.charAt(i));
        }
        sum.update('\n');
    }

    /** Reads a complete intent. */
    static Intent parse(BufferedReader in) throws IOException {
        CRC32C sum = new CRC32C();
        String first = requireVersion(in.readLine());
        add(sum, first);
        String rootKey = null;
        boolean forced = true;
        List<Directory> directories = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] fields = line.split(" ", -1);
            try {
                switch (fields[0]) {
                    case "root" -> {
                        rootKey = fields[1];
                        forced = !fields[2].equals("unforced");
                    }
                    case "directory" -> directories.add(new Directory(fields[1], fields[2]));
                    case "end" -> {
                        boolean complete = line.equals(endLine(steps.size(), sum))
                                && rootKey != null
                                && in.readLine() == null
                                && steps.stream().allMatch(step -> step.directory < directories.size());
                        if (!complete) {
                            throw new NotUnderstood("it is damaged: its checksum is wrong");
                        }
                        return new Intent(rootKey, forced, List.copyOf(directories), steps);
                    }
                    default -> steps.add(step(fields));
                }
            } catch (IndexOutOfBoundsException | IllegalArgumentException | DateTimeException e) {
                throw new NotUnderstood("it is damaged: it has a line '" + line + "'");
            }
            add(sum, line);
        }
        throw new NotUnderstood("it is damaged: its end is missing");
    }

    private static Step step(String... fields) {
        if (fields.length != STEP_FIELDS) {
            throw new IllegalArgumentException();
        }
        return new Step(
                Kind.valueOf(fields[0].toUpperCase(java.util.Locale.ROOT)),
                Integer.parseUnsignedInt(fields[1]),
                fields[2],
                new Fingerprint(fields[3], Long.parseUnsignedLong(fields[4]), Instant.parse(fields[5])),
                fields[6],
                fields[7],
                fields[8]);
    }

    /** The directories that are named at the beginning of an intent which is perhaps not complete. */
    static List<Directory> directoriesOf(BufferedReader in) throws IOException {
        List<Directory> directories = new ArrayList<>();
        if (!VERSION.equals(in.readLine())) {
            return directories;
        }
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] fields = line.split(" ", -1);
            if (fields.length == 3 && fields[0].equals("directory")) {
                directories.add(new Directory(fields[1], fields[2]));
            }
        }
        return directories;
    }

    private static String requireVersion(String first) throws NotUnderstood {
        if (VERSION.equals(first)) {
            return first;
        }
        throw new NotUnderstood(
                first != null && first.startsWith(PREFIX)
                        ? "it has version " + first.substring(PREFIX.length()) + ", and this library knows 1 alone"
                        : "it is damaged: it does not begin with '" + VERSION + "'");
    }
}
