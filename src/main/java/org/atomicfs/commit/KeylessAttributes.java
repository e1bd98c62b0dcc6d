package org.atomicfs.commit;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/** Attributes without a key, of a file system whose keys do not tell one file from another. */
class KeylessAttributes implements BasicFileAttributes {
    private final BasicFileAttributes found;

    private KeylessAttributes(BasicFileAttributes found) {
        this.found = found;
    }

    /** The same attributes, without the key. */
    static BasicFileAttributes of(BasicFileAttributes found) {
        return found instanceof PosixFileAttributes posix ? new Posix(posix) : new KeylessAttributes(found);
    }

    private static final class Posix extends KeylessAttributes implements PosixFileAttributes {
        private final PosixFileAttributes found;

        Posix(PosixFileAttributes found) {
            super(found);
            this.found = found;
        }

        @Override
        public UserPrincipal owner() {
            return found.owner();
        }

        @Override
        public GroupPrincipal group() {
            return found.group();
        }

        @Override
        public Set<PosixFilePermission> permissions() {
            return found.permissions();
        }
    }

    @Override
    public FileTime lastModifiedTime() {
        return found.lastModifiedTime();
    }

    @Override
    public FileTime lastAccessTime() {
        return found.lastAccessTime();
    }

    @Override
    public FileTime creationTime() {
        return found.creationTime();
    }

    @Override
    public boolean isRegularFile() {
        return found.isRegularFile();
    }

    @Override
    public boolean isDirectory() {
        return found.isDirectory();
    }

    @Override
    public boolean isSymbolicLink() {
        return found.isSymbolicLink();
    }

    @Override
    public boolean isOther() {
        return found.isOther();
    }

    @Override
    public long size() {
        return found.size();
    }

    @Override
    public Object fileKey() {
        return null;
    }
}
