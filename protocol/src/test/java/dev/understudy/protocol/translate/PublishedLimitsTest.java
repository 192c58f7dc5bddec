package dev.understudy.protocol.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.engine.Failure;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.AnswerStream;
import dev.understudy.protocol.answer.StreamOptions;
import dev.understudy.protocol.answer.WholeAnswerResult;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.dialect.anthropic.AnthropicDialect;
import dev.understudy.protocol.dialect.bedrock.BedrockDialect;
import dev.understudy.protocol.dialect.gemini.GeminiDialect;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.dialect.responses.ResponsesDialect;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.model.ModelTable;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What vendors refuse is not sent: a test per rule of the table in {@code docs/translation.md}. */
class PublishedLimitsTest {
    private static final Dialect CHAT = new OpenAiDialect();
    private static final Dialect RESPONSES = new ResponsesDialect();
    private static final Dialect ANTHROPIC = new AnthropicDialect();
    private static final Dialect GEMINI = new GeminiDialect();
    private static final Dialect BEDROCK = new BedrockDialect();
    private static final String CLAUDE = "anthropic.claude-sonnet-4-5-20250929-v1:0";
    private static final String LONG_NAME = "mcp__" + "a".repeat(60) + "__search";

    private static RequestTranslator from(Dialect dialect, String body) throws Exception {
        return new RequestTranslator(
                dialect.name().equals(GEMINI.name()) || dialect.name().equals(BEDROCK.name())
                        ? CallerRequest.read(dialect, body.getBytes(UTF_8), "m", false)
                        : CallerRequest.read(dialect, body.getBytes(UTF_8)));
    }

    private static RequestTranslator claudeCode(String further) throws Exception {
        return from(ANTHROPIC, """
                {"model":"m","max_tokens":100,"messages":[{"role":"user","content":"Hi"}]%s}""".formatted(further));
    }

    private static RequestTranslator chat(String further) throws Exception {
        return from(CHAT, """
                {"model":"m","messages":[{"role":"user","content":"Hi"}]%s}""".formatted(further));
    }

    private static WrittenRequest write(RequestTranslator translator, Dialect to, String model)
            throws UntranslatableRequest {
        return translator.to(to, model, ModelTable.of(model), List.of());
    }

    private static JsonNode body(RequestTranslator translator, Dialect to, String model) throws UntranslatableRequest {
        return tree(write(translator, to, model));
    }

    private static JsonNode tree(WrittenRequest written) {
        return JsonTrees.of(new String(written.body(), UTF_8));
    }

    @Test
    void aLongUserBecomesADigestThatStaysTheSame() throws Exception {
        String user = "user_" + "a".repeat(64) + "_account__session_" + "b".repeat(60);
        String metadata = ",\"metadata\":{\"user_id\":\"" + user + "\"}";
        String digest = body(claudeCode(metadata), CHAT, "gpt-4o").path("user").asText();
        assertThat(digest).hasSize(64).matches("[0-9a-f]{64}");
        assertThat(body(claudeCode(metadata), RESPONSES, "gpt-5.1").path("user").asText())
                .isEqualTo(digest);
        // The same caller through Chat Completions, passed through.
        WrittenRequest passed = write(chat(",\"user\":\"" + user + "\""), CHAT, "gpt-4o");
        assertThat(tree(passed).path("user").asText()).isEqualTo(digest);
        assertThat(write(claudeCode(metadata), CHAT, "gpt-4o").warnings()).isEmpty();
        assertThat(body(chat(",\"user\":\"u-1\""), ANTHROPIC, "claude-sonnet-4-5")
                        .at("/metadata/user_id")
                        .asText())
                .isEqualTo("u-1");
        assertThat(body(chat(",\"user\":\"" + "x".repeat(300) + "\""), ANTHROPIC, "claude-sonnet-4-5")
                        .at("/metadata/user_id")
                        .asText())
                .hasSize(64);
    }

