package dev.understudy.protocol.dialect.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.model.ModelTable;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.ReasoningSettings;
import dev.understudy.protocol.neutral.ReasoningSettings.Effort;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Sampling;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.Turn.Role;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RequestWriterTest {
    private static final String OLD = "claude-sonnet-4-5-20250929";
    private static final String NEW = "claude-opus-4-8";
    private static final Turn HI = Turn.of(Role.USER, Part.Text.of("Hi"));

    private static NeutralRequest.Builder ask(Turn... turns) {
        return new NeutralRequest.Builder(List.of(turns));
    }

    private static WrittenRequest write(NeutralRequest.Builder request, String model) throws UntranslatableRequest {
        return new AnthropicDialect()
                .writeRequest(request.build(), model, ModelCapabilities.UNKNOWN.withTraits(ModelTable.traitsOf(model)));
    }

    private static JsonNode body(NeutralRequest.Builder request) throws UntranslatableRequest {
        return Json.tree(write(request, OLD).body());
    }

    private static ReasoningSettings effort(Effort effort) {
        return new ReasoningSettings(Optional.of(effort), OptionalLong.empty(), Optional.empty());
    }

    private static Sampling.Builder maxTokens(long tokens) {
        return new Sampling.Builder().maxTokens(OptionalLong.of(tokens));
    }

    @Test
    void aRequestIsWrittenBackAsItWasRead() throws Exception {
        String json = """
                {"model":"claude-sonnet-4-5-20250929","max_tokens":100,
                 "system":[{"type":"text","text":"Be kind.","cache_control":{"type":"ephemeral","ttl":"1h"}}],
                 "messages":[
                  {"role":"user","content":[
                   {"type":"text","text":"Look."},
                   {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},
                   {"type":"document","source":{"type":"text","media_type":"text/plain","data":"abc"},"title":"T","cache_control":{"type":"ephemeral"}}]},
                  {"role":"assistant","content":[
                   {"type":"thinking","thinking":"Hm","signature":"sig"},
                   {"type":"redacted_thinking","data":"xx"},
                   {"type":"server_tool_use","id":"s","name":"web_search","input":{}},
                   {"type":"tool_use","id":"t1","name":"f","input":{"a":1}}]},
                  {"role":"user","content":[
                   {"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"42"}],"is_error":true}]}],
                 "tools":[{"name":"f","description":"d","input_schema":{"type":"object"}},
                  {"type":"web_search_20250305","name":"web_search"}],
                 "tool_choice":{"type":"any","disable_parallel_tool_use":true},
                 "output_config":{"task_budget":{"total":9}},
                 "temperature":0.5,"top_k":4,"stop_sequences":["END"],
                 "metadata":{"user_id":"u"},"service_tier":"standard_only","stream":true,
                 "fallbacks":[{"model":"x"}],"container":"c"}
                """;
        AnthropicDialect dialect = new AnthropicDialect();
        WrittenRequest written = dialect.writeRequest(
                dialect.readRequest(json.getBytes(UTF_8), false),
                OLD,
                ModelCapabilities.UNKNOWN.withTraits(ModelTable.traitsOf(OLD)));
        assertThat(Json.tree(written.body())).isEqualTo(Json.tree(json));
        assertThat(written.warnings()).isEmpty();
    }

    @Test
    void aLimitIsMadeUpWhereTheCallerSetNone() throws UntranslatableRequest {
        assertThat(body(ask(HI)).path("max_tokens").asInt()).isEqualTo(32_000);
        assertThat(Json.tree(write(ask(HI), "claude-3-haiku-20240307").body())
                        .path("max_tokens")
                        .asInt())
                .isEqualTo(4_096);
    }

    @Test
    void valuesOutOfRangeAreClamped() throws UntranslatableRequest {
        WrittenRequest written = write(
                ask(HI).sampling(new Sampling.Builder()
                        .temperature(Optional.of(new BigDecimal("1.6")))
                        .stop(List.of("\n", "END"))
                        .build()),
                OLD);
        assertThat(Json.tree(written.body()).path("temperature").asInt()).isEqualTo(1);
        assertThat(Json.tree(written.body()).path("stop_sequences")).isEqualTo(Json.tree("[\"END\"]"));
        assertThat(written.warnings())
                .containsExactly(
                        "temperature: 1.6 became 1, Anthropic's highest",
                        "stop: dropped, Anthropic does not accept blank ones");
    }

    @Test
    void hintsThatAnthropicDoesNotKnowAreDropped() throws UntranslatableRequest {
        WrittenRequest written = write(
                ask(HI).sampling(new Sampling.Builder()
                                .seed(OptionalLong.of(1))
                                .presencePenalty(Optional.of(BigDecimal.ONE))
                                .logprobs(Optional.of(true))
                                .build())
                        .metadata(Map.of("a", "b"))
                        .serviceTier("flex")
                        .others(List.of(new NeutralRequest.Other("openai", "logit_bias", "{}"))),
                OLD);
        assertThat(written.warnings())
                .containsExactlyInAnyOrder(
                        "presence_penalty: dropped, not supported by Anthropic",
                        "seed: dropped, not supported by Anthropic",
                        "logprobs: dropped, not supported by Anthropic",
                        "metadata: dropped, Anthropic supports only user_id",
                        "service_tier: dropped, Anthropic does not support flex",
                        "logit_bias: dropped, not supported by Anthropic");
    }

    @Test
    void theNewestModelsGetNoSamplingSettings() throws UntranslatableRequest {
        JsonNode body = Json.tree(write(
                        ask(HI).sampling(new Sampling.Builder()
                                .temperature(Optional.of(BigDecimal.ZERO))
                                .build()),
                        NEW)
                .body());
        assertThat(body.has("temperature")).isFalse();
    }

    @Test
    void thinkingTakesABudgetOrAnEffortAsTheModelWantsIt() throws UntranslatableRequest {
        NeutralRequest.Builder asked = ask(HI).reasoning(effort(Effort.MEDIUM));
        assertThat(body(asked).path("thinking")).isEqualTo(Json.tree("{\"type\":\"enabled\",\"budget_tokens\":8192}"));
        JsonNode adaptive = Json.tree(write(asked, NEW).body());
        assertThat(adaptive.path("thinking")).isEqualTo(Json.tree("{\"type\":\"adaptive\"}"));
        assertThat(adaptive.path("output_config")).isEqualTo(Json.tree("{\"effort\":\"medium\"}"));
        assertThat(Json.tree(write(ask(HI).reasoning(effort(Effort.NONE)), NEW).body())
                        .at("/thinking/type")
                        .asText())
                .isEqualTo("disabled");
    }

    @Test
    void aBudgetFitsIntoTheLimit() throws UntranslatableRequest {
        NeutralRequest.Builder asked = ask(HI).reasoning(effort(Effort.HIGH));
        assertThat(body(asked.sampling(maxTokens(2_000).build()))
                        .at("/thinking/budget_tokens")
                        .asInt())
                .isEqualTo(1_600);
        assertThat(body(asked.sampling(maxTokens(1_024).build())).has("thinking"))
                .isFalse();
    }

    @Test
    void aThinkingModelTakesNoTemperature() throws UntranslatableRequest {
        WrittenRequest written = write(
                ask(HI).reasoning(effort(Effort.LOW))
                        .sampling(maxTokens(5_000)
                                .temperature(Optional.of(BigDecimal.ZERO))
                                .topP(Optional.of(new BigDecimal("0.5")))
                                .build()),
                OLD);
        JsonNode body = Json.tree(written.body());
        assertThat(body.has("thinking")).isTrue();
        assertThat(body.has("temperature")).isFalse();
        assertThat(body.has("top_p")).isFalse();
        assertThat(written.warnings()).hasSize(2);
    }

    @Test
    void thinkingIsLeftOutWhereAnthropicWouldRefuseIt() throws UntranslatableRequest {
        Tools forced = new Tools(
                List.of(new Tools.Function("f", "", Json.tree("{}"), Optional.empty())),
                Optional.of(new Tools.Choice.Any()),
                Optional.empty());
        Turn call = Turn.of(Role.ASSISTANT, Part.ToolCall.of("a", "f", "{}"));
        Turn result = Turn.of(Role.USER, new Part.ToolResult("a", "", List.of(Part.Text.of("1")), false));
        Turn begun = Turn.of(Role.ASSISTANT, Part.Text.of("So"));
        for (NeutralRequest.Builder asked : List.of(ask(HI).tools(forced), ask(HI, call, result), ask(HI, begun))) {
            WrittenRequest written = write(asked.reasoning(effort(Effort.LOW)), OLD);
            assertThat(Json.tree(written.body()).has("thinking")).isFalse();
            assertThat(written.warnings()).anyMatch(warning -> warning.startsWith("reasoning: dropped"));
        }
    }

    @Test
    void aBegunTurnIsTrimmedOrFollowedByTheContinuePrompt() throws UntranslatableRequest {
        NeutralRequest.Builder asked = ask(HI, Turn.of(Role.ASSISTANT, Part.Text.of("So \n")));
        assertThat(body(asked).at("/messages/1/content/0/text").asText()).isEqualTo("So");
        WrittenRequest asksOn = write(asked, NEW);
        assertThat(Json.tree(asksOn.body()).at("/messages/2/role").asText()).isEqualTo("user");
        assertThat(asksOn.warnings()).hasSize(1);
    }

    @Test
    void idsThatAnthropicRefusesAreReplacedInCallAndResultAlike() throws UntranslatableRequest {
        JsonNode body = body(ask(
                HI,
                Turn.of(Role.ASSISTANT, Part.ToolCall.of("call:1", "f", "")),
                Turn.of(Role.USER, new Part.ToolResult("call:1", "f", List.of(), false))));
        String id = body.at("/messages/1/content/0/id").asText();
        assertThat(id).matches("[a-zA-Z0-9_-]+");
        assertThat(body.at("/messages/2/content/0/tool_use_id").asText()).isEqualTo(id);
        assertThat(body.at("/tools/0/name").asText()).isEqualTo("f");
        assertThat(body.at("/tool_choice/type").asText()).isEqualTo("none");
    }

    @Test
    void untranslatableMembersAreLeftOut() throws UntranslatableRequest {
        JsonNode body = body(ask(
                Turn.of(Role.USER, Part.Text.of(" "), new Part.CachePoint(""), Part.Text.of("Hi")),
                Turn.of(
                        Role.ASSISTANT,
                        new Part.Reasoning("Hm", "sig", "", "gemini"),
                        new Part.Reasoning("Hm", "", "", "anthropic"),
                        new Part.Foreign("responses", "web_search_call", "{}"),
                        Part.Text.of("Hello")),
                HI));
        assertThat(body.path("messages")).isEqualTo(Json.tree("""
                                [{"role":"user","content":[{"type":"text","text":"Hi"}]},
                                 {"role":"assistant","content":[{"type":"text","text":"Hello"}]},
                                 {"role":"user","content":[{"type":"text","text":"Hi"}]}]
                                """));
    }

    @Test
    void aSchemaIsFittedOrSentAsInstructions() throws UntranslatableRequest {
        JsonNode closed =
                Json.tree("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\",\"minimum\":1}}}");
        JsonNode open = Json.tree("{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}");
        assertThat(body(ask(HI).output(new ResponseFormat.Schema("", "", closed, Optional.empty())))
                        .at("/output_config/format/schema"))
                .isEqualTo(Json.tree("""
                                {"type":"object","properties":{"a":{"type":"integer","description":"(minimum: 1)"}},
                                 "additionalProperties":false}
                                """));
        JsonNode instructed = body(ask(HI).output(new ResponseFormat.Schema("", "", open, Optional.empty())));
        assertThat(instructed.has("output_config")).isFalse();
        assertThat(instructed.at("/system/0/text").asText()).contains(open.toString());
        assertThat(body(ask(HI).output(new ResponseFormat.Json()))
                        .at("/system/0/text")
                        .asText())
                .contains("JSON");
    }

    @Test
    void whatWouldChangeTheMeaningIsUntranslatable() {
        List<NeutralRequest.Builder> impossible = List.of(
                ask(HI).sampling(new Sampling.Builder()
                        .choices(OptionalInt.of(2))
                        .build()),
                ask(HI).tools(new Tools(
                        List.of(new Tools.ForeignTool("responses", "web_search", "{}")),
                        Optional.empty(),
                        Optional.empty())),
                ask(Turn.of(
                        Role.USER,
                        Part.Media.of(Part.Media.Kind.IMAGE, new Part.Source.Stored("responses", "file-1", "")))),
                ask(Turn.of(
                        Role.USER, Part.Media.of(Part.Media.Kind.AUDIO, new Part.Source.Inline("audio/wav", "AA==")))),
                ask(Turn.of(
                        Role.USER,
                        Part.Media.of(Part.Media.Kind.IMAGE, new Part.Source.Inline("image/tiff", "AA==")))));
        for (NeutralRequest.Builder request : impossible) {
            assertThatThrownBy(() -> write(request, OLD)).isInstanceOf(UntranslatableRequest.class);
        }
    }

    @Test
    void instructionsAloneBecomeAUserTurn() throws UntranslatableRequest {
        JsonNode body = body(ask(Turn.of(Role.SYSTEM, Part.Text.of("Sing."))));
        assertThat(body.has("system")).isFalse();
        assertThat(body.at("/messages/0/content/0/text").asText()).isEqualTo("Sing.");
    }
}
