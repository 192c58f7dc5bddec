package dev.understudy.protocol.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.dialect.anthropic.AnthropicDialect;
import dev.understudy.protocol.dialect.bedrock.BedrockDialect;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.model.ModelTable;
import org.junit.jupiter.api.Test;

/** The conversation of a pass-through request after another vendor's answer: what is changed, and that nothing else is. */
class PassThroughHistoryTest {
    private static final String CLAUDE_AT_BEDROCK = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

    private static WrittenRequest fitted(Dialect dialect, String model, String body) {
        return dialect.passThrough(body.getBytes(UTF_8), ModelTable.of(model));
    }

    private static void isUnchanged(Dialect dialect, String model, String body) {
        byte[] bytes = body.getBytes(UTF_8);
        WrittenRequest written = dialect.passThrough(bytes, ModelTable.of(model));
        assertThat(written.body()).isSameAs(bytes);
        assertThat(written.warnings()).isEmpty();
    }

    // Anthropic.

    private static String messages(String settings, String assistant) {
        return """
                {"model":"m", "max_tokens": 4000, %s"messages":[{"role":"user","content":"hi"},\
                {"content":[%s{"type":"tool_use","id":"t1","name":"f","input":{"x":1.10}}],"role":"assistant"}, \
                {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"1"}]}],"temperature":1.0}""".formatted(settings, assistant);
    }

    @Test
    void reasoningWithABudgetIsSwitchedOffBehindAnotherVendorsCall() {
        String thinking = "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}, ";
        String foreign = "{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"\"},";

        for (String before : new String[] {"", foreign, foreign + "{\"type\":\"text\",\"text\":\"a\"},"}) {
            WrittenRequest written = fitted(new AnthropicDialect(), "claude-sonnet-4-5", messages(thinking, before));
            assertThat(new String(written.body(), UTF_8)).isEqualTo(messages("", before.replace(foreign, "")));
            assertThat(written.warnings())
                    .containsExactly("reasoning: dropped, the reasoning before the last tool calls is missing");
        }
    }

    @Test
    void editsOfReasoningGoWithIt() {
        String thinking = "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000},";
        String edits = "\"context_management\":{\"edits\":[{\"type\":\"clear_thinking_20251015\"}%s]}, ";

        assertThat(new String(
                        fitted(
                                        new AnthropicDialect(),
                                        "claude-sonnet-4-5",
                                        messages(thinking + edits.formatted(""), ""))
                                .body(),
                        UTF_8))
                .isEqualTo(messages("", ""));
        assertThat(new String(
                        fitted(
                                        new AnthropicDialect(),
                                        "claude-sonnet-4-5",
                                        messages(
                                                thinking + edits.formatted(",{\"type\":\"clear_tool_uses_20250919\"}"),
                                                ""))
                                .body(),
                        UTF_8))
                .isEqualTo(
                        messages("\"context_management\":{\"edits\":[{\"type\":\"clear_tool_uses_20250919\"}]}, ", ""));
    }

    @Test
    void reasoningStaysWhereItIsAccepted() {
        String thinking = "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000},";
        Dialect anthropic = new AnthropicDialect();
        isUnchanged(
                anthropic,
                "claude-sonnet-4-5",
                messages(thinking, "{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"c2ln\"},"));
        isUnchanged(
                anthropic, "claude-sonnet-4-5", messages(thinking, "{\"type\":\"redacted_thinking\",\"data\":\"x\"},"));
        isUnchanged(anthropic, "claude-opus-4-6", messages("\"thinking\":{\"type\":\"adaptive\"},", ""));
        isUnchanged(anthropic, "claude-sonnet-4-5", messages("", ""));
        // The calls are answered, and a new turn has begun.
        isUnchanged(
                anthropic,
                "claude-sonnet-4-5",
                messages(thinking, "")
                        .replace(
                                "],\"temperature\"",
                                ",{\"role\":\"assistant\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"b\"}],\"temperature\""));
    }

    @Test
    void otherVendorsServersOfTheDialectGetTheirOwnReasoningBack() {
        isUnchanged(
                new AnthropicDialect(),
                "kimi-k2.5",
                messages(
                        "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000},",
                        "{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"\"},"));
    }

    @Test
    void idsThatRepeatAreMadeUnique() {
        String body = """
                {"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"call_0","name":"f","input":{}}]},\
                {"role":"user","content":[{"type":"tool_result","tool_use_id":"call_0","content":"call_0"}]},\
                {"role":"assistant","content":[{"type":"tool_use","id":"%1$s","name":"f","input":{"id":"call_0"}},\
                {"type":"tool_use","id":"%2$s","name":"g","input":{}}]},\
                {"role":"user","content":[{"type":"tool_result","tool_use_id":"%1$s"},{"tool_use_id":"%2$s","type":"tool_result"}]}]}""";

        assertThat(new String(
                        fitted(new AnthropicDialect(), "claude-sonnet-4-5", body.formatted("call_0", "call_0"))
                                .body(),
                        UTF_8))
                .isEqualTo(body.formatted("call_0_2", "call_0_3"));
    }

    // Bedrock.

