package org.atomicfs.commit;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.spi.FileSystemProvider;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * What the file system underneath can do, found out once for each, and the operations on names whose answers differ
 * from one file system to the next. Immutable; safe for use by several threads.
 */
public final class Delegate {
    /** Weak: a file system that is closed and forgotten by the program is forgotten here. */
    private static final Map<FileSystem, Delegate> KNOWN = Collections.synchronizedMap(new WeakHashMap<>());

    private final boolean builtIn;
    private final boolean unix;
    private final boolean known;
    private final AttributeReader attributes;
    private final ContentKeeping keeping; // null for the JDK's own
    private final Renaming renaming;
    private final boolean userAttributes;
    private final boolean acl;
    private final boolean dosFlags;
    private final Identity identity;

    private Delegate(FileSystem fileSystem, boolean builtIn) {
        Set<String> views = fileSystem.supportedFileAttributeViews();
        this.builtIn = builtIn;
        unix = builtIn && fileSystem.getSeparator().equals("/");
        KnownProviders.Known provider = builtIn ? null : KnownProviders.of(fileSystem.provider());
        known = provider == null || provider.isInTable();
        attributes = new AttributeReader(fileSystem, builtIn, known);
        keeping = provider == null ? null : new ContentKeeping(provider);
        renaming = new Renaming(fileSystem, attributes, provider);
        userAttributes = views.contains("user");
        acl = views.contains("acl");
        dosFlags = views.contains("dos") && !views.contains("unix"); // on Unix they are user-defined attributes
        // only the JDK's own unix view is known to set what it shows
        boolean numbers = views.contains("unix") && (builtIn || !attributes.hasPosix());
        identity = numbers ? Identity.UNIX : attributes.hasPosix() ? Identity.POSIX : Identity.NONE;
    }

    /** The answers about the file system of a plain path. */
    public static Delegate of(Path plain) {
        FileSystem fileSystem = plain.getFileSystem();
        Delegate known = KNOWN.get(fileSystem);
        if (known == null) {
            known = new Delegate(fileSystem, isBuiltIn(fileSystem));
            KNOWN.put(fileSystem, known);
        }
        return known;
    }

    /** For tests: treats a file system over the JDK's own one, which lets operations fail, as that one. */
    static void treatAsBuiltIn(FileSystem fileSystem) {
        KNOWN.put(fileSystem, new Delegate(fileSystem, true));
    }

    /**
     * Whether a file system is the one that the JDK has for the machine's own files. Not the same as the default file
     * system: a program can be started with another provider for that.
     */
    public static boolean isBuiltIn(FileSystem fileSystem) {
        FileSystemProvider provider = fileSystem.provider();
        return provider.getClass().getModule() == Object.class.getModule()
                && provider.getScheme().equals("file");
    }

    static FileSystemProvider provider(Path path) {
        return path.getFileSystem().provider();
    }

    /** The options by which a channel is opened for a caller, as its provider wants them. */
    public static Set<OpenOption> complete(Path file, Set<OpenOption> options) {
        boolean appends = options.contains(StandardOpenOption.APPEND);
        return appends && SftpServer.isReachedBy(provider(file)) ? SftpServer.complete(options) : options;
    }

    /** Whether it is the JDK's own file system on a Unix: there an open file can be renamed and a directory forced. */
    public boolean isUnix() {
        return unix;
    }

    /** How a complete file gets the destination's name. */
    public Way way() throws IOException {
        return renaming.way();
    }

    /** Whether its files are the objects of a store, which are {@linkplain Way#UPLOAD uploaded}. */
    boolean isStore() {
        return renaming.isStore();
    }

    /** As {@link Renaming#isFreeOrReplaceable}. */
    boolean isFreeOrReplaceable(Path file) throws IOException {
        return renaming.isFreeOrReplaceable(file);
    }

    /** As {@link Renaming#surelyReplaces}. */
    boolean surelyReplaces(Path file) throws IOException {
        return renaming.surelyReplaces(file);
    }

    /**
     * Whether a file that is opened for writing loses its content although that is not asked for, at once or when it is
     * closed. Then a file that is to be changed in part is copied when it is opened, and not opened itself.
     */
    boolean rewrites() {
        return keeping != null && keeping.rewrites();
    }

    /** Finds out whether it {@link #rewrites}; as {@link ContentKeeping#findOut}. */
    void findOutWhetherItRewrites(Path file) throws IOException {
        if (keeping != null) {
            keeping.findOut(file);
        }
    }

    boolean hasPosix() {
        return attributes.hasPosix();
    }

    boolean hasUserAttributes() {
        return userAttributes;
    }

    boolean hasAcl() {
        return acl;
    }

    boolean hasDosFlags() {
        return dosFlags;
    }

    /** The terms in which it says whose a file is. */
    Identity identity() {
        return identity == Identity.POSIX && !hasPosix() ? Identity.NONE : identity;
    }