    @Test
    void schemasHaveWhatEveryVendorRequires() throws Exception {
        String tools = """
                ,"tools":[{"name":"none","input_schema":{"type":"object"}},
                 {"name":"list","input_schema":{"type":"OBJECT","properties":{"type":{"type":"STRING"},
                   "tags":{"type":"array"},"pair":{"type":"ARRAY","items":[{"type":"STRING"},{"type":"INTEGER"}]},
                   "deep":{"type":"object"}}}}]""";
        JsonNode none = JsonTrees.of("{\"type\":\"object\",\"properties\":{}}");
        JsonNode list = JsonTrees.of("""
                {"type":"object","properties":{"type":{"type":"string"},"tags":{"type":"array","items":{}},
                 "pair":{"type":"array","items":{"anyOf":[{"type":"string"},{"type":"integer"}]}},
                 "deep":{"type":"object","properties":{}}}}""");
        JsonNode chat = body(claudeCode(tools), CHAT, "gpt-4o");
        assertThat(chat.at("/tools/0/function/parameters")).isEqualTo(none);
        assertThat(chat.at("/tools/1/function/parameters")).isEqualTo(list);
        JsonNode responses = body(claudeCode(tools), RESPONSES, "gpt-5.1");
        assertThat(responses.at("/tools/0/parameters")).isEqualTo(none);
        assertThat(responses.at("/tools/1/parameters")).isEqualTo(list);
        JsonNode bedrock = body(claudeCode(tools), BEDROCK, CLAUDE);
        assertThat(bedrock.at("/toolConfig/tools/0/toolSpec/inputSchema/json")).isEqualTo(none);
        assertThat(bedrock.at("/toolConfig/tools/1/toolSpec/inputSchema/json")).isEqualTo(list);
        // Gemini refuses an object without properties, and takes a function without a schema.
        JsonNode gemini = body(claudeCode(tools), GEMINI, "gemini-3-pro");
        assertThat(gemini.at("/tools/0/functionDeclarations/0").has("parametersJsonSchema"))
                .isFalse();
        assertThat(gemini.at("/tools/0/functionDeclarations/1/parametersJsonSchema"))
                .isEqualTo(list);
    }

    @Test
    void typesInUpperCaseAreWrittenAsTheTargetHasThem() throws Exception {
        String request = """
                {"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"tools":[{"functionDeclarations":[
                  {"name":"f","parametersJsonSchema":{"type":"OBJECT","properties":{"n":{"type":"INTEGER"}}}}]}]}""";
        JsonNode expected = JsonTrees.of("{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}}}");
        assertThat(body(from(GEMINI, request), CHAT, "gpt-4o").at("/tools/0/function/parameters"))
                .isEqualTo(expected);
        assertThat(body(from(GEMINI, request), ANTHROPIC, "claude-sonnet-4-5").at("/tools/0/input_schema"))
                .isEqualTo(expected);
        assertThat(body(from(GEMINI, request), BEDROCK, CLAUDE).at("/toolConfig/tools/0/toolSpec/inputSchema/json"))
                .isEqualTo(expected);
    }

    @Test
    void alternativesAtTheTopOfASchemaAreMerged() throws Exception {
        String tools = """
                ,"tools":[{"type":"function","function":{"name":"f","parameters":{"anyOf":[
                  {"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"required":["a","b"]},
                  {"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}]}}}]""";
        JsonNode merged = JsonTrees.of("""
                {"properties":{"a":{"type":"string"},"b":{"type":"string"}},"type":"object","required":["a"]}""");
        WrittenRequest written = write(chat(tools), ANTHROPIC, "claude-sonnet-4-5");
        assertThat(tree(written).at("/tools/0/input_schema")).isEqualTo(merged);
        assertThat(written.warnings()).anyMatch(warning -> warning.contains("alternatives at the top"));
    }

