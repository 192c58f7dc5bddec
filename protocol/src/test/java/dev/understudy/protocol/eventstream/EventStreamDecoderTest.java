package dev.understudy.protocol.eventstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** The network may cut a stream anywhere: the frames stay the same, and no byte is lost or believed without its checksum. */
class EventStreamDecoderTest {
    private static final int LIMIT = 10_000;

    /** Writes down what a decoder says, and keeps all raw bytes. */
    private static final class Transcript implements EventStreamHandler {
        final List<String> lines = new ArrayList<>();
        final ByteArrayOutputStream raw = new ByteArrayOutputStream();

        @Override
        public void frame(EventStreamFrame frame) {
            String data = new String(frame.data(), frame.dataOffset(), frame.dataLength(), StandardCharsets.UTF_8);
            lines.add((frame.exception() ? "exception[" : "event[") + frame.name() + "] " + data);
            raw.write(frame.raw(), frame.rawOffset(), frame.rawLength());
        }

        @Override
        public void cut(byte[] array, int offset, int length) {
            lines.add("cut " + length);
            raw.write(array, offset, length);
        }

        @Override
        public void malformed(String why) {
            lines.add("malformed: " + why);
        }
    }

    private static byte[] stream() {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        EventStreamText.append(stream, "messageStart", json -> json.writeRawValue("{\"role\":\"assistant\"}"));
        EventStreamText.append(
                stream, "contentBlockDelta", json -> json.writeRawValue("{\"delta\":{\"text\":\"é🎭\"}}"));
        stream.writeBytes(frame(new byte[0], new byte[0]));
        EventStreamText.append(stream, "messageStop", json -> json.writeRawValue("{}"));
        EventStreamText.appendException(
                stream, "throttlingException", json -> json.writeRawValue("{\"message\":\"!\"}"));
        return stream.toByteArray();
    }

    private static byte[] frame(byte[] headers, byte[] payload) {
        int size = 16 + headers.length + payload.length;
        ByteBuffer frame = ByteBuffer.allocate(size).putInt(size).putInt(headers.length);
        frame.putInt(crc(frame)).put(headers).put(payload);
        return frame.putInt(crc(frame)).array();
    }

    private static int crc(ByteBuffer frame) {
        CRC32 crc = new CRC32();
        crc.update(frame.array(), 0, frame.position());
        return (int) crc.getValue();
    }

