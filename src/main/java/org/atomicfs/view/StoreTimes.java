package org.atomicfs.view;

import java.io.IOException;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * The attributes of an object in a store, for a copy of the JDK's own from another provider with
 * {@code COPY_ATTRIBUTES}: it deletes the copy, and with that the object, when the times cannot be set. A copy has
 * those attributes that both file systems have, and a store sets its times itself.
 */
public record StoreTimes(BasicFileAttributeView delegate) implements BasicFileAttributeView {
    @Override
    public String name() {
        return "basic";
    }

    @Override
    public BasicFileAttributes readAttributes() throws IOException {
        return delegate.readAttributes();
    }

    @Override
    public void setTimes(FileTime lastModifiedTime, FileTime lastAccessTime, FileTime createTime) {
        // the store's own are kept
    }
}
