package org.atomicfs.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.google.common.jimfs.WatchServiceConfiguration;
import de.pfabulist.lindwurm.niotest.tests.AllTests;
import de.pfabulist.lindwurm.niotest.tests.FSDescription;
import de.pfabulist.lindwurm.niotest.tests.descriptionbuilders.CombinedBuilder;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.atomicfs.AtomicFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.runner.JUnitCore;
import org.junit.runner.Request;
import org.junit.runner.Result;
import org.junit.runner.notification.Failure;

/**
 * The 606 tests of niotest, which know nothing of atomicfs: over a decorated file system none fails that passes over
 * the bare one, except where the difference is what atomicfs is for.
 */
class NiotestIT {
    private static final String ISOLATED = "what is being written is not seen before it is published";
    private static final String REPLACED =
            "a new file takes the old one's place: other links keep the old content, and" + " the creation time is new";
    private static final String EVENTS =
            "a watcher sees the temporary come and go, and a replaced file as one that was created";
    private static final String REFUSED = "after an exception close() says that nothing was published";
    private static final String GONE = "there is no content left to be changed";
    private static final String OPTIONS = "a file system with options takes the place of the implicit one";

    private static final Map<String, String> DIFFERENT = Map.ofEntries(
            Map.entry("testEveryChannelWriteUpdatesLastModifiedTime", ISOLATED),
            Map.entry("testForce", ISOLATED),
            Map.entry("testReadAndWrite", ISOLATED),
            Map.entry("testHardLinkChangeOneChangesTheOther", REPLACED),
            Map.entry("testHardLinkModifyOneModifiedDateOfOtherChanged", REPLACED),
            Map.entry("testOverwriteTruncateExistingDoesNotChangeCreationTime", REPLACED),
            Map.entry("testWatchACreateBy2WatchServies", EVENTS),
            Map.entry("testWatchACreateFromCopy", EVENTS),
            Map.entry("testResetWatchKeyDoesQue", EVENTS),
            Map.entry("testWatchACreate", EVENTS),
            Map.entry("testWatchAModify", EVENTS),
            Map.entry("testWatchATruncate", EVENTS),
            Map.entry("testWatchForOtherEventCatchesNothing", EVENTS),
            Map.entry("testTransferFromFromNonReadableChannelThrows", REFUSED),
            Map.entry("testTransferFromWithNegativeLengthThrows", REFUSED),
            Map.entry("testTransferFromWithNegativePositionThrows", REFUSED),
            Map.entry("testTransferToFromWriteOnlyThrows", REFUSED),
            Map.entry("testTruncateToNegativeSizeThrows", REFUSED),
            Map.entry("testDeleteWhileWriting", GONE),
            Map.entry("testMoveWhileWriting", GONE),
            Map.entry("testNewFileSystemOfExistingThrows", OPTIONS));

    private static final int ATTEMPTS = 3; // some of its tests depend on times and on watching in time

    private static final Map<Class<?>, FSDescription> DESCRIPTIONS = new ConcurrentHashMap<>();

    @TempDir
    Path directory;

    /** JUnit 4 makes one of these for each test. */
    public static final class Bare extends AllTests {
        public Bare() {
            super(DESCRIPTIONS.get(Bare.class));
        }
    }

    /** JUnit 4 makes one of these for each test. */
    public static final class Decorated extends AllTests {
        public Decorated() {
            super(DESCRIPTIONS.get(Decorated.class));
        }
    }

    private static void assertNoMoreFailuresThan(FSDescription bare, FSDescription decorated) {
        DESCRIPTIONS.put(Bare.class, bare);
        DESCRIPTIONS.put(Decorated.class, decorated);
        decorated.addBug("testNewFileSystemOfExistingThrows"); // would disturb the tests after it
        CompletableFuture<Map<String, String>> before = CompletableFuture.supplyAsync(() -> failures(Bare.class));
        Map<String, String> after = failures(Decorated.class);
        after.keySet().removeAll(before.join().keySet());
        after.keySet().removeAll(DIFFERENT.keySet());
        after.keySet().removeIf(NiotestIT::passesAfterAll);
        assertEquals("", String.join("\n", after.values()));
    }

    private static Map<String, String> failures(Class<?> suite) {
        Result result = new JUnitCore().run(suite);
        assertEquals(606, result.getRunCount());
        Map<String, String> failures = new TreeMap<>();
        for (Failure failure : result.getFailures()) {
            failures.put(failure.getDescription().getMethodName(), failure.getTrace());
        }
        return failures;
    }

    private static boolean passesAfterAll(String test) {
        for (int i = 1; i < ATTEMPTS; i++) {
            if (new JUnitCore().run(Request.method(Decorated.class, test)).wasSuccessful()) {
                return true;
            }
        }
        return false;
    }

    @Test
    void over_the_default_file_system() throws IOException {
        try (FileSystem other = Jimfs.newFileSystem(Configuration.unix())) {
            assertNoMoreFailuresThan(
                    description(Files.createDirectories(directory.resolve("bare/play")), other),
                    description(AtomicFiles.atomic(Files.createDirectories(directory.resolve("atomic/play"))), other));
        }
    }

    private static FSDescription description(Path playground, FileSystem other) {
        return CombinedBuilder.build()
                .unix()
                .noPermissionChecks()
                .next()
                .playground()
                .set(playground)
                .time()
                .noLastAccessTime()
                .next()
                .closable()
                .no()
                .secondFS()
                .no()
                .fileStores()
                .noLimitedPlayground()
                .next()
                .otherProviderplayground()
                .set(other.getPath("/work"))
                .done();
    }

    @Test
    void over_jimfs() throws IOException {
        try (FileSystem bare = jimfs();
                FileSystem bareToClose = jimfs();
                FileSystem decorated = jimfs();
                FileSystem decoratedToClose = jimfs()) {
            assertNoMoreFailuresThan(
                    jimfs(bare.getPath("/play"), bareToClose.getPath("/play"), directory),
                    jimfs(
                            AtomicFiles.atomic(decorated.getPath("/play")),
                            AtomicFiles.atomic(decoratedToClose.getPath("/play")),
                            directory));
        }
    }

    private static FileSystem jimfs() {
        return Jimfs.newFileSystem(Configuration.unix().toBuilder()
                .setAttributeViews("basic", "owner", "posix", "unix")
                .setWatchServiceConfiguration(WatchServiceConfiguration.polling(20, TimeUnit.MILLISECONDS))
                .build());
    }

    private static FSDescription jimfs(Path playground, Path closable, Path other) {
        return CombinedBuilder.build()
                .unix()
                .noPermissionChecks()
                .next()
                .playground()
                .set(playground)
                .time()
                .noLastAccessTime()
                .next()
                .closable()
                .playground(closable)
                .secondFS()
                .no()
                .fileStores()
                .noLimitedPlayground()
                .next()
                .pathConstraints()
                .noMaxFilenameLength()
                .next()
                .otherProviderplayground()
                .set(other)
                .done();
    }
}
