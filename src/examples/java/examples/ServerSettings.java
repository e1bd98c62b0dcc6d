package examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Properties;
import java.util.TreeSet;
import org.atomicfs.AtomicFiles;

/**
 * The settings of a server. Any of its threads and processes may change one: no change is lost, and a reader never
 * finds half of a file.
 */
public final class ServerSettings {
    private final Path file;

    /** @param file where the settings are kept; it need not exist */
    public ServerSettings(Path file) {
        this.file = file;
    }

    /** Changes one setting, and keeps all others. */
    public void set(String key, String value) throws IOException {
        AtomicFiles.update(file, (in, out) -> {
            Properties settings = new Properties();
            settings.load(in);
            settings.setProperty(key, value);
            settings.store(out, null);
        });
    }

    /** Writes the names of all settings, sorted; what watches that file is woken only if it has changed. */
    public boolean exportNames(Path target) throws IOException {
        Properties settings = new Properties();
        try (var in = Files.newInputStream(file)) {
            settings.load(in);
        } catch (NoSuchFileException e) {
            // no settings yet
        }
        String names = String.join("\n", new TreeSet<>(settings.stringPropertyNames()));
        return AtomicFiles.writeIfChanged(target, out -> out.write(names.getBytes(StandardCharsets.UTF_8)));
    }
}
