package dev.understudy.protocol.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import dev.understudy.protocol.dialect.ModelCapabilities.ReasoningControl;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.model.ModelTable;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.NeutralRequest.Other;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Part.Source;
import dev.understudy.protocol.neutral.ReasoningSettings;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeminiRequestWritingTest {
    private static final String NEW = "gemini-3-flash-preview";
    private static final String OLD = "gemini-2.5-flash";

    private static NeutralRequest.Builder hello() {
        return new NeutralRequest.Builder(List.of(Turn.of(Role.USER, Part.Text.of("Hi"))));
    }

    private static WrittenRequest write(NeutralRequest.Builder request, String model) throws UntranslatableRequest {
        return new GeminiDialect()
                .writeRequest(request.build(), model, ModelCapabilities.UNKNOWN.withTraits(ModelTable.traitsOf(model)));
    }

    private static ModelCapabilities thinking(ReasoningControl how, Can schema) {
        return ModelCapabilities.builder().schema(schema).reasoningControl(how).build();
    }

    private static NeutralRequest.Builder turns(Turn... turns) {
        return new NeutralRequest.Builder(List.of(turns));
    }

    private static Tools.Function function(String name, boolean strict) {
        return new Tools.Function(
                name,
                "",
                Json.of("{\"type\":\"object\",\"properties\":{\"a\":{}}}"),
                strict ? Optional.of(true) : Optional.empty());
    }

    private static Tools tools(Tools.Choice choice, boolean strict) {
        return new Tools(List.of(function("f", strict)), Optional.of(choice), Optional.empty());
    }

    @Test
    void instructionsStandApartAndSidesTakeTurns() throws UntranslatableRequest {
        WrittenRequest written = write(
                turns(
                        Turn.of(Role.SYSTEM, Part.Text.of("Be brief."), new Part.CachePoint("")),
                        Turn.of(Role.USER, Part.Text.of("Hi"), Part.Text.of("")),
                        Turn.of(Role.ASSISTANT, new Part.Refusal("No.")),
                        Turn.of(Role.USER, Part.Text.of("Please"))),
                NEW);

        assertThat(Json.of(written.body())).isEqualTo(Json.of("""
                                {"systemInstruction":{"parts":[{"text":"Be brief."}]},
                                 "contents":[{"role":"user","parts":[{"text":"Hi"}]},
                                             {"role":"model","parts":[{"text":"No."}]},
                                             {"role":"user","parts":[{"text":"Please"}]}]}
                                """));
        assertThat(written.warnings()).isEmpty();
    }

    @Test
    void instructionsAloneBecomeAUserTurn() throws UntranslatableRequest {
        WrittenRequest written = write(turns(Turn.of(Role.SYSTEM, Part.Text.of("Sing."))), NEW);

        assertThat(Json.of(written.body()))
                .isEqualTo(Json.of("{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Sing.\"}]}]}"));
        assertThat(written.warnings()).containsExactly("messages: only instructions; sent as a user message");
    }

    private static NeutralRequest.Builder calls() {
        return turns(
                Turn.of(Role.USER, Part.Text.of("Hi")),
                Turn.of(
                        Role.ASSISTANT,
                        Part.ToolCall.of("1", "f", "{\"a\":1}"),
                        Part.ToolCall.of("2", "g", "not JSON"),
                        Part.ToolCall.of("3", "f", "{}")),
                Turn.of(
                        Role.USER,
                        new Part.ToolResult("3", "", List.of(Part.Text.of("late")), true),
                        new Part.ToolResult("1", "", List.of(Part.Text.of("{\"x\":1}")), false),
                        new Part.ToolResult("2", "", List.of(Part.Text.of("two")), false),
                        Part.Text.of("and?")));
    }

    @Test
    void resultsStandInTheOrderOfTheirCallsUnderTheirNames() throws UntranslatableRequest {
        assertThat(Json.of(write(calls(), OLD).body()).path("contents")).isEqualTo(Json.of("""
                                [{"role":"user","parts":[{"text":"Hi"}]},
                                 {"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":1}}},
                                   {"functionCall":{"name":"g","args":{"arguments":"not JSON"}}},{"functionCall":{"name":"f","args":{}}}]},
                                 {"role":"user","parts":[
                                   {"functionResponse":{"name":"f","response":{"x":1}}},
                                   {"functionResponse":{"name":"g","response":{"result":"two"}}},
                                   {"functionResponse":{"name":"f","response":{"error":"late"}}},
                                   {"text":"and?"}]}]
                                """));
    }

    @Test
    void callsOfOthersGetTheSignatureThatIsNoneForGemini3Only() throws UntranslatableRequest {
        assertThat(Json.of(write(calls(), NEW).body()).at("/contents/1/parts").findValuesAsText("thoughtSignature"))
                .containsExactly("skip_thought_signature_validator");
        assertThat(Json.of(write(calls(), NEW).body())
                        .at("/contents/1/parts/0/thoughtSignature")
                        .isTextual())
                .isTrue();
    }

    @Test
    void itsOwnSignaturesAndReasoningGoBackAndThoseOfOthersDoNot() throws UntranslatableRequest {
        NeutralRequest.Builder request = turns(
                Turn.of(Role.USER, Part.Text.of("Hi")),
                Turn.of(
                        Role.ASSISTANT,
                        new Part.Reasoning("hm", "s1", "", "gemini"),
                        new Part.Reasoning("other", "s2", "", "anthropic"),
                        new Part.Reasoning("", "s3", "", "gemini"),
                        new Part.ToolCall("1", "f", "{}", "s4")),
                Turn.of(Role.USER, new Part.ToolResult("1", "f", List.of(), false)));

        assertThat(Json.of(write(request, NEW).body()).at("/contents/1/parts")).isEqualTo(Json.of("""
                                [{"text":"hm","thought":true,"thoughtSignature":"s1"},
                                 {"text":"","thoughtSignature":"s3"},
                                 {"functionCall":{"name":"f","args":{}},"thoughtSignature":"s4"}]
                                """));
    }

    @Test
    void mediaInResultsStandInsideThemForGemini3AndBesideThemBefore() throws UntranslatableRequest {
        NeutralRequest.Builder request = turns(
                Turn.of(Role.USER, Part.Text.of("Hi")),
                Turn.of(Role.ASSISTANT, Part.ToolCall.of("1", "f", "{}")),
                Turn.of(
                        Role.USER,
                        new Part.ToolResult(
                                "1",
                                "f",
                                List.of(Part.Media.of(Part.Media.Kind.IMAGE, new Source.Inline("image/png", "aGk="))),
                                false)));

        assertThat(Json.of(write(request, NEW).body()).at("/contents/2/parts")).isEqualTo(Json.of("""
                                [{"functionResponse":{"name":"f","response":{"result":""},
                                  "parts":[{"inlineData":{"mimeType":"image/png","data":"aGk="}}]}}]
                                """));
        assertThat(Json.of(write(request, OLD).body()).at("/contents/2/parts")).isEqualTo(Json.of("""
                                [{"functionResponse":{"name":"f","response":{"result":""}}},
                                 {"inlineData":{"mimeType":"image/png","data":"aGk="}}]
                                """));
    }

    @Test
    void mediaAreSentOrFetched() throws UntranslatableRequest {
        NeutralRequest.Builder request = turns(Turn.of(
                Role.USER,
                Part.Media.of(Part.Media.Kind.IMAGE, new Source.Url("https://example.org/a.png?x=.gif")),
                Part.Media.of(Part.Media.Kind.IMAGE, new Source.Url("https://example.org/a")),
                Part.Media.of(Part.Media.Kind.VIDEO, new Source.Stored("gemini", "gs://v", "video/mp4"))));

        assertThat(Json.of(write(request, NEW).body()).at("/contents/0/parts")).isEqualTo(Json.of("""
                                [{"fileData":{"mimeType":"image/png","fileUri":"https://example.org/a.png?x=.gif"}},
                                 {"fileData":{"mimeType":"image/jpeg","fileUri":"https://example.org/a"}},
                                 {"fileData":{"mimeType":"video/mp4","fileUri":"gs://v"}}]
                                """));
    }

    @Test
    void whatWouldChangeTheMeaningIsRefused() {
        assertThatThrownBy(() -> write(
                        turns(Turn.of(
                                Role.USER,
                                Part.Media.of(Part.Media.Kind.IMAGE, new Source.Stored("openai", "file-1", "")))),
                        NEW))
                .isInstanceOf(UntranslatableRequest.class)
                .hasMessageContaining("file-1");
        assertThatThrownBy(() -> write(
                        turns(Turn.of(
                                Role.USER, Part.Media.of(Part.Media.Kind.IMAGE, new Source.Url("ftp://example.org")))),
                        NEW))
                .isInstanceOf(UntranslatableRequest.class);
        assertThatThrownBy(() -> write(
                        hello().tools(new Tools(
                                List.of(new Tools.ForeignTool("anthropic", "web_search", "{}")),
                                Optional.empty(),
                                Optional.empty())),
                        NEW))
                .isInstanceOfSatisfying(
                        UntranslatableRequest.class,
                        refused -> assertThat(refused.field()).isEqualTo("tools[0]"));
        assertThatThrownBy(() -> write(
                        hello().sampling(new Sampling.Builder()
                                .choices(OptionalInt.of(9))
                                .build()),
                        NEW))
                .isInstanceOfSatisfying(
                        UntranslatableRequest.class,
                        refused -> assertThat(refused.field()).isEqualTo("n"));
    }

    @Test
    void samplingIsBroughtIntoGeminisRanges() throws UntranslatableRequest {
        WrittenRequest written = write(
                hello().sampling(new Sampling.Builder()
                        .temperature(Optional.of(new BigDecimal("2.5")))
                        .topP(Optional.of(new BigDecimal("0.5")))
                        .topK(OptionalLong.of(0))
                        .maxTokens(OptionalLong.of(100))
                        .choices(OptionalInt.of(2))
                        .stop(List.of("a", "b", "c", "d", "e", "f"))
                        .seed(OptionalLong.of((1L << 32) + 5))
                        .presencePenalty(Optional.of(new BigDecimal("2")))
                        .frequencyPenalty(Optional.of(new BigDecimal("-1")))
                        .logprobs(Optional.of(true))
                        .topLogprobs(OptionalInt.of(3))
                        .build()),
                NEW);

        assertThat(Json.of(written.body()).path("generationConfig")).isEqualTo(Json.of("""
                                {"temperature":2,"topP":0.5,"topK":1,"maxOutputTokens":100,"candidateCount":2,
                                 "stopSequences":["a","b","c","d","e"],"seed":5,"presencePenalty":1.99,
                                 "frequencyPenalty":-1,"responseLogprobs":true,"logprobs":3}
                                """));
        assertThat(written.warnings())
                .containsExactly(
                        "temperature: 2.5 became 2, Gemini's highest",
                        "top_k: 0 became 1, Gemini's lowest",
                        "stop: 6 reduced to the first 5, Gemini's most",
                        "seed: 4294967301 became 5, Gemini's have 32 bits",
                        "presence_penalty: 2 became 1.99, Gemini's highest");
    }

    @Test
    void toolsAndTheirChoice() throws UntranslatableRequest {
        assertThat(Json.of(write(hello().tools(tools(new Tools.Choice.Named("f"), false)), NEW)
                        .body()))
                .isEqualTo(Json.of("""
                                {"contents":[{"role":"user","parts":[{"text":"Hi"}]}],
                                 "tools":[{"functionDeclarations":[
                                    {"name":"f","parametersJsonSchema":{"type":"object","properties":{"a":{}}}}]}],
                                 "toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]}}}
                                """));
        assertThat(mode(tools(new Tools.Choice.Any(), false), NEW)).isEqualTo("ANY");
        assertThat(mode(tools(new Tools.Choice.None(), false), NEW)).isEqualTo("NONE");
        assertThat(mode(tools(new Tools.Choice.Auto(), false), NEW)).isEqualTo("AUTO");
        assertThat(mode(tools(new Tools.Choice.Auto(), true), NEW)).isEqualTo("VALIDATED");
        assertThat(mode(tools(new Tools.Choice.Auto(), true), OLD)).isEqualTo("AUTO");
        assertThat(write(hello().tools(tools(new Tools.Choice.Auto(), true)), OLD)
                        .warnings())
                .containsExactly("tools[].strict: dropped, not supported by this model");
    }

    private static String mode(Tools tools, String model) throws UntranslatableRequest {
        return Json.of(write(hello().tools(tools), model).body())
                .at("/toolConfig/functionCallingConfig/mode")
                .asText();
    }

    @Test
    void aSchemaIsSentAsASettingOrAsAnInstruction() throws UntranslatableRequest {
        ResponseFormat schema = new ResponseFormat.Schema("", "", Json.of("{\"$ref\":\"#\"}"), Optional.empty());

        assertThat(Json.of(write(hello().output(schema), NEW).body()).path("generationConfig"))
                .isEqualTo(Json.of("""
                                {"responseMimeType":"application/json","responseJsonSchema":{"$ref":"#"}}
                                """));
        WrittenRequest without = new GeminiDialect()
                .writeRequest(hello().output(schema).build(), NEW, thinking(ReasoningControl.UNKNOWN, Can.NO));
        assertThat(Json.of(without.body()).path("generationConfig"))
                .isEqualTo(Json.of("{\"responseMimeType\":\"application/json\"}"));
        assertThat(Json.of(without.body()).at("/systemInstruction/parts/0/text").asText())
                .contains("{\"$ref\":\"#\"}");
        assertThat(without.warnings()).hasSize(1).first().asString().startsWith("response_format: ");
        WrittenRequest besideTools =
                write(hello().output(new ResponseFormat.Json()).tools(tools(new Tools.Choice.Auto(), false)), OLD);
        assertThat(Json.of(besideTools.body()).has("generationConfig")).isFalse();
        assertThat(Json.of(besideTools.body()).has("systemInstruction")).isTrue();
        assertThat(besideTools.warnings()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "gemini-2.5-flash | LOW | {\"thinkingBudget\":1024}",
                "gemini-2.5-flash | NONE | {\"thinkingBudget\":0}",
                "gemini-2.5-flash | XHIGH | {\"thinkingBudget\":24576}",
                "gemini-2.5-pro | NONE | {\"thinkingBudget\":128}",
                "gemini-3-flash-preview | NONE | {\"thinkingLevel\":\"minimal\"}",
                "gemini-3-flash-preview | MEDIUM | {\"thinkingLevel\":\"medium\"}",
                "gemini-3-pro-preview | MEDIUM | {\"thinkingLevel\":\"high\"}",
                "gemini-3.1-pro-preview | MEDIUM | {\"thinkingLevel\":\"medium\"}",
                "gemini-3.1-pro-preview | XHIGH | {\"thinkingLevel\":\"high\"}",
            })
    void effortsBecomeBudgetsOrLevels(String model, ReasoningSettings.Effort effort, String config)
            throws UntranslatableRequest {
        ReasoningSettings reasoning =
                new ReasoningSettings(Optional.of(effort), OptionalLong.empty(), Optional.empty());

        assertThat(Json.of(write(hello().reasoning(reasoning), model).body()).at("/generationConfig/thinkingConfig"))
                .isEqualTo(Json.of(config));
    }

    @Test
    void whatIsKnownOfAModelsThinkingGoesBeforeItsName() throws UntranslatableRequest {
        ReasoningSettings reasoning =
                new ReasoningSettings(Optional.empty(), OptionalLong.of(5_000), Optional.of(true));
        NeutralRequest request = hello().reasoning(reasoning).build();
        GeminiDialect gemini = new GeminiDialect();

        assertThat(Json.of(gemini.writeRequest(request, "tuned", thinking(ReasoningControl.BUDGET, Can.YES))
                                .body())
                        .at("/generationConfig/thinkingConfig"))
                .isEqualTo(Json.of("{\"thinkingBudget\":5000,\"includeThoughts\":true}"));
        assertThat(Json.of(gemini.writeRequest(request, "tuned", thinking(ReasoningControl.EFFORT, Can.YES))
                                .body())
                        .at("/generationConfig/thinkingConfig"))
                .isEqualTo(Json.of("{\"thinkingLevel\":\"medium\",\"includeThoughts\":true}"));
        WrittenRequest none = gemini.writeRequest(request, "tuned", thinking(ReasoningControl.NONE, Can.YES));
        assertThat(Json.of(none.body()).has("generationConfig")).isFalse();
        assertThat(none.warnings()).containsExactly("reasoning_effort: dropped, this model does not support reasoning");
    }

    @Test
    void labelsAndMembersOfOthersAreDroppedWithAWarningAndItsOwnAreWrittenBack() throws UntranslatableRequest {
        WrittenRequest written = write(
                hello().user("u")
                        .metadata(Map.of("a", "b"))
                        .serviceTier("flex")
                        .others(List.of(
                                new Other("openai", "logit_bias", "{}"),
                                new Other("gemini", "safetySettings", "[1]"),
                                new Other("gemini", "toolConfig.retrievalConfig", "{}"),
                                new Other("gemini", "generationConfig.responseModalities", "[\"TEXT\"]"))),
                NEW);

        assertThat(Json.of(written.body())).isEqualTo(Json.of("""
                                {"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"safetySettings":[1],
                                 "toolConfig":{"retrievalConfig":{}},"generationConfig":{"responseModalities":["TEXT"]}}
                                """));
        assertThat(written.warnings())
                .containsExactly(
                        "user: dropped, not supported by Gemini",
                        "metadata: dropped, not supported by Gemini",
                        "service_tier: dropped, not supported by Gemini",
                        "logit_bias: dropped, not supported by Gemini");
    }

    @Test
    void partsThatOnlyOneVendorHasAreWrittenBackToHimAlone() throws UntranslatableRequest {
        WrittenRequest written = write(
                turns(Turn.of(
                        Role.USER,
                        new Part.Foreign("gemini", "executableCode", "{\"executableCode\":{\"code\":\"1\"}}"),
                        new Part.Foreign("anthropic", "server_tool_use", "{}"))),
                NEW);

        assertThat(Json.of(written.body()).at("/contents/0/parts"))
                .isEqualTo(Json.of("[{\"executableCode\":{\"code\":\"1\"}}]"));
        assertThat(written.warnings())
                .containsExactly("messages: a server_tool_use was dropped; only anthropic supports it");
    }
}
