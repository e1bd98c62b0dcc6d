package org.atomicfs.providers;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;

/** HDFS, with a cluster in this process. */
final class Hdfs {
    private Hdfs() {}

    static List<TestedProvider> all() {
        return List.of(new Simple("jsr203hadoop, HDFS", Hdfs::open));
    }

    private static Path open() throws IOException {
        Configuration configuration = new Configuration();
        configuration.set(
                "hdfs.minidfs.basedir", Simple.temporaryDirectory("hdfs").toString());
        MiniDFSCluster cluster = new MiniDFSCluster.Builder(configuration).build();
        Simple.held((Closeable) cluster::shutdown);
        cluster.waitActive();
        cluster.getFileSystem().mkdirs(new org.apache.hadoop.fs.Path("/work"));
        return Path.of(URI.create("hdfs://localhost:" + cluster.getNameNodePort() + "/work"));
    }
}
