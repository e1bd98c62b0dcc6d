package org.atomicfs.commit;

import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.Path;

/**
 * Renames on HDFS under the file system of jsr203hadoop. Its own move deletes the target first; the name node renames
 * over a file in one step ({@code Options.Rename.OVERWRITE}).
 *
 * <p>By reflection, through the classes of the file system itself: it need not be there.
 */
final class HdfsCluster implements ServerRename {
    /** The class of the provider. */
    static final String PROVIDER = "hdfs.jsr203.HadoopFileSystemProvider";

    private static final String HADOOP = "org.apache.hadoop.";

    private final Reference<FileSystem> fileSystem; // weak: what is known of a file system must not keep it
    private final Method getHdfs;
    private final Class<?> distributed;
    private final Constructor<?> newPath;
    private final Method rename;
    private final Object overwrite;

    private HdfsCluster(FileSystem fileSystem) throws ReflectiveOperationException {
        this.fileSystem = new WeakReference<>(fileSystem);
        ClassLoader loader = fileSystem.getClass().getClassLoader();
        getHdfs = fileSystem.getClass().getMethod("getHDFS");
        distributed = Class.forName(HADOOP + "hdfs.DistributedFileSystem", true, loader);
        Class<?> path = Class.forName(HADOOP + "fs.Path", true, loader);
        newPath = path.getConstructor(URI.class);
        Class<?> option = Class.forName(HADOOP + "fs.Options$Rename", true, loader);
        Object one = option.getField("OVERWRITE").get(null);
        overwrite = Array.newInstance(option, 1);
        Array.set(overwrite, 0, one);
        rename = distributed.getMethod("rename", path, path, overwrite.getClass());
    }

    /** The cluster behind a file system of that provider; null for others, and for versions that are not known. */
    static HdfsCluster of(FileSystem fileSystem) {
        if (!fileSystem.provider().getClass().getName().equals(PROVIDER)) {
            return null;
        }
        try {
            return new HdfsCluster(fileSystem);
        } catch (ReflectiveOperationException | LinkageError otherVersion) {
            return null;
        }
    }

    /** In Hadoop's other file systems the same call can be more than one step. */
    @Override
    public boolean replaces() throws IOException {
        return distributed.isInstance(ServerRename.call(getHdfs, ServerRename.present(fileSystem)));
    }

    @Override
    public void rename(Path source, Path target) throws IOException {
        Object hdfs = ServerRename.call(getHdfs, source.getFileSystem());
        ServerRename.call(rename, hdfs, hadoopPath(source), hadoopPath(target), overwrite);
    }

    private Object hadoopPath(Path path) {
        try {
            return newPath.newInstance(path.toUri());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a public constructor", e);
        }
    }
}
