package org.atomicfs.clients;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;

/** The JDK's flight recorder. */
final class JfrClients {
    private JfrClients() {}

    static List<Client> all() {
        return List.of(new Dump(), new Destination());
    }

    private abstract static class Recorded extends Client {
        Recorded(String use) {
            super(Recording.class, use);
        }

        static void record(Source source) {
            for (String row : source.rows()) {
                RowEvent event = new RowEvent();
                event.row = row;
                event.commit();
            }
        }

        @Override
        public final Failure failure() {
            return Failure.PUBLISHED;
        }

        @Override
        public final void check(Path file) throws IOException {
            Expect.rows(RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getEventType().getName().equals(RowEvent.class.getName()))
                    .count());
        }
    }

    private static final class Dump extends Recorded {
        Dump() {
            super("JFR, `Recording.dump`");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            try (Recording recording = new Recording()) {
                recording.start();
                record(source);
                recording.stop();
                recording.dump(file);
            }
        }

        @Override
        public void failing(Path file) throws IOException {
            try (Recording recording = new Recording()) {
                recording.dump(file);
            }
        }

        @Override
        public Class<? extends Throwable> cause() {
            return IOException.class;
        }

        @Override
        public String remark() {
            return "writes an empty file first, to see whether it can; dump elsewhere and move";
        }
    }

    private static final class Destination extends Recorded {
        Destination() {
            super("JFR, `Recording.setDestination`");
        }

        @Override
        protected void write(Path file, Source source) throws IOException {
            try (Recording recording = new Recording()) {
                recording.setDestination(file);
                recording.start();
                record(source);
                recording.stop();
            }
        }

        @Override
        public String remark() {
            return "writes an empty file at once, and what was recorded when it is stopped or closed";
        }
    }
}
