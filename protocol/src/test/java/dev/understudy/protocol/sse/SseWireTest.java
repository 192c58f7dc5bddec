package dev.understudy.protocol.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What real wires carry. */
class SseWireTest {

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void everyKindOfLineEnd(String eol) {
        Transcript transcript = Transcript.of(String.join(eol, "data: a", "", "event: error", "data: b", "", ""));

        assertThat(transcript.lines).containsExactly("event[] a", "event[error] b");
    }

    @Test
    void lineEndsMixedInOneStream() {
        assertThat(Transcript.of("data: a\r\rdata: b\n\r\ndata: c\r\n\n").lines)
                .containsExactly("event[] a", "event[] b", "event[] c");
    }

    @Test
    void crAndLfInDifferentChunks() {
        Transcript transcript = Transcript.of("data: a\r", "\n\r", "\ndata: b\r\n\r\n");

        assertThat(transcript.lines).containsExactly("event[] a", "event[] b");
        assertThat(transcript.rawText()).isEqualTo("data: a\r\n\r\ndata: b\r\n\r\n");
    }

    @Test
    void anEventEndedByCrDoesNotWaitForTheNextByte() {
        Transcript transcript = new Transcript();
        byte[] bytes = "data: a\r\r".getBytes(StandardCharsets.UTF_8);

        new SseDecoder(100).feed(bytes, 0, bytes.length, transcript);

        assertThat(transcript.lines).containsExactly("event[] a");
    }

    @Test
    void aLineFeedLeftOverAtTheEndIsNotLost() {
        Transcript transcript = Transcript.of("data: a\r\n\r", "\n");

        assertThat(transcript.lines).containsExactly("event[] a", "ping");
        assertThat(transcript.rawText()).isEqualTo("data: a\r\n\r\n");
    }

    @Test
    void byteOrderMarkAtTheStartOnly() {
        Transcript transcript = Transcript.of("\uFEFFdata: a\n\n", "data: \uFEFFb\n\n");

        assertThat(transcript.lines).containsExactly("event[] a", "event[] \uFEFFb");
        assertThat(transcript.rawText()).isEqualTo("data: a\n\ndata: \uFEFFb\n\n");
    }

    @Test
    void byteOrderMarkByteByByte() {
        Transcript transcript = new Transcript();
        SseDecoder decoder = new SseDecoder(100);
        byte[] bytes = "\uFEFFdata: a\n\n".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            decoder.feed(bytes, i, 1, transcript);
        }

