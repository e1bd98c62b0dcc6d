package org.atomicfs;

import java.nio.file.FileSystem;
import java.nio.file.InvalidPathException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;

/**
 * How an atomic file system writes. Immutable, and so safe for any thread.
 *
 * <p>An option that is not set comes from its system property, and where that is not set either, from the built-in
 * default:
 *
 * <table class="striped">
 *   <caption>The options</caption>
 *   <thead>
 *     <tr><th>key</th><th>system property</th><th>values (any case)</th><th>default</th></tr>
 *   </thead>
 *   <tbody>
 *     <tr><td>{@code durability}</td><td>{@code org.atomicfs.durability}</td>
 *         <td>{@link Durability}</td><td>{@code DATA}</td></tr>
 *     <tr><td>{@code commitPolicy}</td><td>{@code org.atomicfs.commitPolicy}</td>
 *         <td>{@link CommitPolicy}</td><td>{@code ON_SUCCESS}</td></tr>
 *     <tr><td>{@code temporaryName}</td><td>{@code org.atomicfs.temporaryName}</td>
 *         <td>{@link TemporaryName}</td><td>{@code FIXED}</td></tr>
 *     <tr><td>{@code traceOpens}</td><td>{@code org.atomicfs.traceOpens}</td>
 *         <td>{@code true}, {@code false}: whether a stream that was dropped without being closed is reported with
 *         the stack trace of its opening</td><td>{@code false}</td></tr>
 *     <tr><td>{@code keepOwner}</td><td>{@code org.atomicfs.keepOwner}</td>
 *         <td>{@code true}, {@code false}: whether a write fails, and the old file stays, where the new file cannot be
 *         given the old one's owner and group</td><td>{@code false}</td></tr>
 *     <tr><td>{@code stagingDirectory}</td><td>{@code org.atomicfs.stagingDirectory}</td>
 *         <td>a {@link Path}, or its text: where the content for an object store is kept until it is uploaded</td>
 *         <td>{@code java.io.tmpdir}</td></tr>
 *     <tr><td>{@code forceThreads}</td><td>{@code org.atomicfs.forceThreads}</td>
 *         <td>1 to 1024: how many files of a {@link FileTransaction} are forced at the same time</td>
 *         <td>{@code 8}</td></tr>
 *     <tr><td>{@code busyTimeout}</td><td>{@code org.atomicfs.busyTimeout}</td>
 *         <td>milliseconds, or a {@link Duration} such as {@code PT5S}: how long an open waits for another writer of
 *         the same file</td><td>0</td></tr>
 *     <tr><td>{@code listener}</td><td>none</td>
 *         <td>an {@link AtomicListener}: is told how each write has ended</td><td>none</td></tr>
 *   </tbody>
 * </table>
 *
 * <p>System properties are read when a file system is made, not at every open.
 */
public final class AtomicOptions {
    private static final String PROPERTY_PREFIX = "org.atomicfs.";

    private static final String DURABILITY = "durability";
    private static final String COMMIT_POLICY = "commitPolicy";
    private static final String TEMPORARY_NAME = "temporaryName";
    private static final String TRACE_OPENS = "traceOpens";
    private static final String KEEP_OWNER = "keepOwner";
    private static final String STAGING_DIRECTORY = "stagingDirectory";
    private static final String FORCE_THREADS = "forceThreads";
    private static final String BUSY_TIMEOUT = "busyTimeout";
    private static final String LISTENER = "listener";

    /** System properties that are no options, but for {@link AtomicDefaultProvider}. */
    private static final List<String> OF_DEFAULT_PROVIDER = List.of("include", "exclude", "default");

    private static final String KEYS = String.join(
            ", ",
            DURABILITY,
            COMMIT_POLICY,
            TEMPORARY_NAME,
            TRACE_OPENS,
            KEEP_OWNER,
            STAGING_DIRECTORY,
            FORCE_THREADS,
            BUSY_TIMEOUT,
            LISTENER);

    private static final int MOST_THREADS = 1024;

