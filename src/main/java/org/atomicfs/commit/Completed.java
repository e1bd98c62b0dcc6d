package org.atomicfs.commit;

import java.nio.file.Path;

/**
 * A write that has nothing left to do but to be made durable and published.
 *
 * @param requested as the caller opened it
 * @param destination where it goes
 * @param publication publishes it
 * @param claim its temporary
 * @param size of the content in bytes; -1 if it is not known
 * @param exclusive whether a file that is there must not be replaced
 * @param keptContent whether it has content of the file that was there, so that another one must not be replaced
 */
record Completed(
        Path requested,
        Destination destination,
        Publication publication,
        Claim claim,
        long size,
        boolean exclusive,
        boolean keptContent) {}
