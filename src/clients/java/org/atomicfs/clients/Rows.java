package org.atomicfs.clients;

import java.util.List;

/** A bean whose list is read while it is written. */
public final class Rows {
    private final List<String> row;

    Rows(Source source) {
        row = source.rows();
    }

    public List<String> getRow() {
        return row;
    }
}