    private static final AtomicOptions BUILT_IN = new AtomicOptions(
            Durability.DATA, CommitPolicy.ON_SUCCESS, TemporaryName.FIXED, false, false, null, 8, 0, List.of());

    private final Durability durability;
    private final CommitPolicy commitPolicy;
    private final TemporaryName temporaryName;
    private final boolean traceOpens;
    private final boolean keepOwner;
    private final Path stagingDirectory; // null for the one of the JVM
    private final int forceThreads;
    private final long busyNanos; // not a Duration, whose classes a program that does not wait need not load
    private final List<AtomicListener> listeners; // immutable

    private AtomicOptions(
            Durability durability,
            CommitPolicy commitPolicy,
            TemporaryName temporaryName,
            boolean traceOpens,
            boolean keepOwner,
            Path stagingDirectory,
            int forceThreads,
            long busyNanos,
            List<AtomicListener> listeners) {
        this.durability = durability;
        this.commitPolicy = commitPolicy;
        this.temporaryName = temporaryName;
        this.traceOpens = traceOpens;
        this.keepOwner = keepOwner;
        this.stagingDirectory = stagingDirectory;
        this.forceThreads = forceThreads;
        this.busyNanos = busyNanos;
        this.listeners = listeners;
    }

    /**
     * The options of a file system that was made without any: the system properties, then the built-in defaults.
     *
     * @return the options
     * @throws IllegalArgumentException if a system property that begins with {@code org.atomicfs.} is not in the table
     *     above, or has a value that is not; the message lists the valid ones
     */
    public static AtomicOptions defaults() {
        Properties system = System.getProperties();
        Map<String, Object> found = new TreeMap<>();
        for (String name : system.stringPropertyNames()) {
            String key = name.startsWith(PROPERTY_PREFIX) ? name.substring(PROPERTY_PREFIX.length()) : null;
            if (key != null && !OF_DEFAULT_PROVIDER.contains(key)) {
                found.put(key, system.getProperty(name));
            }
        }
        String valid = KEYS + "; of AtomicDefaultProvider: " + String.join(", ", OF_DEFAULT_PROVIDER);
        return BUILT_IN.with(found, "system property '" + PROPERTY_PREFIX, "", valid);
    }

    /**
     * The options of an environment map, as given to {@link java.nio.file.FileSystems#newFileSystem(java.net.URI,
     * Map)}.
     *
     * @param env keys of the table above; values are the enums' constants or their names in any case
     * @return the options
     * @throws IllegalArgumentException if a key or a value is not valid; the message lists the valid ones
     */
    public static AtomicOptions fromEnv(Map<String, ?> env) {
        return defaults().with(env, "option '", " of an atomic: file system", KEYS);
    }

