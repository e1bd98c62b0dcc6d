package shapes;

import com.fasterxml.jackson.core.*;
import com.fasterxml.jackson.databind.*;
import com.google.common.io.*;
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.*;
import org.apache.commons.csv.*;
import org.atomicfs.unwind.corpus.*;

public class LibraryShapes {
    public static class Pojo {
        boolean f;

        Pojo(boolean f) {
            this.f = f;
        }

        public String getA() throws IOException {
            Boom.maybe(f);
            return "x";
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void jsonGenerator(boolean f) throws Exception {
        try (JsonGenerator g = new JsonFactory().createGenerator(Sink.open())) {
            g.writeStartObject();
            g.writeStringField("a", "b");
            Boom.maybe(f);
            g.writeEndObject();
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void jsonGeneratorWriter(boolean f) throws Exception {
        try (JsonGenerator g = new JsonFactory().createGenerator(new OutputStreamWriter(Sink.open()))) {
            g.writeStartObject();
            Boom.maybe(f);
            g.writeEndObject();
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "ObjectMapper closes the target itself, closeOnFailAndThrowAsIOE")
    static void objectMapperWriteValue(boolean f) throws Exception {
        new ObjectMapper().writeValue(Sink.open(), new Pojo(f));
    }

    @Expect(n = "a=C", f = "a=A")
    static void objectWriterWriteValue(boolean f) throws Exception {
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(new BufferedWriter(new OutputStreamWriter(Sink.open())), new Pojo(f));
    }

    @Expect(n = "a=C", f = "a=A")
    static void objectWriterWriteValues(boolean f) throws Exception {
        try (SequenceWriter w = new ObjectMapper().writer().writeValues(Sink.open())) {
            w.write(new Pojo(false));
            w.write(new Pojo(f));
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void csvPrinter(boolean f) throws Exception {
        try (CSVPrinter p = new CSVPrinter(new OutputStreamWriter(Sink.open()), CSVFormat.DEFAULT)) {
            p.printRecord("a", 1);
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void csvPrinterPath(boolean f) throws Exception {
        try (CSVPrinter p = new CSVPrinter(Files.newBufferedWriter(Target.channel()), CSVFormat.EXCEL)) {
            p.printRecord("a", 1);
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C,b=C", f = "a=A,b=A")
    static void guavaCloser(boolean f) throws Exception {
        Closer c = Closer.create();
        try {
            Sink s = c.register(Sink.open());
            c.register(Sink.open("b"));
            Boom.maybe(f);
        } catch (Throwable t) {
            throw c.rethrow(t);
        } finally {
            c.close();
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void guavaByteSource(boolean f) throws Exception {
        new ByteSource() {
            public InputStream openStream() {
                return Inputs.bytes(f);
            }
        }.copyTo(new ByteSink() {
            public OutputStream openStream() {
                return Sink.open();
            }
        });
    }

    @Expect(n = "a=C", f = "a=A")
    static void guavaCharSink(boolean f) throws Exception {
        MoreFiles.asCharSink(Target.stream(), StandardCharsets.UTF_8).writeLines(Inputs.lines(f));
    }

    @Expect(n = "a=C", f = "a=A")
    static void guavaByteSinkWriteFrom(boolean f) throws Exception {
        MoreFiles.asByteSink(Target.stream()).writeFrom(Inputs.bytes(f));
    }

    @Expect(n = "a=C", f = "a=A")
    static void guavaClosablesClose(boolean f) throws Exception {
        Sink s = Sink.open();
        boolean swallow = true;
        try {
            Boom.maybe(f);
            swallow = false;
        } finally {
            Closeables.close(s, swallow);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void commonsCloseQuietly(boolean f) throws Exception {
        OutputStream s = Sink.open();
        try {
            Boom.maybe(f);
        } finally {
            org.apache.commons.io.IOUtils.closeQuietly(s);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void commonsCloseQuietlyVarargs(boolean f) throws Exception {
        OutputStream s = Sink.open();
        try {
            Boom.maybe(f);
        } finally {
            org.apache.commons.io.IOUtils.closeQuietly(s, null);
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "close in body, closeQuietly in finally: the recommended old idiom")
    static void commonsCloseThenQuiet(boolean f) throws Exception {
        OutputStream s = Sink.open();
        try {
            Boom.maybe(f);
            s.close();
        } finally {
            org.apache.commons.io.IOUtils.closeQuietly(s);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void commonsPathOutputStream(boolean f) throws Exception {
        org.apache.commons.io.file.PathUtils.copy(() -> Inputs.bytes(f), Target.stream());
    }

    @Expect(n = "a=C", f = "a=A")
    static void springCopy(boolean f) throws Exception {
        org.springframework.util.FileCopyUtils.copy(Inputs.bytes(f), Sink.open());
    }

    @Expect(n = "a=C", f = "a=A")
    static void okioBuffer(boolean f) throws Exception {
        try (okio.BufferedSink s = okio.Okio.buffer(okio.Okio.sink(Sink.open()))) {
            s.writeUtf8("x");
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void okioGzip(boolean f) throws Exception {
        try (okio.BufferedSink s = okio.Okio.buffer(new okio.GzipSink(okio.Okio.sink(Sink.open())))) {
            s.writeUtf8("x");
            Boom.maybe(f);
        }
    }

    static class Handle extends okio.FileHandle {
        final Sink sink = Sink.open();

        Handle() {
            super(true);
        }

        @Override
        protected int protectedRead(long offset, byte[] array, int arrayOffset, int count) {
            return -1;
        }

        @Override
        protected void protectedWrite(long offset, byte[] array, int arrayOffset, int count) {
            sink.write(array, arrayOffset, count);
        }

        @Override
        protected void protectedFlush() {}

        @Override
        protected void protectedResize(long size) {}

        @Override
        protected long protectedSize() {
            return 0;
        }

        @Override
        protected void protectedClose() {
            sink.close();
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "close() reaches the stream through protectedClose()")
    static void okioFileHandle(boolean f) throws Exception {
        try (Handle handle = new Handle()) {
            handle.write(0, new byte[1], 0, 1);
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "whichever of the handle and its sink is closed last")
    static void okioFileHandleSink(boolean f) throws Exception {
        try (Handle handle = new Handle();
                okio.BufferedSink s = okio.Okio.buffer(handle.sink(0))) {
            s.writeUtf8("x");
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "an XML writer that ends its document in close(), and closes its target")
    static void xmlTransformer(boolean f) throws Exception {
        try (OutputStream o = new BufferedOutputStream(Sink.open())) {
            var transformer =
                    javax.xml.transform.TransformerFactory.newInstance().newTransformer();
            transformer.transform(
                    new javax.xml.transform.stream.StreamSource(new StringReader(f ? "<a><b></a>" : "<a><b/></a>")),
                    new javax.xml.transform.stream.StreamResult(o));
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "incomplete entry makes close throw as well")
    static void commonsTar(boolean f) throws Exception {
        try (org.apache.commons.compress.archivers.tar.TarArchiveOutputStream t =
                new org.apache.commons.compress.archivers.tar.TarArchiveOutputStream(Sink.open())) {
            var e = new org.apache.commons.compress.archivers.tar.TarArchiveEntry("q");
            e.setSize(1);
            t.putArchiveEntry(e);
            Boom.maybe(f);
            t.write(1);
            t.closeArchiveEntry();
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void commonsZip(boolean f) throws Exception {
        try (var t = new org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream(Sink.open())) {
            t.putArchiveEntry(new org.apache.commons.compress.archivers.zip.ZipArchiveEntry("q"));
            t.write(1);
            Boom.maybe(f);
            t.closeArchiveEntry();
        }
    }

    @Expect(n = "a=C", f = "a=A")
    static void commonsBzip2(boolean f) throws Exception {
        try (var t = new org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream(Sink.open())) {
            t.write(1);
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "TWR over xml writer; underlying closed by TWR")
    static void xmlStream(boolean f) throws Exception {
        try (OutputStream o = Sink.open()) {
            var w = javax.xml.stream.XMLOutputFactory.newInstance().createXMLStreamWriter(o, "UTF-8");
            try {
                w.writeStartDocument();
                w.writeStartElement("a");
                Boom.maybe(f);
                w.writeEndDocument();
            } finally {
                w.close();
            }
        }
    }

    static Sink sFinal() {
        return Sink.open();
    }

    @Expect(n = "a=C", f = "a=A", note = "Java 9 effectively final resource")
    static void twrExistingVariable(boolean f) throws Exception {
        Sink s = sFinal();
        try (s) {
            Boom.maybe(f);
        }
    }

    final Sink fld = Sink.open();

    @Expect(n = "a=C", f = "a=A", note = "Java 9 final field resource")
    static void twrExistingField(boolean f) throws Exception {
        new LibraryShapes().useField(f);
    }

    void useField(boolean f) throws Exception {
        try (this.fld) {
            Boom.maybe(f);
        }
    }

    @Expect(n = "a=C", f = "a=A", note = "zip file system whose zip lives in our fs is not testable here; own FS close")
    static void logHandler(boolean f) throws Exception {
        var h = new java.util.logging.StreamHandler(Sink.open(), new java.util.logging.SimpleFormatter());
        try {
            h.publish(new java.util.logging.LogRecord(java.util.logging.Level.INFO, "x"));
            Boom.maybe(f);
        } finally {
            h.close();
        }
    }
}
