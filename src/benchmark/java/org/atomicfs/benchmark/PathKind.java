package org.atomicfs.benchmark;

import java.nio.file.Path;
import org.atomicfs.AtomicFiles;

/** The two paths that lead to one file. */
public enum PathKind {
    PLAIN {
        @Override
        Path of(Path plain) {
            return plain;
        }
    },
    ATOMIC {
        @Override
        Path of(Path plain) {
            return AtomicFiles.atomic(plain);
        }
    };

    abstract Path of(Path plain);
}
