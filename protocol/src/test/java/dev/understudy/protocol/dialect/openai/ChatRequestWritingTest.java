package dev.understudy.protocol.dialect.openai;

import static dev.understudy.protocol.dialect.openai.Wire.CHAT;
import static dev.understudy.protocol.dialect.openai.Wire.asking;
import static dev.understudy.protocol.dialect.openai.Wire.body;
import static dev.understudy.protocol.dialect.openai.Wire.request;
import static dev.understudy.protocol.dialect.openai.Wire.tree;
import static dev.understudy.protocol.dialect.openai.Wire.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import dev.understudy.protocol.dialect.ModelCapabilities.ReasoningControl;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.NeutralRequest.Other;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Part.Media.Kind;
import dev.understudy.protocol.neutral.Part.Source;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.Turn.Role;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatRequestWritingTest {
    private static final Part.Text HI = Part.Text.of("Hi");

    private static NeutralRequest.Builder ask(Turn... turns) {
        return new NeutralRequest.Builder(List.of(turns));
    }

    private static JsonNode messages(Turn... turns) throws UntranslatableRequest {
        return body(ask(turns).build()).get("messages");
    }

    private static Turn user(Part... parts) {
        return Turn.of(Role.USER, parts);
    }

    private static ModelCapabilities capabilities(Can images, Can schema, ReasoningControl thinking) {
        return ModelCapabilities.builder()
                .maxOutput(OptionalInt.of(100))
                .images(images)
                .documents(images)
                .audio(images)
                .tools(images)
                .schema(schema)
                .reasoningControl(thinking)
                .build();
    }

    private static void refuses(NeutralRequest request, String field) {
        assertThatThrownBy(() -> written(request, "gpt-4o"))
                .isInstanceOfSatisfying(
                        UntranslatableRequest.class,
                        no -> assertThat(no.field()).isEqualTo(field));
    }

    @Test
    void aConversationComesBackAsItWas() throws Exception {
        String conversation = """
                [{"role":"system","content":"Be brief."},
                 {"role":"user","name":"Ann","content":[{"type":"text","text":"What is it?"},
                   {"type":"image_url","image_url":{"url":"https://x.org/a.png","detail":"low"}},
                   {"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}},
                   {"type":"input_audio","input_audio":{"data":"BB","format":"mp3"}},
                   {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,CC"}},
                   {"type":"file","file":{"file_id":"file-1"}},{"type":"novelty","novelty":1}]},
                 {"role":"assistant","name":"Bob","content":null,"tool_calls":[
                   {"id":"c1","type":"function","function":{"name":"f","arguments":"{\\"a\\":1}"}},
                   {"id":"c2","type":"custom","custom":{"name":"g","input":"x"}}]},
                 {"role":"tool","tool_call_id":"c1","content":"42"},
                 {"role":"assistant","content":"So.","refusal":"No.","audio":{"id":"audio_1"}}]""";
        assertThat(body(request("{\"messages\":" + conversation + "}")).get("messages"))
                .isEqualTo(tree(conversation));
    }

    @Test
    void wordsInSeveralPartsAreOneString() throws Exception {
        assertThat(messages(
                        Turn.of(Role.SYSTEM, HI, new Part.CachePoint(""), Part.Text.of("there")),
                        user(HI, Part.Text.of("there")),
                        Turn.of(Role.ASSISTANT, HI, Part.Text.of("there"))))
                .isEqualTo(tree("""
                                [{"role":"system","content":"Hi\\nthere"},{"role":"user","content":"Hi\\nthere"},
                                 {"role":"assistant","content":"Hithere"}]"""));
    }

    @Test
    void whatToolsShowFollowsBehindTheLastOfTheirResults() throws Exception {
        Part image = Part.Media.of(Kind.IMAGE, new Source.Url("https://x.org/i"));
        assertThat(messages(
                        Turn.of(Role.ASSISTANT, Part.ToolCall.of("a", "f", ""), Part.ToolCall.of("b", "f", "")),
                        user(new Part.ToolResult("a", "f", List.of(image), false)),
                        user(new Part.ToolResult("b", "f", List.of(HI, HI), false), Part.Text.of("Go on"))))
                .isEqualTo(tree("""
                                [{"role":"assistant","content":null,"tool_calls":[
                                   {"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},
                                   {"id":"b","type":"function","function":{"name":"f","arguments":"{}"}}]},
                                 {"role":"tool","tool_call_id":"a","content":"(The result is in the next message.)"},
                                 {"role":"tool","tool_call_id":"b","content":"Hi\\nHi"},
                                 {"role":"user","content":[{"type":"text","text":"(From the result of the call a:)"},
                                   {"type":"image_url","image_url":{"url":"https://x.org/i"}},
                                   {"type":"text","text":"Go on"}]}]"""));
        assertThat(messages(
                        Turn.of(Role.ASSISTANT, Part.ToolCall.of("a", "f", "")),
                        user(new Part.ToolResult("a", "f", List.of(image), false)),
                        Turn.of(Role.ASSISTANT, HI)))
                .extracting(message -> message.get("role").asText())
                .containsExactly("assistant", "tool", "user", "assistant");
    }

    @Test
    void idsThatAreTooLongOrMissingBecomeOthersForCallAndResultAlike() throws Exception {
        String longId = "x".repeat(41);
        NeutralRequest request = ask(
                        Turn.of(
                                Role.ASSISTANT,
                                Part.ToolCall.of(longId, "f", "{}"),
                                Part.ToolCall.of("", "g", "{}"),
                                Part.ToolCall.of("fine", "h", "{}")),
                        user(
                                new Part.ToolResult(longId, "f", List.of(HI), false),
                                new Part.ToolResult("", "g", List.of(HI), false),
                                new Part.ToolResult("fine", "h", List.of(HI), false)))
                .build();
        for (String model : List.of("gpt-4o", "magistral-medium-latest")) {
            JsonNode body = tree(written(request, model).body());
            List<String> ids = body.at("/messages/0/tool_calls").findValuesAsText("id");
            assertThat(ids).isEqualTo(body.findValuesAsText("tool_call_id")).doesNotHaveDuplicates();
            assertThat(ids).allMatch(id -> model.equals("gpt-4o") ? id.length() <= 40 : id.matches("[a-zA-Z0-9]{9}"));
            assertThat(ids.getLast().equals("fine")).isEqualTo(model.equals("gpt-4o"));
        }
    }

    @Test
    void reasoningAndSignaturesGoOnlyToTheirOwnVendor() throws Exception {
        NeutralRequest request = ask(
                        Turn.of(
                                Role.ASSISTANT,
                                new Part.Reasoning("secret", "s", "", "anthropic"),
                                new Part.ToolCall("a", "f", "{}", "signed")),
                        user(new Part.ToolResult("a", "f", List.of(HI), false)))
                .build();
        assertThat(new String(written(request, "gpt-4o").body(), StandardCharsets.UTF_8))
                .doesNotContain("secret", "signed");
        assertThat(tree(written(request, "google/gemini-3-pro").body())
                        .at("/messages/0/tool_calls/0/extra_content/google/thought_signature"))
                .isEqualTo(tree("\"signed\""));
    }

    @Test
    void assistantPartsOtherThanTextAreLeftOut() throws Exception {
        WrittenRequest written = written(
                ask(
                                user(HI),
                                Turn.of(Role.ASSISTANT, new Part.Reasoning("x", "", "", "gemini")),
                                Turn.of(
                                        Role.ASSISTANT,
                                        HI,
                                        new Part.Foreign("anthropic", "server_tool_use", "{}"),
                                        Part.Media.of(Kind.IMAGE, new Source.Inline("image/png", "AA")),
                                        Part.ToolCall.of("a", "f", "{}")),
                                user(new Part.ToolResult("a", "", List.of(), true)))
                        .build(),
                "gpt-4o");
        assertThat(tree(written.body()).get("messages")).isEqualTo(tree("""
                                [{"role":"user","content":"Hi"},{"role":"assistant","content":"Hi","tool_calls":[
                                   {"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},
                                 {"role":"tool","tool_call_id":"a","content":""}]"""));
        assertThat(written.warnings())
                .containsExactly(
                        "messages: a server_tool_use of anthropic was dropped",
                        "messages: media in an assistant message were dropped",
                        "is_error: dropped, not supported by Chat Completions; the result's text must say it");
    }

    @Test
    void untranslatableRequestsAreRefused() {
        Map<Part, String> fields = Map.of(
                Part.Media.of(Kind.DOCUMENT, new Source.Url("https://x.org/a.pdf")), "file",
                Part.Media.of(Kind.AUDIO, new Source.Url("https://x.org/a.mp3")), "input_audio",
                Part.Media.of(Kind.AUDIO, new Source.Inline("audio/ogg", "AA")), "input_audio",
                Part.Media.of(Kind.VIDEO, new Source.Inline("video/mp4", "AA")), "video_url",
                Part.Media.of(Kind.IMAGE, new Source.Stored("openai", "file_1", "")), "image_url",
                Part.Media.of(Kind.DOCUMENT, new Source.Stored("anthropic", "file_1", "")), "file");
        fields.forEach((media, field) -> {
            refuses(ask(user(HI), user(media)).build(), field);
            refuses(
                    ask(
                                    Turn.of(Role.ASSISTANT, Part.ToolCall.of("a", "f", "{}")),
                                    user(new Part.ToolResult("a", "f", List.of(media), false)))
                            .build(),
                    field);
        });
        refuses(
                ask(user(HI))
                        .tools(new Tools(
                                List.of(new Tools.ForeignTool("anthropic", "web_search_20250305", "{}")),
                                Optional.empty(),
                                Optional.empty()))
                        .build(),
                "tools[0]");
    }

    @Test
    void membersOfOtherVendorsAreLeftOutWithAWarning() throws Exception {
        WrittenRequest written = written(
                ask(user(HI, new Part.Foreign("anthropic", "search_result", "{}")))
                        .build(),
                "gpt-4o");
        assertThat(tree(written.body()).at("/messages/0/content").toString()).contains("Hi");
        assertThat(written.warnings()).containsExactly("messages: a search_result of anthropic was dropped");
    }

    @Test
    void whatTheModelCannotDoIsRefused() throws Exception {
        ModelCapabilities blind = capabilities(Can.NO, Can.YES, ReasoningControl.NONE);
        NeutralRequest tools = asking("\"functions\":[{\"name\":\"f\"}]");
        assertThatThrownBy(() -> CHAT.writeRequest(tools, "m", blind)).hasMessage("The model does not support tools.");
        NeutralRequest image = ask(user(Part.Media.of(Kind.IMAGE, new Source.Url("https://x.org/i"))))
                .build();
        assertThatThrownBy(() -> CHAT.writeRequest(image, "m", blind)).hasMessage("The model does not accept images.");
    }

    @Test
    void toolsAndTheirChoice() throws Exception {
        String members = """
                "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{},"required":[],
                  "additionalProperties":false},"strict":true}},
                  {"type":"custom","custom":{"name":"c"}}],"web_search_options":{"search_context_size":"low"},
                "tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":false""";
        JsonNode body = body(asking(members));
        JsonNode expected = tree("{" + members + "}");
        expected.fieldNames()
                .forEachRemaining(name -> assertThat(body.get(name)).isEqualTo(expected.get(name)));
        for (String choice : List.of("auto", "none", "required")) {
            assertThat(body(asking("\"functions\":[{\"name\":\"f\"}],\"function_call\":\"" + choice + "\""))
                            .get("tool_choice"))
                    .isEqualTo(tree("\"" + choice + "\""));
        }
        assertThat(written(asking("\"tool_choice\":\"auto\""), "m").warnings())
                .containsExactly("tool_choice: dropped, the request has no tools");
    }

    private static final String STRICT =
            "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"],\"additionalProperties\":false}";

    @Test
    void theFormOfTheAnswer() throws Exception {
        assertThat(body(asking("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":"
                                + "{\"name\":\"a b\",\"schema\":" + STRICT + ",\"strict\":true}}"))
                        .get("response_format"))
                .isEqualTo(tree("{\"type\":\"json_schema\",\"json_schema\":" + "{\"name\":\"a_b\",\"schema\":" + STRICT
                        + ",\"strict\":true}}"));
        NeutralRequest json = ask(user(Part.Text.of("In JSON, please")))
                .output(new ResponseFormat.Json())
                .build();
        assertThat(written(json, "m").warnings()).isEmpty();
        assertThat(body(json).at("/response_format/type")).isEqualTo(tree("\"json_object\""));
        assertThat(body(asking("\"response_format\":{\"type\":\"json_object\"}"))
                        .at("/messages/0"))
                .isEqualTo(tree("{\"role\":\"system\",\"content\":\"Respond in JSON.\"}"));
    }

    @Test
    void aSchemaThatTheModelCannotEnforceBecomesInstructions() throws Exception {
        WrittenRequest written = CHAT.writeRequest(
                asking(
                        "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{\"type\":\"object\"}}}"),
                "m",
                capabilities(Can.YES, Can.NO, ReasoningControl.NONE));
        assertThat(tree(written.body()).at("/messages/0/content").asText()).contains("{\"type\":\"object\"}");
        assertThat(tree(written.body()).get("response_format")).isEqualTo(tree("{\"type\":\"json_object\"}"));
        assertThat(written.warnings()).singleElement().asString().startsWith("response_format: ");
    }

    @Test
    void samplingIsWrittenAndBroughtIntoRange() throws Exception {
        WrittenRequest written =
                CHAT.writeRequest(asking("""
                        "max_tokens":500,"temperature":2.5,"top_p":0.9,"top_k":4,"frequency_penalty":1,"presence_penalty":-1,
                        "seed":3,"stop":["a","b","c","d"],"n":2,"logprobs":true,"top_logprobs":4"""), "m", capabilities(Can.YES, Can.YES, ReasoningControl.NONE));
        assertThat(tree(written.body())).isEqualTo(tree("""
                                {"model":"m","messages":[{"role":"user","content":"Hi"}],"max_tokens":100,"temperature":2,
                                 "top_p":0.9,"frequency_penalty":1,"presence_penalty":-1,"logprobs":true,"top_logprobs":4,
                                 "seed":3,"n":2,"stop":["a","b","c","d"]}"""));
        assertThat(written.warnings())
                .containsExactly(
                        "max_tokens: 500 became 100, the model's maximum",
                        "temperature: 2.5 became 2, the maximum",
                        "top_k: dropped, few Chat Completions servers support it");
    }

    @Test
    void reasoningModelsGetTheirOwnParameters() throws Exception {
        NeutralRequest request = request("""
                {"messages":[{"role":"system","content":"s"}],"max_tokens":9,"temperature":0.5,"top_p":0.9,"frequency_penalty":1,
                 "presence_penalty":1,"logprobs":true}""");
        WrittenRequest written = written(request, "openai/gpt-5-mini");
        assertThat(tree(written.body())).isEqualTo(tree("""
                                {"model":"openai/gpt-5-mini","messages":[{"role":"system","content":"s"}],
                                 "max_completion_tokens":9}"""));
        assertThat(written.warnings())
                .extracting(warning -> warning.replaceAll(":.*", ""))
                .containsExactly("temperature", "top_p", "frequency_penalty", "presence_penalty", "logprobs");
        JsonNode free = tree(written(asking("\"reasoning_effort\":\"none\",\"temperature\":1"), "gpt-5.1")
                .body());
        assertThat(free.has("temperature")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "o3, none, low",
        "o4-mini, minimal, low",
        "o3, xhigh, high",
        "gpt-5, none, minimal",
        "gpt-5, xhigh, high",
        "gpt-5.1, minimal, low",
        "gpt-5.1, xhigh, high",
        "gpt-5.1-codex-max, xhigh, xhigh",
        "gpt-5.2, xhigh, xhigh",
        "gpt-5.1, none, none",
        "openai/gpt-5, medium, medium"
    })
    void efforts(String model, String asked, String written) throws Exception {
        WrittenRequest request = written(asking("\"reasoning_effort\":\"" + asked + "\""), model);
        assertThat(tree(request.body()).get("reasoning_effort")).isEqualTo(tree("\"" + written + "\""));
        assertThat(request.warnings()).hasSize(asked.equals(written) ? 0 : 1);
    }

    @Test
    void modelsOfOtherVendorsGetAnEffortIfTheyAreKnownToAcceptIt() throws Exception {
        NeutralRequest request = asking("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1000}");
        ModelCapabilities effort = capabilities(Can.YES, Can.YES, ReasoningControl.EFFORT);
        assertThat(tree(CHAT.writeRequest(request, "qwen", effort).body()).get("reasoning_effort"))
                .isEqualTo(tree("\"low\""));
        assertThat(written(request, "gpt-5-chat-latest").warnings())
                .containsExactly("reasoning_effort: dropped, not supported by this model");
    }

    @Test
    void theRestOfARequest() throws Exception {
        NeutralRequest request = ask(user(HI)).stream(true)
                .user("u")
                .metadata(Map.of("a", "b"))
                .serviceTier("standard_only")
                .others(List.of(new Other("openai", "store", "true"), new Other("anthropic", "mcp_servers", "[]")))
                .build();
        WrittenRequest written = written(request, "m");
        assertThat(tree(written.body())).isEqualTo(tree("""
                                {"model":"m","messages":[{"role":"user","content":"Hi"}],"user":"u",
                                 "stream":true,"stream_options":{"include_usage":true},"store":true}"""));
        assertThat(written.warnings())
                .containsExactly(
                        "metadata: dropped, few Chat Completions servers support it",
                        "service_tier: dropped, standard_only is specific to another vendor",
                        "mcp_servers: dropped, not supported by Chat Completions");
        assertThat(written(asking("\"metadata\":{\"a\":\"b\"},\"service_tier\":\"turbo\""), "m")
                        .warnings())
                .containsExactly(
                        "metadata: dropped, few Chat Completions servers support it",
                        "service_tier: dropped, turbo is specific to another vendor");
    }
}
