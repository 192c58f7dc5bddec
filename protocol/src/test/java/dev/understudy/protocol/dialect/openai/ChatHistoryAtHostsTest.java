package dev.understudy.protocol.dialect.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.anthropic.AnthropicDialect;
import dev.understudy.protocol.model.ModelTable;
import dev.understudy.protocol.translate.CallerRequest;
import dev.understudy.protocol.translate.RequestTranslator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Histories with members of other providers' answers, at hosts of several vendors' models. */
class ChatHistoryAtHostsTest {
    private static final String REASONING = ",\"reasoning_content\":\"because\"";
    private static final String BLOCKS =
            ",\"thinking_blocks\":[{\"type\":\"thinking\",\"thinking\":\"because\",\"signature\":\"c2ln\"}]"
                    + ",\"provider_specific_fields\":{\"a\":1}";
    private static final String SIGNATURE = ",\"extra_content\":{\"google\":{\"thought_signature\":\"c2ln\"}}";

    private static String history(String members, String callMembers) {
        return """
                {"model":"m", "messages":[{"role":"user","content":"hi"},{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":\
                "function","function":{"name":"f","arguments":"{}"}%s}]%s},{"role":"tool","tool_call_id":"c","content":"1"}],\
                "temperature":0.10}""".formatted(callMembers, members);
    }

    private static String fitted(ModelCapabilities model, String body) {
        return new String(
                new OpenAiDialect().passThrough(body.getBytes(UTF_8), model).body(), UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "llama-3.3-70b-versatile, groq, ''",
        "moonshotai/kimi-k2-instruct, Groq, ''",
        "deepseek-r1-distill-llama-70b, mine, api.groq.com",
        "openai/gpt-oss-120b, groq, ''",
        "zai-glm-4.7, cerebras, ''",
        "qwen-3-32b, mine, api.cerebras.ai",
    })
    void membersThatTheHostRefusesAreLeftOut(String model, String provider, String host) {
        ModelCapabilities known = ModelTable.of(model, provider, host);

        assertThat(fitted(known, history(REASONING + BLOCKS, SIGNATURE))).isEqualTo(history("", ""));
        assertThat(fitted(known, history(",\"reasoning\":\"own\"" + REASONING, "")))
                .isEqualTo(history(",\"reasoning\":\"own\"", ""));
    }

    @ParameterizedTest
    @CsvSource({"kimi-k2.5", "deepseek-v3.2", "glm-4.6", "minimax-m2", "qwen3-235b", "my-model"})
    void reasoningStaysWhereTheHostAcceptsIt(String model) {
        ModelCapabilities known = ModelTable.of("accounts/fireworks/models/" + model, "fireworks", "api.fireworks.ai");

        assertThat(fitted(known, history(REASONING + BLOCKS, SIGNATURE))).isEqualTo(history(REASONING, ""));
    }

    @Test
    void reasoningIsAddedBeforeItsSourceIsLeftOut() {
        assertThat(fitted(ModelTable.of("moonshotai/kimi-k2.5", "fireworks", ""), history(BLOCKS, "")))
                .isEqualTo(history(REASONING, ""));
    }

    @ParameterizedTest
    @CsvSource({
        "llama-3.1-8b, vllm, localhost",
        "anthropic/claude-sonnet-4-5, openrouter, openrouter.ai",
        "qwen3-32b, together, api.together.xyz",
        "smart, litellm, 10.0.0.1",
        "grok-4, xai, api.x.ai",
        "smart, mine, notgroq.com",
    })
    void nothingChangesWhereNothingIsKnownOfTheHost(String model, String provider, String host) {
        byte[] body = history(REASONING + BLOCKS, SIGNATURE).getBytes(UTF_8);
        assertThat(new OpenAiDialect()
                        .passThrough(body, ModelTable.of(model, provider, host))
                        .body())
                .isSameAs(body);
    }

    @Test
    void theHostsOwnHistoriesStayAsTheyAre() {
        byte[] body = history(",\"reasoning\":\"own\"", "").getBytes(UTF_8);
        assertThat(new OpenAiDialect()
                        .passThrough(body, ModelTable.of("openai/gpt-oss-120b", "groq", ""))
                        .body())
                .isSameAs(body);
    }

    @Test
    void translatedHistoriesHaveNoneOfThemEither() throws Exception {
        byte[] body = """
                {"model":"m","max_tokens":10,"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":[{"type":\
                "thinking","thinking":"because","signature":"c2ln"},{"type":"tool_use","id":"t","name":"f","input":{}}]},{"role":"user",\
                "content":[{"type":"tool_result","tool_use_id":"t","content":"1"}]}],"tools":[{"name":"f","input_schema":{}}]}""".getBytes(UTF_8);
        RequestTranslator translator = new RequestTranslator(CallerRequest.read(new AnthropicDialect(), body));

        assertThat(new String(
                        translator
                                .to(
                                        new OpenAiDialect(),
                                        "zai-glm-4.7",
                                        ModelTable.of("zai-glm-4.7", "cerebras", ""),
                                        List.of())
                                .body(),
                        UTF_8))
                .contains("\"tool_calls\"")
                .doesNotContain("reasoning_content");
    }
}
