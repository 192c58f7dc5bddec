package dev.understudy.calls.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compressed response bodies, however the network cuts them. */
class ContentDecoderTest {
    private static final String TEXT = "data: {\"choices\":[{\"delta\":{\"content\":\"äöü\"}}]}\n\n".repeat(50);

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    private static byte[] deflate(String text, boolean withoutHeader) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out, new Deflater(6, withoutHeader))) {
            deflater.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** The decoded text; "undecodable" behind it if the decoder said so. */
    private static String decoded(String encoding, byte[] body, int step) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ContentDecoder decoder = ContentDecoder.of(encoding);
        for (int at = 0; at < body.length; at += step) {
            decoder.decode(
                    body,
                    at,
                    Math.min(step, body.length - at),
                    (array, offset, length) -> {
                        out.write(array, offset, length);
                        return true;
                    },
                    () -> out.writeBytes("undecodable".getBytes(StandardCharsets.UTF_8)));
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 1_000_000})
    void cutAnywhere(int step) throws Exception {
        assertThat(decoded("gzip", gzip(TEXT), step)).isEqualTo(TEXT);
        assertThat(decoded(" X-GZIP ", gzip(TEXT), step)).isEqualTo(TEXT);
        assertThat(decoded("deflate", deflate(TEXT, false), step)).isEqualTo(TEXT);
        assertThat(decoded("deflate", deflate(TEXT, true), step)).isEqualTo(TEXT);
        assertThat(decoded("identity", TEXT.getBytes(StandardCharsets.UTF_8), step))
                .isEqualTo(TEXT);
        assertThat(decoded("gzip", joined(gzip(TEXT), gzip(TEXT)), step))
                .as("two members")
                .isEqualTo(TEXT + TEXT);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 1_000_000})
    void aHeaderWithAllItsParts(int step) throws Exception {
        byte[] plain = gzip(TEXT);
        byte[] header = {
            0x1f, (byte) 0x8b, 8, 4 | 8 | 16 | 2, 0, 0, 0, 0, 0, 0, 3, 0, 'x', 'y', 'z', 'n', 0, 'c', 'o', 0, 9, 9
        };
        byte[] rest = Arrays.copyOfRange(plain, 10, plain.length);
        assertThat(decoded("gzip", joined(header, rest), step)).isEqualTo(TEXT);
    }

    @Test
    void saysOnceThatItCannotDecode() throws Exception {
        byte[] damaged = gzip(TEXT);
        damaged[damaged.length - 6] ^= 1;
        assertThat(decoded("gzip", damaged, 10)).isEqualTo(TEXT + "undecodable");
        assertThat(decoded("gzip", "data: plain\n\n".getBytes(StandardCharsets.UTF_8), 1_000))
                .isEqualTo("undecodable");
        assertThat(decoded("br", gzip(TEXT), 1_000_000)).isEqualTo("undecodable");
        assertThat(decoded("gzip, gzip", gzip(TEXT), 1_000_000)).isEqualTo("undecodable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "none", "UTF-8", "binary"})
    void whatIsNoCodingChangesNothing(String encoding) {
        assertThat(decoded(encoding, TEXT.getBytes(StandardCharsets.UTF_8), 100))
                .isEqualTo(TEXT);
    }

    /** A few kilobytes that decompress to a gigabyte are not decompressed once the reader has had enough. */
    @Test
    void stopsWhenNoMoreIsNeeded() throws Exception {
        byte[] bomb = gzip("0".repeat(20_000_000));
        AtomicInteger pieces = new AtomicInteger();
        ContentDecoder decoder = ContentDecoder.of("gzip");
        ContentDecoder.Receiver hadEnough = (array, offset, length) -> pieces.incrementAndGet() < 3;
        decoder.decode(bomb, 0, bomb.length, hadEnough, () -> pieces.set(-1));
        decoder.decode(bomb, 0, bomb.length, hadEnough, () -> pieces.set(-1));
        assertThat(pieces).hasValue(3);
    }
}