    /**
     * A builder that starts from {@link #defaults()}.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder(defaults());
    }

    private AtomicOptions with(Map<String, ?> settings, String before, String after, String valid) {
        Builder builder = new Builder(this);
        for (Map.Entry<String, ?> setting : settings.entrySet()) {
            String key = setting.getKey();
            Object value = setting.getValue();
            String where = before + key + "'" + after;
            switch (key) {
                case DURABILITY -> builder.durability(parse(Durability.class, value, where));
                case COMMIT_POLICY -> builder.commitPolicy(parse(CommitPolicy.class, value, where));
                case TEMPORARY_NAME -> builder.temporaryName(parse(TemporaryName.class, value, where));
                case TRACE_OPENS -> builder.traceOpens(parseBoolean(value, where));
                case KEEP_OWNER -> builder.keepOwner(parseBoolean(value, where));
                case STAGING_DIRECTORY -> builder.stagingDirectory(parsePath(value, where));
                case FORCE_THREADS -> builder.forceThreads(parseThreads(value, where));
                case BUSY_TIMEOUT -> builder.busyTimeout(parseDuration(value, where));
                case LISTENER -> builder.addListener(parseListener(value, where));
                default -> throw new IllegalArgumentException("Unknown " + where + "; valid: " + valid);
            }
        }
        return builder.build();
    }

    private static <E extends Enum<E>> E parse(Class<E> type, Object value, String where) {
        if (type.isInstance(value)) {
            return type.cast(value);
        }
        if (value instanceof String name) {
            for (E constant : type.getEnumConstants()) {
                if (constant.name().equals(name.toUpperCase(Locale.ROOT))) {
                    return constant;
                }
            }
        }
        throw invalid(value, where, Arrays.toString(type.getEnumConstants()));
    }

    private static boolean parseBoolean(Object value, String where) {
        return switch (String.valueOf(value).toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid(value, where, "[true, false]");
        };
    }

    private static Path parsePath(Object value, String where) {
        if (value instanceof Path path) {
            return path;
        }
        try {
            return Path.of((String) value);
        } catch (ClassCastException | InvalidPathException | NullPointerException e) {
            throw invalid(value, where, "a path of a directory");
        }
    }

    private static int parseThreads(Object value, String where) {
        try {
            int threads = Integer.parseInt(String.valueOf(value));
            if (threads >= 1 && threads <= MOST_THREADS) {
                return threads;
            }
        } catch (NumberFormatException e) {
            // is not valid either
        }
        throw invalid(value, where, "1 to " + MOST_THREADS);
    }

    private static Duration parseDuration(Object value, String where) {
        try {
            Duration duration = value instanceof Duration given
                    ? given
                    : value instanceof Number || String.valueOf(value).matches("[0-9]+")
                            ? Duration.ofMillis(Long.parseLong(String.valueOf(value)))
                            : Duration.parse(String.valueOf(value));
            if (!duration.isNegative()) {
                return duration;
            }
        } catch (DateTimeParseException | NumberFormatException e) {
            // as a negative one
        }
        throw invalid(value, where, "milliseconds, or a duration such as PT5S");
    }

    private static AtomicListener parseListener(Object value, String where) {
        if (value instanceof AtomicListener listener) {
            return listener;
        }
        throw invalid(value, where, "an AtomicListener");
    }

    private static IllegalArgumentException invalid(Object value, String where, String valid) {
        return new IllegalArgumentException("Invalid value '%s' of %s; valid: %s".formatted(value, where, valid));
    }

    /**
     * These options, overridden by those among some open options that are a {@link Durability}, a {@link CommitPolicy}
     * or a {@link TemporaryName}, with every {@link AtomicListener} among them added; all others are passed over.
     *
     * @param openOptions the options of one open
     * @return options for that open
     * @throws IllegalArgumentException if two different values of one option are given
     */
    public AtomicOptions overriddenBy(Iterable<? extends OpenOption> openOptions) {
        Durability durability = null;
        CommitPolicy commitPolicy = null;
        TemporaryName temporaryName = null;
        List<AtomicListener> told = listeners;
        for (OpenOption option : openOptions) {
            if (option instanceof StandardOpenOption) {
                continue;
            }
            if (option instanceof Durability given) {
                durability = single(durability, given);
            } else if (option instanceof CommitPolicy given) {
                commitPolicy = single(commitPolicy, given);
            } else if (option instanceof TemporaryName given) {
                temporaryName = single(temporaryName, given);
            } else if (option instanceof AtomicListener given) {
                told = with(told, given);
            }
        }
        if (durability == null && commitPolicy == null && temporaryName == null && told == listeners) {
            return this;
        }
        return new AtomicOptions(
                Objects.requireNonNullElse(durability, this.durability),
                Objects.requireNonNullElse(commitPolicy, this.commitPolicy),
                Objects.requireNonNullElse(temporaryName, this.temporaryName),
                traceOpens,
                keepOwner,
                stagingDirectory,
                forceThreads,
                busyNanos,
                told);
    }

    private static List<AtomicListener> with(List<AtomicListener> listeners, AtomicListener added) {
        List<AtomicListener> all = new ArrayList<>(listeners);
        all.add(added);
        return List.copyOf(all);
    }

    /** The same, but for opens that wait for other writers as long as it takes, unless there is a limit already. */
    AtomicOptions waitingForOthers() {
        return busyNanos > 0
                ? this
                : new AtomicOptions(
                        durability,
                        commitPolicy,
                        temporaryName,
                        traceOpens,
                        keepOwner,
                        stagingDirectory,
                        forceThreads,
                        Long.MAX_VALUE,
                        listeners);
    }