    /** Attributes of a file, not following a link, of the richest kind that there is: POSIX or basic. */
    BasicFileAttributes attributes(Path file) throws IOException {
        return attributes.read(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** As {@link #attributes}, of the file that a link leads to. */
    BasicFileAttributes followed(Path file) throws IOException {
        return attributes.read(file);
    }

    /** As {@link #attributes}, or null when there is no such file. */
    public BasicFileAttributes attributesIfExists(Path file) throws IOException {
        return attributes.readIfExists(file);
    }

    AttributeReader reader() {
        return attributes;
    }

    /** Adds, where the option is known, that a link in the file's place is not followed. */
    void refuseLinks(Set<OpenOption> options) {
        if (builtIn) {
            options.add(LinkOption.NOFOLLOW_LINKS);
        }
    }

    /** Whether a second name could be given to a file. */
    enum Linked {
        DONE,
        /** Another file has the name. */
        TAKEN,
        /** There are no hard links in this place. */
        IMPOSSIBLE
    }

    /**
     * Gives a file a second name, which never overwrites.
     *
     * @throws IOException if it fails for a reason that would hinder any other way of giving the name as well
     */
    Linked link(Path name, Path existing) throws IOException {
        try {
            if (!known && attributes.isSurelyThere(name)) { // there are providers that overwrite it
                return Linked.TAKEN;
            }
            provider(existing).createLink(name, existing);
            return known || !attributes.isSurelyMissing(name) ? Linked.DONE : Linked.IMPOSSIBLE;
        } catch (FileAlreadyExistsException e) {
            return Linked.TAKEN;
        } catch (UnsupportedOperationException none) {
            return Linked.IMPOSSIBLE;
        } catch (AccessDeniedException e) {
            // some file systems answer EACCES for links although the directory has just taken a file
            return Linked.IMPOSSIBLE;
        } catch (FileSystemException e) {
            if (e.getClass() == FileSystemException.class) {
                return Linked.IMPOSSIBLE; // what the JDK makes of EPERM, which file systems without links give
            }
            throw e;
        }
    }

    /**
     * Renames over whatever is at the target, in one step.
     *
     * @throws FileSystemException if there is something that cannot be replaced in one step
     */
    void replace(Path source, Path target) throws IOException {
        renaming.replace(source, target);
    }

    /** Moves in one step, as a caller asks for who has no other way in mind. */
    void moveAtomically(Path source, Path target, CopyOption... how) throws IOException {
        renaming.moveAtomically(source, target, how);
    }

    /** Whether it is known what its provider does, so that it is believed. */
    boolean isKnown() {
        return known;
    }

    /** The file that {@link #replace} may delete or overwrite and then fail, as it is before; null if there is none. */
    BasicFileAttributes beforeRename(Path target) throws IOException {
        return builtIn ? null : attributesIfExists(target);
    }

    /** Moves to a name that is free; refuses one that is taken, as far as the file system can tell. */
    void moveToFreeName(Path source, Path target) throws IOException {
        renaming.moveToFreeName(source, target);
    }

    /**
     * Whether a rename that failed may succeed in a moment: on Windows another process that reads or scans the file
     * hinders it. On Unix no process can.
     */
    boolean mayPass(IOException e) {
        return !unix && (e instanceof AccessDeniedException || e.getClass() == FileSystemException.class);
    }

    /** Removes a name whose file is known to be ours, in one system call where that is possible. */
    void unlink(Path name) throws IOException {
        if (unix) { // the JDK's own provider looks first whether it is a directory
            File file = new File(name.toString());
            // not every name can be spelled in the JVM's character set: then the File is another one
            if (name.equals(name.getFileSystem().getPath(file.getPath())) && file.delete()) {
                return;
            }
        }
        provider(name).deleteIfExists(name);
    }

    /** Whether an open file can perhaps not be renamed, as on Windows. */
    boolean mustCloseBeforeRename() {
        return !unix;
    }

    /** Whether an open file can be removed, as far as that is known. */
    boolean removesOpenFiles() {
        return unix;
    }

    /**
     * Whether a change of owner or group failed because this process may not make it. What other file systems than
     * Unix's answer is not known: any refusal counts.
     */
    boolean isNotPermitted(IOException e, Path file) {
        return !unix || NotPermitted.isCauseOf(e, file);
    }

    /** Forces the names in a directory to the device; does nothing where a directory cannot be opened for that. */
    void forceDirectory(Path directory) throws IOException {
        FileChannel channel;
        try {
            channel = provider(directory).newFileChannel(directory, Set.of(StandardOpenOption.READ));
        } catch (IOException | UnsupportedOperationException e) {
            if (unix) {
                throw e;
            }
            return;
        }
        try (channel) {
            channel.force(true);
        }
    }
}
