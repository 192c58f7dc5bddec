package dev.understudy.protocol.dialect.gemini;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.NeutralRequest.Other;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Part.Source;
import dev.understudy.protocol.neutral.ReasoningSettings;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Turn;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiRequestReadingTest {

    private static NeutralRequest read(String body) throws BadRequest {
        return new GeminiDialect().readRequest(body.getBytes(UTF_8), false);
    }

    private static List<Part> partsOf(String parts) throws BadRequest {
        return read("{\"contents\":[{\"role\":\"user\",\"parts\":[" + parts + "]}]}")
                .turns()
                .getFirst()
                .parts();
    }

    @Test
    void instructionsAndRolesAreTurns() throws BadRequest {
        NeutralRequest request = read("""
                {"system_instruction":{"parts":{"text":"Be brief."}},
                 "contents":[{"role":"user","parts":[{"text":"Hi"}]},{"role":"model","parts":[{"text":"Ho"}]},
                             {"parts":{"text":"again"}}],
                 "labels":{"team":"a"}}
                """);

        assertThat(request.turns())
                .containsExactly(
                        Turn.of(Turn.Role.SYSTEM, Part.Text.of("Be brief.")),
                        Turn.of(Turn.Role.USER, Part.Text.of("Hi")),
                        Turn.of(Turn.Role.ASSISTANT, Part.Text.of("Ho")),
                        Turn.of(Turn.Role.USER, Part.Text.of("again")));
        assertThat(request.metadata()).containsEntry("team", "a");
    }

    @Test
    void aResultGetsTheIdOfTheFirstCallOfItsNameThatHasNone() throws BadRequest {
        List<Turn> turns = read("""
                        {"contents":[
                          {"role":"model","parts":[
                            {"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"c2ln"},
                            {"function_call":{"name":"g"}},
                            {"functionCall":{"name":"f","args":{"a":2}}},
                            {"functionCall":{"id":"own","name":"h"}}]},
                          {"role":"function","parts":[
                            {"functionResponse":{"name":"g","response":{"result":"gg"}}},
                            {"functionResponse":{"name":"f","response":{"x":1}}},
                            {"functionResponse":{"name":"f","response":{"error":"no"}}},
                            {"functionResponse":{"id":"own","name":"h","response":{"output":"hh"}}}]}]}
                        """).turns();

        assertThat(turns.get(0).parts())
                .containsExactly(
                        new Part.ToolCall("call_0_0", "f", "{\"a\":1}", "c2ln"),
                        Part.ToolCall.of("call_0_1", "g", "{}"),
                        Part.ToolCall.of("call_0_2", "f", "{\"a\":2}"),
                        Part.ToolCall.of("own", "h", "{}"));
        assertThat(turns.get(1).role()).isEqualTo(Turn.Role.USER);
        assertThat(turns.get(1).parts())
                .containsExactly(
                        new Part.ToolResult("call_0_1", "g", List.of(Part.Text.of("gg")), false),
                        new Part.ToolResult("call_0_0", "f", List.of(Part.Text.of("{\"x\":1}")), false),
                        new Part.ToolResult("call_0_2", "f", List.of(Part.Text.of("no")), true),
                        new Part.ToolResult("own", "h", List.of(Part.Text.of("hh")), false));
    }

    @Test
    void mediaAreReadByTheirTypes() throws BadRequest {
        assertThat(partsOf("""
                        {"inlineData":{"mimeType":"image/png","data":"a-_b"}},
                        {"inline_data":{"mime_type":"audio/wav","data":"aGk"}},
                        {"fileData":{"fileUri":"https://example.org/a.pdf"}},
                        {"fileData":{"mimeType":"video/mp4","fileUri":"gs://bucket/v"}},
                        {"file_data":{"mime_type":"image/png",
                                      "file_uri":"https://generativelanguage.googleapis.com/v1beta/files/x"}}
                        """))
                .containsExactly(
                        Part.Media.of(Part.Media.Kind.IMAGE, new Source.Inline("image/png", "a+/b")),
                        Part.Media.of(Part.Media.Kind.AUDIO, new Source.Inline("audio/wav", "aGk=")),
                        Part.Media.of(Part.Media.Kind.DOCUMENT, new Source.Url("https://example.org/a.pdf")),
                        Part.Media.of(Part.Media.Kind.VIDEO, new Source.Stored("gemini", "gs://bucket/v", "video/mp4")),
                        Part.Media.of(
                                Part.Media.Kind.IMAGE,
                                new Source.Stored(
                                        "gemini",
                                        "https://generativelanguage.googleapis.com/v1beta/files/x",
                                        "image/png")));
    }

    @Test
    void reasoningAndWhatOnlyGeminiHasAreKept() throws BadRequest {
        assertThat(partsOf("""
                        {"text":"hm","thought":true,"thoughtSignature":"s1"},{"text":"so","thoughtSignature":"s2"},
                        {"executableCode":{"language":"PYTHON","code":"1"}}
                        """))
                .containsExactly(
                        new Part.Reasoning("hm", "s1", "", "gemini"),
                        Part.Text.of("so"),
                        new Part.Reasoning("", "s2", "", "gemini"),
                        new Part.Foreign(
                                "gemini",
                                "executableCode",
                                "{\"executableCode\":{\"language\":\"PYTHON\",\"code\":\"1\"}}"));
    }

    /** A caller of ours gets such with the calls of other vendors' models, and sends them back. */
    @ParameterizedTest
    @ValueSource(strings = {"skip_thought_signature_validator", "c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I="})
    void whatOnlyStandsForASignatureIsNone(String signature) throws BadRequest {
        assertThat(partsOf("{\"functionCall\":{\"name\":\"f\"},\"thoughtSignature\":\"" + signature + "\"}"))
                .containsExactly(Part.ToolCall.of("call_0_0", "f", "{}"));
    }

    @Test
    void samplingIsReadInBothSpellingsAndFromNumbersInQuotes() throws BadRequest {
        NeutralRequest request = read("""
                {"contents":[],"generation_config":{"temperature":0.10,"top_p":"0.5","topK":40.0,"candidateCount":2,
                 "maxOutputTokens":"100","stopSequences":["a","b"],"seed":7,"presencePenalty":1,
                 "frequency_penalty":-1,"responseLogprobs":true,"logprobs":3}}
                """);

        var sampling = request.sampling();
        assertThat(sampling.temperature()).contains(new BigDecimal("0.10"));
        assertThat(sampling.topP()).contains(new BigDecimal("0.5"));
        assertThat(sampling.topK()).hasValue(40);
        assertThat(sampling.choices()).hasValue(2);
        assertThat(sampling.maxTokens()).hasValue(100);
        assertThat(sampling.stop()).containsExactly("a", "b");
        assertThat(sampling.seed()).hasValue(7);
        assertThat(sampling.presencePenalty()).contains(BigDecimal.ONE);
        assertThat(sampling.frequencyPenalty()).contains(new BigDecimal("-1"));
        assertThat(sampling.logprobs()).contains(true);
        assertThat(sampling.topLogprobs()).hasValue(3);
        assertThat(request.others()).isEmpty();
    }

    @Test
    void thinkingIsABudgetOrALevel() throws BadRequest {
        assertThat(read("{\"contents\":[],\"generationConfig\":{\"thinkingConfig\":{\"thinkingBudget\":512,"
                                + "\"includeThoughts\":true}}}")
                        .reasoning())
                .satisfies(reasoning -> {
                    assertThat(reasoning.budget()).hasValue(512);
                    assertThat(reasoning.shown()).contains(true);
                });
        assertThat(read("{\"contents\":[],\"generationConfig\":{\"thinking_config\":{\"thinking_level\":\"LOW\"}}}")
                        .reasoning()
                        .effort())
                .contains(ReasoningSettings.Effort.LOW);
        assertThat(read("{\"contents\":[],\"generationConfig\":{\"thinkingConfig\":{\"thinkingBudget\":-1}}}")
                        .reasoning())
                .isEqualTo(ReasoningSettings.USUAL);
    }

    @Test
    void toolsAreFunctionsAndGooglesOwn() throws BadRequest {
        NeutralRequest request = read("""
                {"contents":[],
                 "tools":[{"function_declarations":[
                    {"name":"f","description":"does","parameters":{"type":"OBJECT","properties":{"a":{"type":"STRING",
                      "nullable":true}},"required":["a"],"propertyOrdering":["a"]}},
                    {"name":"g","parametersJsonSchema":{"$ref":"#/x"}},{"name":"h"}]},{"googleSearch":{}}],
                 "toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]},
                               "retrievalConfig":{"languageCode":"de"}}}
                """);

        assertThat(request.tools().tools())
                .containsExactly(
                        new Tools.Function("f", "does", Json.of("""
                                        {"type":"object","properties":{"a":{"type":["string","null"]}},"required":["a"]}
                                        """), Optional.empty()),
                        new Tools.ForeignTool("gemini", "googleSearch", "{\"googleSearch\":{}}"));
        assertThat(request.tools().choice()).contains(new Tools.Choice.Named("f"));
        assertThat(request.others())
                .containsExactly(new Other("gemini", "toolConfig.retrievalConfig", "{\"languageCode\":\"de\"}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"responseMimeType\":\"application/json\",\"responseJsonSchema\":{\"type\":\"string\"}",
                "\"response_mime_type\":\"application/json\",\"response_schema\":{\"type\":\"STRING\"}",
                "\"responseMimeType\":\"application/json\",\"_responseJsonSchema\":{\"type\":\"string\"}",
                "\"responseFormat\":{\"text\":{\"mimeType\":\"APPLICATION_JSON\",\"schema\":{\"type\":\"string\"}}}"
            })
    void theSchemaOfTheOutputHasSeveralNames(String config) throws BadRequest {
        NeutralRequest request = read("{\"contents\":[],\"generationConfig\":{" + config + "}}");

        assertThat(request.output())
                .isEqualTo(new ResponseFormat.Schema("", "", Json.of("{\"type\":\"string\"}"), Optional.empty()));
        assertThat(request.others()).isEmpty();
    }

    @Test
    void schemasBecomeJsonSchemas() {
        assertThat(RequestReader.SchemaReader.jsonSchema(Json.of("""
                        {"type":"OBJECT","properties":{
                          "e":{"type":"STRING","format":"enum","enum":["a"],"nullable":true},
                          "l":{"type":"ARRAY","items":{"type":"INTEGER","format":"int32"},"min_items":"1"},
                          "u":{"anyOf":[{"type":"NUMBER"}],"nullable":true,"example":3}}}
                        """))).isEqualTo(Json.of("""
                                {"type":"object","properties":{
                                  "e":{"type":["string","null"],"enum":["a",null]},
                                  "l":{"type":"array","items":{"type":"integer","format":"int32"},"minItems":1},
                                  "u":{"anyOf":[{"type":"number"},{"type":"null"}],"examples":[3]}}}
                                """));
    }

    @Test
    void whatHasNoPlaceElsewhereIsKept() throws BadRequest {
        assertThat(read("{\"contents\":[],\"safety_settings\":[1],\"cachedContent\":\"c\",\"model\":\"m\","
                                + "\"generationConfig\":{\"responseModalities\":[\"TEXT\"]}}")
                        .others())
                .containsExactlyInAnyOrder(
                        new Other("gemini", "safetySettings", "[1]"),
                        new Other("gemini", "cachedContent", "\"c\""),
                        new Other("gemini", "generationConfig.responseModalities", "[\"TEXT\"]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"contents\":1}",
                "{\"contents\":[1]}",
                "{\"contents\":[{\"parts\":1}]}",
                "{\"contents\":[{\"parts\":[1]}]}",
                "{\"contents\":[{\"parts\":[{\"functionCall\":{}}]}]}",
                "{\"contents\":[],\"generationConfig\":1}",
                "{\"contents\":[],\"generationConfig\":{\"temperature\":\"hot\"}}",
                "{\"contents\":[],\"generationConfig\":{\"topK\":1e99999}}",
                "{\"contents\":[],\"generationConfig\":{\"stopSequences\":[1]}}",
                "{\"contents\":[],\"generationConfig\":{\"responseLogprobs\":3}}",
                "{\"contents\":[],\"tools\":[{\"functionDeclarations\":[{}]}]}",
                "{",
                "null"
            })
    void whatCannotBeParsedIsTheCallersError(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(BadRequest.class);
    }
}
