package dev.understudy.protocol.dialect.openai;

import static dev.understudy.protocol.dialect.openai.Wire.CHAT;
import static dev.understudy.protocol.dialect.openai.Wire.deltas;
import static dev.understudy.protocol.dialect.openai.Wire.events;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.Finish.Reason;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatStreamReadingTest {

    private static Finish finish(Reason reason, String word) {
        return Finish.of(reason, word);
    }

    private static String call(String members) {
        return "{\"tool_calls\":[" + members + "]}";
    }

    @Test
    void aTextWithAllThatGoesWithIt() {
        assertThat(events(
                        CHAT,
                        "{\"id\":\"\",\"created\":0,\"model\":\"\",\"choices\":[],\"prompt_filter_results\":[]}",
                        "{\"id\":\"c1\",\"created\":5,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":"
                                + "{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}],\"usage\":null}",
                        "{\"id\":\"c1\",\"choices\":[{\"logprobs\":{\"content\":[]},\"delta\":{\"content\":\"He\"}}]}",
                        "{\"choices\":[{\"delta\":{\"content\":\"y\"},\"index\":1}],\"id\":\"c2\"}",
                        "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}",
                        "{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}",
                        " [DONE] "))
                .containsExactly(
                        new StreamEvent.Begin("c1", "m", OptionalLong.of(5)),
                        new StreamEvent.TextDelta(0, "He", "{\"content\":[]}"),
                        StreamEvent.TextDelta.of(1, "y"),
                        new StreamEvent.Ended(0, finish(Reason.STOP, "stop")),
                        new StreamEvent.Counted(Tokens.of(3, 2)),
                        new StreamEvent.Done());
    }

    @Test
    void interleavedCallsAreDistinguishedByTheirIndex() {
        assertThat(deltas(
                        call("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}},"
                                + "{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"{\"}}"),
                        call("{\"index\":0,\"function\":{\"arguments\":\"{}\"}}"),
                        call("{\"index\":1,\"function\":{\"name\":\"\",\"arguments\":\"}\"}}")))
                .containsExactly(
                        new StreamEvent.ToolCallBegan(0, 0, "a", "f", ""),
                        new StreamEvent.ToolCallBegan(0, 1, "b", "g", ""),
                        new StreamEvent.ToolCallDelta(0, 1, "{"),
                        new StreamEvent.ToolCallDelta(0, 0, "{}"),
                        new StreamEvent.ToolCallDelta(0, 1, "}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"index\":0,"})
    void callsWithoutAnIndexOfTheirOwnAreDistinguishedByTheirIds(String index) {
        assertThat(deltas(
                        call("{" + index + "\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}"),
                        call("{" + index + "\"function\":{\"arguments\":\"}\"}}"),
                        call("{" + index + "\"id\":\"b\",\"function\":{\"name\":\"f\",\"arguments\":\"[\"}}"),
                        call("{" + index + "\"id\":\"a\",\"function\":{\"arguments\":\" \"}}"),
                        call("{" + index + "\"id\":\"rotated\",\"function\":{\"arguments\":\"]\"}}")))
                .containsExactly(
                        new StreamEvent.ToolCallBegan(0, 0, "a", "f", ""),
                        new StreamEvent.ToolCallDelta(0, 0, "{"),
                        new StreamEvent.ToolCallDelta(0, 0, "}"),
                        new StreamEvent.ToolCallBegan(0, 1, "b", "f", ""),
                        new StreamEvent.ToolCallDelta(0, 1, "["),
                        new StreamEvent.ToolCallDelta(0, 0, " "),
                        new StreamEvent.ToolCallDelta(0, 1, "]"));
    }

    @Test
    void callsWithoutIdsAreDistinguishedByTheirNames() {
        assertThat(
                        deltas(
                                call("{\"id\":\"\",\"function\":{\"name\":\"f\",\"arguments\":{\"a\":1}}}"),
                                call(
                                        "{\"function\":{\"name\":\"g\"},\"extra_content\":{\"google\":{\"thought_signature\":\"s\"}}}")))
                .containsExactly(
                        new StreamEvent.ToolCallBegan(0, 0, "", "f", ""),
                        new StreamEvent.ToolCallDelta(0, 0, "{\"a\":1}"),
                        new StreamEvent.ToolCallBegan(0, 1, "", "g", "s"));
    }

    @Test
    void theSameIdUnderAnotherIndexIsAnotherCall() {
        assertThat(deltas(call("{\"index\":0,\"id\":\"f\",\"function\":{\"name\":\"f\"}},"
                        + "{\"index\":1,\"id\":\"f\",\"function\":{\"name\":\"f\"}}")))
                .containsExactly(
                        new StreamEvent.ToolCallBegan(0, 0, "f", "f", ""),
                        new StreamEvent.ToolCallBegan(0, 1, "f", "f", ""));
    }

    @Test
    void theOldestCalls() {
        assertThat(deltas(
                        "{\"function_call\":{\"name\":\"f\",\"arguments\":\"\"}}",
                        "{\"function_call\":{\"arguments\":\"{}\"}}",
                        "{\"function_call\":null,\"tool_calls\":null}",
                        "{\"function_call\":{},\"tool_calls\":[{}]}"))
                .containsExactly(
                        new StreamEvent.ToolCallBegan(0, 0, "", "f", ""), new StreamEvent.ToolCallDelta(0, 0, "{}"));
    }

    @Test
    void callsOfCustomToolsAreReportedAsCustom() {
        assertThat(deltas(
                        "{\"content\":\"x\"}",
                        call("{\"index\":0,\"id\":\"c\",\"type\":\"custom\",\"custom\":{\"name\":\"g\"}}")))
                .contains(new StreamEvent.ForeignCame(
                        0,
                        new Part.Foreign(
                                "openai",
                                "custom",
                                "{\"index\":0,\"id\":\"c\",\"type\":\"custom\",\"custom\":{\"name\":\"g\"}}")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"content\":\"\",\"reasoning_content\":\"hm\"}",
                "{\"reasoning\":\"hm\",\"content\":null}",
                "{\"reasoning\":\"hm\",\"reasoning_content\":\"hm\"}",
                "{\"reasoning\":\"hm\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"hm\"}]}",
                "{\"reasoning_details\":[{\"type\":\"reasoning.summary\",\"summary\":\"hm\"}]}",
                "{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"hm\"}]}]}",
                "{\"content\":[{\"type\":\"thinking\",\"thinking\":\"hm\"}]}"
            })
    void reasoningInEveryFormIsReportedOnce(String delta) {
        assertThat(deltas(delta)).containsExactly(new StreamEvent.ReasoningDelta(0, "hm", "openai"));
    }

    @Test
    void structuredReasoningKeepsItsSignatures() {
        assertThat(deltas(
                        "{\"reasoning\":\"hm\",\"reasoning_details\":[{\"summary\":\"h\"},{\"text\":\"m\"}]}",
                        "{\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"\",\"signature\":\"s\"}]}",
                        "{\"reasoning_details\":[{\"type\":\"reasoning.encrypted\",\"data\":\"d\"}]}"))
                .containsExactly(
                        new StreamEvent.ReasoningDelta(0, "h", "openai"),
                        new StreamEvent.ReasoningDelta(0, "m", "openai"),
                        new StreamEvent.ReasoningSealed(0, "s", "", "openai"),
                        new StreamEvent.ReasoningSealed(0, "", "d", "openai"));
    }

    @Test
    void aCallIsReportedWhenItsNameIsKnown() {
        assertThat(deltas(
                        call("{\"index\":0,\"id\":\"a\",\"function\":{\"arguments\":\"{\"}}"),
                        call("{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\"\"}}"),
                        call("{\"index\":0,\"function\":{\"arguments\":\"}\"}}")))
                .containsExactly(
                        new StreamEvent.ToolCallBegan(0, 0, "a", "f", ""),
                        new StreamEvent.ToolCallDelta(0, 0, "{"),
                        new StreamEvent.ToolCallDelta(0, 0, "}"));
    }

    @Test
    void aChoiceEndsOnceAndWithItsCalls() {
        assertThat(events(
                        CHAT,
                        "{\"choices\":[{\"delta\":" + call("{\"id\":\"a\",\"function\":{\"name\":\"f\"}}") + "}]}",
                        "{\"choices\":[{\"finish_reason\":\"stop\"}]}",
                        "{\"choices\":[{\"finish_reason\":\"stop\"}]}"))
                .filteredOn(StreamEvent.Ended.class::isInstance)
                .containsExactly(new StreamEvent.Ended(0, finish(Reason.TOOL_CALLS, "stop")));
    }

    @Test
    void theStopSequenceIsReportedWhereItIsNamed() {
        assertThat(events(CHAT, "{\"choices\":[{\"stop_reason\":\"END\",\"finish_reason\":\"stop\"}]}"))
                .contains(new StreamEvent.Ended(0, new Finish(Reason.STOP_SEQUENCE, "stop", "END")));
    }

    @Test
    void signedReasoningBelongsToItsVendor() {
        assertThat(
                        deltas(
                                "{\"reasoning_content\":\"hm\",\"thinking_blocks\":[{\"thinking\":\"hm\",\"signature\":\"\"}]}",
                                "{\"thinking_blocks\":[{\"thinking\":\"\",\"signature\":\"s\"}]}",
                                "{\"reasoning_content\":\"a\"}",
                                "{\"thinking_blocks\":[{\"type\":\"redacted_thinking\",\"data\":\"d\",\"origin\":\"gemini\"}]}"))
                .containsExactly(
                        new StreamEvent.ReasoningDelta(0, "hm", "anthropic"),
                        new StreamEvent.ReasoningSealed(0, "s", "", "anthropic"),
                        new StreamEvent.ReasoningDelta(0, "a", "openai"),
                        new StreamEvent.ReasoningSealed(0, "", "d", "gemini"));
    }

    @Test
    void refusalsMediaAndAnnotationsInTheOrderOfAReader() {
        assertThat(deltas(
                        """
                        {"annotations":[{"type":"url_citation","url_citation":
                           {"url":"u","title":"t","content":"q","start_index":0,"end_index":2}},{"type":"file"}],
                         "images":[{"type":"image_url","image_url":{"url":"data:image/webp;base64,AA"}}],
                         "refusal":"no","content":["see",{"type":"text","text":" it"},{"type":"image_url","image_url":"https://x.org/i"}],
                         "reasoning":"hm"}""",
                        "{\"audio\":{\"id\":\"a\",\"transcript\":\"said\",\"data\":\"\"}}",
                        "{\"audio\":{\"data\":\"UklGRg==\"}}"))
                .containsExactly(
                        new StreamEvent.ReasoningDelta(0, "hm", "openai"),
                        StreamEvent.TextDelta.of(0, "see it"),
                        new StreamEvent.Cited(0, new Part.Citation("u", "t", "q", 0, 2, "openai", "")),
                        new StreamEvent.RefusalDelta(0, "no"),
                        new StreamEvent.MediaCame(
                                0, Part.Media.of(Part.Media.Kind.IMAGE, new Part.Source.Inline("image/webp", "AA"))),
                        new StreamEvent.MediaCame(
                                0, Part.Media.of(Part.Media.Kind.IMAGE, new Part.Source.Url("https://x.org/i"))),
                        StreamEvent.TextDelta.of(0, "said"),
                        new StreamEvent.MediaCame(
                                0,
                                Part.Media.of(Part.Media.Kind.AUDIO, new Part.Source.Inline("audio/wav", "UklGRg=="))));
    }

    @Test
    void aMessageWhereADeltaIsDue() {
        assertThat(events(CHAT, "{\"choices\":[{\"message\":{\"content\":\"x\"}}]}"))
                .contains(StreamEvent.TextDelta.of(0, "x"));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    stop, STOP
                    STOP, STOP
                    eos, STOP
                    COMPLETE, STOP
                    stop_sequence, STOP_SEQUENCE
                    length, LENGTH
                    MAX_TOKENS, LENGTH
                    model_length, LENGTH
                    tool_calls, TOOL_CALLS
                    function_call, TOOL_CALLS
                    tool_use, TOOL_CALLS
                    content_filter, CONTENT_FILTER
                    SAFETY, CONTENT_FILTER
                    sensitive, CONTENT_FILTER
                    refusal, REFUSAL
                    error, BREAKDOWN
                    abort, BREAKDOWN
                    insufficient_system_resource, BREAKDOWN
                    network_error, BREAKDOWN
                    whim, OTHER
                    """)
    void whyAnAnswerEnded(String word, Reason reason) {
        assertThat(events(CHAT, "{\"choices\":[{\"finish_reason\":\"" + word + "\"}]}"))
                .contains(new StreamEvent.Ended(0, finish(reason, word)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"prompt_tokens":9,"completion_tokens":4,"total_tokens":13,"prompt_tokens_details":{"cached_tokens":3,"cache_write_tokens":2},"completion_tokens_details":{"reasoning_tokens":1}} | 9 | 4 | 3 | 2 | 1
                    {"prompt_tokens":9,"completion_tokens":4,"total_tokens":20}     | 9 | 11 | | |
                    {"prompt_tokens":9,"completion_tokens":4,"total_tokens":0}      | 9 | 4  | | |
                    {"prompt_tokens":9,"prompt_tokens_details":{"cached_tokens":5},"prompt_cache_hit_tokens":null} | 9 | | 5 | |
                    {"prompt_cache_hit_tokens":5,"cache_creation_input_tokens":7}   |   |    | 5 | 7 |
                    {"prompt_tokens":-1,"completion_tokens":1e400,"total_tokens":"x"} | | | | |
                    """)
    void tokensAsEverybodyCountsThem(
            String usage, Long prompt, Long completion, Long cached, Long written, Long thought) {
        Tokens tokens = new Tokens(maybe(prompt), maybe(completion), maybe(cached), maybe(written), maybe(thought));
        assertThat(events(CHAT, "{\"usage\":" + usage + "}")).contains(new StreamEvent.Counted(tokens));
        assertThat(events(CHAT, "{\"x_groq\":{\"usage\":" + usage + ",\"error\":null}}"))
                .contains(new StreamEvent.Counted(tokens));
        assertThat(events(CHAT, "{\"choices\":[{\"usage\":" + usage + "}]}")).contains(new StreamEvent.Counted(tokens));
    }

    private static OptionalLong maybe(Long count) {
        return count == null ? OptionalLong.empty() : OptionalLong.of(count);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"m\",\"type\":\"server_error\"}}",
                "{\"error\":\"overloaded\"}",
                "{\"object\":\"error\",\"message\":\"m\"}",
                "{\"type\":\"error\",\"error\":{\"message\":\"m\"}}",
                "{\"choices\":[{\"delta\":{\"content\":\"x\"},\"error\":{\"code\":502,\"message\":\"m\"}}]}",
                "{\"choices\":[],\"x_groq\":{\"error\":\"over capacity\"}}"
            })
    void errorsInEveryForm(String frame) {
        assertThat(events(CHAT, frame)).singleElement().isInstanceOf(StreamEvent.Failed.class);
    }

    @Test
    void anErrorIsFoundByTheNameOfItsEventAndClassifiedByItsContent() {
        StreamReader reader = CHAT.streamReader();
        List<StreamEvent> events = new ArrayList<>();
        assertThat(Wire.read(reader, "error", "no JSON", events)).isTrue();
        assertThat(Wire.read(reader, "error", "{\"error\":{\"code\":429,\"message\":\"slow\"}}", events))
                .isTrue();
        assertThat(events).allMatch(StreamEvent.Failed.class::isInstance);
        assertThat(events.getLast())
                .isInstanceOfSatisfying(
                        StreamEvent.Failed.class,
                        failed -> assertThat(failed.failure().kind()).isEqualTo(FailureKind.RATE_LIMITED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"error\":null}", "{\"error\":false}", "{\"error\":\"\"}", "{\"choices\":null}", "{}"})
    void anEmptyErrorMemberIsNoError(String frame) {
        assertThat(events(CHAT, frame)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"x\"", "{", "{}{}", "{\"choices\":[{]}", "DONE"})
    void whatCannotBeReadIsNotRead(String data) {
        List<StreamEvent> events = new ArrayList<>();
        assertThat(Wire.read(CHAT.streamReader(), "", data, events)).isFalse();
        assertThat(events).isEmpty();
    }

    @Test
    void thePositionIsReadFromTheChunks() {
        StreamReader reader = CHAT.streamReader();
        assertThat(reader.position()).isEqualTo(StreamPosition.START);
        Wire.read(reader, "", "{\"id\":\"c\",\"created\":7,\"choices\":[]}", new ArrayList<>());
        assertThat(reader.position()).isEqualTo(StreamPosition.of(true, "c", OptionalLong.of(7)));
    }
}
