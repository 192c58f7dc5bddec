package dev.understudy.protocol.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The network may cut a stream anywhere: the events stay the same, and no byte is lost or made up. */
class SseReframingTest {
    private static final String STREAM = String.join(
            "\n",
            "\uFEFF: OPENROUTER PROCESSING",
            "",
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Grüße 🎭\"}}]}",
            "",
            "event: ping",
            "data: {}",
            "",
            "",
            "id: 1",
            "data: first",
            "data: second",
            "",
            "event: error",
            "data: {\"error\":{\"message\":\"é\"}}",
            "",
            "data: [DONE]",
            "",
            "data: no blank line",
            "");

    private static byte[] stream(String eol) {
        return STREAM.replace("\n", eol).getBytes(StandardCharsets.UTF_8);
    }

    private static Transcript decode(byte[] bytes, int... cuts) {
        Transcript transcript = new Transcript();
        SseDecoder decoder = new SseDecoder(10_000);
        int from = 0;
        for (int cut : cuts) {
            // Each chunk in an array of its own, overwritten afterwards: nothing may be borrowed for longer.
            feed(decoder, transcript, bytes, from, cut);
            from = cut;
        }
        feed(decoder, transcript, bytes, from, bytes.length);
        decoder.end(transcript);
        return transcript;
    }

    private static void feed(SseDecoder decoder, Transcript transcript, byte[] bytes, int from, int to) {
        byte[] chunk = Arrays.copyOfRange(bytes, from, to);
        decoder.feed(chunk, 0, chunk.length, transcript);
        Arrays.fill(chunk, (byte) '!');
    }

    private static void assertSame(byte[] bytes, Transcript whole, Transcript cut, String how) {
        assertThat(cut.events()).as(how).isEqualTo(whole.events());
        assertThat(cut.raw.toByteArray()).as(how).isEqualTo(Arrays.copyOfRange(bytes, 3, bytes.length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void cutInTwoAtEveryByte(String eol) {
        byte[] bytes = stream(eol);
        Transcript whole = decode(bytes);
        assertThat(whole.events()).hasSize(6);
        for (int cut = 0; cut <= bytes.length; cut++) {
            assertSame(bytes, whole, decode(bytes, cut), "cut at " + cut);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void cutAtManyRandomPlaces(String eol) {
        byte[] bytes = stream(eol);
        Transcript whole = decode(bytes);
        for (long seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            int[] cuts = random.ints(1 + random.nextInt(40), 0, bytes.length + 1)
                    .sorted()
                    .toArray();
            assertSame(bytes, whole, decode(bytes, cuts), "seed " + seed);
        }
    }

    @Test
    void byteByByte() {
        byte[] bytes = stream("\r\n");
        int[] cuts = new int[bytes.length];
        Arrays.setAll(cuts, i -> i);
        assertSame(bytes, decode(bytes), decode(bytes, cuts), "byte by byte");
    }
}