    @Test
    void strictIsSentOnlyWhereTheVendorHasTheSchema() throws Exception {
        String optional = """
                ,"tools":[{"name":"f","strict":true,"input_schema":{"type":"object","properties":{
                  "a":{"type":"string"},"b":{"type":"string"}},"required":["a"],"additionalProperties":false}},
                 {"name":"g","strict":true,"input_schema":{"type":"object","properties":{"a":{"type":"string"}},
                  "required":["a"]}}]""";
        WrittenRequest written = write(claudeCode(optional), CHAT, "gpt-4o");
        assertThat(tree(written).at("/tools/0/function/strict").asBoolean()).isFalse();
        assertThat(tree(written).at("/tools/1/function/strict").asBoolean()).isTrue();
        assertThat(tree(written).at("/tools/1/function/parameters/additionalProperties"))
                .isEqualTo(JsonTrees.of("false"));
        assertThat(written.warnings()).anyMatch(warning -> warning.startsWith("tools.strict: dropped for f"));
        JsonNode responses = body(claudeCode(optional), RESPONSES, "gpt-5.1");
        assertThat(responses.at("/tools/0/strict").asBoolean()).isFalse();
        assertThat(responses.at("/tools/1/strict").asBoolean()).isTrue();
        String limited = """
                ,"tools":[{"type":"function","function":{"name":"f","strict":true,"parameters":{"type":"object",
                  "properties":{"a":{"type":"integer","minimum":1}},"required":["a"],"additionalProperties":false}}}]""";
        assertThat(body(chat(limited), BEDROCK, CLAUDE)
                        .at("/toolConfig/tools/0/toolSpec")
                        .has("strict"))
                .isFalse();
        assertThat(body(chat(limited), ANTHROPIC, "claude-sonnet-4-5")
                        .at("/tools/0")
                        .has("strict"))
                .isFalse();
    }

    @Test
    void anAnswersSchemaOnBedrockIsWithinClaudesSubset() throws Exception {
        String format = """
                ,"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object",
                  "properties":{"a":{"type":"integer","minimum":1}},"required":["a"]}}}""";
        assertThat(body(chat(format), BEDROCK, CLAUDE)
                        .at("/outputConfig/textFormat/structure/jsonSchema/schema")
                        .asText())
                .isEqualTo("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\",\"description\":"
                        + "\"(minimum: 1)\"}},\"required\":[\"a\"],\"additionalProperties\":false}");
    }

    @Test
    void novasSchemasHaveThreeMembersAtTheTop() throws Exception {
        String tools = """
                ,"tools":[{"name":"f","input_schema":{"$schema":"http://json-schema.org/draft-07/schema#",
                  "type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}}]""";
        assertThat(body(claudeCode(tools), BEDROCK, "amazon.nova-pro-v1:0")
                        .at("/toolConfig/tools/0/toolSpec/inputSchema/json"))
                .isEqualTo(JsonTrees.of(
                        "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"]}"));
    }

    static Stream<Arguments> otherDialects() {
        return Stream.of(
                Arguments.of(CHAT, "gpt-4o", "/tools/0/function/name", "/tool_choice/function/name"),
                Arguments.of(RESPONSES, "gpt-5.1", "/tools/0/name", "/tool_choice/name"),
                Arguments.of(
                        GEMINI,
                        "gemini-3-pro",
                        "/tools/0/functionDeclarations/0/name",
                        "/toolConfig/functionCallingConfig/allowedFunctionNames/0"),
                Arguments.of(BEDROCK, CLAUDE, "/toolConfig/tools/0/toolSpec/name", "/toolConfig/toolChoice/tool/name"));
    }

    @ParameterizedTest
    @MethodSource("otherDialects")
    void aLongNameOfAFunctionIsShortenedEverywhere(Dialect to, String model, String tool, String choice)
            throws Exception {
        RequestTranslator translator = from(ANTHROPIC, """
                {"model":"m","max_tokens":100,"tool_choice":{"type":"tool","name":"NAME"},
                 "tools":[{"name":"NAME","input_schema":{"type":"object","properties":{"q":{"type":"string"}}}}],
                 "messages":[{"role":"user","content":"Hi"},
                  {"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"NAME","input":{}}]},
                  {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"r"}]}]}""".replace("NAME", LONG_NAME));
        JsonNode body = body(translator, to, model);
        String sent = body.at(tool).asText();
        assertThat(sent)
                .hasSizeLessThanOrEqualTo(64)
                .matches("[a-zA-Z_][a-zA-Z0-9_-]*")
                .startsWith("mcp__aaa");
        assertThat(body.at(choice).asText()).isEqualTo(sent);
        assertThat(body.toString()).doesNotContain(LONG_NAME);
        assertThat(translator.callersToolNames().of(sent)).isEqualTo(LONG_NAME);
        assertThat(translator.callersToolNames().of("other")).isEqualTo("other");
    }

