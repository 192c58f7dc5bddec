package dev.understudy.protocol.dialect.responses;

import static dev.understudy.protocol.dialect.responses.Wire.tree;
import static dev.understudy.protocol.dialect.responses.Wire.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.NeutralRequest.Other;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.ReasoningSettings;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Sampling;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.Turn.Role;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RequestWriterTest {
    private static final ResponsesDialect DIALECT = new ResponsesDialect();

    private static WrittenRequest write(NeutralRequest request) throws UntranslatableRequest {
        return DIALECT.writeRequest(request, "gpt", ModelCapabilities.UNKNOWN);
    }

    private static NeutralRequest.Builder asking(Turn... turns) {
        return new NeutralRequest.Builder(List.of(turns));
    }

    private static Turn user(Part... parts) {
        return Turn.of(Role.USER, parts);
    }

    @Test
    void turnsBecomeItems() throws UntranslatableRequest {
        WrittenRequest written = write(asking(
                        Turn.of(Role.SYSTEM, Part.Text.of("Rules")),
                        user(Part.Text.of("Hi"), new Part.CachePoint("")),
                        Turn.of(
                                Role.ASSISTANT,
                                new Part.Reasoning("t", "sig", "", "anthropic"),
                                Part.Text.of("Looking"),
                                Part.ToolCall.of("c1", "f", "{}")),
                        user(new Part.ToolResult("c1", "f", List.of(Part.Text.of("21")), false), Part.Text.of("And?")),
                        Turn.of(Role.SYSTEM, Part.Text.of("Later rules")))
                .build());

        assertThat(tree(written.body())).isEqualTo(tree("""
                {"model":"gpt","instructions":"Rules","store":false,"input":[
                {"type":"message","role":"user","content":[{"type":"input_text","text":"Hi"}]},
                {"type":"message","role":"assistant","content":[{"type":"output_text","text":"Looking","annotations":[]}]},
                {"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},
                {"type":"function_call_output","call_id":"c1","output":"21"},
                {"type":"message","role":"user","content":[{"type":"input_text","text":"And?"}]},
                {"type":"message","role":"developer","content":[{"type":"input_text","text":"Later rules"}]}]}
                """));
        assertThat(written.warnings()).isEmpty();
    }

    @Test
    void aRequestOfThisDialectComesOutAsItWentIn() throws BadRequest, UntranslatableRequest {
        String body = """
                {"model":"gpt","instructions":"I","previous_response_id":"resp_1","conversation":{"id":"c"},
                "input":[{"type":"item_reference","id":"msg_1"},
                {"type":"message","role":"user","content":[{"type":"input_text","text":"x"},
                  {"type":"input_image","image_url":"data:image/png;base64,AA","detail":"high"},
                  {"type":"input_file","file_id":"file_1"}]},
                {"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"sealed"},
                {"type":"web_search_call","id":"ws_1","status":"completed"},
                {"type":"function_call","call_id":"c1","name":"f","arguments":"{\\"a\\":1}"},
                {"type":"function_call_output","call_id":"c1","output":"y"}],
                "tools":[{"type":"function","name":"f","parameters":{"type":"object"}},{"type":"web_search"}],
                "tool_choice":{"type":"web_search"},"parallel_tool_calls":true,
                "text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"}},"verbosity":"low"},
                "reasoning":{"effort":"high","summary":"concise"},"max_output_tokens":50,"temperature":0.3,"top_p":0.9,
                "top_logprobs":2,"include":["message.output_text.logprobs","web_search_call.action.sources"],
                "user":"u","metadata":{"a":"b"},"service_tier":"priority","stream":true,"store":true,"truncation":"auto",
                "prompt_cache_key":"k"}
                """;

        WrittenRequest written = write(DIALECT.readRequest(utf8(body), false));

        assertThat(tree(written.body())).isEqualTo(tree(body));
        assertThat(written.warnings()).isEmpty();
    }

    @Test
    void functionsOfOtherCallersAreStrictOnlyIfStated() throws UntranslatableRequest {
        Tools tools = new Tools(
                List.of(
                        new Tools.Function("f", "", JsonTrees.emptyObject(), Optional.empty()),
                        new Tools.Function("g", "d", JsonTrees.emptyObject(), Optional.of(true))),
                Optional.of(new Tools.Choice.Any()),
                Optional.empty());

        JsonNode body =
                tree(write(asking(user(Part.Text.of("x"))).tools(tools).build()).body());

        assertThat(body.at("/tools/0/strict")).isEqualTo(tree("false"));
        assertThat(body.at("/tools/0/parameters/type").asText()).isEqualTo("object");
        assertThat(body.at("/tools/1/strict")).isEqualTo(tree("true"));
        assertThat(body.at("/tool_choice").asText()).isEqualTo("required");
    }

    @Test
    void aSchemaOfAnotherDialectIsStrictOnlyIfStated() throws UntranslatableRequest {
        JsonNode schema =
                JsonTrees.of("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"]}");
        ResponseFormat loose = new ResponseFormat.Schema("n", "", schema, Optional.empty());
        ResponseFormat strict = new ResponseFormat.Schema("n", "", schema, Optional.of(true));

        assertThat(tree(write(asking(user(Part.Text.of("x"))).output(loose).build())
                                .body())
                        .at("/text/format/strict"))
                .isEqualTo(tree("false"));
        assertThat(tree(write(asking(user(Part.Text.of("x"))).output(strict).build())
                                .body())
                        .at("/text/format/strict"))
                .isEqualTo(tree("true"));
    }

    @Test
    void whatOnlyCostsOrHintsIsDroppedWithAWarning() throws UntranslatableRequest {
        NeutralRequest request = asking(user(Part.Text.of("x")), Turn.of(Role.ASSISTANT, Part.Text.of("prefix")))
                .sampling(new Sampling.Builder()
                        .maxTokens(OptionalLong.of(5))
                        .temperature(Optional.of(new BigDecimal("2.5")))
                        .topK(OptionalLong.of(4))
                        .seed(OptionalLong.of(1))
                        .frequencyPenalty(Optional.of(BigDecimal.ONE))
                        .presencePenalty(Optional.of(BigDecimal.ONE))
                        .choices(OptionalInt.of(1))
                        .build())
                .serviceTier("standard_only")
                .others(List.of(new Other("anthropic", "container", "{}")))
                .build();

        WrittenRequest written = write(request);

        assertThat(written.warnings())
                .containsExactlyInAnyOrder(
                        "top_k: dropped, not supported by the Responses API",
                        "seed: dropped, not supported by the Responses API",
                        "frequency_penalty: dropped, not supported by the Responses API",
                        "presence_penalty: dropped, not supported by the Responses API",
                        "container: dropped, not supported by the Responses API",
                        "max_tokens: 5 changed to 16, the minimum of the Responses API",
                        "temperature: 2.5 changed to 2, the maximum of the Responses API",
                        "service_tier: dropped, the Responses API does not support standard_only",
                        "messages: end with an assistant message; the model starts a new answer and does not continue it");
        assertThat(tree(written.body()).path("max_output_tokens").asInt()).isEqualTo(16);
        assertThat(tree(written.body()).path("temperature").asInt()).isEqualTo(2);
    }

    @Test
    void whatWouldMeanSomethingElseIsRefused() {
        List<NeutralRequest> impossible = List.of(
                asking(user(Part.Text.of("x")))
                        .sampling(new Sampling.Builder().stop(List.of("END")).build())
                        .build(),
                asking(user(Part.Text.of("x")))
                        .sampling(new Sampling.Builder()
                                .choices(OptionalInt.of(2))
                                .build())
                        .build(),
                asking(user(new Part.Foreign("gemini", "codeExecution", "{}"))).build(),
                asking(user(Part.Media.of(Part.Media.Kind.VIDEO, new Part.Source.Url("https://v"))))
                        .build(),
                asking(user(Part.Media.of(Part.Media.Kind.AUDIO, new Part.Source.Inline("audio/wav", "AA"))))
                        .build(),
                asking(user(Part.Media.of(Part.Media.Kind.IMAGE, new Part.Source.Stored("anthropic", "f", ""))))
                        .build(),
                asking(user(Part.Text.of("x")))
                        .tools(new Tools(
                                List.of(new Tools.ForeignTool("anthropic", "bash", "{}")),
                                Optional.empty(),
                                Optional.empty()))
                        .build());

        for (NeutralRequest request : impossible) {
            assertThatExceptionOfType(UntranslatableRequest.class)
                    .as(request.toString())
                    .isThrownBy(() -> write(request));
        }
    }

    @Test
    void whatHappenedBehindAnotherVendorsScenesIsLeftOut() throws UntranslatableRequest {
        WrittenRequest written = write(asking(
                        user(Part.Text.of("x")),
                        Turn.of(
                                Role.ASSISTANT,
                                new Part.Foreign("anthropic", "server_tool_use", "{}"),
                                Part.Text.of("y")),
                        user(Part.Text.of("z")))
                .build());

        assertThat(written.warnings())
                .containsExactly(
                        "messages: server_tool_use of the assistant dropped, not supported by the Responses API");
        assertThat(tree(written.body()).path("input")).hasSize(3);
    }

    @Test
    void callsWithoutIdsOrWithLongOnesStillMeetTheirResults() throws UntranslatableRequest {
        String tooLong = "x".repeat(100);
        JsonNode input = tree(write(asking(
                                        user(Part.Text.of("x")),
                                        Turn.of(
                                                Role.ASSISTANT,
                                                Part.ToolCall.of("", "f", "{}"),
                                                Part.ToolCall.of("", "f", "{}"),
                                                Part.ToolCall.of(tooLong, "g", "{}")),
                                        user(
                                                new Part.ToolResult("", "f", List.of(), false),
                                                new Part.ToolResult("", "f", List.of(), false),
                                                new Part.ToolResult(tooLong, "g", List.of(), false)))
                                .build())
                        .body())
                .path("input");

        for (int i = 1; i <= 3; i++) {
            String id = input.get(i).path("call_id").asText();
            assertThat(id).isNotEmpty().hasSizeLessThanOrEqualTo(64);
            assertThat(input.get(i + 3).path("call_id").asText()).isEqualTo(id);
        }
        assertThat(input.get(1).path("call_id")).isNotEqualTo(input.get(2).path("call_id"));
    }

    @Test
    void aSchemaBecomesInstructionsForAModelWithoutSchemas() throws UntranslatableRequest {
        ModelCapabilities none = ModelCapabilities.builder()
                .maxOutput(OptionalInt.of(100))
                .schema(ModelCapabilities.Can.NO)
                .reasoningControl(ModelCapabilities.ReasoningControl.NONE)
                .build();
        NeutralRequest request = asking(user(Part.Text.of("x")))
                .output(new ResponseFormat.Schema("n", "", JsonTrees.of("{\"type\":\"array\"}"), Optional.empty()))
                .reasoning(new ReasoningSettings(
                        Optional.of(ReasoningSettings.Effort.HIGH), OptionalLong.empty(), Optional.empty()))
                .sampling(new Sampling.Builder().maxTokens(OptionalLong.of(500)).build())
                .build();

        WrittenRequest written = DIALECT.writeRequest(request, "m", none);

        JsonNode body = tree(written.body());
        assertThat(body.path("instructions").asText()).contains("{\"type\":\"array\"}");
        assertThat(body.has("text")).isFalse();
        assertThat(body.has("reasoning")).isFalse();
        assertThat(body.path("max_output_tokens").asInt()).isEqualTo(100);
        assertThat(written.warnings()).hasSize(3);
    }

    @Test
    void openaiWantsToHearTheWordJson() throws UntranslatableRequest {
        JsonNode silent = tree(write(asking(user(Part.Text.of("x")))
                        .output(new ResponseFormat.Json())
                        .build())
                .body());
        JsonNode said = tree(write(asking(user(Part.Text.of("As JSON")))
                        .output(new ResponseFormat.Json())
                        .build())
                .body());

        assertThat(silent.path("instructions").asText()).contains("JSON");
        assertThat(said.has("instructions")).isFalse();
        assertThat(said.at("/text/format/type").asText()).isEqualTo("json_object");
    }
}
