package dev.understudy.protocol.translate;

import static dev.understudy.protocol.translate.ChatTranscript.delta;
import static dev.understudy.protocol.translate.ChatTranscript.finish;
import static dev.understudy.protocol.translate.ChatTranscript.ofData;
import static dev.understudy.protocol.translate.ChatTranscript.sse;
import static dev.understudy.protocol.translate.ChatTranscript.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.Usage;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatStreamTest {
    private static final String DONE = "[DONE]";
    private static final String ROLE = delta("\"role\":\"assistant\",\"content\":\"\",\"refusal\":null");
    private static final String USAGE =
            "{\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2,\"total_tokens\":9,\"details\":{\"a\":1}}}";

    @Test
    void anOrdinaryAnswer() {
        ChatTranscript transcript = ofData(ROLE, text("Hi"), text(" there"), finish("stop"), USAGE, DONE);

        assertThat(transcript.said).containsExactly("NO_CONTENT", "CONTENT", "CONTENT", "FINISH", "USAGE", "DONE");
        assertThat(transcript.stream.facts().begin().model()).isEqualTo("m");
        assertThat(transcript.stream.facts().tally().reason()).isEqualTo("stop");
        assertThat(transcript.stream.usage())
                .isEqualTo(new Usage(OptionalLong.of(7), OptionalLong.of(2), OptionalLong.of(9)));
        assertThat(transcript.stream.characters()).isEqualTo(8);
        assertThat(transcript.stream.facts().isAnswered()).isTrue();
        assertThat(transcript.stream.toolCallOpen()).isFalse();
    }

    @Test
    void rawBytesAreForwardedExactly() {
        String body = ": keep-alive\r\n\r\n"
                + sse(ROLE, text("é"), finish("stop"), DONE).replace("\n", "\r\n");
        ChatTranscript transcript = ChatTranscript.of(body);

        assertThat(transcript.forwarded.toString(StandardCharsets.UTF_8)).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"content\":\"x\"",
                "\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]",
                "\"function_call\":{\"name\":\"f\"}",
                "\"refusal\":\"No\"",
                "\"audio\":{\"id\":\"a\"}",
                "\"images\":[{\"type\":\"image_url\"}]",
                "\"content\":[{\"type\":\"text\",\"text\":\"x\"}]",
                "\"reasoning\":\"Hm\",\"content\":\"x\""
            })
    void whatIsContent(String members) {
        assertThat(ofData(ROLE, delta(members), finish("stop"), DONE).said)
                .containsExactly("NO_CONTENT", "CONTENT", "FINISH", "DONE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"reasoning\":\"Hm\"",
                "\"reasoning_content\":\"Hm\"",
                "\"reasoning_details\":[{\"type\":\"reasoning.encrypted\",\"data\":\"x\"}]",
                "\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"Hm\"}]}]"
            })
    void whatIsReasoning(String members) {
        assertThat(ofData(ROLE, delta(members), finish("stop"), DONE).said)
                .containsExactly("NO_CONTENT", "REASONING", "EMPTY (at hand)", "DONE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"role\":\"assistant\"",
                "\"content\":null",
                "\"content\":\"\"",
                "\"content\":\" \\n\\t\\u00a0\\u200b\"",
                "\"content\":[]",
                "\"content\":[{\"type\":\"text\",\"text\":\" \"}]",
                "\"tool_calls\":[]",
                "\"tool_calls\":null",
                "\"function_call\":null",
                "\"audio\":null",
                "\"audio\":{}",
                "\"refusal\":\"\"",
                "\"reasoning\":\"\\n\"",
                "\"annotations\":[]",
                "\"unknown\":{\"content\":\"x\"}",
                "\"reasoning_content\":1.5",
                "\"reasoning_details\":[{}]",
                "\"content\":7"
            })
    void whatIsNotContent(String members) {
        assertThat(ofData(delta(members), finish("stop"), DONE).said)
                .containsExactly("NO_CONTENT", "EMPTY (at hand)", "DONE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"choices\":[]}",
                "{\"choices\":null,\"usage\":null}",
                "{\"choices\":[{}]}",
                "{\"choices\":[null]}",
                "{\"choices\":[{\"delta\":null}]}",
                "{\"error\":null,\"choices\":[]}",
                "{\"object\":\"chat.completion.chunk\",\"type\":7}",
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":1e99,\"total_tokens\":123456789012345678901234567890}}"
            })
    void eventsOfNoConsequence(String data) {
        assertThat(ofData(data, text("x"), finish("stop")).said).containsExactly("NO_CONTENT", "CONTENT", "FINISH");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ": OPENROUTER PROCESSING\n\n",
                "data:\n\n",
                "data: \n\n",
                "event: ping\ndata: {\"type\": \"ping\"}\n\n"
            })
    void signsOfLifeAndNothingElse(String ping) {
        ChatTranscript transcript = ChatTranscript.of(ping + sse(text("x")) + ping + sse(finish("stop")) + ping);

        assertThat(transcript.said).containsExactly("PING", "CONTENT", "PING", "FINISH", "PING");
        assertThat(transcript.forwarded.toString(StandardCharsets.UTF_8))
                .isEqualTo(ping + sse(text("x")) + ping + sse(finish("stop")) + ping);
    }

    /** What may be dropped must not take half of the line end before it along. */
    @Test
    void aLineFeedThatBelongsToTheEventBeforeIsNoPing() {
        ChatTranscript transcript = new ChatTranscript(AnswerRules.DEFAULT, 10_000);
        byte[] event = sse(ROLE).replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        byte[] rest = "\n: ping\r\n\r\n".getBytes(StandardCharsets.UTF_8);
        transcript.stream.feed(event, 0, event.length - 1);
        transcript.stream.feed(rest, 0, rest.length);

        assertThat(transcript.said).containsExactly("NO_CONTENT", "NO_CONTENT", "PING");
    }

    @Test
    void contentAndFinishInOneEvent() {
        ChatTranscript transcript =
                ofData("{\"choices\":[{\"finish_reason\":\"stop\",\"delta\":{\"content\":\"x\"},\"index\":0}]}");

        assertThat(transcript.said).containsExactly("FINISH");
        assertThat(transcript.stream.characters()).isEqualTo(1);
    }

    @Test
    void blanksWaitForTextAndThenFlow() {
        assertThat(ofData(text("\\n"), text(" "), text("x"), text("\\n"), finish("stop")).said)
                .containsExactly("NO_CONTENT", "NO_CONTENT", "CONTENT", "CONTENT", "FINISH");
    }

    @Test
    void blanksAreContentWhereEmptyIsWelcome() {
        assertThat(ofData(new AnswerRules(true, 1, false, false, false), text("\\n"), finish("stop")).said)
                .containsExactly("CONTENT", "FINISH");
    }

    @Test
    void validButEmpty() {
        assertThat(ofData(AnswerRules.of(false, 1, OptionalLong.of(50), false), ROLE, finish("length"), DONE).said)
                .containsExactly("NO_CONTENT", "FINISH", "DONE");
        assertThat(ofData(new AnswerRules(false, 1, true, true, false), ROLE, finish("stop")).said)
                .containsExactly("NO_CONTENT", "FINISH");
        assertThat(ofData(new AnswerRules(false, 1, false, false, true), ROLE, finish("stop")).said)
                .containsExactly("NO_CONTENT", "FINISH");
    }

    @Test
    void lengthIsNoExcuseWhereTheCallerSetNoLimit() {
        assertThat(ofData(ROLE, finish("length"), DONE).said).containsExactly("NO_CONTENT", "EMPTY (at hand)", "DONE");
    }

    @Test
    void toolCallsThatNeverCameAreEmpty() {
        assertThat(ofData(ROLE, finish("tool_calls"), DONE).said)
                .containsExactly("NO_CONTENT", "EMPTY (at hand)", "DONE");
    }

    @Test
    void aFilterBeforeAnyContentIsAFailureWithADeliverableAnswer() {
        ChatTranscript transcript = ofData(ROLE, finish("content_filter"), USAGE, DONE);

        assertThat(transcript.said).containsExactly("NO_CONTENT", "CONTENT_POLICY (at hand)", "USAGE", "DONE");
        assertThat(transcript.forwarded.toString(StandardCharsets.UTF_8))
                .isEqualTo(sse(ROLE, finish("content_filter"), USAGE, DONE));
    }

    @Test
    void aFilterAfterContentIsAFinish() {
        assertThat(ofData(text("x"), finish("content_filter"), DONE).said).containsExactly("CONTENT", "FINISH", "DONE");
    }

    @Test
    void reasoningWithoutTextIsBlank() {
        ChatTranscript transcript = ofData(delta("\"reasoning\":\"Hm\""), finish("stop"));

        assertThat(transcript.said).containsExactly("REASONING", "EMPTY (at hand)");
        assertThat(transcript.stream.facts().isAnswered()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"error\":{\"message\":\"m\",\"code\":429}}",
                "event: error\ndata: {\"error\":{\"message\":\"m\",\"code\":429}}",
                "event: error\ndata: {\"message\":\"m\",\"code\":429}",
                "data: {\"object\":\"error\",\"message\":\"m\",\"type\":\"x\",\"code\":429}",
                "data: {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"m\"}}",
                "data: {\"choices\":[{\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}],\"error\":{\"code\":429,\"message\":\"m\"}}",
                "data: {\"choices\":[{\"error\":{\"code\":429,\"message\":\"m\"},\"finish_reason\":\"error\"}]}",
                "data: {\"choices\":[],\"x_groq\":{\"error\":\"m: too many requests\"}}",
                "data: {\"error\":\"m: too many requests\"}"
            })
    void errorsInBand(String event) {
        ChatTranscript transcript = ChatTranscript.of(sse(text("x")) + event + "\n\n" + sse(text("y"), DONE));

        assertThat(transcript.said).containsExactly("CONTENT", "RATE_LIMITED");
        assertThat(transcript.theFailure().message()).startsWith("m");
        assertThat(transcript.finished()).isFalse();
    }

    @Test
    void anErrorWithoutAWordIsStillOne() {
        assertThat(ChatTranscript.of("event: error\n\n").said).containsExactly("SERVER_ERROR");
        assertThat(ChatTranscript.of("event: error\ndata: overloaded\n\n").said).containsExactly("OVERLOADED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"choices\":[", "nonsense", "[]", "\"x\"", "7", "<html>", "{} {}", "{\"a\":\"\\x\"}", "{'a':1}"
            })
    void malformedEvents(String data) {
        assertThat(ofData(ROLE, data, DONE).said).containsExactly("NO_CONTENT", "MALFORMED");
    }

    @Test
    void reasonsThatAreNoEnd() {
        assertThat(ofData(text("x"), finish("error"), DONE).said).containsExactly("CONTENT", "SERVER_ERROR");
        assertThat(ofData(text("x"), finish("abort"), DONE).said).containsExactly("CONTENT", "TRUNCATED");
        assertThat(ofData(text("x"), finish("insufficient_system_resource")).said)
                .containsExactly("CONTENT", "OVERLOADED");
        assertThat(ofData(text("x"), finish("malformed_function_call")).said)
                .containsExactly("CONTENT", "INVALID_OUTPUT");
    }

    /** OpenRouter reports the end of an answer and then what went wrong; its clients see both. */
    @Test
    void anErrorAfterTheFinishReachesTheCallerAndTheUsageBehindItIsRead() {
        String error = sse("{\"error\":{\"code\":502,\"message\":\"Provider disconnected\"}}");
        String usage = sse("{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":7}}", DONE);
        ChatTranscript transcript = ChatTranscript.of(sse(text("x"), finish("stop")) + error + usage);

        assertThat(transcript.said).containsExactly("CONTENT", "FINISH", "NO_CONTENT", "USAGE", "DONE");
        assertThat(transcript.forwarded.toString(StandardCharsets.UTF_8)).contains("Provider disconnected");
        assertThat(transcript.stream.usage().completionTokens()).hasValue(7);
        assertThat(transcript.stream.isFailed()).isFalse();
    }

    @Test
    void doneAfterContentIsBelievedAndTheFinishAdded() {
        String named = text("x").replace("\"model\"", "\"created\":5,\"model\"");
        ChatTranscript transcript = ofData(ROLE, named, DONE);

        assertThat(transcript.said).containsExactly("NO_CONTENT", "CONTENT", "FINISH", "DONE");
        assertThat(transcript.forwarded.toString(StandardCharsets.UTF_8))
                .isEqualTo(sse(
                        ROLE,
                        named,
                        "{\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":5,\"model\":\"m\",\"choices\":"
                                + "[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"understudy\":{\"warning\":"
                                + "\"the provider ended the stream without a finish_reason; it was added\"}}",
                        DONE));
        assertThat(transcript.stream.facts().tally().reason()).isEqualTo("stop");
    }

    @Test
    void usageBeforeSuchADoneIsKept() {
        ChatTranscript transcript = ofData(text("x"), USAGE, DONE);

        assertThat(transcript.said).containsExactly("CONTENT", "NO_CONTENT", "FINISH", "DONE");
        assertThat(transcript.stream.usage().completionTokens()).hasValue(2);
    }

    private static String call(int index, String id, String arguments) {
        String members = (id.isEmpty() ? "" : "\"id\":\"" + id + "\",\"type\":\"function\",") + "\"function\":{"
                + (id.isEmpty() ? "" : "\"name\":\"f\",") + "\"arguments\":\"" + arguments + "\"}";
        return delta("\"tool_calls\":[{\"index\":" + index + "," + members + "}]");
    }

    @Test
    void callsWithWholeArgumentsEndAsCalls() {
        ChatTranscript transcript = ofData(
                call(0, "a", ""), call(0, "", "{\\\"x\\\":"), call(1, "b", "{}"), call(0, "", "\\\"{\\\"}"), DONE);

        assertThat(transcript.said).containsExactly("CONTENT", "CONTENT", "CONTENT", "CONTENT", "FINISH", "DONE");
        assertThat(transcript.forwarded.toString(StandardCharsets.UTF_8)).contains("\"finish_reason\":\"tool_calls\"");
    }

    /** Some providers number all of them 0. */
    @Test
    void callsUnderOneNumberAreDistinguished() {
        assertThat(ofData(call(0, "a", "{}"), call(0, "b", "{}"), DONE).said).endsWith("FINISH", "DONE");
        assertThat(ofData(call(0, "a", "{"), call(0, "b", "{}"), DONE).said).endsWith("TRUNCATED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\\\"a\\\":1", "{} {}", "[]", "{\\\"a\\\":}"})
    void aDoneAfterBrokenArgumentsIsNotBelieved(String arguments) {
        assertThat(ofData(call(0, "a", arguments), DONE).said).containsExactly("CONTENT", "TRUNCATED");
        assertThat(ofData(text("x"), call(0, "a", arguments), DONE).said)
                .containsExactly("CONTENT", "CONTENT", "TRUNCATED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"function_call\":{\"name\":\"f\",\"arguments\":\"{}\"}",
                "\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":{\"a\":[1]}}}]",
                "\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"type\":\"custom\",\"custom\":{\"name\":\"f\",\"input\":\"x = 1\"}}]"
            })
    void callsOfOtherFormsAreBelieved(String members) {
        assertThat(ofData(delta(members), DONE).said).containsExactly("CONTENT", "FINISH", "DONE");
    }

    @Test
    void doneWithoutAFinishAndWithoutContentIsTruncated() {
        assertThat(ofData(ROLE, DONE).said).containsExactly("NO_CONTENT", "TRUNCATED");
        assertThat(ofData(DONE).said).containsExactly("TRUNCATED");
        assertThat(ofData(text("\\n"), DONE).said).containsExactly("NO_CONTENT", "TRUNCATED");
        assertThat(ofData(delta("\"reasoning\":\"Hm\""), DONE).said)
                .as("reasoning is no answer")
                .containsExactly("REASONING", "TRUNCATED");
    }

    @Test
    void anEndWithoutAFinishIsTruncated() {
        assertThat(ofData(ROLE, text("x")).said).containsExactly("NO_CONTENT", "CONTENT", "TRUNCATED");
        assertThat(ChatTranscript.of("").said).containsExactly("TRUNCATED");
        assertThat(ChatTranscript.of(": ping\n\n").said).containsExactly("PING", "TRUNCATED");
    }

    @Test
    void aFinishInACutLineIsTruncated() {
        String body = sse(text("x")) + "data: " + finish("stop");

        assertThat(ChatTranscript.of(body).said).containsExactly("CONTENT", "TRUNCATED");
    }

    @Test
    void aFinishWithoutItsBlankLineCounts() {
        ChatTranscript transcript = ChatTranscript.of(sse(text("x")) + "data: " + finish("stop") + "\n");

        assertThat(transcript.said).containsExactly("CONTENT", "FINISH");
        assertThat(transcript.lacksBlankLine()).isTrue();
        assertThat(transcript.said).doesNotContain("DONE");
    }

    /** What the caller gets next, an error or the rest from another target, is an event of its own. */
    @Test
    void theLastEventOfABrokenStreamGetsTheBlankLineThatItLacks() {
        ChatTranscript transcript = ChatTranscript.of("data: " + text("x") + "\n");

        assertThat(transcript.said).containsExactly("CONTENT", "NO_CONTENT", "TRUNCATED");
        assertThat(transcript.forwarded.toString(StandardCharsets.UTF_8)).endsWith("}\n\n\n");
    }

    @Test
    void nothingFailsAfterTheFinish() {
        String whole = sse(text("x"), finish("stop"));
        assertThat(ChatTranscript.of(whole + sse("{\"error\":{}}", "nonsense", DONE, text("y"))).said)
                .containsExactly("CONTENT", "FINISH", "IGNORED", "IGNORED", "DONE", "IGNORED");
        assertThat(ChatTranscript.of(whole + "event: error\n\ndata: {\"cho").said)
                .containsExactly("CONTENT", "FINISH", "IGNORED", "IGNORED");
        assertThat(ChatTranscript.of(whole + "data: " + "x".repeat(2 << 20)).said)
                .containsExactly("CONTENT", "FINISH");
    }

    @Test
    void anOversizeEventIsMalformed() {
        assertThat(ofData(text("x"), text("y".repeat(2 << 20)), finish("stop")).said)
                .containsExactly("CONTENT", "MALFORMED");
    }

    @Test
    void severalChoicesMustAllFinish() {
        AnswerRules two = new AnswerRules(false, 2, false, false, false);
        String other = text("y").replace("\"index\":0", "\"index\":1");

        assertThat(ofData(two, text("x"), finish(0, "stop"), other, finish(1, "stop"), DONE).said)
                .containsExactly("CONTENT", "NO_CONTENT", "CONTENT", "FINISH", "DONE");
        assertThat(ofData(two, text("x"), finish(0, "stop"), other).said)
                .containsExactly("CONTENT", "NO_CONTENT", "CONTENT", "TRUNCATED");
        assertThat(ofData(two, text("x"), finish(0, "stop")).said)
                .containsExactly("CONTENT", "NO_CONTENT", "TRUNCATED");
    }

    @Test
    void aDoneEndsAllChoicesThatBeganAndNoOther() {
        AnswerRules three = new AnswerRules(false, 3, false, false, false);
        String other = text("y").replace("\"index\":0", "\"index\":1");
        ChatTranscript transcript = ofData(three, text("x"), finish(0, "length"), other, DONE);

        assertThat(transcript.said).containsExactly("CONTENT", "NO_CONTENT", "CONTENT", "FINISH", "DONE");
        assertThat(transcript.forwarded.toString(StandardCharsets.UTF_8))
                .contains("\"choices\":[{\"index\":1,\"delta\":{},\"finish_reason\":\"stop\"}],\"understudy\"");
    }

    @Test
    void fewerChoicesThanRequestedAreCompleteAtTheTerminalMark() {
        ChatTranscript transcript =
                ofData(new AnswerRules(false, 2, false, false, false), text("x"), finish(0, "stop"), DONE);

        assertThat(transcript.said).containsExactly("CONTENT", "NO_CONTENT", "FINISH", "DONE");
        assertThat(transcript.forwarded.toString(StandardCharsets.UTF_8))
                .isEqualTo(sse(text("x"), finish(0, "stop"), DONE));
    }

    @Test
    void anAbsurdIndexCostsNoMemory() {
        String body =
                "{\"choices\":[{\"index\":2147483647,\"delta\":{\"content\":\"x\"}},{\"index\":999999999,\"delta\":{}},{\"index\":-5}]}";

        assertThat(ofData(body).said).containsExactly("CONTENT", "TRUNCATED");
    }

    @Test
    void anOpenToolCallIsReported() {
        ChatTranscript transcript = new ChatTranscript(AnswerRules.DEFAULT, 10_000);
        byte[] call = sse(delta("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\"}}]"))
                .getBytes(StandardCharsets.UTF_8);
        transcript.stream.feed(call, 0, call.length);
        assertThat(transcript.stream.toolCallOpen()).isTrue();
        assertThat(transcript.stream.facts().isToolCall()).isTrue();
        byte[] end = sse(finish("tool_calls")).getBytes(StandardCharsets.UTF_8);
        transcript.stream.feed(end, 0, end.length);
        assertThat(transcript.stream.toolCallOpen()).isFalse();
        assertThat(transcript.stream.facts().isAnswered()).isTrue();
        assertThat(transcript.said).containsExactly("CONTENT", "FINISH");
    }

    @Test
    void reasoningIsReported() {
        ChatTranscript transcript = new ChatTranscript(AnswerRules.DEFAULT, 10_000);
        byte[] reasoning = sse(delta("\"reasoning\":\"Hm\"")).getBytes(StandardCharsets.UTF_8);
        byte[] word = sse(text("x")).getBytes(StandardCharsets.UTF_8);
        transcript.stream.feed(reasoning, 0, reasoning.length);
        assertThat(transcript.stream.facts().isReasoning()).isTrue();
        transcript.stream.feed(word, 0, word.length);
        assertThat(transcript.stream.facts().isReasoning()).isFalse();
        assertThat(transcript.said).containsExactly("REASONING", "CONTENT");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"tool_calls\":[{}]",
                "\"tool_calls\":[null]",
                "\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]",
                "\"function_call\":{\"arguments\":\"{}\"}"
            })
    void aCallWithoutANameIsAnAnswer(String call) {
        assertThat(ofData(delta(call), finish("tool_calls"), DONE).said).containsExactly("CONTENT", "FINISH", "DONE");
    }

    @Test
    void usageWithOnlyATotalIsReported() {
        ChatTranscript transcript =
                ofData(text("x"), finish("stop"), "{\"choices\":[],\"usage\":{\"total_tokens\":9}}");

        assertThat(transcript.stream.usage())
                .isEqualTo(new Usage(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(9)));
    }

    @Test
    void aProviderThatGivesUpAfterAnEndHasFailed() {
        AnswerRules two = new AnswerRules(false, 2, false, false, false);
        assertThat(ofData(two, text("x"), finish("stop"), finish("error")).said)
                .containsExactly("CONTENT", "NO_CONTENT", "SERVER_ERROR");
    }

    @Test
    void usageInEveryChunkIsQuietUntilTheFinish() {
        assertThat(ofData(USAGE, text("x"), USAGE, finish("stop"), USAGE).said)
                .containsExactly("NO_CONTENT", "CONTENT", "NO_CONTENT", "FINISH", "USAGE");
    }

    @Test
    void aDocumentInsteadOfAStream() {
        ChatTranscript error = ChatTranscript.of("\n{\"error\":{\"message\":\"m\",\"code\":\"insufficient_quota\"}}");
        assertThat(error.theFailure()).returns(FailureKind.QUOTA, Failure::kind).returns("m", Failure::message);
        assertThat(ChatTranscript.of("{\"choices\":[{\"message\":{\"content\":\"x\"}}]}").said)
                .containsExactly("MALFORMED");
        assertThat(ChatTranscript.of("{\"choices\":[").said).containsExactly("MALFORMED");
        assertThat(ChatTranscript.of("<html>oops").theFailure().message()).isEqualTo("HTML instead of an event stream");
        assertThat(ChatTranscript.of("Internal Server Error").said).containsExactly("TRUNCATED");
    }
}
