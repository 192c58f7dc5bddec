package dev.understudy.protocol.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.OpenParts;
import dev.understudy.protocol.dialect.ResumePoint;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FrameWriterTest {
    private static final StreamEvent BEGIN = new StreamEvent.Begin("chatcmpl-1", "gpt-x", OptionalLong.empty());
    private static final StreamEvent STOP = new StreamEvent.Ended(0, Finish.of(Finish.Reason.STOP, "stop"));
    private static final StreamEvent DONE = new StreamEvent.Done();

    private static List<String> types(List<JsonNode> events) {
        return events.stream()
                .map(event -> event.path("type").asText()
                        + (event.has("index") ? event.path("index").asText() : "")
                        + (event.has("content_block")
                                ? " " + event.path("content_block").path("type").asText()
                                : "")
                        + (event.path("delta").has("type")
                                ? " " + event.path("delta").path("type").asText()
                                : ""))
                .toList();
    }

    @Test
    void aTextIsOneBlockAndTheCountsComeAtTheEnd() {
        List<JsonNode> events = Json.written(List.of(
                BEGIN,
                StreamEvent.TextDelta.of(0, "Hel"),
                StreamEvent.TextDelta.of(0, ""),
                StreamEvent.TextDelta.of(0, "lo"),
                STOP,
                new StreamEvent.Counted(Tokens.of(9, 2)),
                DONE));
        assertThat(events).containsExactlyElementsOf(Json.trees("""
                        {"type":"message_start","message":{"id":"chatcmpl-1","type":"message","role":"assistant","model":"gpt-x","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":0,"output_tokens":0}}}
                        {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}
                        {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hel"}}
                        {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"lo"}}
                        {"type":"content_block_stop","index":0}
                        {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":9,"output_tokens":2}}
                        {"type":"message_stop"}
                        """));
    }

    @Test
    void eventsBearTheirNames() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new FrameWriter(Json.ASKED, Optional.empty()).write(StreamEvent.TextDelta.of(0, "x"), out);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("event: message_start\ndata: {")
                .contains("\n\nevent: content_block_delta\ndata: {");
    }

    @Test
    void anIdIsMadeWhereThereIsNoneAndIsTheSameEachTime() {
        String first = Json.written(List.of(DONE)).getFirst().at("/message/id").asText();
        assertThat(first)
                .startsWith("msg_")
                .isEqualTo(
                        Json.written(List.of(DONE)).getFirst().at("/message/id").asText());
    }

    @Test
    void blocksOpenAndCloseAsKindsChange() {
        List<JsonNode> events = Json.written(List.of(
                BEGIN,
                new StreamEvent.ReasoningDelta(0, "Hm", "anthropic"),
                new StreamEvent.ReasoningSealed(0, "sig", "", "anthropic"),
                new StreamEvent.ReasoningSealed(0, "", "secret", "anthropic"),
                StreamEvent.TextDelta.of(0, "So"),
                new StreamEvent.ForeignCame(0, new Part.Foreign("anthropic", "x", "{\"type\":\"x\"}")),
                new StreamEvent.ForeignCame(0, new Part.Foreign("gemini", "y", "{\"type\":\"y\"}")),
                new StreamEvent.ToolCallBegan(0, 0, "toolu_1", "f", ""),
                new StreamEvent.ToolCallDelta(0, 0, "{}"),
                new StreamEvent.Ended(0, Finish.of(Finish.Reason.TOOL_CALLS, "tool_calls")),
                DONE));
        assertThat(types(events))
                .containsExactly(
                        "message_start",
                        "content_block_start0 thinking",
                        "content_block_delta0 thinking_delta",
                        "content_block_delta0 signature_delta",
                        "content_block_stop0",
                        "content_block_start1 redacted_thinking",
                        "content_block_stop1",
                        "content_block_start2 text",
                        "content_block_delta2 text_delta",
                        "content_block_stop2",
                        "content_block_start3 x",
                        "content_block_stop3",
                        "content_block_start4 tool_use",
                        "content_block_delta4 input_json_delta",
                        "content_block_stop4",
                        "message_delta",
                        "message_stop");
    }

    @Test
    void reasoningOfOthersIsShownWithoutItsSignature() {
        List<JsonNode> events = Json.written(List.of(
                BEGIN,
                new StreamEvent.ReasoningDelta(0, "Hm", "gemini"),
                new StreamEvent.ReasoningSealed(0, "sig", "hidden", "gemini"),
                StreamEvent.TextDelta.of(0, "So"),
                DONE));
        assertThat(events.toString()).contains("Hm").doesNotContain("sig\"", "hidden");
        assertThat(types(events)).contains("content_block_start1 text");
    }

    @Test
    void callsThatComeInterleavedAreWrittenOneAfterTheOther() {
        List<JsonNode> events = Json.written(List.of(
                BEGIN,
                new StreamEvent.ToolCallBegan(0, 0, "a", "f", ""),
                new StreamEvent.ToolCallBegan(0, 1, "b", "g", ""),
                new StreamEvent.ToolCallDelta(0, 1, "{\"x\":"),
                new StreamEvent.ToolCallDelta(0, 0, "{\"y\""),
                new StreamEvent.ToolCallDelta(0, 1, "1}"),
                new StreamEvent.ToolCallDelta(0, 0, ":2}"),
                STOP,
                DONE));
        AnswerOf answer = AnswerOf.events(events);
        assertThat(answer.parts())
                .containsExactly(Part.ToolCall.of("a", "f", "{\"y\":2}"), Part.ToolCall.of("b", "g", "{\"x\":1}"));
        assertThat(answer.stopReason()).isEqualTo("tool_use");
    }

    @Test
    void aCallWithoutAnIdGetsOne() {
        List<JsonNode> events =
                Json.written(List.of(BEGIN, new StreamEvent.ToolCallBegan(0, 0, "", "f", ""), STOP, DONE));
        assertThat(events.get(1).at("/content_block/id").asText()).isEqualTo("toolu_chatcmpl-1_0");
    }

    @Test
    void aRefusalIsTextWithTheStopReasonRefusal() {
        List<JsonNode> events = Json.written(List.of(BEGIN, new StreamEvent.RefusalDelta(0, "No."), STOP, DONE));
        assertThat(AnswerOf.events(events).parts()).containsExactly(Part.Text.of("No."));
        assertThat(AnswerOf.events(events).stopReason()).isEqualTo("refusal");
    }

    @Test
    void onlyTheFirstChoiceIsWritten() {
        List<JsonNode> events = Json.written(List.of(
                BEGIN,
                StreamEvent.TextDelta.of(1, "other"),
                new StreamEvent.ToolCallBegan(1, 0, "a", "f", ""),
                StreamEvent.TextDelta.of(0, "first"),
                STOP,
                new StreamEvent.Ended(1, Finish.of(Finish.Reason.LENGTH, "length")),
                DONE));
        assertThat(events.toString()).contains("first").doesNotContain("other");
        assertThat(AnswerOf.events(events).stopReason()).isEqualTo("end_turn");
    }

    @Test
    void aBrokenStreamHasNoEnd() {
        assertThat(types(Json.written(List.of(BEGIN, StreamEvent.TextDelta.of(0, "x"), STOP))))
                .containsExactly("message_start", "content_block_start0 text", "content_block_delta0 text_delta");
    }

    @Test
    void aResumedStreamContinuesTheOpenText() {
        StreamPosition position = new StreamPosition(true, "msg_1", OptionalLong.empty(), 2, OpenParts.Block.TEXT, -1);
        FrameWriter writer = new FrameWriter(Json.ASKED, Optional.of(new ResumePoint(position, "Hel")));
        List<JsonNode> events = Json.written(
                writer,
                List.of(
                        BEGIN,
                        StreamEvent.TextDelta.of(0, "lo"),
                        new StreamEvent.ToolCallBegan(0, 0, "a", "f", ""),
                        STOP,
                        DONE));
        assertThat(types(events))
                .containsExactly(
                        "content_block_delta1 text_delta",
                        "content_block_stop1",
                        "content_block_start2 tool_use",
                        "content_block_stop2",
                        "message_delta",
                        "message_stop");
        assertThat(writer.position())
                .isEqualTo(new StreamPosition(true, "msg_1", OptionalLong.empty(), 3, OpenParts.Block.NOTHING, -1));
    }

    @Test
    void whatWasReadIsWrittenAsItCame() {
        String stream = """
                {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":0,"output_tokens":0}}}
                {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}
                {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm"}}
                {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"sig"}}
                {"type":"content_block_stop","index":0}
                {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}
                {"type":"content_block_delta","index":1,"delta":{"type":"citations_delta","citation":{"type":"page_location","cited_text":"q"}}}
                {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hi"}}
                {"type":"content_block_stop","index":1}
                {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"f","input":{}}}
                {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{}"}}
                {"type":"content_block_stop","index":2}
                {"type":"message_delta","delta":{"stop_reason":"stop_sequence","stop_sequence":"END"},"usage":{"input_tokens":3,"cache_creation_input_tokens":4,"cache_read_input_tokens":5,"output_tokens":7}}
                {"type":"message_stop"}
                """;
        assertThat(Json.written(Json.events(stream))).containsExactlyElementsOf(Json.trees(stream));
    }
}
