package dev.understudy.protocol.translate;

import static dev.understudy.protocol.translate.ChatTranscript.delta;
import static dev.understudy.protocol.translate.ChatTranscript.finish;
import static dev.understudy.protocol.translate.ChatTranscript.sse;
import static dev.understudy.protocol.translate.ChatTranscript.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.answer.AnswerRules;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that are cut by the network, in chunks or for good. */
class ChatStreamCutTest {
    private static final String BEFORE_THE_FINISH = ": OPENROUTER PROCESSING\n\n"
            + sse(
                    delta("\"role\":\"assistant\",\"content\":\"\""),
                    text("Grüße 🎭"),
                    delta(
                            "\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"finish_reason\\\":\\\"stop\\\"}\"}}]"),
                    "{\"choices\":[],\"usage\":{\"total_tokens\":5}}");

    private static final String FINISH = sse(finish("tool_calls"));
    private static final String AFTER_THE_FINISH = sse(
            "{\"choices\":[],\"usage\":{\"prompt_tokens\":2,\"completion_tokens\":3,\"total_tokens\":5}}", "[DONE]");

    private static ChatTranscript feed(byte[] bytes, int... cuts) {
        ChatTranscript transcript = new ChatTranscript(AnswerRules.DEFAULT, 10_000);
        int from = 0;
        for (int cut : cuts) {
            transcript.stream.feed(bytes, from, cut - from);
            from = cut;
        }
        transcript.stream.feed(bytes, from, bytes.length - from);
        transcript.stream.end();
        return transcript;
    }

    private static byte[] bytes(String text, String eol) {
        return text.replace("\n", eol).getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void chunksDoNotMatter(String eol) {
        byte[] bytes = bytes(BEFORE_THE_FINISH + FINISH + AFTER_THE_FINISH, eol);
        ChatTranscript whole = feed(bytes);
        assertThat(whole.said)
                .containsExactly("PING", "NO_CONTENT", "CONTENT", "CONTENT", "NO_CONTENT", "FINISH", "USAGE", "DONE");
        for (int cut = 0; cut <= bytes.length; cut++) {
            assertSame(bytes, whole, feed(bytes, cut), "cut at " + cut);
        }
        for (long seed = 0; seed < 500; seed++) {
            int[] cuts = new Random(seed).ints(20, 0, bytes.length + 1).sorted().toArray();
            assertSame(bytes, whole, feed(bytes, cuts), "seed " + seed);
        }
    }

    private static void assertSame(byte[] bytes, ChatTranscript whole, ChatTranscript cut, String how) {
        // A CRLF cut apart at the very end leaves a line feed, which is told as one more quiet piece.
        assertThat(cut.said.stream().filter(one -> !one.equals("NO_CONTENT")))
                .as(how)
                .containsExactlyElementsOf(whole.said.stream()
                        .filter(one -> !one.equals("NO_CONTENT"))
                        .toList());
        assertThat(cut.stream.usage()).as(how).isEqualTo(whole.stream.usage());
        assertThat(cut.stream.characters()).as(how).isEqualTo(whole.stream.characters());
        assertThat(cut.stream.position()).as(how).isEqualTo(whole.stream.position());
        assertThat(cut.stream.facts().tally().reason())
                .as(how)
                .isEqualTo(whole.stream.facts().tally().reason());
        assertThat(cut.forwarded.toByteArray()).as(how).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void whateverEndsBeforeTheFinishIsTruncated(String eol) {
        byte[] bytes = bytes(BEFORE_THE_FINISH + "data: " + finish("stop"), eol);
        for (int length = 0; length <= bytes.length; length++) {
            ChatTranscript transcript = feed(Arrays.copyOf(bytes, length));

            assertThat(transcript.said)
                    .as("cut at %d", length)
                    .endsWith("TRUNCATED")
                    .doesNotContain("FINISH", "DONE");
            assertThat(transcript.finished()).isFalse();
        }
    }

    @Test
    void whateverEndsAfterTheFinishIsComplete() {
        byte[] bytes = bytes(BEFORE_THE_FINISH + FINISH + AFTER_THE_FINISH, "\n");
        int finished = bytes(BEFORE_THE_FINISH + FINISH, "\n").length;
        for (int length = finished; length <= bytes.length; length++) {
            ChatTranscript transcript = feed(Arrays.copyOf(bytes, length));

            assertThat(transcript.failure).as("cut at %d", length).isEmpty();
            assertThat(transcript.said).contains("FINISH");
        }
    }
}