    @Test
    void theSameAtBedrock() {
        String body = """
                {"messages":[{"role":"user","content":[{"text":"hi"}]},{"role":"assistant","content":[%s\
                {"toolUse":{"toolUseId":"t1","name":"f","input":{}}}]},{"role":"user","content":[{"toolResult":\
                {"toolUseId":"t1","content":[{"text":"1"}]}}]}],"additionalModelRequestFields":{%s"top_k": 5}}""";
        String thinking = "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000},";
        String foreign = "{\"reasoningContent\":{\"reasoningText\":{\"text\":\"hm\"}}},";
        String own = "{\"reasoningContent\":{\"reasoningText\":{\"text\":\"hm\",\"signature\":\"c2ln\"}}},";

        WrittenRequest written = fitted(new BedrockDialect(), CLAUDE_AT_BEDROCK, body.formatted(foreign, thinking));
        assertThat(new String(written.body(), UTF_8)).isEqualTo(body.formatted("", ""));
        assertThat(written.warnings()).containsExactly("reasoning: dropped, the last tool call has no reasoning");
        isUnchanged(new BedrockDialect(), CLAUDE_AT_BEDROCK, body.formatted(own, thinking));
        isUnchanged(new BedrockDialect(), "amazon.nova-2-lite-v1:0", body.formatted(foreign, thinking));
    }

    @Test
    void bedrocksIdsThatRepeatAreMadeUnique() {
        String turns = """
                {"role":"assistant","content":[{"toolUse":{"toolUseId":"%1$s","name":"f","input":{}}}]},\
                {"role":"user","content":[{"toolResult":{"toolUseId":"%1$s","content":[]}}]}""";
        String body = "{\"messages\":[%s,%s]}";

        assertThat(new String(
                        fitted(
                                        new BedrockDialect(),
                                        "amazon.nova-pro-v1:0",
                                        body.formatted(turns.formatted("a"), turns.formatted("a")))
                                .body(),
                        UTF_8))
                .isEqualTo(body.formatted(turns.formatted("a"), turns.formatted("a_2")));
    }

    // Chat Completions.

    private static final String CHAT = """
            {"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":null%s,"tool_calls":[{"id":"c","type":\
            "function","function":{"name":"f","arguments":"{\\"reasoning_content\\":1.10}"}%s}]%s},\
            {"role":"tool","tool_call_id":"c","content":"1"}],"temperature":0.10}""";

    private static String chat(String model, String members, String ofCall, String more) {
        return new String(
                fitted(new OpenAiDialect(), model, CHAT.formatted(members, ofCall, more))
                        .body(),
                UTF_8);
    }

    @Test
    void membersOfOtherVendorsAreTakenOutForThoseWhoRefuseThem() {
        String added = ",\"reasoning_content\":\"hm\",\"thinking_blocks\":[{\"type\":\"thinking\"}]";
        String ofCall = ",\"extra_content\":{\"google\":{\"thought_signature\":\"s\"}}";

        assertThat(chat(
                        "mistral-large-latest",
                        added + ",\"refusal\":null,\"annotations\":[]",
                        ofCall,
                        ",\"reasoning\":\"x\""))
                .isEqualTo(CHAT.formatted("", "", ""));
        assertThat(chat("gpt-5.1", added, ofCall, "")).isEqualTo(CHAT.formatted("", "", ""));
        assertThat(chat("gemini-2.5-pro", ",\"reasoning_content\":\"hm\"", ofCall, ""))
                .isEqualTo(CHAT.formatted("", ofCall, ""));
        isUnchanged(new OpenAiDialect(), "some-model", CHAT.formatted(added, ofCall, ""));
        isUnchanged(new OpenAiDialect(), "gpt-5.1", CHAT.formatted("", "", ""));
        isUnchanged(new OpenAiDialect(), "deepseek-reasoner", CHAT.formatted(added, ofCall, ""));
    }

    @Test
    void reasoningIsAddedForThoseWhoRequireIt() {
        String none = ",\"reasoning_content\":\"(The reasoning of this step is not available.)\"";

        assertThat(chat("deepseek-reasoner", "", "", "")).isEqualTo(CHAT.formatted("", "", none));
        assertThat(chat("kimi-k2.5", ",\"reasoning_content\":\"\"", "", "")).isEqualTo(CHAT.formatted(none, "", ""));
        assertThat(chat("kimi-k2-thinking", ",\"reasoning\":\"hm\"", "", ""))
                .isEqualTo(CHAT.formatted(",\"reasoning\":\"hm\"", "", ",\"reasoning_content\":\"hm\""));
        assertThat(chat("kimi-k2.5", ",\"thinking_blocks\":[{\"thinking\":\"hm\"}]", "", ""))
                .endsWith("}]" + ",\"reasoning_content\":\"hm\"" + CHAT.substring(CHAT.lastIndexOf("%s") + 2));
        // Without reasoning nothing is required.
        isUnchanged(new OpenAiDialect(), "deepseek-chat", CHAT.formatted("", "", ""));
        isUnchanged(
                new OpenAiDialect(),
                "kimi-k2.5",
                CHAT.formatted("", "", "")
                        .replace("\"temperature\"", "\"thinking\":{\"type\":\"disabled\"},\"temperature\""));
        isUnchanged(new OpenAiDialect(), "glm-4.6", CHAT.formatted("", "", ""));
    }
}