    private static <E extends Enum<E>> E single(E before, E given) {
        if (before != null && before != given) {
            throw new IllegalArgumentException("%s + %s not allowed: give one %s"
                    .formatted(before, given, given.getDeclaringClass().getSimpleName()));
        }
        return given;
    }

    /**
     * What a commit forces.
     *
     * @return never null
     */
    public Durability durability() {
        return durability;
    }

    /**
     * When closing publishes.
     *
     * @return never null
     */
    public CommitPolicy commitPolicy() {
        return commitPolicy;
    }

    /**
     * How temporaries are named.
     *
     * @return never null
     */
    public TemporaryName temporaryName() {
        return temporaryName;
    }

    /**
     * Whether it is remembered where files are opened, for the report on a stream that was never closed.
     *
     * @return false by default: it costs a stack trace at each open
     */
    public boolean traceOpens() {
        return traceOpens;
    }

    /**
     * Whether a write fails, and the old file stays, where the new file cannot be given the owner and group of the one
     * that it replaces: only a privileged process may give files away. Without this the new file belongs to the writer
     * there, with no set-id bit and no more permission for its group and all others than both had before.
     *
     * @return false by default
     */
    public boolean keepOwner() {
        return keepOwner;
    }

    /**
     * Where the content for an object store is kept until it is uploaded, as a plain path: in files that only their
     * owner can read, which are gone once the write has ended. It has to be on a file system with file locks that
     * processes of this machine share, so that what a killed process has left there can be told from what another one
     * writes: the next write to an object store removes that, and so does {@link AtomicFiles#recover} of this
     * directory.
     *
     * @return by default the directory that the system property {@code java.io.tmpdir} names
     */
    public Path stagingDirectory() {
        return stagingDirectory != null
                ? stagingDirectory
                : AtomicFiles.plain(Path.of(System.getProperty("java.io.tmpdir")));
    }

    /**
     * How many files of a {@link FileTransaction} are forced at the same time, and so how many are open at most beside
     * those that the program writes.
     *
     * @return 8 by default
     */
    public int forceThreads() {
        return forceThreads;
    }

    /**
     * As {@link #busyTimeout}, in nanoseconds.
     *
     * @return at most {@link Long#MAX_VALUE}
     */
    public long busyNanos() {
        return busyNanos;
    }

    /**
     * How long an open, or a deletion by a transaction, waits for another writer of the same file, before it throws a
     * {@link java.nio.file.FileAlreadyExistsException} that says who writes. It does not wait for a write of its own
     * thread. An interrupt ends it with a {@link java.io.InterruptedIOException}.
     *
     * @return zero by default: it does not wait
     */
    public Duration busyTimeout() {
        return Duration.ofNanos(busyNanos);
    }