    @Test
    void anUnusualNameOfAFunctionIsReplaced() throws Exception {
        String tools = ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather.get/now\"}}]";
        RequestTranslator translator = chat(tools);
        String sent = body(translator, BEDROCK, CLAUDE)
                .at("/toolConfig/tools/0/toolSpec/name")
                .asText();
        assertThat(sent).startsWith("weather_get_now_").matches("[a-zA-Z0-9_-]{1,64}");
        assertThat(translator.callersToolNames().of(sent)).isEqualTo("weather.get/now");
    }

    @Test
    void theCallersNameComesBackInAWholeAnswer() throws Exception {
        RequestTranslator translator = claudeCode(tool());
        String sent =
                body(translator, CHAT, "gpt-4o").at("/tools/0/function/name").asText();
        byte[] answer = """
                {"id":"c","object":"chat.completion","created":1,"model":"gpt-4o","choices":[{"index":0,
                 "finish_reason":"tool_calls","message":{"role":"assistant","content":null,"tool_calls":[
                  {"id":"call_1","type":"function","function":{"name":"SENT","arguments":"{}"}}]}}]}""".replace("SENT", sent).getBytes(UTF_8);
        var result = (WholeAnswerResult.Accepted)
                responses(translator).whole("application/json").read(answer, 0, answer.length);
        assertThat(JsonTrees.of(new String(result.written().orElseThrow(), UTF_8))
                        .at("/content/0/name")
                        .asText())
                .isEqualTo(LONG_NAME);
    }

    @Test
    void theCallersNameComesBackInAStream() throws Exception {
        RequestTranslator translator = claudeCode(tool());
        String sent =
                body(translator, CHAT, "gpt-4o").at("/tools/0/function/name").asText();
        StringBuilder received = new StringBuilder();
        AnswerStream stream = responses(translator).stream(new StreamOptions(false, false), listener(received));
        byte[] frames = """
                data: {"id":"c","choices":[{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"call_1",\
                "type":"function","function":{"name":"SENT","arguments":"{}"}}]}}]}

                data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}

                data: [DONE]

                """.replace("SENT", sent).getBytes(UTF_8);
        stream.feed(frames, 0, frames.length);
        stream.end();
        assertThat(received.toString())
                .contains("\"name\":\"" + LONG_NAME + "\"")
                .doesNotContain(sent);
    }

    private static String tool() {
        return ",\"tools\":[{\"name\":\"" + LONG_NAME
                + "\",\"input_schema\":{\"type\":\"object\",\"properties\":{\"q\":{\"type\":\"string\"}}}}]";
    }

    private static ResponseTranslator responses(RequestTranslator translator) {
        RequestContext context = new RequestContext("{}".getBytes(UTF_8), true, 7);
        return new ResponseTranslator(
                CHAT, ANTHROPIC, "gpt-4o", () -> context, AnswerRules.DEFAULT, translator.callersToolNames());
    }

    private static AnswerListener listener(StringBuilder received) {
        return new AnswerListener() {
            @Override
            public void event(EventKind event, byte[] array, int offset, int length) {
                received.append(new String(array, offset, length, UTF_8));
            }

            @Override
            public void failed(Failure what, byte[] array, int offset, int length) {
                throw new AssertionError(what.toString());
            }
        };
    }

    @Test
    void aUsersMessageNeverFollowsAToolsAtMistral() throws Exception {
        String history = """
                {"model":"m","max_tokens":100,"messages":[{"role":"user","content":"Hi"},
                 {"role":"assistant","content":[{"type":"tool_use","id":"toolu_01ABC","name":"f","input":{}}]},
                 {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_01ABC","content":"r"},
                   {"type":"text","text":"And now?"}]}]}""";
        JsonNode messages =
                body(from(ANTHROPIC, history), CHAT, "mistral-large-latest").path("messages");
        assertThat(messages.findValuesAsText("role")).containsExactly("user", "assistant", "tool", "assistant", "user");
        assertThat(messages.at("/1/tool_calls/0/id").asText()).matches("[a-zA-Z0-9]{9}");
        // Other vendors take the message as it is.
        assertThat(body(from(ANTHROPIC, history), CHAT, "gpt-4o")
                        .path("messages")
                        .findValuesAsText("role"))
                .containsExactly("user", "assistant", "tool", "user");
    }

