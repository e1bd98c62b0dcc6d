package notes;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** Run by {@code java --module-path atomicfs.jar:notes.jar --module notes/notes.Notes FILE NOTE}. */
public final class Notes {
    private Notes() {}

    /** @param args the file, and what is written to it */
    public static void main(String[] args) throws IOException {
        URI uri = URI.create("atomic:" + Path.of(args[0]).toUri().getRawPath());
        Path file = Path.of(uri); // the provider is found, since its module is there
        Files.writeString(file, args[1]);
        System.out.println(file.getFileSystem().provider().getClass().getModule());
    }
}
