package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.spi.FileSystemProvider;
import java.util.Objects;

/**
 * How one file system renames. Never by deleting and then moving: a file system that cannot replace in one step does
 * not replace. Safe for use by several threads. Keeps neither the file system nor its provider.
 */
final class Renaming {
    private final AttributeReader attributes;
    private final KnownProviders.Moves moves;
    private final ServerRename server; // null unless it is asked to rename

    /** Null as long as it is not known. What was refused for a reason that may pass is not remembered. */
    private volatile Way way;

    private volatile boolean tried; // whether it is known what the server does

    /** @param provider null for the JDK's own */
    Renaming(FileSystem fileSystem, AttributeReader attributes, KnownProviders.Known provider) {
        this.attributes = attributes;
        moves = provider == null ? KnownProviders.Moves.REPLACE_WITH_BOTH_OPTIONS : provider.moves();
        server = moves == KnownProviders.Moves.DELETE_FIRST ? serverOf(fileSystem) : null;
        way = server == null ? moves.way() : null;
    }

    private static ServerRename serverOf(FileSystem fileSystem) {
        return SftpServer.isReachedBy(fileSystem.provider()) ? SftpServer.of(fileSystem) : HdfsCluster.of(fileSystem);
    }

    private boolean knowsOptions() {
        return moves == KnownProviders.Moves.REPLACE_WITH_BOTH_OPTIONS;
    }

    /** Moves in one step, as a caller asks for who has no other way in mind. */
    void moveAtomically(Path source, Path target, CopyOption... how) throws IOException {
        if (knowsOptions()) {
            provider(source).move(source, target, how);
        } else {
            replace(source, target);
        }
    }

    /** How a complete file gets the destination's name. */
    Way way() throws IOException {
        Way known = way;
        if (known == null) {
            known = server.replaces() ? Way.RENAME : Way.RENAME_TO_NEW_NAME;
            way = known;
        }
        return known;
    }

    /** Whether it cannot rename at all, since it has the objects of a store. */
    boolean isStore() {
        return moves.way() == Way.UPLOAD;
    }

    /**
     * Whether a name is free, or its file can be replaced in one step; as far as that is known before it is tried. May
     * create two files beside it, and remove them.
     */
    boolean isFreeOrReplaceable(Path file) throws IOException {
        boolean sure = way == Way.RENAME && (tried || moves != KnownProviders.Moves.AS_THE_SERVER);
        return sure
                || moves == KnownProviders.Moves.COPY
                || attributes.readIfExists(file) == null
                || replaces(file, moves == KnownProviders.Moves.AS_THE_SERVER);
    }

    /** Whether a file can be replaced in one step: tried, before there is no way back, where it is not known. */
    boolean surelyReplaces(Path file) throws IOException {
        return replaces(file, moves != KnownProviders.Moves.REPLACE_WITH_BOTH_OPTIONS);
    }

    private boolean replaces(Path file, boolean tries) throws IOException {
        if (tries && !tried && server == null && way() == Way.RENAME) {
            if (!ReplaceTrial.succeedsBeside(file, attributes)) {
                way = Way.RENAME_TO_NEW_NAME;
            }
            tried = true;
        }
        return way() == Way.RENAME;
    }

    /**
     * Renames in one step, over whatever is at the target.
     *
     * @throws FileSystemException if there is something that cannot be replaced in one step
     */
    void replace(Path source, Path target) throws IOException {
        if (knowsOptions()) {
            // the JDK's own needs none but the first for that, in-memory file systems need both
            provider(source).move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } else if (way() != Way.RENAME) {
            moveIfFree(source, target);
        } else if (server != null) {
            server.rename(source, target);
        } else {
            moveOrLearn(source, target);
        }
    }

    private void moveIfFree(Path source, Path target) throws IOException {
        if (attributes.readIfExists(target) != null) {
            throw new FileSystemException(target.toString(), null, Messages.CANNOT_REPLACE);
        }
        move(source, target);
    }

    /** As a provider that is not known says: it may have done nothing, and say that it has. */
    private void move(Path source, Path target, CopyOption... how) throws IOException {
        provider(source).move(source, target, how);
        if (!knowsOptions() && !source.equals(target) && attributes.isSurelyThere(source)) {
            throw new FileSystemException(source.toString(), target.toString(), Messages.NOT_RENAMED);
        }
    }

    /**
     * By ATOMIC_MOVE alone: with that, {@link java.nio.file.Files#move} says, a file at the target is replaced in one
     * step or the move fails. A provider that does not know the option refuses it, or refuses to replace.
     */
    private void moveOrLearn(Path source, Path target) throws IOException {
        try {
            move(source, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException e) {
            if (!isFile(source) || !isFile(target)) {
                throw e; // which says nothing about files
            }
            way = Way.RENAME_TO_NEW_NAME;
            throw SystemErrors.explained(target.toString(), null, Messages.CANNOT_REPLACE, e);
        } catch (AtomicMoveNotSupportedException e) {
            if (!isFile(source) || !Objects.equals(source.getParent(), target.getParent())) {
                throw e; // to another file store, perhaps
            }
            way = Way.RENAME_TO_NEW_NAME;
            moveIfFree(source, target);
        } catch (UnsupportedOperationException e) {
            way = Way.RENAME_TO_NEW_NAME;
            moveIfFree(source, target);
        }
    }

    private boolean isFile(Path path) throws IOException {
        BasicFileAttributes found = attributes.readIfExists(path);
        return found != null && found.isRegularFile();
    }

    /**
     * Moves to a name that is free; refuses one that is taken, as far as the file system can tell. Looks first, because
     * there are providers whose move replaces although that is not asked for.
     */
    void moveToFreeName(Path source, Path target) throws IOException {
        BasicFileAttributes found = knowsOptions() ? null : attributes.readIfExists(target);
        if (found != null) {
            throw new FileAlreadyExistsException(target.toString());
        }
        move(source, target);
    }

    private static FileSystemProvider provider(Path path) {
        return path.getFileSystem().provider();
    }
}
