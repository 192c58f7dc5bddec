package dev.understudy.protocol.recovery;

import static dev.understudy.protocol.recovery.Joined.delta;
import static dev.understudy.protocol.recovery.Joined.finish;
import static dev.understudy.protocol.recovery.Joined.sse;
import static dev.understudy.protocol.recovery.Joined.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.answer.AnswerStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContinuationChunksTest {
    private static final String ROLE = delta("\"role\":\"assistant\",\"content\":\"\",\"refusal\":null");
    private static final String HEAD = "data: {\"id\":\"first\",\"created\":1700000000,\"model\":\"m2\",\"choices\":[";
    private static final String MARK = ",\"understudy\":{\"recovery\":\"continue\",\"trail\":\"a;b\"}";

    private static String out(String members) {
        return HEAD + "{\"index\":0,\"delta\":{" + members + "},\"finish_reason\":null}]}\n\n";
    }

    private static String outFinish(String members) {
        return HEAD + "{\"index\":0,\"delta\":{" + members + "},\"finish_reason\":\"stop\"}]" + MARK + "}\n\n";
    }

    @Test
    void theRestFollowsAsIfItWereOneAnswer() {
        Joined result = Joined.of("The cat ", ROLE, text("sat"), text(" down."), finish(""), "[DONE]");

        assertThat(result.said).containsExactly("NO_CONTENT (nothing)", "CONTENT", "CONTENT", "FINISH", "DONE");
        assertThat(result.events)
                .containsExactly(
                        out("\"content\":\"sat\""), out("\"content\":\" down.\""), outFinish(""), "data: [DONE]\n\n");
    }

    @Test
    void repeatedTextIsHeldBackAndProgressReported() {
        Joined result = Joined.of("The cat ", text("The"), text(" cat sat"), finish(""));

        assertThat(result.said).containsExactly("CONTENT (nothing)", "CONTENT", "FINISH");
        assertThat(result.events).containsExactly(out("\"content\":\"sat\""), outFinish(""));
    }

    @Test
    void whatIsStillHeldBackAtTheFinishGoesOutFirst() {
        Joined result = Joined.of("The cat and the dog", text(" and"), finish(""));

        assertThat(result.said).containsExactly("CONTENT (nothing)", "FINISH");
        assertThat(result.events).containsExactly(out("\"content\":\" and\""), outFinish(""));
    }

    @Test
    void textInTheLastEventStaysInIt() {
        assertThat(Joined.of("The cat and the dog", text(" and"), finish("\"content\":\" the\"")).events)
                .containsExactly(outFinish("\"content\":\" and the\""));
        assertThat(Joined.of("Hi", text("!"), finish("\"content\":\" You\",\"role\":\"assistant\"")).events)
                .containsExactly(out("\"content\":\"!\""), outFinish("\"content\":\" You\""));
    }

    @Test
    void anotherAnswerFails() {
        Joined result = Joined.of(
                "The capital of France is",
                text("The capital of"),
                text(" Italy is Rome."),
                text(" More"),
                finish(""),
                "[DONE]");

        assertThat(result.said).containsExactly("CONTENT (nothing)", "INVALID_OUTPUT (nothing)");
        assertThat(Joined.of("The capital of France is", text("The capital of"), finish("")).said)
                .as("one that ends before it differs")
                .containsExactly("CONTENT (nothing)", "INVALID_OUTPUT (nothing)");
    }

    @Test
    void aToolCallIsPassedOnAfterTheTextThatWasHeldBack() {
        String call = "\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]";
        Joined result = Joined.of(
                "The cat and the dog",
                text(" and"),
                delta("\"role\":\"assistant\",\"content\":null," + call),
                finish(""));

        assertThat(result.events)
                .containsExactly(out("\"content\":\" and\""), out("\"content\":null," + call), outFinish(""));
        assertThat(Joined.of("Hi", delta("\"content\":\"\"," + call), text("Hi"), finish("")).events)
                .as("text after it is not compared with what was sent")
                .containsExactly(out(call), out("\"content\":\"Hi\""), outFinish(""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"role\":\"assistant\"",
                "\"content\":\"\"",
                "\"content\":null,\"refusal\":null,\"tool_calls\":[]",
                ""
            })
    void eventsWithoutContentAreReportedAndNotForwarded(String members) {
        Joined result = Joined.of("Hi", delta(members), text("!"), finish(""));
        assertThat(result.said).containsExactly("NO_CONTENT (nothing)", "CONTENT", "FINISH");
        assertThat(result.events).containsExactly(out("\"content\":\"!\""), outFinish(""));
        assertThat(Joined.of("Hi", "{\"choices\":[],\"prompt_filter_results\":[{}]}", text("!"), finish("")).said)
                .containsExactly("NO_CONTENT (nothing)", "CONTENT", "FINISH");
    }

    @Test
    void anAddedFinishKeepsTheWarningBesideTheMark() {
        Joined result = Joined.of("Hi", text("!"), "[DONE]");

        assertThat(result.said).containsExactly("CONTENT", "FINISH", "DONE");
        assertThat(result.events.get(1))
                .contains("\"id\":\"first\"", "\"finish_reason\":\"stop\"")
                .contains(
                        "\"understudy\":{\"recovery\":\"continue\",\"trail\":\"a;b\",\"warning\":\"the provider ended");
    }

    @Test
    void commentsPass() {
        Joined result = Joined.of(
                Joined.FIRST,
                new Seam("Hi", ContinuationForm.TURN),
                ": ping\n\n" + sse(text("!"), finish("")).replace("\n", "\r\n"));

        assertThat(result.said).containsExactly("PING", "CONTENT", "FINISH");
        assertThat(result.wire()).startsWith(": ping\n\n" + out("\"content\":\"!\""));
    }

    @Test
    void whateverElseIsInAnEventIsKeptInItsSpelling() {
        String event =
                "{\"id\":\"second\",\"x\":1.10,\"model\":\"m2\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"é"
                        + " \\ud83c\\udfad\",\"y\":[1e2]},\"logprobs\":{\"content\":[]},\"finish_reason\":null}],\"z\":null}";

        assertThat(Joined.of("Hi", event, finish("")).events.getFirst())
                .isEqualTo("data: {\"id\":\"first\",\"x\":1.10,\"model\":\"m2\",\"choices\":[{\"index\":0,\"delta\":"
                        + "{\"content\":\"é 🎭\",\"y\":[1e2]},\"logprobs\":{\"content\":[]},\"finish_reason\":null}],"
                        + "\"z\":null,\"created\":1700000000}\n\n");
    }

    @Test
    void probabilitiesOfTokensThatWereRemovedGoWithThem() {
        String event =
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi you\"},\"logprobs\":{\"content\":[7]}}]}";

        assertThat(Joined.of("Hi", event, finish("")).events.getFirst())
                .contains("{\"content\":\" you\"},\"logprobs\":null");
    }

    @Test
    void textInPartsIsComparedToo() {
        Joined result = Joined.of(
                "The cat",
                delta(
                        "\"content\":[{\"type\":\"thinking\",\"thinking\":[]},{\"type\":\"text\",\"text\":\"The cat s\"}]"),
                delta("\"content\":[{\"type\":\"text\",\"text\":\"at\"}]"),
                finish(""));

        assertThat(result.events)
                .containsExactly(
                        out(
                                "\"content\":[{\"type\":\"thinking\",\"thinking\":[]},{\"type\":\"text\",\"text\":\" s\"}]"),
                        out("\"content\":[{\"type\":\"text\",\"text\":\"at\"}]"),
                        outFinish(""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"prompt_tokens":50,"completion_tokens":7,"total_tokens":57,"d":{"a":1.0}} | {"prompt_tokens":150,"completion_tokens":47,"total_tokens":197,"d":{"a":1.0}}
        {"prompt_tokens":50,"completion_tokens":7}                                 | {"prompt_tokens":150,"completion_tokens":47,"total_tokens":197}
        {"completion_tokens":7}                                                    | {"completion_tokens":47}
        {"total_tokens":57}                                                        | {"total_tokens":197}
        {"prompt_tokens":1e3,"completion_tokens":-1}                               | {"prompt_tokens":1e3,"completion_tokens":-1}
        {}                                                                         | {}
        """)
    void usageCountsBothParts(String came, String sums) {
        Joined result = Joined.of("Hi", text("!"), finish(""), "{\"choices\":[],\"usage\":" + came + "}");

        assertThat(result.said).containsExactly("CONTENT", "FINISH", "USAGE");
        assertThat(result.events.getLast())
                .isEqualTo("data: {\"choices\":[],\"usage\":" + sums + ",\"id\":\"first\",\"created\":1700000000}\n\n");
    }

    @Test
    void membersThatTheFirstStreamLackedAreNotMadeUp() {
        DeliveredPart silent = new DeliveredPart("", OptionalLong.empty(), OptionalLong.empty(), 3);
        Joined result = Joined.of(
                silent,
                new Seam("Hi", ContinuationForm.TURN),
                sse(text("!"), finish(""), "{\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2}}"));

        assertThat(result.events.getFirst()).contains("\"id\":\"second\",\"created\":1800000000");
        assertThat(result.events.getLast())
                .contains("{\"prompt_tokens\":5,\"completion_tokens\":5,\"total_tokens\":10}");
    }

    @Test
    void failuresPassAsTheyAre() {
        assertThat(Joined.of("Hi", text("!"), "{\"error\":{\"message\":\"m\",\"code\":429}}").said)
                .containsExactly("CONTENT", "RATE_LIMITED");
        assertThat(Joined.of("Hi", text("!")).said).containsExactly("CONTENT", "TRUNCATED (nothing)");
        Joined blank = Joined.of("Hi", ROLE, finish(""), "[DONE]");
        assertThat(blank.said).containsExactly("NO_CONTENT (nothing)", "EMPTY (at hand)", "DONE");
        assertThat(blank.events.getFirst()).isEqualTo(outFinish(""));
    }

    @Test
    void anEventThatIsTooDeepForATreeIsMalformed() {
        String deep = "{\"x\":" + "[".repeat(100) + "]".repeat(100) + ",\"choices\":[]}";

        assertThat(Joined.of("Hi", deep, text("!"), finish("")).said).containsExactly("MALFORMED (nothing)");
    }

    @Test
    void bothPartsReadAsOneStream() {
        String answer = "It was a dark and stormy night; the rain fell in torrents, except at occasional intervals.";
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int cut = 1 + random.nextInt(answer.length() - 1);
            AnswerStream first = Joined.stream(new Joined());
            String begun = sse(ROLE.replace("second", "1st"), text(answer.substring(0, cut)));
            feed(first, begun);
            assertThat(first.continuable()).isTrue();
            String sent = first.text().orElseThrow();
            String again = List.of(answer, answer.substring(cut), answer.substring(Math.max(0, cut - 30)))
                    .get(random.nextInt(3));
            int half = random.nextInt(again.length());
            Joined rest = Joined.of(
                    DeliveredPart.of(first),
                    new Seam(sent, ContinuationForm.TURN),
                    sse(ROLE, text(again.substring(0, half)), text(again.substring(half)), finish(""), "[DONE]"));
            Joined all = new Joined();
            AnswerStream whole = Joined.stream(all);
            feed(whole, begun + rest.wire());

            assertThat(whole.text()).as("seed %d", seed).contains(answer);
            assertThat(all.said).contains("DONE");
            assertThat(rest.wire()).doesNotContain("second").contains("\"id\":\"1st\"");
        }
    }

    private static void feed(AnswerStream stream, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        stream.feed(bytes, 0, bytes.length);
    }

    @Test
    void aRestartIsMarkedByAnEventWithoutChoices() {
        assertThat(new String(
                        RecoveryMark.restart("first", OptionalLong.of(1_700_000_000), "m2", "a;\"b\""),
                        StandardCharsets.UTF_8))
                .isEqualTo("data: {\"id\":\"first\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
                        + "\"model\":\"m2\",\"choices\":[],\"understudy\":{\"recovery\":\"restart\","
                        + "\"trail\":\"a;\\\"b\\\"\"}}\n\n");
    }
}
