package dev.understudy.protocol.dialect.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Tokens;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {

    private static NeutralAnswer read(String json) throws InvalidAnswer {
        byte[] padded = ("##" + json + "#").getBytes(UTF_8);
        return new AnthropicDialect().readAnswer(padded, 2, padded.length - 3);
    }

    private static JsonNode write(List<Part> parts, Finish finish) {
        NeutralAnswer answer = new NeutralAnswer(
                "id",
                "m",
                OptionalLong.empty(),
                List.of(new NeutralAnswer.Choice(0, parts, finish, "")),
                Tokens.of(3, 4),
                "");
        return Json.tree(new AnthropicDialect().writeAnswer(answer, Json.ASKED));
    }

    @Test
    void anAnswerComesBackAsItWas() throws InvalidAnswer {
        String json = """
                {"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[
                 {"type":"thinking","thinking":"Hm","signature":"sig"},
                 {"type":"redacted_thinking","data":"xx"},
                 {"type":"server_tool_use","id":"s","name":"web_search","input":{"q":"x"}},
                 {"type":"text","text":"Hi","citations":[{"type":"char_location","cited_text":"q","document_title":"T"}]},
                 {"type":"tool_use","id":"toolu_1","name":"f","input":{"a":1.50}},
                 {"type":"new_block","deep":[{"x":null}]}],
                 "stop_reason":"pause_turn","stop_sequence":null,
                 "usage":{"input_tokens":1,"cache_creation_input_tokens":2,"cache_read_input_tokens":3,"output_tokens":4,
                  "output_tokens_details":{"thinking_tokens":2},"service_tier":"priority"}}
                """;
        NeutralAnswer answer = read(json);
        assertThat(answer.tokens().prompt()).hasValue(6);
        assertThat(answer.choices().getFirst().finish().reason()).isEqualTo(Finish.Reason.PAUSE);
        assertThat(Json.tree(new AnthropicDialect().writeAnswer(answer, Json.ASKED)))
                .isEqualTo(Json.tree(json));
    }

    @ParameterizedTest
    @CsvSource({
        "end_turn,STOP",
        "stop_sequence,STOP_SEQUENCE",
        "max_tokens,LENGTH",
        "model_context_window_exceeded,LENGTH",
        "tool_use,TOOL_CALLS",
        "refusal,REFUSAL",
        "pause_turn,PAUSE",
        "compaction,PAUSE",
        "brand_new,OTHER"
    })
    void reasonsAreUnderstood(String word, Finish.Reason reason) throws InvalidAnswer {
        assertThat(read("{\"content\":[],\"stop_reason\":\"" + word + "\"}")
                        .choices()
                        .getFirst()
                        .finish())
                .isEqualTo(Finish.of(reason, word));
    }

    @ParameterizedTest
    @CsvSource({
        "STOP,stop,end_turn",
        "STOP_SEQUENCE,'',stop_sequence",
        "LENGTH,length,max_tokens",
        "LENGTH,model_context_window_exceeded,model_context_window_exceeded",
        "TOOL_CALLS,tool_calls,tool_use",
        "CONTENT_FILTER,content_filter,refusal",
        "REFUSAL,x,refusal",
        "PAUSE,compaction,compaction",
        "PAUSE,x,pause_turn",
        "OTHER,weird,end_turn"
    })
    void reasonsOfOthersAreWritten(Finish.Reason reason, String word, String written) {
        assertThat(write(List.of(), Finish.of(reason, word)).path("stop_reason").asText())
                .isEqualTo(written);
    }

    @Test
    void contentOfOtherVendorsIsWritten() {
        JsonNode written = write(
                List.of(
                        new Part.Reasoning("Hm", "theirs", "hidden", "gemini"),
                        new Part.Reasoning("", "", "hidden", "openai"),
                        new Part.Foreign("gemini", "x", "{}"),
                        Part.Media.of(Part.Media.Kind.IMAGE, new Part.Source.Url("u")),
                        Part.Text.of(""),
                        Part.ToolCall.of("", "f", ""),
                        Part.ToolCall.of("call_1", "g", "no json")),
                Finish.of(Finish.Reason.STOP, "stop"));
        assertThat(written.path("content")).isEqualTo(Json.tree("""
                                [{"type":"thinking","thinking":"Hm","signature":""},
                                 {"type":"tool_use","id":"toolu_id_0","name":"f","input":{}},
                                 {"type":"tool_use","id":"call_1","name":"g","input":{"arguments":"no json"}}]
                                """));
        assertThat(written.path("stop_reason").asText()).isEqualTo("tool_use");
    }

    @Test
    void aRefusalIsTextWithItsReason() {
        JsonNode written = write(List.of(new Part.Refusal("No.")), Finish.of(Finish.Reason.STOP, "stop"));
        assertThat(written.at("/content/0/text").asText()).isEqualTo("No.");
        assertThat(written.path("stop_reason").asText()).isEqualTo("refusal");
    }

    @Test
    void anErrorIsNoAnswer() {
        assertThatThrownBy(
                        () -> read("{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}}"))
                .isInstanceOfSatisfying(
                        InvalidAnswer.class,
                        no -> assertThat(no.failure().kind()).isEqualTo(FailureKind.OVERLOADED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{}", "{\"content\":7}", "<html>", "{\"content\":[]} x"})
    void whatIsNoMessageIsMalformed(String body) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOfSatisfying(
                        InvalidAnswer.class,
                        no -> assertThat(no.failure().kind()).isEqualTo(FailureKind.MALFORMED));
    }

    @Test
    void oddBlocksDoNoHarm() throws InvalidAnswer {
        assertThat(read("{\"content\":[7,{},{\"type\":\"text\",\"text\":null}],\"usage\":7}")
                        .choices()
                        .getFirst()
                        .parts())
                .hasSize(3);
    }
}
