package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.atomicfs.AtomicOptions;
import org.atomicfs.events.Recoveries;

/**
 * Puts in order what dead writers left in a directory: first their transactions, of which the committed ones are
 * completed, then their temporaries.
 */
public final class Recovery {
    private Recovery() {}

    /**
     * Completes and removes.
     *
     * @param options whose listeners are told
     * @return intents that were completed, and files that were removed
     * @throws IOException if a transaction cannot be recovered; then no temporary is removed, which may be its member
     */
    public static List<Path> recover(Path directory, AtomicOptions options) throws IOException {
        try {
            return recover(directory);
        } finally {
            Recoveries.tell(options);
        }
    }

    private static List<Path> recover(Path directory) throws IOException {
        if (StoredObject.is(directory)) {
            return List.of(); // nothing but complete objects is ever in a store
        }
        List<Path> done = new ArrayList<>();
        Set<Path> directories = new LinkedHashSet<>(List.of(directory));
        Path real = directory.toRealPath();
        for (IntentFile.Found found : Intents.settle(directory, Abandoned::removeBeforeIntent)) {
            boolean isIntent = !found.file().toString().endsWith(".tmp");
            if (found.state() == IntentFile.State.FOREIGN && isIntent) {
                throw TransactionMessages.notRecovered(
                        found.file(), TransactionMessages.otherUser(IntentFile.owner(found.file())));
            }
            if (found.state() == IntentFile.State.COMMITTED || found.state() == IntentFile.State.BEGUN) {
                done.add(found.file());
                for (Path removed : found.removed()) {
                    done.add(removed.getParent().equals(real) ? directory.resolve(removed.getFileName()) : removed);
                }
                directories.addAll(found.uncleaned()); // so that the caller learns why
            }
        }
        for (Path filled : filledDirectories(directory)) {
            if (DirectoryWrite.recover(filled)) {
                done.add(filled);
            }
        }
        for (Path each : directories) {
            for (Abandoned.Temporary temporary : Abandoned.removeAll(each)) {
                if (temporary.state() == Abandoned.State.DEAD) {
                    done.add(temporary.path());
                }
            }
        }
        return done;
    }

    private static List<Path> filledDirectories(Path directory) throws IOException {
        List<Path> result = new ArrayList<>();
        try (DirectoryStream<Path> entries = Delegate.provider(directory)
                .newDirectoryStream(directory, entry -> DirectoryNames.targetOf(entry) != null)) {
            entries.forEach(result::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return result;
    }

    /** The files of transactions that have to do with a directory: of live ones, and of those that died committed. */
    public static List<Abandoned.Temporary> transactions(Path directory) throws IOException {
        List<Abandoned.Temporary> result = new ArrayList<>();
        for (IntentFile.Found found : Intents.list(directory)) {
            Abandoned.State state = switch (found.state()) {
                case LIVE, LIVE_HERE -> Abandoned.State.LIVE;
                case BEGUN -> Abandoned.State.DEAD;
                case FOREIGN -> Abandoned.State.UNKNOWN;
                case COMMITTED -> Abandoned.State.COMMITTED;
                case GONE -> Abandoned.State.GONE;
            };
            result.add(new Abandoned.Temporary(found.file(), state));
        }
        return result;
    }
}
