package org.atomicfs.commit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.DosFileAttributeView;
import java.nio.file.attribute.DosFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import java.util.Set;

/** Attributes of files, never following a link: what is there, and what a new file takes over. */
final class Metadata {
    private static final LinkOption[] NOFOLLOW = {LinkOption.NOFOLLOW_LINKS};
    private static final FileAttribute<?>[] NONE = {};

    private Metadata() {}

    /** How to create a file with the mode of another, less what the process's umask takes away. */
    static FileAttribute<?>[] modeOf(BasicFileAttributes attributes, Path created) {
        return attributes instanceof PosixFileAttributes posix
                        && Delegate.of(created).hasPosix()
                ? mode(posix.permissions())
                : NONE;
    }

    /** How to create a file that will get the mode of another one at the end. */
    static FileAttribute<?>[] whileWritten(BasicFileAttributes attributes, Path created) {
        return attributes instanceof PosixFileAttributes posix
                        && Delegate.of(created).hasPosix()
                ? mode(Rights.permissions(Rights.whileWritten(Rights.bits(posix.permissions()))))
                : NONE;
    }

    /**
     * Gives the temporary what belongs to the file that it is about to replace, if there is one.
     *
     * @param born what the temporary was when it was created
     * @param keepsOwner whether a file whose owner or group cannot be given is refused
     * @return whether anything had to be given
     */
    static boolean keepReplaced(Delegate delegate, Path destination, Path temporary, FileState born, boolean keepsOwner)
            throws IOException {
        FileState replaced = replaced(delegate, destination, false);
        return replaced != null && keep(replaced, delegate, destination, temporary, born, keepsOwner, true);
    }

