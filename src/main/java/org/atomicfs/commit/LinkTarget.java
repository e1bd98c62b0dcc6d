package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * Where a symbolic link leads.
 *
 * @param path the file's own path; of a magic link the link's
 * @param attributes of the file; null when there is none
 * @param isMagic whether it can be reached through the link alone, see {@link KernelFiles#isMagic}
 */
record LinkTarget(Path path, BasicFileAttributes attributes, boolean isMagic) {
    /** As many as Linux follows, path_resolution(7). */
    private static final int MAX_LINKS = 40;

    /** Each time a file that another program replaces at this very moment has been met. */
    private static final int ATTEMPTS = 10;

    /**
     * Follows a link, as far as the delegate follows it.
     *
     * <p>The path of a file that is to be replaced has to be known, so the links are read one by one, which the kernel
     * allows for every link. Whether it follows them is another matter: not on a file system that is mounted with
     * {@code nosymfollow}, and in a directory such as {@code /tmp} not those of other users (proc(5),
     * {@code protected_symlinks}). So it is asked, and has to come to the same file.
     *
     * @return null if the delegate does not follow it
     */
    static LinkTarget follow(Path link, BasicFileAttributes attributes) throws IOException {
        BasicFileAttributes found = attributes;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            LinkTarget target = walk(link, found);
            if (target == null || target.isMagic || !Delegate.of(link).isUnix()) {
                return target;
            }
            try {
                Object reached = Delegate.of(link).followed(link).fileKey();
                if (target.attributes != null
                        && Objects.equals(reached, target.attributes().fileKey())) {
                    return target;
                }
            } catch (NoSuchFileException e) {
                if (target.attributes == null) {
                    return target;
                }
            } catch (FileSystemException refused) {
                return null;
            }
            found = Delegate.of(link).attributesIfExists(link);
            if (found == null || !found.isSymbolicLink()) {
                return new LinkTarget(link, found, false);
            }
        }
        throw new FileSystemException(link.toString(), null, Messages.LEADS_ELSEWHERE);
    }

    /**
     * Reads links one by one rather than by {@code toRealPath}, which needs the target to exist and costs a system call
     * for every name on the way.
     */
    private static LinkTarget walk(Path link, BasicFileAttributes attributes) throws IOException {
        Path file = link;
        BasicFileAttributes found = attributes;
        for (int links = 0; found != null && found.isSymbolicLink(); links++) {
            if (links == MAX_LINKS) {
                return null;
            }
            if (KernelFiles.isMagic(file, found)) {
                return new LinkTarget(link, found, true);
            }
            try {
                file = file.resolveSibling(Delegate.provider(file).readSymbolicLink(file));
            } catch (NotLinkException | NoSuchFileException replaced) {
                // by another program just now: it is looked at again
            }
            found = Delegate.of(file).attributesIfExists(file);
        }
        return new LinkTarget(file, found, false);
    }
}