        assertThat(transcript.lines).containsExactly("event[] a");
    }

    @Test
    void whatOnlyBeginsLikeAByteOrderMarkStays() {
        byte[] bytes = {(byte) 0xEF, (byte) 0xBB, '\n', '\n'};
        Transcript transcript = new Transcript();
        SseDecoder decoder = new SseDecoder(100);
        decoder.feed(bytes, 0, 1, transcript);
        decoder.feed(bytes, 1, 3, transcript);
        decoder.end(transcript);

        assertThat(transcript.raw.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void severalDataLinesAreJoinedByALineFeed() {
        assertThat(Transcript.of("data: {\ndata:  \"a\": 1\ndata\ndata: }\n\n").lines)
                .containsExactly("event[] {\n \"a\": 1\n\n}");
    }

    @Test
    void commentsTravelWithTheEventAfterThem() {
        Transcript transcript = Transcript.of(": one\n: two\ndata: a\n\n: alone\n\n");

        assertThat(transcript.lines).containsExactly("event[] a", "ping");
        assertThat(transcript.rawText()).isEqualTo(": one\n: two\ndata: a\n\n: alone\n\n");
    }

    @Test
    void fieldsWithoutMeaningAreKeptRaw() {
        Transcript transcript = Transcript.of("id: 7\nretry: 100\nfuture: x\nevent: message\ndata:a\n\nretry: 5\n\n");

        assertThat(transcript.lines).containsExactly("event[message] a", "ping");
    }

    @Test
    void anErrorWithoutDataIsAnEvent() {
        assertThat(Transcript.of("event: error\n\n").lines).containsExactly("event[error] ");
    }

    @Test
    void aNameIsNotCarriedOverToTheNextEvent() {
        assertThat(Transcript.of("event: error\ndata: a\n\ndata: b\n\n").lines)
                .containsExactly("event[error] a", "event[] b");
    }

    @Test
    void onlyOneSpaceBelongsToTheNotation() {
        assertThat(Transcript.of("data:  a\n\ndata:b\n\ndata:\n\ndata\n\n").lines)
                .containsExactly("event[]  a", "event[] b", "event[] ", "event[] ");
    }

    @Test
    void aMissingLastBlankLineIsAcceptedAndReported() {
        assertThat(Transcript.of("data: a\n\ndata: b\n").lines)
                .containsExactly("event[] a", "event[] b (unterminated)");
    }

    @Test
    void aCutLineIsNoEvent() {
        Transcript transcript = Transcript.of("data: a\n\ndata: b\ndata: c");

        assertThat(transcript.lines).containsExactly("event[] a", "cut");
        assertThat(transcript.rawText()).isEqualTo("data: a\n\ndata: b\ndata: c");
    }

    @Test
    void nothingIsReportedAfterTheEnd() {
        Transcript transcript = new Transcript();
        SseDecoder decoder = new SseDecoder(100);
        decoder.end(transcript);
        decoder.feed("data: a\n\n".getBytes(StandardCharsets.UTF_8), 0, 9, transcript);
        decoder.end(transcript);

        assertThat(transcript.lines).isEmpty();
    }

    @Test
    void aTwoMegabyteEventInSmallChunks() {
        byte[] bytes = ("data: " + "é".repeat(1 << 20) + "\n\n").getBytes(StandardCharsets.UTF_8);
        Transcript transcript = new Transcript();
        SseDecoder decoder = new SseDecoder(3 << 20);
        for (int at = 0; at < bytes.length; at += 16_383) {
            decoder.feed(bytes, at, Math.min(16_383, bytes.length - at), transcript);
        }

        assertThat(transcript.lines).hasSize(1);
        assertThat(transcript.raw.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void thousandsOfTinyEventsInOneChunk() {
        assertThat(Transcript.of("data: x\n\n".repeat(50_000)).lines)
                .hasSize(50_000)
                .allMatch("event[] x"::equals);
    }

    @Test
    void anOversizeEventIsReportedOnceAndEndsTheReading() {
        String stream = "data: ok\n\ndata: " + "x".repeat(200) + "\n\ndata: later\n\n";
        for (int size : new int[] {1, 7, 64, stream.length()}) {
            Transcript transcript = new Transcript();
            SseDecoder decoder = new SseDecoder(100);
            byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
            for (int at = 0; at < bytes.length; at += size) {
                decoder.feed(bytes, at, Math.min(size, bytes.length - at), transcript);
            }
            decoder.end(transcript);

            assertThat(transcript.lines).as("chunks of %d", size).containsExactly("event[] ok", "overflow 100");
        }
    }

    @Test
    void commentsForEverInOneBlockAreAnOversizeEvent() {
        Transcript transcript = new Transcript();
        SseDecoder decoder = new SseDecoder(1_000);
        byte[] bytes = ": ping\n".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 1_000; i++) {
            decoder.feed(bytes, 0, bytes.length, transcript);
        }

        assertThat(transcript.lines).containsExactly("overflow 1000");
    }

    @Test
    void anEventInsideOneChunkIsNotCopied() {
        byte[] bytes = "data: a\n\n".getBytes(StandardCharsets.UTF_8);
        AtomicReference<byte[]> lent = new AtomicReference<>(new byte[0]);
        Transcript transcript = new Transcript() {
            @Override
            public void event(SseEvent event) {
                lent.set(event.data());
            }
        };
        new SseDecoder(100).feed(Arrays.copyOf(bytes, bytes.length), 0, bytes.length, transcript);
        assertThat(lent.get()).isNotSameAs(bytes).isEqualTo(bytes);
        new SseDecoder(100).feed(bytes, 0, bytes.length, transcript);
        assertThat(lent.get()).isSameAs(bytes);
    }

    @Test
    void aLimitOfNothingIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SseDecoder(0));
    }
}
