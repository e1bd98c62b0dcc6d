package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.spi.FileSystemProvider;

/** Attributes of files, never following a link: what is there, and what a new file takes over. */
final class Metadata {
  private static final LinkOption[] NOFOLLOW = {LinkOption.NOFOLLOW_LINKS};

  private Metadata() {}

  /** Attributes of the richest kind that the file system has, POSIX or basic. */
  static BasicFileAttributes read(Path file) throws IOException {
    Class<? extends BasicFileAttributes> type =
        file.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? PosixFileAttributes.class
            : BasicFileAttributes.class;
    return provider(file).readAttributes(file, type, NOFOLLOW);
  }

  /** The attributes, or null when there is no such file. */
  static BasicFileAttributes readIfExists(Path file) throws IOException {
    try {
      return read(file);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** How to create a file with the mode of another, less what the process's umask takes away. */
  static FileAttribute<?>[] modeOf(BasicFileAttributes attributes) {
    return attributes instanceof PosixFileAttributes posix
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(posix.permissions())}
        : new FileAttribute<?>[0];
  }

  /** Gives the temporary what belongs to the file that it is about to replace, if there is one. */
  static void keepReplaced(Path destination, Path temporary) throws IOException {
    BasicFileAttributes replaced = readIfExists(destination);
    if (replaced == null) {
      return;
    }
    if (!replaced.isRegularFile()) {
      throw new FileSystemException(
          destination.toString(), null, "it is no longer a regular file, so it is not replaced");
    }
    giveOwnerAndMode(replaced, temporary);
  }

  /** Gives the temporary what {@code COPY_ATTRIBUTES} promises. */
  static void copyAll(BasicFileAttributes source, Path temporary) throws IOException {
    giveOwnerAndMode(source, temporary);
    provider(temporary)
        .getFileAttributeView(temporary, BasicFileAttributeView.class, NOFOLLOW)
        .setTimes(source.lastModifiedTime(), source.lastAccessTime(), source.creationTime());
  }

  /** Owner first: changing the owner takes set-user-ID bits away, chown(2). */
  private static void giveOwnerAndMode(BasicFileAttributes from, Path to) throws IOException {
    if (!(from instanceof PosixFileAttributes wanted)
        || !(read(to) instanceof PosixFileAttributes actual)) {
      return;
    }
    PosixFileAttributeView view =
        provider(to).getFileAttributeView(to, PosixFileAttributeView.class, NOFOLLOW);
    if (!wanted.owner().equals(actual.owner())) {
      tryTo(() -> view.setOwner(wanted.owner()));
    }
    if (!wanted.group().equals(actual.group())) {
      tryTo(() -> view.setGroup(wanted.group()));
    }
    if (!wanted.permissions().equals(actual.permissions())) {
      view.setPermissions(wanted.permissions());
    }
  }

  /** Only a privileged process may give files away; that it may not is no failure. */
  private static void tryTo(Change change) {
    try {
      change.make();
    } catch (IOException notPermitted) {
      // the new content stays the writer's own, as if the file had been created by it
    }
  }

  @FunctionalInterface
  private interface Change {
    void make() throws IOException;
  }

  private static FileSystemProvider provider(Path path) {
    return path.getFileSystem().provider();
  }
}
