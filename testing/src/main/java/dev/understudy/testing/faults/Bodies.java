package dev.understudy.testing.faults;

import dev.understudy.testing.wire.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Texts in the forms in which they may travel. */
public final class Bodies {
    private Bodies() {}

    /** After this head, every byte in a chunk of its own, inside the characters of UTF-8 too. */
    public static Reply byteByByte(Reply head, String body) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte each : body.getBytes(StandardCharsets.UTF_8)) {
            all.writeBytes("1\r\n".getBytes(StandardCharsets.US_ASCII));
            all.write(each);
            all.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        return head.send(all.toByteArray()).lastChunk();
    }

    public static byte[] gzip(String text) {
        return compressed(text, out -> new GZIPOutputStream(out, true));
    }

    public static byte[] deflate(String text) {
        return compressed(text, out -> new DeflaterOutputStream(out, true));
    }

    private interface Encoder {
        OutputStream around(OutputStream out) throws IOException;
    }

    private static byte[] compressed(String text, Encoder encoder) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = encoder.around(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException impossible) {
            // The target is memory.
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
