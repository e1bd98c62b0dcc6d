package examples;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.atomicfs.AtomicFiles;

/**
 * A step of a pipeline that sorts lines. It is skipped when its output exists; as a run that fails or is killed leaves
 * no output, what exists is complete.
 */
public final class PipelineStep {
    private PipelineStep() {}

    /** @param args the input and the output */
    public static void main(String[] args) throws IOException {
        Path input = Path.of(args[0]);
        Path output = Path.of(args[1]);
        boolean written = AtomicFiles.writeIfAbsent(output, out -> sort(input, out));
        System.out.println(output + (written ? " is written" : " was there: skipped"));
    }

    private static void sort(Path input, OutputStream out) throws IOException {
        Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        List<String> lines = Files.readAllLines(input);
        for (String line : lines.stream().sorted().toList()) {
            writer.write(line + "\n");
        }
        writer.flush();
    }
}