    @Test
    void aPassedThroughRequestMeetsMistralsRules() throws Exception {
        String request = """
                {"model":"m","max_completion_tokens":50,"seed":1,"stream_options":{"include_usage":true},"user":"u",
                 "top_p": 0.50,"messages":[{"role":"developer","content":"Be brief"},{"role":"user","content":"Hi"},
                 {"role":"assistant","content":null,"refusal":null,"annotations":[],"tool_calls":[
                   {"id":"call_abcdefghijk","type":"function","function":{"name":"f","arguments":"{}"}}]},
                 {"role":"tool","tool_call_id":"call_abcdefghijk","content":"r"},
                 {"role":"user","content":"And now?"}]}""";
        WrittenRequest written = write(from(CHAT, request), CHAT, "mistral-large-latest");
        JsonNode body = tree(written);
        assertThat(new String(written.body(), UTF_8)).contains("\"top_p\": 0.50");
        assertThat(body.path("max_tokens").asInt()).isEqualTo(50);
        assertThat(body.path("random_seed").asInt()).isEqualTo(1);
        for (String name : List.of("max_completion_tokens", "seed", "stream_options", "user")) {
            assertThat(body.has(name)).as(name).isFalse();
        }
        JsonNode messages = body.path("messages");
        assertThat(messages.findValuesAsText("role"))
                .containsExactly("system", "user", "assistant", "tool", "assistant", "user");
        String id = messages.at("/2/tool_calls/0/id").asText();
        assertThat(id).matches("[a-zA-Z0-9]{9}");
        assertThat(messages.at("/3/tool_call_id").asText()).isEqualTo(id);
        assertThat(messages.path(2).has("refusal")).isFalse();
        assertThat(messages.path(2).has("annotations")).isFalse();
        assertThat(write(from(CHAT, request), CHAT, "llama-3").body())
                .isEqualTo(request.replace("\"m\"", "\"llama-3\"").getBytes(UTF_8));
    }

    @Test
    void aReasoningModelBehindAnAliasIsSentMaxCompletionTokens() throws Exception {
        WrittenRequest written = write(chat(",\"max_tokens\":50,\"x\":1.10"), CHAT, "o3");
        assertThat(new String(written.body(), UTF_8))
                .isEqualTo("{\"model\":\"o3\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
                        + "\"x\":1.10,\"max_completion_tokens\":50}");
        assertThat(body(chat(",\"max_tokens\":50"), CHAT, "gpt-4o").has("max_tokens"))
                .isTrue();
    }

    @Test
    void samplingOfAModelThatOnlyReasonsIsLeftOutOfAPassedThroughRequest() throws Exception {
        WrittenRequest o3 = write(chat(",\"temperature\":0.2,\"top_p\":1"), CHAT, "o3");
        assertThat(tree(o3).has("temperature")).isFalse();
        assertThat(tree(o3).path("top_p").asInt()).isOne();
        assertThat(o3.warnings()).containsExactly("temperature: dropped, not supported by OpenAI's reasoning models");
        // Its default is not to reason, and then it accepts a temperature.
        assertThat(body(chat(",\"temperature\":0.2"), CHAT, "gpt-5.1").has("temperature"))
                .isTrue();
    }

