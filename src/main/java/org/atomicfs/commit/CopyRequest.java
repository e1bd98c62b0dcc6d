package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** What one copy or move asks for. */
final class CopyRequest {
    private static final Set<CopyOption> OF_COPIES =
            Set.of(StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
    private static final Set<CopyOption> OF_MOVES =
            Set.of(StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE, LinkOption.NOFOLLOW_LINKS);

    /** Of the JDK, in a module that not every program has: it changes how a copy ends, and not what it does. */
    private static final String INTERRUPTIBLE = "com.sun.nio.file.ExtendedCopyOption";

    private final Set<CopyOption> options;

    private CopyRequest(CopyOption... how) {
        options = new HashSet<>(Arrays.asList(how));
    }

    /** What a copy asks for; throws what the delegate throws for options that it does not take. */
    static CopyRequest ofCopy(Path source, Path target, CopyOption... how) {
        CopyRequest request = new CopyRequest(how);
        if (!request.isWithin(OF_COPIES)) {
            try {
                Files.copy(TemporaryNames.nowhere(source), TemporaryNames.nowhere(target), how);
            } catch (IOException noSuchFile) {
                // the options, which are looked at first, are taken
            }
        }
        return request;
    }

    /** What a move asks for, as {@link #ofCopy}. */
    static CopyRequest ofMove(Path source, Path target, CopyOption... how) {
        CopyRequest request = new CopyRequest(how);
        if (!request.isWithin(OF_MOVES)) {
            try {
                Files.move(TemporaryNames.nowhere(source), TemporaryNames.nowhere(target), how);
            } catch (IOException noSuchFile) {
                // as above
            }
        }
        return request;
    }

    private boolean isWithin(Set<CopyOption> known) {
        return !options.contains(null) && known.containsAll(options);
    }

    boolean replaces() {
        return options.contains(StandardCopyOption.REPLACE_EXISTING);
    }

    boolean isAtomic() {
        return options.contains(StandardCopyOption.ATOMIC_MOVE);
    }

    boolean copiesAttributes() {
        return options.contains(StandardCopyOption.COPY_ATTRIBUTES);
    }

    boolean followsLinks() {
        return !options.contains(LinkOption.NOFOLLOW_LINKS);
    }

    /** The options of a copy where there are no links, for a delegate that refuses to be told what to do with them. */
    CopyOption[] withoutLinks() {
        return options.stream().filter(StandardCopyOption.class::isInstance).toArray(CopyOption[]::new);
    }

    /** Whether an interrupt of the thread is to end it. */
    boolean isInterruptible() {
        return options.stream().anyMatch(CopyRequest::isInterruptible);
    }

    private static boolean isInterruptible(CopyOption option) {
        return option.getClass().getName().equals(INTERRUPTIBLE);
    }

    /** Whether it is a copy with options that only the delegate knows, and takes. */
    boolean isForDelegate() {
        return options.stream().anyMatch(option -> !OF_COPIES.contains(option) && !isInterruptible(option));
    }
}
