package org.atomicfs.providers;

import com.google.cloud.storage.contrib.nio.CloudStorageConfiguration;
import com.google.cloud.storage.contrib.nio.CloudStorageFileSystem;
import com.google.cloud.storage.contrib.nio.testing.LocalStorageHelper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** Object stores. */
final class Stores {
    static {
        System.setProperty("aws.region", "us-east-1");
        System.setProperty("aws.accessKeyId", "any");
        System.setProperty("aws.secretAccessKey", "any");
        System.setProperty("s3.spi.endpoint-protocol", "http");
        System.setProperty("s3.spi.force-path-style", "true");
    }

    private Stores() {}

    static List<TestedProvider> all() {
        return List.of(
                new Simple("google-cloud-nio", () -> google().resolve("work")),
                new Simple(
                        "aws-java-nio-spi-for-s3",
                        () -> s3(Simple.held(new S3Server())).resolve("work")));
    }

    /** A bucket in memory. */
    static Path google() {
        return CloudStorageFileSystem.forBucket(
                        "bucket", CloudStorageConfiguration.DEFAULT, LocalStorageHelper.getOptions())
                .getPath("/");
    }

    /** The bucket of a server. */
    static Path s3(S3Server server) throws IOException {
        return Path.of(URI.create("s3x://localhost:" + server.port() + "/bucket/"));
    }
}
