package dev.understudy.examples.recipes;

import static dev.understudy.examples.recipes.Vendors.error;
import static dev.understudy.examples.recipes.Vendors.geminiSays;
import static dev.understudy.examples.recipes.Vendors.openaiSays;
import static dev.understudy.examples.recipes.Vendors.openaiStreams;
import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientAsync;
import com.openai.client.OpenAIClientAsyncImpl;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.understudy.client.openai.FallbackHttpClient;
import dev.understudy.client.openai.Fallbacks;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The recipes of docs/guide with openai-java: what stands in the guide stands here, and runs. */
@Timeout(300)
class OpenAiRecipesTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Vendors vendors = new Vendors();

    @AfterEach
    void stop() {
        vendors.close();
    }

    /** Options as {@code fromEnv()} would have them. */
    private static ClientOptions.Builder options(ScriptedUpstream account) {
        return ClientOptions.builder().apiKey("sk-own-0123456789").baseUrl(account.baseUrl());
    }

    private FallbackHttpClient.Builder fallbacks() {
        return FallbackHttpClient.builder()
                .environment(Map.of())
                .provider("anthropic", Map.of("base-url", vendors.anthropic.baseUrl()), "sk-ant-0123456789")
                .provider("gemini", Map.of("base-url", vendors.gemini.baseUrl()), "sk-gemini-0123456789");
    }

    private static String text(ChatCompletion completion) {
        return completion.choices().getFirst().message().content().orElse("");
    }

    /** Keywords AI: the list is in the body. */
    @Test
    void fallbackModels() {
        vendors.openai.answerAlways(error(500));
        vendors.anthropic.answerAlways(error(529));
        vendors.gemini.answer(geminiSays("Once upon a time"));
        OpenAIClient client = new OpenAIClientImpl(options(vendors.openai)
                .maxRetries(0)
                .httpClient(fallbacks().retries(0).build())
                .build());
        ChatCompletion completion = client.chat()
                .completions()
                .create(ChatCompletionCreateParams.builder()
                        .model("gpt-4o-mini")
                        .addUserMessage("Tell me a long story")
                        .putAdditionalBodyProperty(
                                "fallback_models",
                                JsonValue.from(List.of("claude-3-5-sonnet-20240620", "gemini-1.5-pro-002")))
                        .build());

        assertThat(text(completion)).isEqualTo("Once upon a time");
        assertThat(vendors.openai.take().body()).doesNotContain("fallback_models");
        client.close();
    }

    /** OpenPipe: the fallback is in the body. */
    @Test
    void openPipesFallback() {
        vendors.openpipe.answer(error(503)).answer(openaiSays("1 2 3"));
        OpenAIClient client = new OpenAIClientImpl(options(vendors.openpipe)
                .maxRetries(0)
                .httpClient(fallbacks().retries(0).build())
                .build());
        ChatCompletion completion = client.chat()
                .completions()
                .create(ChatCompletionCreateParams.builder()
                        .model("openpipe:my-ft-model")
                        .addSystemMessage("count to 10")
                        .putAdditionalBodyProperty(
                                "openpipe", JsonValue.from(Map.of("fallback", Map.of("model", "gpt-4-turbo"))))
                        .build());

        assertThat(text(completion)).isEqualTo("1 2 3");
        assertThat(vendors.openpipe.take().body())
                .contains("openpipe:my-ft-model")
                .doesNotContain("fallback");
        assertThat(vendors.openpipe.take().body()).contains("gpt-4-turbo");
        client.close();
    }

    /** OpenPipe's two times; the primary's is one second here. */
    @Test
    void openPipesTimeouts() {
        vendors.openpipe.answerWith(request ->
                request.body().contains("my-ft-model") ? Reply.start().hold() : openaiSays("1 2 3"));
        OpenAIClient client = new OpenAIClientImpl(options(vendors.openpipe)
                .maxRetries(0)
                .httpClient(fallbacks()
                        .fallback("gpt-4-turbo")
                        .timeout(Duration.ofSeconds(1))
                        .fallbackTimeout(Duration.ofSeconds(20))
                        .build())
                .build());
        ChatCompletion completion = client.chat()
                .completions()
                .create(ChatCompletionCreateParams.builder()
                        .model("openpipe:my-ft-model")
                        .addSystemMessage("count to 10")
                        .build());

        assertThat(text(completion)).isEqualTo("1 2 3");
        vendors.openpipe.take().peerClosedNanos(SOON);
        client.close();
    }

    /** OpenPipe's custom client: another account with a key of its own. */
    @Test
    void openPipesFallbackClient() {
        vendors.openpipe.answerAlways(error(503));
        vendors.openai.answer(openaiSays("1 2 3"));
        ClientOptions otherOptions = ClientOptions.builder()
                .apiKey("sk-other-0123456789")
                .baseUrl(vendors.openai.baseUrl())
                .httpClient(FallbackHttpClient.builder().environment(Map.of()).build())
                .build();
        OpenAIClient other = new OpenAIClientImpl(otherOptions);
        OpenAIClient client = new OpenAIClientImpl(options(vendors.openpipe)
                .maxRetries(0)
                .httpClient(fallbacks()
                        .fallback("gpt-4-turbo")
                        .fallbackClient(other)
                        .retries(0)
                        .build())
                .build());
        ChatCompletion completion = client.chat()
                .completions()
                .create(ChatCompletionCreateParams.builder()
                        .model("openpipe:my-ft-model")
                        .addSystemMessage("count to 10")
                        .build());

        assertThat(text(completion)).isEqualTo("1 2 3");
        assertThat(vendors.openai.take().head()).contains("sk-other").doesNotContain("sk-own");
        assertThat(vendors.openpipe.take().head()).contains("sk-own").doesNotContain("sk-other");
        client.close();
        other.close();
    }

    /** Typed options of one call. */
    @Test
    void typedOptions() {
        vendors.openai.answer(error(503)).answer(openaiSays("Because of Rayleigh scattering."));
        OpenAIClient client = new OpenAIClientImpl(options(vendors.openai)
                .maxRetries(0)
                .httpClient(fallbacks().retries(0).build())
                .build());
        ChatCompletionCreateParams params = Fallbacks.models("gpt-4o-mini")
                .deadline(Duration.ofSeconds(45))
                .applyTo(ChatCompletionCreateParams.builder().model("gpt-4o").addUserMessage("Why is the sky blue?"))
                .build();
        ChatCompletion completion = client.chat().completions().create(params);

        assertThat(text(completion)).isEqualTo("Because of Rayleigh scattering.");
        client.close();
    }

    @Test
    void asynchronously() throws Exception {
        vendors.openai.answer(error(503)).answer(openaiSays("Because of Rayleigh scattering."));
        OpenAIClientAsync client = new OpenAIClientAsyncImpl(options(vendors.openai)
                .maxRetries(0)
                .httpClient(fallbacks().fallback("gpt-4.1-mini").retries(0).build())
                .build());
        CompletableFuture<ChatCompletion> completion = client.chat()
                .completions()
                .create(ChatCompletionCreateParams.builder()
                        .model("gpt-4.1")
                        .addUserMessage("Why is the sky blue?")
                        .build());

        assertThat(text(completion.get(60, TimeUnit.SECONDS))).isEqualTo("Because of Rayleigh scattering.");
        client.close();
    }

    @Test
    void streaming() {
        vendors.openai.answer(error(503)).answer(openaiStreams("Because of ", "Rayleigh scattering."));
        OpenAIClient client = new OpenAIClientImpl(options(vendors.openai)
                .maxRetries(0)
                .httpClient(fallbacks().fallback("gpt-4o-mini").retries(0).build())
                .build());
        ChatCompletionCreateParams params = ChatCompletionCreateParams.builder()
                .model("gpt-4o")
                .addUserMessage("Why is the sky blue?")
                .build();
        StringBuilder text = new StringBuilder();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            stream.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .forEach(choice -> choice.delta().content().ifPresent(text::append));
        }

        assertThat(text).hasToString("Because of Rayleigh scattering.");
        client.close();
    }
}
