package dev.understudy.protocol.dialect.bedrock;

import static dev.understudy.protocol.neutral.Part.Media.Kind.DOCUMENT;
import static dev.understudy.protocol.neutral.Part.Media.Kind.IMAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.RequestFacts;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.model.ModelTable;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.ReasoningSettings;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Sampling;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Turn;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BedrockRequestTest {
    private static final String FULL = """
            {"messages": [
               {"role": "user", "content": [
                  {"text": "Look"},
                  {"image": {"format": "png", "source": {"bytes": "aGk="}}},
                  {"image": {"format": "jpeg", "source": {"s3Location": {"uri": "s3://b/k.jpg"}}}},
                  {"document": {"format": "pdf", "name": "a b", "source": {"bytes": "aGk="}}},
                  {"video": {"format": "mp4", "source": {"bytes": "aGk="}}},
                  {"cachePoint": {"type": "default", "ttl": "1h"}}]},
               {"role": "assistant", "content": [
                  {"reasoningContent": {"reasoningText": {"text": "hm", "signature": "c2ln"}}},
                  {"reasoningContent": {"redactedContent": "aGk="}},
                  {"citationsContent": {"content": [{"text": "so"}], "citations": [{"title": "T"}]}},
                  {"toolUse": {"toolUseId": "t1", "name": "add", "input": {"a": 1.10}}}]},
               {"role": "user", "content": [
                  {"toolResult": {"toolUseId": "t1", "content": [{"text": "2"}], "status": "error"}},
                  {"searchResult": {"source": "s", "title": "t", "content": [{"text": "x"}]}}]}],
             "system": [{"text": "Be brief"}, {"cachePoint": {"type": "default"}}],
             "inferenceConfig": {"maxTokens": 4000, "topP": 0.95, "stopSequences": ["END"]},
             "toolConfig": {"tools": [{"toolSpec": {"name": "add", "description": "adds", "inputSchema":
                  {"json": {"type": "object", "properties": {"a": {"type": "number"}}, "additionalProperties": false}},
                  "strict": true}},
                  {"systemTool": {"name": "nova_grounding"}}], "toolChoice": {"auto": {}}},
             "outputConfig": {"textFormat": {"type": "json_schema", "structure": {"jsonSchema":
                  {"schema": "{\\"type\\":\\"object\\",\\"properties\\":{\\"a\\":{\\"type\\":\\"string\\"}},\\"additionalProperties\\":false}",
                   "name": "n", "description": "d"}}}},
             "additionalModelRequestFields": {"thinking": {"type": "enabled", "budget_tokens": 2000}, "beta": [1]},
             "guardrailConfig": {"guardrailIdentifier": "g", "guardrailVersion": "1"},
             "requestMetadata": {"team": "x"},
             "performanceConfig": {"latency": "optimized"},
             "serviceTier": {"type": "flex"}}
            """;

    private static NeutralRequest.Builder asking(Part... parts) {
        return new NeutralRequest.Builder(List.of(Turn.of(Turn.Role.USER, parts)));
    }

    private static NeutralRequest.Builder hello() {
        return asking(Part.Text.of("Hello"));
    }

    private static JsonNode json(WrittenRequest written) {
        return JsonTrees.of(new String(written.body(), StandardCharsets.UTF_8));
    }

    private static JsonNode json(NeutralRequest.Builder request) throws UntranslatableRequest {
        return json(Wire.write(request.build(), Wire.CLAUDE));
    }

    private static String field(NeutralRequest.Builder request) {
        return catchThrowableOfType(UntranslatableRequest.class, () -> json(request))
                .field();
    }

    private static Tools.Function function(String name) {
        return new Tools.Function(name, "", JsonTrees.emptyObject(), Optional.empty());
    }

    private static ModelCapabilities can(
            ModelCapabilities.Can schema, ModelCapabilities.Can prefill, ModelCapabilities.ReasoningControl thinking) {
        return ModelCapabilities.builder()
                .schema(schema)
                .prefill(prefill)
                .reasoningControl(thinking)
                .build();
    }

    @Test
    void everythingThatIsReadIsWrittenAsItWas() throws Exception {
        WrittenRequest written = Wire.write(Wire.read(FULL), Wire.CLAUDE);
        assertThat(json(written)).isEqualTo(JsonTrees.of(FULL));
        assertThat(written.warnings()).isEmpty();
    }

    @Test
    void requestIsReadIntoTheNeutralForm() throws Exception {
        NeutralRequest request = Wire.read(FULL);
        assertThat(request.turns())
                .extracting(Turn::role)
                .containsExactly(Turn.Role.SYSTEM, Turn.Role.USER, Turn.Role.ASSISTANT, Turn.Role.USER);
        assertThat(request.turns().get(1).parts().get(3))
                .isEqualTo(new Part.Media(DOCUMENT, new Part.Source.Inline("application/pdf", "aGk="), "a b", ""));
        assertThat(request.reasoning().asBudget()).hasValue(2000);
        assertThat(request.metadata()).containsEntry("team", "x");
        assertThat(request.others())
                .extracting(NeutralRequest.Other::name)
                .containsExactlyInAnyOrder("additionalModelRequestFields.beta", "guardrailConfig", "performanceConfig");
    }

    @Test
    void guardedAndJsonContentIsPartOfTheText() throws Exception {
        NeutralRequest request = Wire.read("""
                {"messages": [{"role": "user", "content": [
                   {"guardContent": {"text": {"text": "guard me", "qualifiers": ["query"]}}},
                   {"toolResult": {"toolUseId": "x", "content": [{"json": {"a": [1]}}]}}]}]}
                """);
        assertThat(request.turns().getFirst().parts())
                .containsExactly(
                        Part.Text.of("guard me"),
                        new Part.ToolResult("x", "", List.of(Part.Text.of("{\"a\":[1]}")), false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"messages\":[{\"role\":\"robot\",\"content\":[]}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":[1]}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":1}]}]}",
                "{\"messages\":[1]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"toolUse\":{\"name\":\"f\"}}]}]}",
                "{\"messages\":[],\"system\":[1]}",
                "{\"messages\":[],\"toolConfig\":{\"tools\":[{\"toolSpec\":{}}]}}",
                "{\"messages\":[],\"outputConfig\":{\"textFormat\":{\"structure\":{\"jsonSchema\":{\"schema\":\"{\"}}}}}",
                "{\"messages\":"
            })
    void whatCannotBeParsedIsTheCallersError(String body) {
        assertThatThrownBy(() -> Wire.read(body)).isInstanceOf(BadRequest.class);
    }

    @ParameterizedTest
    @CsvSource({"maxTokens, 1e999999", "temperature, 1e-999999999", "maxTokens, 1.5", "topP, '\"1\"'"})
    void oddNumbersAreRefused(String member, String number) {
        assertThatThrownBy(() -> Wire.read("{\"messages\":[],\"inferenceConfig\":{\"" + member + "\":" + number + "}}"))
                .isInstanceOfSatisfying(
                        BadRequest.class,
                        bad -> assertThat(bad.details().param()).isEqualTo("inferenceConfig." + member));
    }

    @Test
    void aLengthBeyondTheIntegersIsForwardedIfTheModelsMaximumIsNotKnown() throws Exception {
        NeutralRequest request = Wire.read("{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"Hi\"}]}],"
                + "\"inferenceConfig\":{\"maxTokens\":2147483648}}");
        WrittenRequest written = Wire.BEDROCK.writeRequest(request, "vendor.model-v1:0", ModelCapabilities.UNKNOWN);
        assertThat(new String(written.body(), StandardCharsets.UTF_8)).contains("\"maxTokens\":2147483648");
    }

    @Test
    void toolsThatAreNoListAreRefused() {
        assertThatThrownBy(
                        () -> Wire.read("{\"messages\":[],\"toolConfig\":{\"tools\":{\"toolSpec\":{\"name\":\"f\"}}}}"))
                .isInstanceOfSatisfying(
                        BadRequest.class,
                        bad -> assertThat(bad.details().param()).isEqualTo("toolConfig.tools"));
    }

    @Test
    void wholeNumbersMayBeSpelledWithAFraction() throws Exception {
        NeutralRequest request = Wire.read("{\"messages\":[],\"inferenceConfig\":{\"maxTokens\":7.0}}");
        assertThat(request.sampling().maxTokens()).hasValue(7);
    }

    @Test
    void labelsThatAreNoTextsDoNoHarm() throws Exception {
        NeutralRequest request = Wire.read("{\"messages\":[],\"requestMetadata\":{\"a\":1},\"system\":null}");
        assertThat(request.sampling()).isEqualTo(Sampling.USUAL);
    }

    @Test
    void samplingIsWrittenAsFarAsBedrockHasIt() throws Exception {
        NeutralRequest.Builder request = hello().user("u")
                .sampling(new Sampling.Builder()
                        .maxTokens(OptionalLong.of(0))
                        .temperature(Optional.of(new BigDecimal("1.6")))
                        .topP(Optional.of(new BigDecimal("0.5")))
                        .topK(OptionalLong.of(3))
                        .seed(OptionalLong.of(1))
                        .frequencyPenalty(Optional.of(BigDecimal.ONE))
                        .presencePenalty(Optional.of(BigDecimal.ONE))
                        .logprobs(Optional.of(true))
                        .stop(List.of("A", ""))
                        .build());
        WrittenRequest written = Wire.write(request.build(), Wire.CLAUDE);
        assertThat(json(written).path("inferenceConfig").toString())
                .isEqualTo("{\"maxTokens\":1,\"temperature\":1,\"stopSequences\":[\"A\"]}");
        assertThat(json(written).path("additionalModelRequestFields").toString())
                .isEqualTo("{\"top_k\":3}");
        assertThat(written.warnings())
                .containsExactlyInAnyOrder(
                        "max_tokens: 0 became 1, Bedrock's lowest",
                        "top_p: dropped, Claude supports either temperature or top_p",
                        "temperature: 1.6 became 1, Bedrock's highest",
                        "seed: dropped, not supported by Bedrock",
                        "frequency_penalty: dropped, not supported by Bedrock",
                        "presence_penalty: dropped, not supported by Bedrock",
                        "logprobs: dropped, not supported by Bedrock",
                        "user: dropped, not supported by Bedrock");
    }

    @Test
    void severalAnswersCannotBeRequested() {
        assertThat(field(hello().sampling(new Sampling.Builder()
                        .choices(OptionalInt.of(2))
                        .build())))
                .isEqualTo("n");
    }

    @Test
    void mediaOfTheWebAreNotTaken() {
        assertThat(field(asking(Part.Media.of(IMAGE, new Part.Source.Url("https://x/y.png")))))
                .isEqualTo("messages");
        assertThat(field(asking(Part.Media.of(IMAGE, new Part.Source.Stored("openai", "f-1", "image/png")))))
                .isEqualTo("messages");
        assertThat(field(asking(Part.Media.of(IMAGE, new Part.Source.Inline("image/tiff", "aGk=")))))
                .isEqualTo("messages");
    }

    @Test
    void documentsGetPlainNamesOfTheirOwnAndTextBesideThem() throws Exception {
        Part.Source pdf = new Part.Source.Inline("application/pdf", "aGk=");
        JsonNode content = json(asking(
                        new Part.Media(DOCUMENT, pdf, "my_file  v1.pdf", ""),
                        new Part.Media(DOCUMENT, pdf, "my_file v1.pdf", ""),
                        new Part.Media(DOCUMENT, pdf, "", "")))
                .at("/messages/0/content");
        assertThat(content.at("/0/document/name").asText()).isEqualTo("my-file v1-pdf");
        assertThat(content.at("/1/document/name").asText()).isEqualTo("my-file v1-pdf-2");
        assertThat(content.at("/2/document/name").asText()).isEqualTo("document");
        assertThat(content.at("/3/text").asText()).isNotBlank();
    }

    @Test
    void idsOfOtherVendorsBecomeValidOnesForCallsAndResultsAlike() throws Exception {
        String id = "call|with/odd:letters and more than sixty-four characters of them, in all truth";
        for (String model : List.of(Wire.CLAUDE, "mistral.mistral-large-2407-v1:0")) {
            NeutralRequest request = new NeutralRequest.Builder(List.of(
                            Turn.of(Turn.Role.USER, Part.Text.of("a")),
                            Turn.of(Turn.Role.ASSISTANT, Part.ToolCall.of(id, "f", "{}")),
                            Turn.of(Turn.Role.USER, new Part.ToolResult(id, "f", List.of(Part.Text.of("1")), true))))
                    .tools(new Tools(List.of(function("f")), Optional.empty(), Optional.of(false)))
                    .build();
            JsonNode messages = json(Wire.write(request, model)).path("messages");
            String written = messages.at("/1/content/0/toolUse/toolUseId").asText();
            assertThat(written).matches(model.equals(Wire.CLAUDE) ? "[a-zA-Z0-9_-]{1,64}" : "[a-zA-Z0-9]{9}");
            assertThat(messages.at("/2/content/0/toolResult/toolUseId").asText())
                    .isEqualTo(written);
            assertThat(messages.at("/2/content/0/toolResult").has("status")).isEqualTo(model.equals(Wire.CLAUDE));
        }
    }

    @Test
    void toolsAreWritten() throws Exception {
        JsonNode config = json(hello().tools(new Tools(
                        List.of(function("f")), Optional.of(new Tools.Choice.Named("f")), Optional.empty())))
                .path("toolConfig");
        assertThat(config)
                .isEqualTo(JsonTrees.of("{\"tools\":[{\"toolSpec\":{\"name\":\"f\",\"inputSchema\":{\"json\":"
                        + "{\"type\":\"object\",\"properties\":{}}}}}],\"toolChoice\":{\"tool\":{\"name\":\"f\"}}}"));
        JsonNode any = json(hello().tools(
                        new Tools(List.of(function("f")), Optional.of(new Tools.Choice.Any()), Optional.empty())));
        assertThat(any.at("/toolConfig/toolChoice").toString()).isEqualTo("{\"any\":{}}");
    }

    @Test
    void toolsThatBedrockCannotHaveAreUntranslatable() {
        assertThat(field(hello().tools(new Tools(
                        List.of(new Tools.ForeignTool("openai", "web_search", "{}")),
                        Optional.empty(),
                        Optional.empty()))))
                .isEqualTo("tools[0]");
        assertThat(field(asking(new Part.Foreign("openai", "file", "{}")))).isEqualTo("messages");
    }

    @Test
    void toolsThatMustNotBeUsedAreLeftOut() throws Exception {
        Tools none = new Tools(List.of(function("f")), Optional.of(new Tools.Choice.None()), Optional.empty());
        assertThat(json(hello().tools(none)).has("toolConfig")).isFalse();
        assertThat(json(hello()).has("toolConfig")).isFalse();
    }

    @Test
    void toolsOfTheConversationAreKnownAndForbiddenWhereNoneAreOffered() throws Exception {
        NeutralRequest request = new NeutralRequest.Builder(List.of(
                        Turn.of(Turn.Role.USER, Part.Text.of("a")),
                        Turn.of(Turn.Role.ASSISTANT, Part.ToolCall.of("1", "odd.name", "no json")),
                        Turn.of(Turn.Role.USER, new Part.ToolResult("1", "", List.of(), false))))
                .build();
        WrittenRequest written = Wire.write(request, "meta.llama");
        JsonNode json = json(written);
        assertThat(json.at("/toolConfig/tools/0/toolSpec/name"))
                .isEqualTo(json.at("/messages/1/content/0/toolUse/name"));
        assertThat(json.at("/messages/1/content/0/toolUse/input/arguments").asText())
                .isEqualTo("no json");
        assertThat(json.at("/messages/2/content/0/toolResult/content/0/text").asText())
                .isEqualTo("(no output)");
        assertThat(json.at("/system/0/text").asText()).contains("tool");
        assertThat(written.warnings()).hasSize(2);
    }

    private static final String HELD =
            "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},\"additionalProperties\":false}";

    @Test
    void schemaIsSentNativelyOrAsInstructions() throws Exception {
        ResponseFormat schema = new ResponseFormat.Schema("n", "", JsonTrees.of(HELD), Optional.of(true));
        assertThat(json(hello().output(schema))
                        .at("/outputConfig/textFormat/structure/jsonSchema/schema")
                        .asText())
                .isEqualTo(HELD);
        WrittenRequest instructed = Wire.BEDROCK.writeRequest(
                hello().output(schema).build(),
                Wire.CLAUDE,
                can(ModelCapabilities.Can.NO, ModelCapabilities.Can.UNKNOWN, ModelCapabilities.ReasoningControl.UNKNOWN)
                        .withTraits(ModelTable.traitsOf(Wire.CLAUDE)));
        assertThat(json(instructed).has("outputConfig")).isFalse();
        assertThat(json(instructed).at("/system/0/text").asText()).contains(HELD);
        assertThat(instructed.warnings()).singleElement().asString().startsWith("response_format: ");
        assertThat(json(hello().output(new ResponseFormat.Json()))
                        .at("/system/0/text")
                        .asText())
                .contains("JSON object");
    }

    private static JsonNode thinkingOf(
            String model, ModelCapabilities.ReasoningControl how, ReasoningSettings.Effort effort)
            throws UntranslatableRequest {
        NeutralRequest request = hello().reasoning(
                        new ReasoningSettings(Optional.of(effort), OptionalLong.empty(), Optional.empty()))
                .build();
        return json(Wire.BEDROCK.writeRequest(
                        request,
                        model,
                        can(ModelCapabilities.Can.UNKNOWN, ModelCapabilities.Can.UNKNOWN, how)
                                .withTraits(ModelTable.traitsOf(model))))
                .path("additionalModelRequestFields");
    }

    @Test
    void eachFamilyGetsItsOwnReasoningSettings() throws Exception {
        ReasoningSettings.Effort high = ReasoningSettings.Effort.HIGH;
        assertThat(thinkingOf(Wire.CLAUDE, ModelCapabilities.ReasoningControl.UNKNOWN, high)
                        .toString())
                .isEqualTo("{\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":24576}}");
        assertThat(thinkingOf(Wire.CLAUDE, ModelCapabilities.ReasoningControl.ADAPTIVE, ReasoningSettings.Effort.XHIGH)
                        .toString())
                .isEqualTo("{\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"max\"}}");
        assertThat(thinkingOf(Wire.CLAUDE, ModelCapabilities.ReasoningControl.EFFORT, high)
                        .toString())
                .isEqualTo("{\"output_config\":{\"effort\":\"high\"}}");
        assertThat(thinkingOf("us.amazon.nova-2-lite-v1:0", ModelCapabilities.ReasoningControl.UNKNOWN, high)
                        .toString())
                .isEqualTo("{\"reasoningConfig\":{\"type\":\"enabled\",\"maxReasoningEffort\":\"high\"}}");
        assertThat(thinkingOf("openai.gpt-oss-120b-1:0", ModelCapabilities.ReasoningControl.UNKNOWN, high)
                        .toString())
                .isEqualTo("{\"reasoning_effort\":\"high\"}");
        assertThat(thinkingOf("meta.llama3", ModelCapabilities.ReasoningControl.UNKNOWN, high)
                        .isMissingNode())
                .isTrue();
        assertThat(thinkingOf(Wire.CLAUDE, ModelCapabilities.ReasoningControl.NONE, high)
                        .isMissingNode())
                .isTrue();
        assertThat(thinkingOf(Wire.CLAUDE, ModelCapabilities.ReasoningControl.UNKNOWN, ReasoningSettings.Effort.NONE)
                        .isMissingNode())
                .isTrue();
    }

    @Test
    void claudeThinksOnlyWhereItCan() throws Exception {
        ReasoningSettings budget = new ReasoningSettings(Optional.empty(), OptionalLong.of(8_000), Optional.empty());
        Sampling sampling = new Sampling.Builder()
                .maxTokens(OptionalLong.of(4_000))
                .temperature(Optional.of(new BigDecimal("0.5")))
                .topP(Optional.of(new BigDecimal("0.5")))
                .topK(OptionalLong.of(5))
                .build();
        WrittenRequest written =
                Wire.write(hello().reasoning(budget).sampling(sampling).build(), Wire.CLAUDE);
        assertThat(json(written).at("/additionalModelRequestFields").toString())
                .isEqualTo("{\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}}");
        assertThat(json(written).at("/inferenceConfig").toString()).isEqualTo("{\"maxTokens\":4000}");
        assertThat(written.warnings()).hasSize(4);

        WrittenRequest forced = Wire.write(
                hello().reasoning(budget)
                        .tools(new Tools(List.of(function("f")), Optional.of(new Tools.Choice.Any()), Optional.empty()))
                        .build(),
                Wire.CLAUDE);
        assertThat(json(forced).has("additionalModelRequestFields")).isFalse();

        NeutralRequest afterATool = new NeutralRequest.Builder(List.of(
                        Turn.of(Turn.Role.USER, Part.Text.of("a")),
                        Turn.of(
                                Turn.Role.ASSISTANT,
                                new Part.Reasoning("hm", "sealed", "", "gemini"),
                                Part.ToolCall.of("1", "f", "{}")),
                        Turn.of(Turn.Role.USER, new Part.ToolResult("1", "", List.of(Part.Text.of("1")), false))))
                .tools(new Tools(List.of(function("f")), Optional.empty(), Optional.empty()))
                .reasoning(budget)
                .build();
        WrittenRequest without = Wire.write(afterATool, Wire.CLAUDE);
        assertThat(json(without).has("additionalModelRequestFields")).isFalse();
        assertThat(json(without).toString()).doesNotContain("sealed");
    }

    @Test
    void cachePointsGoWhereTheyAreTaken() throws Exception {
        NeutralRequest request = asking(
                        new Part.CachePoint(""), Part.Text.of("a"), new Part.CachePoint("1h"), Part.Text.of("b"))
                .build();
        assertThat(json(Wire.write(request, Wire.CLAUDE))
                        .at("/messages/0/content")
                        .toString())
                .isEqualTo(
                        "[{\"text\":\"a\"},{\"cachePoint\":{\"type\":\"default\",\"ttl\":\"1h\"}},{\"text\":\"b\"}]");
        assertThat(json(Wire.write(request, "amazon.nova-pro")).toString())
                .contains("cachePoint")
                .doesNotContain("1h");
        assertThat(json(Wire.write(request, "meta.llama")).toString()).doesNotContain("cachePoint");
    }

    @Test
    void blankTurnsAndTailsAreMadeSuchAsBedrockTakes() throws Exception {
        NeutralRequest request = new NeutralRequest.Builder(List.of(
                        Turn.of(Turn.Role.USER, Part.Text.of("  ")),
                        Turn.of(Turn.Role.ASSISTANT, Part.Text.of("Once upon \n"))))
                .build();
        JsonNode messages = json(Wire.write(request, Wire.CLAUDE)).path("messages");
        assertThat(messages.at("/0/content/0/text").asText()).isEqualTo("(nothing)");
        assertThat(messages.at("/1/content/0/text").asText()).isEqualTo("Once upon");
        WrittenRequest noPrefill = Wire.BEDROCK.writeRequest(
                request,
                Wire.CLAUDE,
                can(ModelCapabilities.Can.UNKNOWN, ModelCapabilities.Can.NO, ModelCapabilities.ReasoningControl.UNKNOWN)
                        .withTraits(ModelTable.traitsOf(Wire.CLAUDE)));
        assertThat(json(noPrefill).at("/messages/2/role").asText()).isEqualTo("user");
    }

    @Test
    void othersOfOtherDialectsLabelsAndTiersAreDroppedWithAWord() throws Exception {
        WrittenRequest written = Wire.write(
                hello().others(List.of(new NeutralRequest.Other("openai", "logit_bias", "{}")))
                        .metadata(Map.of("good", "yes", "bad", "\u0007"))
                        .serviceTier("scale")
                        .build(),
                Wire.CLAUDE);
        assertThat(json(written).path("requestMetadata").toString()).isEqualTo("{\"good\":\"yes\"}");
        assertThat(json(written).has("serviceTier")).isFalse();
        assertThat(written.warnings())
                .containsExactlyInAnyOrder(
                        "logit_bias: dropped, not supported by Bedrock",
                        "service_tier: dropped, Bedrock does not support scale",
                        "metadata: some entries were dropped; Bedrock accepts 16 short entries of plain characters");
    }

    private static RequestFacts facts(String body) throws BadRequest {
        return Wire.BEDROCK.facts(Members.scan(Wire.bytes(body), new BodyLimits(1 << 20, 64)), true);
    }

    @Test
    void factsAreFoundWithoutReadingTheConversation() throws Exception {
        RequestFacts facts = facts(FULL);
        assertThat(facts.stream()).isTrue();
        assertThat(facts.maxTokens()).hasValue(4000);
        assertThat(facts.stopSequences()).isTrue();
        assertThat(facts.tools()).isTrue();
        assertThat(facts.jsonOutput()).isTrue();
        assertThat(facts.promptBytes()).isBetween(900, FULL.length());
        RequestFacts few = facts("{\"messages\":[],\"toolConfig\":null,\"inferenceConfig\":{\"maxTokens\":1e999}}");
        assertThat(few)
                .isEqualTo(RequestFacts.builder().stream(true).promptBytes(2).build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"messages\":null}",
                "{\"messages\":{}}",
                "{\"messages\":[],\"messages\":[]}",
                "{\"messages\":[],\"inferenceConfig\":[]}",
                "{\"messages\":[],\"system\":\"Be brief\"}"
            })
    void factsOfBrokenRequestsAreRefused(String body) {
        assertThatThrownBy(() -> facts(body)).isInstanceOf(BadRequest.class);
    }
}