    @Test
    void effortsAreThoseOfTheModel() throws Exception {
        String xhigh = ",\"reasoning_effort\":\"xhigh\"";
        assertThat(body(chat(xhigh), CHAT, "gpt-5").path("reasoning_effort").asText())
                .isEqualTo("high");
        assertThat(body(chat(xhigh), CHAT, "gpt-5.2").path("reasoning_effort").asText())
                .isEqualTo("xhigh");
        assertThat(body(chat(xhigh), RESPONSES, "gpt-5").at("/reasoning/effort").asText())
                .isEqualTo("high");
        assertThat(body(chat(",\"reasoning_effort\":\"minimal\""), RESPONSES, "gpt-5.1")
                        .at("/reasoning/effort")
                        .asText())
                .isEqualTo("low");
        assertThat(body(chat(",\"reasoning_effort\":\"none\""), RESPONSES, "gpt-5")
                        .at("/reasoning/effort")
                        .asText())
                .isEqualTo("minimal");
        assertThat(body(chat(",\"reasoning_effort\":\"low\""), RESPONSES, "gpt-5-pro")
                        .at("/reasoning/effort")
                        .asText())
                .isEqualTo("high");
        String thinking = ",\"output_config\":{\"effort\":\"max\"},\"thinking\":{\"type\":\"adaptive\"}";
        assertThat(body(claudeCode(thinking), CHAT, "some-model")
                        .path("reasoning_effort")
                        .asText())
                .isEqualTo("high");
    }

    @Test
    void effortsOfResponsesAreThoseOfTheModelWhereTheRequestIsPassedThrough() throws Exception {
        String request = "{\"model\":\"m\",\"input\":\"Hi\",\"reasoning\":{\"effort\":\"xhigh\",\"summary\":\"auto\"}}";
        assertThat(body(from(RESPONSES, request), RESPONSES, "gpt-5").path("reasoning"))
                .isEqualTo(JsonTrees.of("{\"effort\":\"high\",\"summary\":\"auto\"}"));
        assertThat(write(from(RESPONSES, request), RESPONSES, "gpt-5.2").body())
                .isEqualTo(request.replace("\"m\"", "\"gpt-5.2\"").getBytes(UTF_8));
    }

    @Test
    void deepSeekHasItsOwnEfforts() throws Exception {
        JsonNode high = body(chatOf(CHAT, "medium"), CHAT, "deepseek-v4");
        assertThat(high.at("/thinking/type").asText()).isEqualTo("enabled");
        assertThat(high.path("reasoning_effort").asText()).isEqualTo("high");
        assertThat(body(chatOf(CHAT, "xhigh"), CHAT, "deepseek-v4")
                        .path("reasoning_effort")
                        .asText())
                .isEqualTo("max");
        JsonNode off = body(chatOf(CHAT, "none"), CHAT, "deepseek-v4");
        assertThat(off.at("/thinking/type").asText()).isEqualTo("disabled");
        assertThat(off.has("reasoning_effort")).isFalse();
    }

    /** A Responses request with that effort, for targets of Chat Completions. */
    private static RequestTranslator chatOf(Dialect to, String effort) throws Exception {
        assertThat(to).isSameAs(CHAT);
        return from(RESPONSES, "{\"model\":\"m\",\"input\":\"Hi\",\"reasoning\":{\"effort\":\"" + effort + "\"}}");
    }

    @Test
    void temperatureAndTopPAreNotSentTogetherToClaude() throws Exception {
        WrittenRequest written = write(chat(",\"temperature\":0.5,\"top_p\":0.9"), BEDROCK, CLAUDE);
        assertThat(tree(written).path("inferenceConfig")).isEqualTo(JsonTrees.of("{\"temperature\":0.5}"));
        assertThat(written.warnings()).containsExactly("top_p: dropped, Claude supports either temperature or top_p");
        assertThat(body(chat(",\"temperature\":0.5,\"top_p\":0.9"), BEDROCK, "amazon.nova-pro-v1:0")
                        .path("inferenceConfig"))
                .isEqualTo(JsonTrees.of("{\"temperature\":0.5,\"topP\":0.9}"));
        assertThat(body(chat(",\"temperature\":0.5"), BEDROCK, "anthropic.claude-opus-4-7-v1:0")
                        .has("inferenceConfig"))
                .isFalse();
    }