    /** What is about to be replaced; null if nothing is. */
    static FileState replaced(Delegate delegate, Path destination, boolean withContent) throws IOException {
        try {
            return FileState.read(delegate, destination, withContent);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /**
     * As {@link #keepReplaced}.
     *
     * @param replaced as {@link #replaced} has found it
     * @param user whether the user-defined attributes are given too
     */
    static boolean keep(
            FileState replaced,
            Delegate delegate,
            Path destination,
            Path temporary,
            FileState born,
            boolean keepsOwner,
            boolean user)
            throws IOException {
        if (!replaced.regular()) {
            throw new FileSystemException(destination.toString(), null, Messages.NO_LONGER_REGULAR);
        }
        // the identity last: a file that was given away or closed to its owner cannot be given more
        return (user && giveUserAttributesIfThere(delegate, destination, temporary))
                | giveAcl(delegate, destination, temporary)
                | giveDosFlags(delegate, destination, temporary)
                | replaced.giveIdentity(
                        delegate,
                        born,
                        temporary,
                        keepsOwner ? FileState.Giving.PLACE_AND_OWNER : FileState.Giving.PLACE,
                        destination);
    }

    /** Gives the temporary what {@code COPY_ATTRIBUTES} promises. */
    static boolean copyAll(Path source, BasicFileAttributes attributes, Path temporary) throws IOException {
        Delegate from = Delegate.of(source);
        Delegate to = Delegate.of(temporary);
        if (to.hasUserAttributes()) {
            giveUserAttributes(from, source, temporary);
        }
        DosFileAttributeView dos = null;
        if (source.getFileSystem() == temporary.getFileSystem()) {
            giveAcl(from, source, temporary);
            giveDosFlags(from, source, temporary);
            dos = from.hasDosFlags() ? view(temporary, DosFileAttributeView.class) : null;
            FileState.read(from, source)
                    .giveIdentity(from, FileState.read(from, temporary), temporary, FileState.Giving.COPY, temporary);
        } else if (attributes instanceof PosixFileAttributes posix && to.hasPosix()) {
            giveMode(
                    temporary,
                    new Mode(Rights.permissions(Rights.atTheEnd(Rights.bits(posix.permissions()), false, false))));
        }
        copyTimes(attributes, temporary);
        if (dos != null) {
            DosFileAttributes wanted = view(source, DosFileAttributeView.class).readAttributes();
            dos.setArchive(wanted.isArchive());
            dos.setReadOnly(wanted.isReadOnly()); // last: nothing can be set of a file that is read-only
        }
        return true;
    }

    /** Gives the temporary the times of what is copied; returns that this was done. */
    static boolean copyTimes(BasicFileAttributes from, Path temporary) throws IOException {
        BasicFileAttributeView view = view(temporary, BasicFileAttributeView.class);
        if (Delegate.isBuiltIn(temporary.getFileSystem())) {
            view.setTimes(from.lastModifiedTime(), from.lastAccessTime(), from.creationTime());
        } else if (view != null) {
            copyTimesPossible(from, view);
        }
        return true;
    }

    /** There are file systems that refuse all times for one that they have not. */
    private static void copyTimesPossible(BasicFileAttributes from, BasicFileAttributeView view) throws IOException {
        try {
            view.setTimes(from.lastModifiedTime(), from.lastAccessTime(), from.creationTime());
        } catch (IOException | RuntimeException all) {
            try {
                view.setTimes(from.lastModifiedTime(), null, null);
            } catch (IOException | RuntimeException none) {
                if (!isRefusal(none) && !isRefusal(none.getCause())) {
                    throw none;
                }
            }
        }
    }

    private static boolean isRefusal(Throwable e) {
        return e instanceof UnsupportedOperationException || e instanceof IllegalArgumentException;
    }

    private static boolean giveUserAttributes(Delegate delegate, Path from, Path to) throws IOException {
        if (!delegate.hasUserAttributes()) {
            return false;
        }
        UserDefinedFileAttributeView given = view(from, UserDefinedFileAttributeView.class);
        if (given == null) {
            return false;
        }
        List<String> names;
        try {
            names = given.list();
        } catch (AccessDeniedException unreadable) {
            return false; // nor could a plain program know them
        } catch (IOException e) {
            boolean none;
            try {
                none = keepsNoUserAttributes(from);
            } catch (IOException unknown) {
                Messages.suppress(e, unknown);
                none = false;
            }
            if (none) {
                return false;
            }
            throw e;
        }
        boolean any = false;
        for (String name : names) {
            ByteBuffer value = ByteBuffer.allocate(given.size(name));
            given.read(name, value);
            view(to, UserDefinedFileAttributeView.class).write(name, value.flip());
            any = true;
        }
        return any;
    }

    /** As {@link #giveUserAttributes}, from a file that another thread or program may have deleted meanwhile. */
    private static boolean giveUserAttributesIfThere(Delegate delegate, Path from, Path to) throws IOException {
        try {
            return giveUserAttributes(delegate, from, to);
        } catch (NoSuchFileException e) {
            if (!from.toString().equals(e.getFile())) {
                throw e;
            }
            return false; // the file that was found is gone, and what is there now, if anything, is a new one
        }
    }

    /** Whether a file store keeps no user attributes, asked when they could not be listed. */
    private static boolean keepsNoUserAttributes(Path file) throws IOException {
        return !Delegate.provider(file).getFileStore(file).supportsFileAttributeView("user");
    }

    private static boolean giveAcl(Delegate delegate, Path from, Path to) throws IOException {
        if (!delegate.hasAcl()) {
            return false;
        }
        AclFileAttributeView given = view(from, AclFileAttributeView.class);
        List<AclEntry> wanted = given == null ? null : given.getAcl();
        if (wanted == null || wanted.equals(view(to, AclFileAttributeView.class).getAcl())) {
            return false; // null: a view that is listed, and has nothing to say
        }
        view(to, AclFileAttributeView.class).setAcl(wanted);
        return true;
    }

    /** On Unix the JDK keeps these flags in a user-defined attribute. */
    private static boolean giveDosFlags(Delegate delegate, Path from, Path to) throws IOException {
        if (!delegate.hasDosFlags()) {
            return false;
        }
        DosFileAttributeView view = view(to, DosFileAttributeView.class);
        if (view == null) {
            return false;
        }
        DosFileAttributes wanted = Delegate.provider(from).readAttributes(from, DosFileAttributes.class, NOFOLLOW);
        view.setHidden(wanted.isHidden());
        view.setSystem(wanted.isSystem());
        return true;
    }

    /** A view of a file; null where there is none, or one that is listed and refused. */
    private static <V extends FileAttributeView> V view(Path file, Class<V> type) {
        try {
            return Delegate.provider(file).getFileAttributeView(file, type, NOFOLLOW);
        } catch (UnsupportedOperationException refused) {
            return null;
        }
    }

    /** The mode of a new file, as this library asks for it and not its caller. */
    private record Mode(Set<PosixFilePermission> value) implements FileAttribute<Set<PosixFilePermission>> {
        @Override
        public String name() {
            return "posix:permissions";
        }
    }

    private static FileAttribute<?>[] mode(Set<PosixFilePermission> permissions) {
        return new FileAttribute<?>[] {new Mode(permissions)};
    }

    /** Whether attributes of a new file are none that the caller has asked for. */
    static boolean areOurs(FileAttribute<?>... attributes) {
        for (FileAttribute<?> attribute : attributes) {
            if (!(attribute instanceof Mode)) {
                return false;
            }
        }
        return attributes.length > 0;
    }

    /** Gives a file a mode that it was not created with, as far as there are modes. */
    static void giveMode(Path created, FileAttribute<?>... attributes) throws IOException {
        for (FileAttribute<?> attribute : attributes) {
            try {
                Delegate.provider(created).setAttribute(created, attribute.name(), attribute.value(), NOFOLLOW);
            } catch (UnsupportedOperationException | NoSuchFileException none) {
                // or a file that appears only when it is closed
            }
        }
    }
}
