package examples;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.atomicfs.AtomicFiles;

/**
 * A program in the fat jar of Spring Boot. The JDK looks for providers on the class path alone, and atomicfs is in a
 * jar within the jar: {@code Path.of(URI)} does not find it, and {@code AtomicFiles.atomic} does without.
 */
public final class SpringBootProgram {
    private SpringBootProgram() {}

    /** @param args the file */
    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]).toAbsolutePath();
        try {
            Path.of(URI.create("atomic:" + file.toUri().getRawPath()));
            System.out.println("found by its URI");
        } catch (FileSystemNotFoundException e) {
            System.out.println("not found by its URI");
        }
        Files.writeString(AtomicFiles.atomic(file), "complete");
    }
}