    @Test
    void theLongestAnswerIsWithinTheModelsMaximumAndItsWindow() throws Exception {
        String most = ",\"max_tokens\":500000";
        assertThat(body(chat(most), BEDROCK, CLAUDE)
                        .at("/inferenceConfig/maxTokens")
                        .asInt())
                .isEqualTo(64_000);
        assertThat(body(chat(most), GEMINI, "gemini-2.5-pro")
                        .at("/generationConfig/maxOutputTokens")
                        .asInt())
                .isEqualTo(65_535);
        assertThat(body(chat(most), ANTHROPIC, "claude-sonnet-4-5")
                        .path("max_tokens")
                        .asInt())
                .isEqualTo(64_000);
        assertThat(body(chat(most), RESPONSES, "gpt-5.1")
                        .path("max_output_tokens")
                        .asInt())
                .isEqualTo(128_000);
        assertThat(body(from(ANTHROPIC, """
                        {"model":"m","max_tokens":500000,"messages":[{"role":"user","content":"Hi"}]}"""), CHAT, "gpt-4o").path("max_tokens").asInt())
                .isEqualTo(16_384);
        // 480,000 characters are about 120,000 of the window's 128,000 tokens.
        String prompt = """
                {"model":"m","max_tokens":16000,"messages":[{"role":"user","content":"TEXT"}]}""".replace("TEXT", "abcd".repeat(120_000));
        WrittenRequest written = write(from(ANTHROPIC, prompt), CHAT, "gpt-4o");
        assertThat(tree(written).path("max_tokens").asInt()).isEqualTo(8_000);
        assertThat(written.warnings())
                .containsExactly("max_tokens: 16000 became 8000, what the prompt leaves of the model's context window");
    }

    @Test
    void theMediaTypeOfAJpegIsTheRegisteredOne() throws Exception {
        String image = """
                {"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"What?"},
                 {"type":"image_url","image_url":{"url":"data:image/jpg;base64,aGk="}}]}]}""";
        assertThat(body(from(CHAT, image), ANTHROPIC, "claude-sonnet-4-5")
                        .at("/messages/0/content/1/source/media_type")
                        .asText())
                .isEqualTo("image/jpeg");
        assertThat(body(from(CHAT, image), BEDROCK, CLAUDE)
                        .at("/messages/0/content/1/image/format")
                        .asText())
                .isEqualTo("jpeg");
        assertThat(body(from(CHAT, image), GEMINI, "gemini-3-pro")
                        .at("/contents/0/parts/1/inlineData/mimeType")
                        .asText())
                .isEqualTo("image/jpeg");
        assertThat(body(from(CHAT, image), RESPONSES, "gpt-5.1")
                        .at("/input/0/content/1/image_url")
                        .asText())
                .startsWith("data:image/jpeg;");
    }

    @Test
    void openAiIsSentAtMost128ToolsAmongThemTheOnesInUse() throws Exception {
        StringBuilder tools = new StringBuilder();
        for (int i = 0; i < 140; i++) {
            tools.append(i == 0 ? "" : ",").append("{\"name\":\"t" + i + "\",\"input_schema\":{\"type\":\"object\"}}");
        }
        String request = """
                {"model":"m","max_tokens":100,"tools":[TOOLS],"messages":[{"role":"user","content":"Hi"},
                 {"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"t139","input":{}}]},
                 {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"r"}]}]}""".replace("TOOLS", tools);
        WrittenRequest written = write(from(ANTHROPIC, request), CHAT, "gpt-4o");
        JsonNode sent = tree(written).path("tools");
        assertThat(sent).hasSize(128);
        assertThat(sent.at("/126/function/name").asText()).isEqualTo("t126");
        assertThat(sent.at("/127/function/name").asText()).isEqualTo("t139");
        assertThat(written.warnings()).anyMatch(warning -> warning.startsWith("tools: 140 reduced to 128"));
        assertThat(body(from(ANTHROPIC, request), GEMINI, "gemini-3-pro").at("/tools/0/functionDeclarations"))
                .hasSize(140);
    }