    private static Transcript decode(byte[] bytes, int... cuts) {
        Transcript transcript = new Transcript();
        EventStreamDecoder decoder = new EventStreamDecoder(LIMIT);
        int from = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int to = i < cuts.length ? cuts[i] : bytes.length;
            // Each chunk in an array of its own, overwritten afterwards: nothing may be borrowed for longer.
            byte[] chunk = Arrays.copyOfRange(bytes, from, to);
            decoder.feed(chunk, 0, chunk.length, transcript);
            Arrays.fill(chunk, (byte) '!');
            from = to;
        }
        decoder.end(transcript);
        return transcript;
    }

    @Test
    void framesAreReportedWithNamesAndPayloads() {
        assertThat(decode(stream()).lines)
                .containsExactly(
                        "event[messageStart] {\"role\":\"assistant\"}",
                        "event[contentBlockDelta] {\"delta\":{\"text\":\"é🎭\"}}",
                        "event[] ",
                        "event[messageStop] {}",
                        "exception[throttlingException] {\"message\":\"!\"}");
    }

    @Test
    void frameOfAnotherImplementationIsRead() {
        // Encoded by hand after the specification's example: one string header, a JSON payload.
        byte[] bytes = Base64.getDecoder()
                .decode("AAAAPQAAACAH/YOWDGNvbnRlbnQtdHlwZQcAEGFwcGxpY2F0aW9uL2pzb257J2Zvbyc6J2Jhcid9jZwIsQ==");
        assertThat(decode(bytes).lines).containsExactly("event[] {'foo':'bar'}");
    }

    @Test
    void cutInTwoAtEveryByte() {
        byte[] bytes = stream();
        Transcript whole = decode(bytes);
        for (int cut = 0; cut <= bytes.length; cut++) {
            assertSame(bytes, whole, decode(bytes, cut), "cut at " + cut);
        }
    }

    @Test
    void byteByByte() {
        byte[] bytes = stream();
        int[] cuts = new int[bytes.length];
        Arrays.setAll(cuts, i -> i);
        assertSame(bytes, decode(bytes), decode(bytes, cuts), "byte by byte");
    }

    @Test
    void cutAtManyRandomPlaces() {
        byte[] bytes = stream();
        Transcript whole = decode(bytes);
        for (long seed = 0; seed < 1_000; seed++) {
            Random random = new Random(seed);
            int[] cuts = random.ints(1 + random.nextInt(20), 0, bytes.length + 1)
                    .sorted()
                    .toArray();
            assertSame(bytes, whole, decode(bytes, cuts), "seed " + seed);
        }
    }

    private static void assertSame(byte[] bytes, Transcript whole, Transcript cut, String how) {
        assertThat(cut.lines).as(how).isEqualTo(whole.lines);
        assertThat(cut.raw.toByteArray()).as(how).isEqualTo(bytes);
    }

    @Test
    void endInsideAFrameIsReportedAsCut() {
        byte[] bytes = stream();
        for (int length = 1; length < bytes.length; length++) {
            Transcript transcript = decode(Arrays.copyOf(bytes, length));
            long frames = transcript.lines.stream()
                    .filter(line -> !line.startsWith("cut"))
                    .count();
            assertThat(transcript.raw.toByteArray()).isEqualTo(Arrays.copyOf(bytes, length));
            assertThat(frames).isLessThan(5);
        }
        assertThat(decode(Arrays.copyOf(bytes, 20)).lines).containsExactly("cut 20");
        assertThat(decode(new byte[0]).lines).isEmpty();
    }

    @Test
    void anyChangedByteIsFoundAndReportedOnce() {
        byte[] bytes = stream();
        for (int at = 0; at < bytes.length; at++) {
            byte[] broken = bytes.clone();
            broken[at] ^= 0x10;
            Transcript transcript = decode(broken, at, Math.min(bytes.length, at + 7));
            assertThat(transcript.lines).as("byte " + at).hasSizeLessThan(6);
            assertThat(transcript.lines.getLast()).as("byte " + at).startsWith("malformed: ");
        }
    }

    @Test
    void frameLargerThanTheLimitIsRefusedBeforeItHasCome() {
        byte[] large = frame(new byte[0], new byte[LIMIT]);
        assertThat(decode(Arrays.copyOf(large, 12)).lines)
                .containsExactly("malformed: a frame is larger than 10000 bytes");
        assertThat(decode(frame(new byte[0], new byte[LIMIT - 16])).lines).hasSize(1);
    }

    @Test
    void headersOfAllTypesAreSteppedOver() {
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        int[] sizes = {0, 0, 1, 2, 4, 8, -1, -1, 8, 16};
        for (int type = 0; type < sizes.length; type++) {
            headers.writeBytes(new byte[] {1, 'h', (byte) type});
            headers.writeBytes(sizes[type] < 0 ? new byte[] {0, 2, 'x', 'y'} : new byte[sizes[type]]);
        }
        headers.writeBytes(new byte[] {11});
        headers.writeBytes(":event-type".getBytes(StandardCharsets.US_ASCII));
        headers.writeBytes(new byte[] {7, 0, 1, 'e'});
        assertThat(decode(frame(headers.toByteArray(), new byte[] {'1'})).lines).containsExactly("event[e] 1");
    }

    @Test
    void headersThatRunOutAreMalformed() {
        byte[][] broken = {
            {1}, {0, 7}, {1, 'h'}, {1, 'h', 10}, {1, 'h', 7}, {1, 'h', 7, 0, 2, 'x'}, {1, 'h', 5, 0}, {(byte) 0xFF, 'h'}
        };
        for (byte[] headers : broken) {
            assertThat(decode(frame(headers, new byte[0])).lines)
                    .as(Arrays.toString(headers))
                    .containsExactly("malformed: the headers of a frame cannot be read");
        }
    }

    @Test
    void errorWithoutPayloadHasTheMessageOfItsHeaders() {
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        String[][] said = {{":message-type", "error"}, {":error-code", "Busy"}, {":error-message", "come later"}};
        for (String[] header : said) {
            headers.write(header[0].length());
            headers.writeBytes(header[0].getBytes(StandardCharsets.US_ASCII));
            headers.writeBytes(new byte[] {7, 0, (byte) header[1].length()});
            headers.writeBytes(header[1].getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(decode(frame(headers.toByteArray(), new byte[0])).lines)
                .containsExactly("exception[Busy] come later");
    }

    @Test
    void nameOfAnEarlierFrameIsForgotten() {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        EventStreamText.appendException(stream, "e", json -> json.writeRawValue("1"));
        stream.writeBytes(frame(new byte[0], new byte[] {'2'}));
        assertThat(decode(stream.toByteArray()).lines).containsExactly("exception[e] 1", "event[] 2");
    }

    @Test
    void garbageIsNeverMoreThanMalformed() {
        for (long seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = seed % 2 == 0 ? new byte[random.nextInt(200)] : stream();
            if (seed % 2 == 0) {
                random.nextBytes(bytes);
            } else {
                byte[] headers = new byte[random.nextInt(20)];
                random.nextBytes(headers);
                bytes = frame(headers, new byte[random.nextInt(5)]);
            }
            int cut = random.nextInt(bytes.length + 1);
            assertThat(decode(bytes, cut).lines).as("seed " + seed).hasSizeLessThan(2);
        }
    }

    @Test
    void afterAFaultAndAfterTheEndNothingIsReported() {
        Transcript transcript = new Transcript();
        EventStreamDecoder decoder = new EventStreamDecoder(LIMIT);
        decoder.feed(new byte[12], 0, 12, transcript);
        decoder.feed(stream(), 0, 50, transcript);
        decoder.end(transcript);
        decoder.end(transcript);
        assertThat(transcript.lines).hasSize(1);
    }

    @Test
    void limitMustHoldAFrame() {
        assertThatIllegalArgumentException().isThrownBy(() -> new EventStreamDecoder(15));
    }
}
