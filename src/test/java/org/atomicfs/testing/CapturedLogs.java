package org.atomicfs.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the library logs from the constructor to {@link #close}; it is not printed meanwhile. */
public final class CapturedLogs extends Handler implements AutoCloseable {
    private final Logger logger = Logger.getLogger("org.atomicfs"); // what System.Logger leads to
    private final boolean printed = logger.getUseParentHandlers();
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    public CapturedLogs() {
        logger.addHandler(this);
        logger.setUseParentHandlers(false);
    }

    public List<LogRecord> records() {
        return records;
    }

    @Override
    public void publish(LogRecord record) {
        records.add(record);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(printed);
    }
}
