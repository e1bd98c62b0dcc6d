package org.atomicfs.commit;

import java.nio.file.Path;

/**
 * Names of the files that a transaction has beside its members. Each has the transaction's identifier, sixteen random
 * digits with eight check digits, and is known by those.
 *
 * <pre>
 *   .~0123456789abcdef01234567.intent.tmp   in the root: it has begun, and is not committed
 *   .~0123456789abcdef01234567.intent       in the root: it is committed, and not all is done yet
 *   .~0123456789abcdef01234567.pointer      in every other directory of members: where the root is
 *   .~0123456789abcdef01234567.pointer.tmp  the pointer before it is complete
 * </pre>
 */
enum TransactionNames {
    BEGUN(".intent.tmp"),
    INTENT(".intent"),
    POINTER(".pointer"),
    NEW_POINTER(".pointer.tmp");

    private static final String START = ".~";
    private static final int DIGITS = 24; // check digits included

    private final String ending;

    TransactionNames(String ending) {
        this.ending = ending;
    }

    /** The file of this kind in a directory. */
    Path in(Path directory, String id) {
        return directory.resolve(START + id + ending);
    }

    /** Which kind of file a name is of; null if it is no transaction's. */
    static TransactionNames of(String name) {
        int end = START.length() + DIGITS;
        if (!name.startsWith(START) || name.length() < end || !TemporaryNames.isChecked(id(name))) {
            return null;
        }
        for (TransactionNames kind : values()) {
            if (name.length() == end + kind.ending.length() && name.endsWith(kind.ending)) {
                return kind;
            }
        }
        return null;
    }

    /** The identifier in a name that is a transaction's. */
    static String id(String name) {
        return name.substring(START.length(), START.length() + DIGITS);
    }

    /** Whether a name may be one of these, to go by its end. */
    static boolean isPossible(String name) {
        return name.endsWith(INTENT.ending) || name.endsWith(POINTER.ending);
    }
}
