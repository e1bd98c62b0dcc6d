package examples;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Path;
import org.atomicfs.AtomicFiles;

/** A download that replaces the old file only when all of the new one has arrived. */
public final class Download {
    private Download() {}

    /** @param args the address and the file */
    public static void main(String[] args) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(args[0])).build();
        Path file = AtomicFiles.atomic(Path.of(args[1]));
        HttpResponse<Path> response = HttpClient.newHttpClient().send(request, head -> into(file, head.statusCode()));
        if (response.statusCode() != 200) {
            throw new IOException("%s answers %d".formatted(args[0], response.statusCode()));
        }
    }

    /** The page that explains an error is not what was asked for. */
    private static BodySubscriber<Path> into(Path file, int status) {
        return status == 200
                ? BodySubscribers.ofFile(file, CREATE, TRUNCATE_EXISTING, WRITE)
                : BodySubscribers.replacing(file);
    }
}
