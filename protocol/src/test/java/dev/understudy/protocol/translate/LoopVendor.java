package dev.understudy.protocol.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.anthropic.AnthropicDialect;
import dev.understudy.protocol.dialect.bedrock.BedrockDialect;
import dev.understudy.protocol.dialect.gemini.GeminiDialect;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.dialect.responses.ResponsesDialect;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A vendor in an agent loop: what it answers, and the published rules by which it refuses a conversation. */
enum LoopVendor {
    OPENAI(new OpenAiDialect(), "gpt-5.1"),
    DEEPSEEK(new OpenAiDialect(), "deepseek-reasoner"),
    KIMI(new OpenAiDialect(), "kimi-k2.5"),
    MISTRAL(new OpenAiDialect(), "mistral-large-latest"),
    ANTHROPIC(new AnthropicDialect(), "claude-sonnet-4-5"),
    GEMINI(new GeminiDialect(), "gemini-3-pro-preview"),
    BEDROCK(new BedrockDialect(), "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
    RESPONSES(new ResponsesDialect(), "gpt-5.1");

    private static final String CHAT = """
            {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":\
            "assistant","content":"look %1$d"%2$s,"tool_calls":[{"id":"%3$s","type":"function","function":{"name":"f","arguments":\
            "{\\"step\\":%1$d}"}},{"id":"%4$s","type":"function","function":{"name":"f","arguments":"{}"}}]},"finish_reason":\
            "tool_calls"}]}""";

    final Dialect dialect;
    final String model;

    LoopVendor(Dialect dialect, String model) {
        this.dialect = dialect;
        this.model = model;
    }

    /** An answer with two tool calls, with ids as careless as the vendor's may be. */
    String answer(int turn) {
        return switch (this) {
            case OPENAI -> CHAT.formatted(turn, ",\"refusal\":null,\"annotations\":[]", "call_0", "call_1");
            case DEEPSEEK -> CHAT.formatted(turn, ",\"reasoning_content\":\"deep\"", "call_0", "call_0");
            case KIMI -> CHAT.formatted(turn, ",\"reasoning_content\":\"kimi\"", "functions.f:0", "functions.f:1");
            case MISTRAL -> CHAT.formatted(turn, "", "abcdefghi", "abcdefghj");
            case ANTHROPIC -> """
                {"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"thinking","thinking":"claude",\
                "signature":"Y2xhdWRl"},{"type":"text","text":"look"},{"type":"tool_use","id":"toolu_%1$d","name":"f","input":\
                {"step":%1$d}},{"type":"tool_use","id":"toolu_%1$db","name":"f","input":{}}],"stop_reason":"tool_use",\
                "stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}""".formatted(turn);
            case GEMINI -> """
                {"candidates":[{"content":{"role":"model","parts":[{"text":"gem","thought":true},{"functionCall":{"name":"f","args":\
                {"step":%d}},"thoughtSignature":"Z2Vt"},{"functionCall":{"name":"f","args":{}}}]},"index":0,"finishReason":"STOP"}],\
                "responseId":"r"}""".formatted(turn);
            case BEDROCK -> """
                {"output":{"message":{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"claude",\
                "signature":"Y2xhdWRl"}}},{"text":"look"},{"toolUse":{"toolUseId":"tooluse_%1$d","name":"f","input":{"step":%1$d}}},\
                {"toolUse":{"toolUseId":"tooluse_%1$db","name":"f","input":{}}}]}},"stopReason":"tool_use",\
                "usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2}}""".formatted(turn);
            case RESPONSES -> """
                {"id":"resp_1","object":"response","created_at":1,"status":"completed","model":"m","output":[{"type":"reasoning","id":\
                "rs_0%1$d","summary":[{"type":"summary_text","text":"open"}],"encrypted_content":"b3Blbg"},{"type":"function_call",\
                "id":"fc_%1$d","call_id":"call_r%1$d","name":"f","arguments":"{\\"step\\":%1$d}","status":"completed"},{"type":\
                "function_call","id":"fc_%1$db","call_id":"call_r%1$db","name":"f","arguments":"{}","status":"completed"}],\
                "usage":{"input_tokens":1,"output_tokens":1,"total_tokens":2}}""".formatted(turn);
        };
    }

    /**
     * Fails where the vendor refuses the request.
     *
     * @param turns how many answers the conversation has
     */
    void accepts(JsonNode body, int turns) {
        switch (this) {
            case OPENAI, DEEPSEEK, KIMI, MISTRAL -> chat(body.path("messages"), turns);
            case ANTHROPIC -> anthropic(body, turns);
            case BEDROCK -> bedrock(body, turns);
            case GEMINI -> gemini(body.path("contents"), turns);
            case RESPONSES -> responses(body.path("input"), turns);
        }
    }

    private void chat(JsonNode messages, int turns) {
        List<String> open = new ArrayList<>();
        int calls = 0;
        for (JsonNode message : messages) {
            if (message.path("role").asText().equals("tool")) {
                assertThat(open).contains(message.path("tool_call_id").asText());
                open.remove(message.path("tool_call_id").asText());
                continue;
            }
            assertThat(open).isEmpty();
            if (!message.path("role").asText().equals("assistant")) {
                continue;
            }
            assertThat(names(message))
                    .isSubsetOf(
                            switch (this) {
                                case MISTRAL -> Set.of("role", "content", "tool_calls", "prefix");
                                case OPENAI ->
                                    Set.of(
                                            "role",
                                            "content",
                                            "tool_calls",
                                            "refusal",
                                            "annotations",
                                            "audio",
                                            "function_call",
                                            "name");
                                default -> names(message);
                            });
            for (JsonNode call : message.path("tool_calls")) {
                open.add(call.path("id").asText());
                calls++;
                if (this == OPENAI || this == MISTRAL) {
                    assertThat(names(call)).isSubsetOf("id", "type", "function", "index");
                }
            }
            if (this == DEEPSEEK || this == KIMI) {
                assertThat(message.path("reasoning_content").asText()).isNotBlank();
            }
        }
        assertThat(open).isEmpty();
        assertThat(calls).isEqualTo(2 * turns);
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new HashSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static void anthropic(JsonNode body, int turns) {
        List<List<String>> kinds = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        Set<String> open = new HashSet<>();
        for (JsonNode message : body.path("messages")) {
            List<String> of = new ArrayList<>();
            Set<String> answered = new HashSet<>();
            for (JsonNode block : message.path("content")) {
                String type = block.path("type").asText();
                of.add(type);
                switch (type) {
                    case "thinking" -> {
                        assertThat(block.path("signature").asText()).isEqualTo("Y2xhdWRl");
                        assertThat(block.path("thinking").asText()).isEqualTo("claude");
                    }
                    case "tool_use" -> {
                        assertThat(block.path("id").asText()).matches("[a-zA-Z0-9_-]+");
                        assertThat(ids.add(block.path("id").asText()))
                                .as("tool_use ids must be unique: " + body)
                                .isTrue();
                    }
                    case "tool_result" -> answered.add(block.path("tool_use_id").asText());
                    default -> assertThat(type).isEqualTo("text");
                }
            }
            assertThat(answered).isEqualTo(open);
            open = new HashSet<>();
            for (JsonNode block : message.path("content")) {
                if (block.path("type").asText().equals("tool_use")) {
                    open.add(block.path("id").asText());
                }
            }
            kinds.add(of);
        }
        assertThat(open).isEmpty();
        assertThat(ids).hasSize(2 * turns);
        if (turns > 0 && body.path("thinking").path("type").asText().equals("enabled")) {
            assertThat(kinds.get(kinds.size() - 2).getFirst())
                    .as("a final assistant message must start with a thinking block: " + body)
                    .isEqualTo("thinking");
        }
    }

    private static void bedrock(JsonNode body, int turns) {
        Set<String> ids = new HashSet<>();
        Set<String> open = new HashSet<>();
        List<JsonNode> messages = new ArrayList<>();
        body.path("messages").forEach(messages::add);
        for (JsonNode message : messages) {
            Set<String> answered = new HashSet<>();
            Set<String> called = new HashSet<>();
            for (JsonNode block : message.path("content")) {
                if (block.has("reasoningContent")) {
                    assertThat(block.at("/reasoningContent/reasoningText/signature")
                                    .asText())
                            .isEqualTo("Y2xhdWRl");
                } else if (block.has("toolUse")) {
                    String id = block.path("toolUse").path("toolUseId").asText();
                    assertThat(id).matches("[a-zA-Z0-9_-]{1,64}");
                    assertThat(ids.add(id)).as("unique ids: " + body).isTrue();
                    called.add(id);
                } else if (block.has("toolResult")) {
                    answered.add(block.path("toolResult").path("toolUseId").asText());
                }
            }
            assertThat(answered).isEqualTo(open);
            open = called;
        }
        assertThat(ids).hasSize(2 * turns);
        if (turns > 0
                && body.at("/additionalModelRequestFields/thinking/type")
                        .asText()
                        .equals("enabled")) {
            assertThat(messages.get(messages.size() - 2).path("content").path(0).has("reasoningContent"))
                    .as("a final assistant message must start with reasoning: " + body)
                    .isTrue();
        }
    }

    private static void gemini(JsonNode contents, int turns) {
        int calls = 0;
        int open = 0;
        for (JsonNode content : contents) {
            int responses = 0;
            int called = 0;
            for (JsonNode part : content.path("parts")) {
                if (part.has("functionCall")) {
                    String signature = part.path("thoughtSignature").asText("");
                    if (called++ == 0) {
                        assertThat(signature)
                                .isIn(
                                        "Z2Vt",
                                        "skip_thought_signature_validator",
                                        "c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I=");
                    }
                } else if (part.has("functionResponse")) {
                    responses++;
                }
            }
            assertThat(responses).isEqualTo(open);
            open = called;
            calls += called;
        }
        assertThat(calls).isEqualTo(2 * turns);
    }

    private static void responses(JsonNode input, int turns) {
        List<String> open = new ArrayList<>();
        int calls = 0;
        for (JsonNode item : input) {
            switch (item.path("type").asText()) {
                case "function_call" -> {
                    open.add(item.path("call_id").asText());
                    calls++;
                }
                case "function_call_output" ->
                    assertThat(open.remove(item.path("call_id").asText())).isTrue();
                case "reasoning" ->
                    assertThat(item.path("encrypted_content").asText()).isEqualTo("b3Blbg");
                default -> {}
            }
        }
        assertThat(open).isEmpty();
        assertThat(calls).isEqualTo(2 * turns);
    }
}