    /**
     * Who is told how each write has ended, besides the listeners of an open and those of the whole JVM.
     *
     * @return an immutable list, empty by default
     */
    public List<AtomicListener> listeners() {
        return listeners;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AtomicOptions that
                && durability == that.durability
                && commitPolicy == that.commitPolicy
                && temporaryName == that.temporaryName
                && traceOpens == that.traceOpens
                && keepOwner == that.keepOwner
                && Objects.equals(stagingDirectory, that.stagingDirectory)
                && forceThreads == that.forceThreads
                && busyNanos == that.busyNanos
                && listeners.equals(that.listeners);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                durability,
                commitPolicy,
                temporaryName,
                traceOpens,
                keepOwner,
                stagingDirectory,
                forceThreads,
                busyNanos,
                listeners);
    }

    /** The options by their keys, as {@code fromEnv} takes them. */
    @Override
    public String toString() {
        return "{%s=%s, %s=%s, %s=%s, %s=%s, %s=%s, %s=%s, %s=%s%s%s}"
                .formatted(
                        DURABILITY,
                        durability,
                        COMMIT_POLICY,
                        commitPolicy,
                        TEMPORARY_NAME,
                        temporaryName,
                        TRACE_OPENS,
                        traceOpens,
                        KEEP_OWNER,
                        keepOwner,
                        FORCE_THREADS,
                        forceThreads,
                        BUSY_TIMEOUT,
                        busyTimeout(),
                        stagingDirectory == null ? "" : ", " + STAGING_DIRECTORY + "=" + stagingDirectory,
                        listeners.isEmpty() ? "" : ", " + LISTENER + "=" + listeners);
    }

    /**
     * Makes {@link AtomicOptions}, for {@link AtomicFiles#wrap(FileSystem, AtomicOptions)}. Not safe for use by several
     * threads at once.
     */
    public static final class Builder {
        private Durability durability;
        private CommitPolicy commitPolicy;
        private TemporaryName temporaryName;
        private boolean traceOpens;
        private boolean keepOwner;
        private Path stagingDirectory;
        private int forceThreads;
        private long busyNanos;
        private List<AtomicListener> listeners;

        private Builder(AtomicOptions start) {
            durability = start.durability;
            commitPolicy = start.commitPolicy;
            temporaryName = start.temporaryName;
            traceOpens = start.traceOpens;
            keepOwner = start.keepOwner;
            stagingDirectory = start.stagingDirectory;
            forceThreads = start.forceThreads;
            busyNanos = start.busyNanos;
            listeners = start.listeners;
        }

        /**
         * Sets what a commit forces.
         *
         * @param value not null
         * @return this builder
         */
        public Builder durability(Durability value) {
            durability = Objects.requireNonNull(value);
            return this;
        }

        /**
         * Sets when closing publishes.
         *
         * @param value not null
         * @return this builder
         */
        public Builder commitPolicy(CommitPolicy value) {
            commitPolicy = Objects.requireNonNull(value);
            return this;
        }

        /**
         * Sets how temporaries are named.
         *
         * @param value not null
         * @return this builder
         */
        public Builder temporaryName(TemporaryName value) {
            temporaryName = Objects.requireNonNull(value);
            return this;
        }

        /**
         * Sets whether it is remembered where files are opened.
         *
         * @param value whether
         * @return this builder
         */
        public Builder traceOpens(boolean value) {
            traceOpens = value;
            return this;
        }

        /**
         * Sets whether a write fails where the owner and group of the file that it replaces cannot be kept.
         *
         * @param value whether
         * @return this builder
         */
        public Builder keepOwner(boolean value) {
            keepOwner = value;
            return this;
        }

        /**
         * Sets where the content for an object store is kept until it is uploaded.
         *
         * @param value a directory, atomic or plain, that exists when it is needed
         * @return this builder
         */
        public Builder stagingDirectory(Path value) {
            stagingDirectory = AtomicFiles.plain(value);
            return this;
        }

        /**
         * Sets how many files of a {@link FileTransaction} are forced at the same time.
         *
         * @param value 1 to 1024
         * @return this builder
         * @throws IllegalArgumentException if it is not between these
         */
        public Builder forceThreads(int value) {
            forceThreads = parseThreads(value, "forceThreads");
            return this;
        }

        /**
         * Sets how long an open waits for another writer of the same file.
         *
         * @param value not negative
         * @return this builder
         * @throws IllegalArgumentException if it is negative
         */
        public Builder busyTimeout(Duration value) {
            if (value.isNegative()) {
                throw new IllegalArgumentException("negative: " + value);
            }
            busyNanos = value.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0 ? Long.MAX_VALUE : value.toNanos();
            return this;
        }

        /**
         * Adds one who is told how each write has ended.
         *
         * @param value not null
         * @return this builder
         */
        public Builder addListener(AtomicListener value) {
            listeners = with(listeners, Objects.requireNonNull(value));
            return this;
        }

        /**
         * The options as set.
         *
         * @return immutable options
         */
        public AtomicOptions build() {
            return new AtomicOptions(
                    durability,
                    commitPolicy,
                    temporaryName,
                    traceOpens,
                    keepOwner,
                    stagingDirectory,
                    forceThreads,
                    busyNanos,
                    listeners);
        }
    }
}
