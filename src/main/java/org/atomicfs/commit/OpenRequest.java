package org.atomicfs.commit;

import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.atomicfs.AtomicListener;
import org.atomicfs.AtomicOptions;
import org.atomicfs.CommitPolicy;
import org.atomicfs.Durability;
import org.atomicfs.TemporaryName;

/** What one open asks for. Pure: knows no file. */
public final class OpenRequest {
    private final Set<OpenOption> options;
    private final AtomicOptions atomic;
    private final boolean goesOnInPlace;

    private OpenRequest(Set<OpenOption> options, AtomicOptions atomic, boolean goesOnInPlace) {
        this.options = options;
        this.atomic = atomic;
        this.goesOnInPlace = goesOnInPlace;
    }

    /** Sorts the options of a channel. */
    public static OpenRequest ofChannel(Iterable<? extends OpenOption> options, AtomicOptions defaults) {
        Set<OpenOption> plain = new HashSet<>();
        for (OpenOption option : options) {
            if (!isOurs(Objects.requireNonNull(option))) {
                plain.add(option);
            }
        }
        return new OpenRequest(plain, defaults.overriddenBy(options), false);
    }

    /**
     * Sorts the options of an output stream, with the defaults of
     * {@link java.nio.file.spi.FileSystemProvider#newOutputStream}. READ is left for the delegate to refuse.
     */
    public static OpenRequest ofStream(OpenOption[] options, AtomicOptions defaults) {
        List<OpenOption> all = new ArrayList<>(Arrays.asList(options));
        if (all.contains(StandardOpenOption.READ)) {
            all.removeIf(Objects::isNull); // the delegate refuses READ first
        }
        OpenRequest request = ofChannel(all, defaults);
        if (request.options.isEmpty()) {
            request.options.addAll(List.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING));
        }
        request.options.add(StandardOpenOption.WRITE);
        return request;
    }

    /**
     * The same, of a program that does not know that it writes atomically: what it forces or locks before it closes it
     * is meant to be found by others from then on. It is published then, and written in place after that.
     */
    public OpenRequest goingOnInPlace() {
        return new OpenRequest(options, atomic, true);
    }

    /** The same, with a temporary that gets in no other writer's way. */
    public OpenRequest withUniqueTemporary() {
        return new OpenRequest(options, uniqueTemporary(atomic), goesOnInPlace);
    }

    /** The same options, with temporaries that get in no other writer's way. */
    public static AtomicOptions uniqueTemporary(AtomicOptions options) {
        return options.overriddenBy(Set.of(TemporaryName.UNIQUE));
    }

    boolean goesOnInPlace() {
        return goesOnInPlace;
    }

    /** The options of an open that only reads, as they are: it is for the delegate to look at them. */
    public static OpenOption[] withoutOurs(OpenOption... options) {
        return Arrays.stream(options).filter(option -> !isOurs(option)).toArray(OpenOption[]::new);
    }

    private static boolean isOurs(OpenOption option) {
        return !(option instanceof StandardOpenOption) // as most of them are
                && (option instanceof Durability
                        || option instanceof CommitPolicy
                        || option instanceof TemporaryName
                        || option instanceof AtomicListener);
    }

    private boolean has(OpenOption option) {
        return options.contains(option);
    }

    /** How this open writes: the file system's options with this open's own ones over them. */
    public AtomicOptions atomic() {
        return atomic;
    }

    /** The options as asked for, without those that only atomicfs knows. */
    public Set<OpenOption> options() {
        return options;
    }

    /** The same, without the options that only one provider knows. */
    OpenRequest ofStandardOptions() {
        Set<OpenOption> standard = new HashSet<>(options);
        standard.removeIf(option -> !(option instanceof StandardOpenOption));
        return new OpenRequest(standard, atomic, goesOnInPlace);
    }

    /** The options that only one provider knows. */
    Set<OpenOption> ofProvider() {
        Set<OpenOption> own = new HashSet<>(options);
        own.removeIf(option -> option instanceof StandardOpenOption || option instanceof LinkOption);
        return own;
    }

    /** Whether this open can change a file. */
    public boolean writes() {
        return has(StandardOpenOption.WRITE) || has(StandardOpenOption.APPEND);
    }

    boolean creates() {
        return has(StandardOpenOption.CREATE) || createsNew();
    }

    /** Whether this open makes a file, and refuses one that is there. */
    public boolean createsNew() {
        return has(StandardOpenOption.CREATE_NEW);
    }

    /** Whether what is written goes to the end of the file. */
    public boolean appends() {
        return has(StandardOpenOption.APPEND);
    }

    /** Whether a file that was not there before is made to be locked by others, to go by the options alone. */
    boolean mayMakeLockFile() {
        return !truncates() && !createsNew() && atomic.commitPolicy() != CommitPolicy.EXPLICIT;
    }

    /** Creates the temporary, and opens it in the way asked for. */
    Set<OpenOption> forNewTemporary() {
        Set<OpenOption> result = forTemporary();
        result.add(StandardOpenOption.CREATE_NEW);
        return result;
    }

    /** Whether the file can be read through what is opened. */
    public boolean reads() {
        return has(StandardOpenOption.READ);
    }

    /** Whether this open empties the file. */
    public boolean truncates() {
        return has(StandardOpenOption.TRUNCATE_EXISTING);
    }

    /** Whether the file is gone when it is closed. */
    public boolean deletesOnClose() {
        return has(StandardOpenOption.DELETE_ON_CLOSE);
    }

    boolean followsLinks() {
        return !has(LinkOption.NOFOLLOW_LINKS);
    }

    /** Opens a file that exists in the way asked for, and leaves its content alone. */
    Set<OpenOption> forExisting() {
        Set<OpenOption> result = forTemporary();
        result.remove(StandardOpenOption.TRUNCATE_EXISTING);
        return result;
    }

    /** As {@link #forExisting}, of a file that would be created. */
    Set<OpenOption> forExistingOrNew() {
        Set<OpenOption> result = forExisting();
        result.add(StandardOpenOption.CREATE);
        return result;
    }

    /**
     * Opens the temporary in the way asked for. It is empty: to truncate it could only harm another file that another
     * program has put in its place. With APPEND it is asked for nevertheless, so that the delegate refuses that.
     */
    Set<OpenOption> forTemporary() {
        Set<OpenOption> result = new HashSet<>(options);
        result.remove(StandardOpenOption.CREATE);
        result.remove(StandardOpenOption.CREATE_NEW);
        if (!appends()) {
            result.remove(StandardOpenOption.TRUNCATE_EXISTING);
        }
        return result;
    }
}
