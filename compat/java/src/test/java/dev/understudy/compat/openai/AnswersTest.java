package dev.understudy.compat.openai;

import static dev.understudy.compat.openai.Gateway.TEN;
import static dev.understudy.compat.openai.Gateway.asking;
import static dev.understudy.compat.openai.Gateway.header;
import static dev.understudy.compat.openai.Gateway.trail;
import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientAsync;
import com.openai.core.JsonValue;
import com.openai.core.http.HttpResponseFor;
import com.openai.models.FunctionDefinition;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.models.Model;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class AnswersTest {
    private static final OpenAIClient CLIENT = Gateway.client();

    @AfterAll
    static void close() {
        CLIENT.close();
    }

    @Test
    void theOperatorsChainAnswersWithoutAWordFromTheCaller() {
        ChatCompletion completion =
                CLIENT.chat().completions().create(asking("steady").build());

        assertThat(textOf(completion)).isEqualTo(TEN);
        assertThat(completion.model()).isEqualTo("ok?tokens=10");
        assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(10);
    }

    @Test
    void keywordsAisFallbacksStandInForModelsThatFail() {
        try (HttpResponseFor<ChatCompletion> response = CLIENT.withRawResponse()
                .chat()
                .completions()
                .create(asking("gpt-4o-mini")
                        .putAdditionalBodyProperty(
                                "fallback_models",
                                JsonValue.from(List.of("claude-3-5-sonnet-20240620", "gemini-1.5-pro-002")))
                        .build())) {
            assertThat(textOf(response.parse())).isEqualTo("Once upon a time a third model stood in for two others.");
            assertThat(trail(response.headers()))
                    .startsWith("rehearsal/down?status=502 server_error", "rehearsal/refused connection")
                    .hasSize(3);
            assertThat(header(response.headers(), "understudy-attempts")).isEqualTo("3");
            assertThat(header(response.headers(), "understudy-target")).startsWith("rehearsal/ok?text=");
            assertThat(header(response.headers(), "understudy-call-id")).isNotBlank();
        }
    }

    @Test
    void openPipesFallbackFromJavaIsUnderstood() {
        ChatCompletion completion = CLIENT.chat()
                .completions()
                .create(asking("openpipe:my-ft-model")
                        .putAdditionalBodyProperty(
                                "openpipe",
                                JsonValue.from(Map.of("fallback", Map.of("model", "gpt-4-turbo", "timeout", 20))))
                        .build());

        assertThat(textOf(completion)).isEqualTo(TEN);
    }

    @Test
    void liteLlmsUnknownPrimaryIsSkipped() {
        try (HttpResponseFor<ChatCompletion> response = CLIENT.withRawResponse()
                .chat()
                .completions()
                .create(asking("bad-model")
                        .putAdditionalBodyProperty(
                                "fallbacks", JsonValue.from(List.of("bad-model", "gpt-3.5-turbo", "command-nightly")))
                        .build())) {
            assertThat(textOf(response.parse())).isEqualTo("I cannot see the weather in San Francisco from here.");
            assertThat(header(response.headers(), "understudy-attempts")).isEqualTo("2");
        }
    }

    @Test
    void theAsyncClientIsAnsweredToo() throws Exception {
        OpenAIClientAsync client = Gateway.asyncClient();
        try {
            ChatCompletion completion =
                    client.chat().completions().create(asking("steady").build()).get(20, TimeUnit.SECONDS);

            assertThat(textOf(completion)).isEqualTo(TEN);
        } finally {
            client.close();
        }
    }

    @Test
    void aToolCallArrivesAsTheProviderMadeIt() {
        ChatCompletion completion = CLIENT.chat()
                .completions()
                .create(asking("openpipe:my-ft-model")
                        .addTool(ChatCompletionFunctionTool.builder()
                                .function(FunctionDefinition.builder()
                                        .name("look_up_weather")
                                        .build())
                                .build())
                        .putAdditionalBodyProperty("fallbacks", JsonValue.from(List.of("rehearsal/tool-call")))
                        .build());

        ChatCompletionMessageFunctionToolCall call = completion
                .choices()
                .getFirst()
                .message()
                .toolCalls()
                .orElseThrow()
                .getFirst()
                .asFunction();
        assertThat(call.function().name()).isEqualTo("look_up_weather");
        assertThat(call.function().arguments()).isEqualTo("{\"city\":\"Paris\",\"unit\":\"celsius\"}");
    }

    @Test
    void theModelsAreListed() {
        assertThat(CLIENT.models().list().autoPager().stream().map(Model::id))
                .contains("gpt-4o", "openpipe:my-ft-model", "steady");
    }

    private static String textOf(ChatCompletion completion) {
        return completion.choices().getFirst().message().content().orElse("");
    }
}
