package dev.understudy.protocol.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.neutral.AnswerAssembly;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {
    private static final String START = """
            {"type":"message_start","message":{"id":"msg_1","model":"claude-x","content":[],\
            "usage":{"input_tokens":10,"cache_read_input_tokens":5,"cache_creation_input_tokens":null,"output_tokens":1}}}
            """;
    private static final String END = """
            {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":7}}
            {"type":"message_stop"}
            """;

    private static NeutralAnswer answer(String lines) {
        AnswerAssembly assembly = new AnswerAssembly();
        Json.events(lines).forEach(assembly::take);
        return assembly.answer();
    }

    private static List<Part> parts(String lines) {
        return answer(START + lines + END).choices().getFirst().parts();
    }

    @Test
    void aTextIsBeginDeltasEndAndDone() {
        List<StreamEvent> events = Json.events(START + """
                {"type":"content_block_start","index":0,"content_block":{"text":"","type":"text"}}
                {"type":"content_block_delta","index":0,"delta":{"text":"Hel","type":"text_delta"}}
                {"type":"ping"}
                {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"lo"}}
                {"type":"content_block_stop","index":0}
                """ + END);
        assertThat(events.getFirst()).isEqualTo(new StreamEvent.Begin("msg_1", "claude-x", OptionalLong.empty()));
        assertThat(events)
                .contains(
                        StreamEvent.TextDelta.of(0, "Hel"),
                        new StreamEvent.Ping(),
                        StreamEvent.TextDelta.of(0, "lo"),
                        new StreamEvent.Ended(0, Finish.of(Finish.Reason.STOP, "end_turn")));
        assertThat(events.getLast()).isEqualTo(new StreamEvent.Done());
    }

    @Test
    void thePromptIsAllThatWasCountedOfIt() {
        NeutralAnswer answer = answer(START + END);
        assertThat(answer.tokens().prompt()).hasValue(15);
        assertThat(answer.tokens().cached()).hasValue(5);
        assertThat(answer.tokens().cacheWritten()).isEmpty();
        assertThat(answer.tokens().completion()).hasValue(7);
    }

    @Test
    void laterCountsReplaceThoseOfTheBeginAndKeepTheOthers() {
        NeutralAnswer answer = answer(START + """
                {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":20,"output_tokens":3,\
                "output_tokens_details":{"thinking_tokens":2}}}
                """);
        assertThat(answer.tokens().prompt()).hasValue(25);
        assertThat(answer.tokens().reasoning()).hasValue(2);
    }

    /** Programmatic tool calling: the message is whole in its first event. */
    @Test
    void theStartOfAMessageMayHaveAllOfIt() {
        NeutralAnswer answer = answer("""
                {"type":"message_start","message":{"id":"msg_1","model":"claude-x","role":"assistant","content":[\
                {"type":"code_execution_tool_result","tool_use_id":"srvtoolu_1","content":{"stdout":"4"}},\
                {"type":"text","text":"Again"},\
                {"type":"tool_use","id":"toolu_1","name":"roll","input":{"sides":6},"caller":{"type":"code_execution"}}],\
                "stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":0,"output_tokens":0}}}
                {"type":"message_stop"}
                """);
        assertThat(answer.choices().getFirst().parts())
                .containsExactly(
                        new Part.Foreign(
                                "anthropic",
                                "code_execution_tool_result",
                                "{\"type\":\"code_execution_tool_result\",\"tool_use_id\":\"srvtoolu_1\","
                                        + "\"content\":{\"stdout\":\"4\"}}"),
                        Part.Text.of("Again"),
                        Part.ToolCall.of("toolu_1", "roll", "{\"sides\":6}"));
        assertThat(answer.choices().getFirst().finish()).isEqualTo(Finish.of(Finish.Reason.TOOL_CALLS, "tool_use"));
    }

    @Test
    void aReasonInTheStartOfAMessageIsNotItsEnd() {
        List<StreamEvent> events = Json.events("""
                {"type":"message_start","message":{"id":"msg_1","model":"claude-x","content":[],"stop_reason":"end_turn"}}
                {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"Hello"}}
                """ + END);
        assertThat(events).filteredOn(StreamEvent.Ended.class::isInstance).hasSize(1);
        assertThat(events.indexOf(StreamEvent.TextDelta.of(0, "Hello")))
                .isLessThan(events.indexOf(new StreamEvent.Ended(0, Finish.of(Finish.Reason.STOP, "end_turn"))));
    }

    @Test
    void argumentsOfAToolComeInPieces() {
        assertThat(parts("""
                        {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"toolu_1","name":"f","input":{}}}
                        {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":""}}
                        {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\\"a\\""}}
                        {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":":1}"}}
                        {"type":"content_block_stop","index":0}
                        {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_2","name":"g","input":{}}}
                        {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":""}}
                        {"type":"content_block_stop","index":1}
                        {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_3","name":"h","input":{"b":2}}}
                        {"type":"content_block_stop","index":2}
                        """))
                .containsExactly(
                        Part.ToolCall.of("toolu_1", "f", "{\"a\":1}"),
                        Part.ToolCall.of("toolu_2", "g", "{}"),
                        Part.ToolCall.of("toolu_3", "h", "{\"b\":2}"));
    }

    @Test
    void reasoningIsSignedWhenItsBlockEnds() {
        assertThat(parts("""
                        {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}
                        {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm"}}
                        {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"sig"}}
                        {"type":"content_block_stop","index":0}
                        {"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"xx"}}
                        {"type":"content_block_stop","index":1}
                        """))
                .containsExactly(
                        new Part.Reasoning("Hm", "sig", "", "anthropic"),
                        new Part.Reasoning("", "", "xx", "anthropic"));
    }

    @Test
    void citationsBelongToTheirText() {
        String citation = "{\"type\":\"web_search_result_location\",\"url\":\"https://a.example\",\"title\":\"A\","
                + "\"cited_text\":\"q\"}";
        List<Part> parts = parts("{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\","
                + "\"text\":\"Hi\",\"citations\":[]}}\n"
                + "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"citations_delta\",\"citation\":"
                + citation + "}}\n{\"type\":\"content_block_stop\",\"index\":0}\n");
        assertThat(parts)
                .containsExactly(new Part.Text(
                        "Hi",
                        List.of(new Part.Citation("https://a.example", "A", "q", -1, -1, "anthropic", citation))));
    }

    @Test
    void anthropicsOwnBlocksAreReportedWholeAtTheirEnd() {
        List<Part> parts = parts("""
                {"type":"content_block_start","index":0,"content_block":{"type":"server_tool_use","id":"s","name":"web_search","input":{}}}
                {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\\"q\\":"}}
                {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"\\"x\\"}"}}
                {"type":"content_block_stop","index":0}
                {"type":"content_block_start","index":1,"content_block":{"type":"compaction","content":null}}
                {"type":"content_block_delta","index":1,"delta":{"type":"compaction_delta","content":"so far"}}
                {"type":"content_block_stop","index":1}
                """);
        assertThat(parts)
                .containsExactly(
                        new Part.Foreign(
                                "anthropic",
                                "server_tool_use",
                                "{\"type\":\"server_tool_use\",\"id\":\"s\",\"name\":\"web_search\",\"input\":{\"q\":\"x\"}}"),
                        new Part.Foreign(
                                "anthropic", "compaction", "{\"type\":\"compaction\",\"content\":\"so far\"}"));
    }

    @Test
    void aSecondBeginIsIgnored() {
        assertThat(Json.events(START + START))
                .filteredOn(StreamEvent.Begin.class::isInstance)
                .hasSize(1);
    }

    @Test
    void aBlockThatBeginsAgainIsANewOne() {
        assertThat(parts("""
                        {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}
                        {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"one"}}
                        {"type":"message_start","message":{"id":"msg_2"}}
                        {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"b","name":"f","input":{}}}
                        {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{}"}}
                        {"type":"content_block_stop","index":0}
                        """)).containsExactly(Part.Text.of("one"), Part.ToolCall.of("b", "f", "{}"));
    }

    @Test
    void aMessageThatBeginsAgainWithinACallHasFailed() {
        FrameReader reader = new FrameReader();
        List<StreamEvent> events = new ArrayList<>();
        assertThat(reader.read(frame("""
                {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"a","name":"f"}}"""), events::add)).isTrue();
        assertThat(reader.read(frame("""
                {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\\"cut"}}"""), events::add)).isTrue();

        String again = """
                {"type":"message_start","message":{"id":"msg_2"}}""";
        assertThat(reader.read(frame(again), events::add)).isTrue();
        assertThat(events).last().isInstanceOf(StreamEvent.Failed.class);
    }

    private static Frame frame(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return new Frame("", false, bytes, 0, bytes.length);
    }

    @Test
    void aBlockWithoutAnEndEndsWithTheMessage() {
        assertThat(parts("""
                        {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"a","name":"f"}}
                        """)).containsExactly(Part.ToolCall.of("a", "f", "{}"));
    }

    @Test
    void anErrorIsAFailureOfItsKind() {
        List<StreamEvent> events = Json.events(
                "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}");
        assertThat(events).singleElement().isInstanceOfSatisfying(StreamEvent.Failed.class, failed -> {
            assertThat(failed.failure().kind()).isEqualTo(FailureKind.OVERLOADED);
            assertThat(failed.failure().message()).isEqualTo("Overloaded");
        });
    }

    @Test
    void theFrameIsNamedWhereTheDataAreNot() {
        List<StreamEvent> events = new ArrayList<>();
        FrameReader reader = new FrameReader();
        assertThat(reader.read(Json.frame("message_stop", "{}"), events::add)).isTrue();
        assertThat(events).containsExactly(new StreamEvent.Done());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[DONE]", "{\"type\":\"something_new\",\"x\":[1]}", "{}"})
    void unknownEventsAreIgnored(String data) {
        List<StreamEvent> events = new ArrayList<>();
        assertThat(new FrameReader().read(Json.frame("", data), events::add)).isTrue();
        assertThat(events).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "null", "{\"type\":\"ping\"} x", "{\"type\":\"ping\"", "<html>"})
    void whatIsBrokenCannotBeRead(String data) {
        assertThat(new FrameReader().read(Json.frame("", data), event -> {})).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"content_block_delta\",\"index\":7,\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}}",
                "{\"type\":\"content_block_delta\",\"index\":\"a\",\"delta\":3}",
                "{\"type\":\"content_block_stop\",\"index\":99999999999999}",
                "{\"type\":\"message_delta\",\"delta\":null,\"usage\":[]}"
            })
    void oddEventsDoNoHarm(String data) {
        assertThat(Json.events(data)).isEmpty();
    }

    @Test
    void thePlaceCountsTheBlocksThatBegan() {
        FrameReader reader = new FrameReader();
        for (String line : (START + """
                        {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}
                        {"type":"content_block_stop","index":0}
                        {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}
                        """).lines().toList()) {
            reader.read(Json.frame("", line), event -> {});
        }
        assertThat(reader.position().id()).isEqualTo("msg_1");
        assertThat(reader.position().blocks()).isEqualTo(2);
    }
}