    @Test
    void cacheMarksOnToolsSurviveInBothDirections() throws Exception {
        String marked = """
                ,"tools":[{"name":"f","input_schema":{"type":"object","properties":{}},
                  "cache_control":{"type":"ephemeral","ttl":"1h"}},{"name":"g","input_schema":{"type":"object"}}]""";
        JsonNode bedrock = body(claudeCode(marked), BEDROCK, CLAUDE).at("/toolConfig/tools");
        assertThat(bedrock.path(1)).isEqualTo(JsonTrees.of("{\"cachePoint\":{\"type\":\"default\",\"ttl\":\"1h\"}}"));
        assertThat(bedrock.at("/2/toolSpec/name").asText()).isEqualTo("g");
        assertThat(body(claudeCode(marked), BEDROCK, "amazon.nova-pro-v1:0").at("/toolConfig/tools"))
                .hasSize(2);
        String converse = """
                {"messages":[{"role":"user","content":[{"text":"Hi"}]}],"toolConfig":{"tools":[
                 {"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object"}}}},{"cachePoint":{"type":"default"}}]}}""";
        assertThat(body(from(BEDROCK, converse), ANTHROPIC, "claude-sonnet-4-5").at("/tools/0/cache_control"))
                .isEqualTo(JsonTrees.of("{\"type\":\"ephemeral\"}"));
        String openRouter = """
                ,"tools":[{"type":"function","function":{"name":"f"},"cache_control":{"type":"ephemeral"}}]""";
        assertThat(body(chat(openRouter), ANTHROPIC, "claude-sonnet-4-5")
                        .at("/tools/0/cache_control/type")
                        .asText())
                .isEqualTo("ephemeral");
    }

    @Test
    void aCachePointIsNeverInsideAToolResultOfBedrock() throws Exception {
        String request = """
                {"model":"m","max_tokens":100,"messages":[{"role":"user","content":"Hi"},
                 {"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"f","input":{}}]},
                 {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[
                   {"type":"text","text":"r","cache_control":{"type":"ephemeral"}}]}]}]}""";
        JsonNode content = body(from(ANTHROPIC, request), BEDROCK, CLAUDE).at("/messages/2/content");
        assertThat(content.at("/0/toolResult/content")).isEqualTo(JsonTrees.of("[{\"text\":\"r\"}]"));
        assertThat(content.at("/1/cachePoint/type").asText()).isEqualTo("default");
    }

    @Test
    void searchResultsSurviveAsText() throws Exception {
        String request = """
                {"model":"m","max_tokens":100,"messages":[{"role":"user","content":[
                  {"type":"search_result","source":"https://x.org","title":"T","content":[{"type":"text","text":"Found"}]},
                  {"type":"text","text":"So?"}]}]}""";
        assertThat(body(from(ANTHROPIC, request), CHAT, "gpt-4o")
                        .at("/messages/0/content")
                        .asText())
                .isEqualTo("T\nhttps://x.org\nFound\nSo?");
        String converse = """
                {"messages":[{"role":"user","content":[{"searchResult":{"source":"s","title":"T","content":[{"text":"Found"}]}}]}]}""";
        assertThat(body(from(BEDROCK, converse), ANTHROPIC, "claude-sonnet-4-5")
                        .at("/messages/0/content/0/text")
                        .asText())
                .isEqualTo("T\ns\nFound");
    }

    @Test
    void aRequestIsNotAnsweredWithoutItsGuardrail() throws Exception {
        String request = """
                {"messages":[{"role":"user","content":[{"text":"Hi"}]}],
                 "guardrailConfig":{"guardrailIdentifier":"g","guardrailVersion":"1"}}""";
        assertThatThrownBy(() -> write(from(BEDROCK, request), CHAT, "gpt-4o"))
                .isInstanceOf(UntranslatableRequest.class)
                .hasMessageContaining("guardrail");
        assertThat(body(from(BEDROCK, request), BEDROCK, CLAUDE).has("guardrailConfig"))
                .isTrue();
    }

    @Test
    void aLoneBlankMessageIsNotAnotherQuestion() throws Exception {
        String blank = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\" \"}]}";
        for (Dialect to : List.of(ANTHROPIC, BEDROCK)) {
            assertThatThrownBy(() -> write(from(CHAT, blank), to, CLAUDE))
                    .as(to.name())
                    .isInstanceOf(UntranslatableRequest.class);
        }
    }
}
