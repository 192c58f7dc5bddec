package dev.understudy.client.openai;

import static dev.understudy.client.openai.OpenAiScene.error;
import static dev.understudy.client.openai.OpenAiScene.request;
import static dev.understudy.client.openai.OpenAiScene.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.azure.AzureOpenAIServiceVersion;
import com.openai.azure.AzureUrlPathMode;
import com.openai.azure.credential.AzureApiKeyCredential;
import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientAsyncImpl;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import com.openai.core.JsonValue;
import com.openai.core.RequestOptions;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import com.openai.errors.InternalServerException;
import com.openai.errors.RateLimitException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.moderations.ModerationCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import dev.understudy.client.openai.OpenAiScene.Mode;
import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where fallbacks go: the SDK's own account, other clients, and vendors of other dialects; each with its own key. */
class FallbackAccountsTest {
    private static final String OTHER_KEY = "sk-other-0123456789abcdef";
    private static final String ANTHROPIC_KEY = "sk-ant-0123456789abcdef";
    private static final String GEMINI_KEY = "AIza-0123456789abcdef";
    private static final List<String> KEYS =
            List.of(OpenAiScene.PRIMARY_KEY, OpenAiScene.BACKUP_KEY, OTHER_KEY, ANTHROPIC_KEY, GEMINI_KEY);

    private final OpenAiScene scene = new OpenAiScene();
    private final ScriptedUpstream anthropic = ScriptedUpstream.start();
    private final ScriptedUpstream gemini = ScriptedUpstream.start();

    @AfterEach
    void stop() {
        scene.close();
        anthropic.close();
        gemini.close();
    }

    /** Counts what goes through it. */
    private static final class CountingHttpClient implements HttpClient {
        private final HttpClient inner = OpenAiScene.direct();
        private final AtomicInteger requests = new AtomicInteger();

        @Override
        public HttpResponse execute(HttpRequest request, RequestOptions options) {
            requests.incrementAndGet();
            return inner.execute(request, options);
        }

        @Override
        public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
            requests.incrementAndGet();
            return inner.executeAsync(request, options);
        }

        @Override
        public void close() {
            inner.close();
        }
    }

    private static void assertOnlyKey(ReceivedRequest request, String key) {
        String all = request.head() + request.body();
        assertThat(all).contains(key);
        for (String other : KEYS) {
            if (!other.equals(key)) {
                assertThat(all).doesNotContain(other);
            }
        }
    }

    private ClientOptions.Builder other(HttpClient http) {
        return ClientOptions.builder()
                .httpClient(http)
                .baseUrl(scene.backup.baseUrl())
                .apiKey(OTHER_KEY)
                .putHeader("X-Other", "its-own")
                .putQueryParam("tenant", "42");
    }

    @ParameterizedTest
    @EnumSource
    void anotherClientServesItsFallbacksWithItsOwnHttpClientAndKey(Mode mode) {
        scene.primary.answerAlways(error(500));
        scene.backup.answer(mode.reply("rescued"));
        CountingHttpClient http = new CountingHttpClient();
        OpenAIClient client = scene.client(
                OpenAiScene.bare()
                        .fallback("gpt-4-turbo")
                        .fallbackClient(new OpenAIClientImpl(other(http).build()))
                        .build(),
                scene.primary.baseUrl());
        assertThat(mode.text(client, request().build())).isEqualTo("rescued");
        ReceivedRequest rescued = scene.backup.take();
        assertThat(rescued.head())
                .startsWith("POST /v1/chat/completions?tenant=42 ")
                .containsIgnoringCase("x-other: its-own");
        assertThat(rescued.body()).contains("\"gpt-4-turbo\"");
        assertOnlyKey(rescued, OTHER_KEY);
        assertOnlyKey(scene.primary.take(), OpenAiScene.PRIMARY_KEY);
        assertThat(http.requests).hasValue(1);
    }

    @Test
    void anotherClientMayBeAzures() {
        scene.primary.answerAlways(error(500));
        scene.backup.answer(whole("rescued"));
        ClientOptions azure = ClientOptions.builder()
                .httpClient(OpenAiScene.direct())
                .baseUrl("http://127.0.0.1:" + scene.backup.port())
                .azureUrlPathMode(AzureUrlPathMode.LEGACY)
                .queryParams(Map.of("api-version", List.of("2024-10-21")))
                .credential(AzureApiKeyCredential.create(OTHER_KEY))
                .build();
        OpenAIClient client = scene.client(
                OpenAiScene.bare()
                        .fallback("azure-backup/gpt-4-turbo")
                        .fallbackClient("azure-backup", new OpenAIClientAsyncImpl(azure))
                        .build(),
                scene.primary.baseUrl());
        assertThat(Mode.SYNC.text(client, request().build())).isEqualTo("rescued");
        ReceivedRequest rescued = scene.backup.take();
        assertThat(rescued.head())
                .startsWith("POST /openai/deployments/gpt-4-turbo/chat/completions?api-version=2024-10-21 ")
                .containsIgnoringCase("api-key: " + OTHER_KEY);
        assertOnlyKey(rescued, OTHER_KEY);
    }

    @Test
    void aPrimaryAtAzureKeepsItsPathAndKeyAndItsFallbackIsAnotherDeployment() {
        scene.primary.answer(error(500)).answer(error(500)).answerAlways(whole("rescued"));
        ClientOptions azure = ClientOptions.builder()
                .httpClient(OpenAiScene.bare().retries(0).build())
                .baseUrl("http://127.0.0.1:" + scene.primary.port())
                .azureUrlPathMode(AzureUrlPathMode.LEGACY)
                .azureServiceVersion(AzureOpenAIServiceVersion.latestStableVersion())
                .queryParams(Map.of("api-version", List.of("2024-10-21")))
                .credential(AzureApiKeyCredential.create(OpenAiScene.PRIMARY_KEY))
                .maxRetries(0)
                .build();
        OpenAIClient client = new OpenAIClientImpl(azure);
        ChatCompletionCreateParams params =
                Fallbacks.models("gpt-one", "gpt-two").applyTo(request()).build();
        assertThat(Mode.SYNC.text(client, params)).isEqualTo("rescued");
        for (String deployment : List.of("gpt-primary", "gpt-one", "gpt-two")) {
            ReceivedRequest each = scene.primary.take();
            assertThat(each.head())
                    .startsWith("POST /openai/deployments/" + deployment + "/chat/completions?api-version=2024-10-21 ")
                    .containsIgnoringCase("api-key: " + OpenAiScene.PRIMARY_KEY);
            assertThat(each.body()).contains("\"model\":\"" + deployment + "\"");
        }
        client.close();
    }

    @Test
    void aNameWithoutAProviderIsAnotherModelOfTheSdksOwnAccount() {
        scene.primary.answer(error(429, "Retry-After: 30")).answer(whole("rescued"));
        OpenAIClient client =
                scene.client(OpenAiScene.bare().fallback("small-model").build(), scene.primary.baseUrl());
        assertThat(Mode.SYNC.text(client, request().build())).isEqualTo("rescued");
        scene.primary.take();
        ReceivedRequest second = scene.primary.take();
        assertThat(second.body()).contains("\"small-model\"");
        assertOnlyKey(second, OpenAiScene.PRIMARY_KEY);
    }

    private FallbackHttpClient.Builder vendors() {
        return OpenAiScene.bare()
                .provider("anthropic", Map.of("base-url", anthropic.baseUrl()), ANTHROPIC_KEY)
                .provider("gemini", Map.of("base-url", "http://127.0.0.1:" + gemini.port() + "/v1beta"), GEMINI_KEY)
                .retries(0);
    }

    @ParameterizedTest
    @EnumSource
    void anOrderedListCrossesVendors(Mode mode) {
        scene.primary.answerAlways(error(500));
        anthropic.answerAlways(
                Reply.json(529, "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}"));
        String part = "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"from Gemini\"}],\"role\":\"model\"},"
                + "\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":3,\"candidatesTokenCount\":2,"
                + "\"totalTokenCount\":5}}";
        gemini.answerAlways(mode.isStream() ? Reply.eventStream().event(part).lastChunk() : Reply.json(200, part));
        OpenAIClient client = scene.client(
                vendors()
                        .fallback("claude-sonnet-4-5")
                        .fallback("gemini-2.5-flash")
                        .build(),
                scene.primary.baseUrl());
        assertThat(mode.text(client, request().build())).isEqualTo("from Gemini");
        ReceivedRequest second = anthropic.take();
        assertThat(second.head()).startsWith("POST /v1/messages ");
        assertThat(second.body()).contains("claude-sonnet-4-5").contains("max_tokens");
        ReceivedRequest third = gemini.take();
        assertThat(third.head()).contains("/models/gemini-2.5-flash:");
        assertThat(third.body()).contains("count to 10");
        assertOnlyKey(scene.primary.take(), OpenAiScene.PRIMARY_KEY);
        assertOnlyKey(second, ANTHROPIC_KEY);
        assertOnlyKey(third, GEMINI_KEY);
    }

    @Test
    void theResponsesApiIsTranslatedToo() {
        scene.primary.answerAlways(error(500));
        anthropic.answer(Reply.json(
                200,
                "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\",\"content\":"
                        + "[{\"type\":\"text\",\"text\":\"from Claude\"}],\"stop_reason\":\"end_turn\",\"usage\":"
                        + "{\"input_tokens\":3,\"output_tokens\":2}}"));
        OpenAIClient client = scene.client(vendors().build(), scene.primary.baseUrl());
        var response = client.responses()
                .create(Fallbacks.models("claude-sonnet-4-5")
                        .applyTo(ResponseCreateParams.builder()
                                .model("gpt-primary")
                                .input("count to 10"))
                        .build());
        assertThat(response.output()
                        .getFirst()
                        .asMessage()
                        .content()
                        .getFirst()
                        .asOutputText()
                        .text())
                .isEqualTo("from Claude");
        assertThat(scene.primary.take().head()).startsWith("POST /v1/responses ");
    }

    /** The vocabularies of other systems, as their users write them. */
    @Test
    void everyVocabularyNamesFallbacks() {
        scene.primary.answerAlways(error(500));
        scene.backup.answerAlways(whole("rescued"));
        OpenAIClient client = scene.client(
                OpenAiScene.bare()
                        .provider("backup", Map.of("base-url", scene.backup.baseUrl()), OpenAiScene.BACKUP_KEY)
                        .build(),
                scene.primary.baseUrl());
        Map<String, JsonValue> vocabularies = Map.of(
                "fallback_models", JsonValue.from(List.of("backup/m")),
                "fallbacks", JsonValue.from(List.of("backup/m")),
                "openpipe", JsonValue.from(Map.of("fallback", Map.of("model", "backup/m"))),
                "understudy", JsonValue.from(Map.of("fallbacks", List.of("backup/m"))));
        vocabularies.forEach((name, value) -> {
            assertThat(Mode.SYNC.text(
                            client,
                            request().putAdditionalBodyProperty(name, value).build()))
                    .as(name)
                    .isEqualTo("rescued");
            assertThat(scene.backup.take().body()).contains("\"model\":\"m\"").doesNotContain(name);
        });
    }

    @Test
    void aCallMayTurnItsFallbacksOff() {
        scene.primary.answerAlways(error(429, "Retry-After: 30"));
        OpenAIClient client = scene.client();
        assertThatThrownBy(() -> client.chat()
                        .completions()
                        .create(Fallbacks.none().applyTo(request()).build()))
                .isInstanceOf(RateLimitException.class);
        assertThat(scene.backup.requestCount()).isZero();
    }

    /** An embedding of another model is of no use in an index; the same model at another provider gives the same. */
    @Test
    void embeddingsFallBackToTheSameModelOnly() {
        String vector =
                "{\"object\":\"list\",\"model\":\"e\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.5]}],"
                        + "\"usage\":{\"prompt_tokens\":1,\"total_tokens\":1}}";
        scene.primary.answer(Reply.json(200, vector)).answerAlways(error(500));
        OpenAIClient client = scene.client();
        EmbeddingCreateParams params =
                EmbeddingCreateParams.builder().model("e-1").input("text").build();
        assertThat(client.embeddings().create(params).data()).hasSize(1);
        assertThatThrownBy(() -> client.embeddings().create(params)).isInstanceOf(InternalServerException.class);
        assertThat(scene.backup.requestCount()).isZero();
    }

    @Test
    void aRequestWithoutAModelReachesThePrimaryWithoutOne() {
        scene.primary.answer(error(500));
        scene.backup.answer(Reply.json(200, "{\"id\":\"m\",\"model\":\"x\",\"results\":[]}"));
        OpenAIClient client = scene.client(builder -> builder.retries(0));
        client.moderations()
                .create(ModerationCreateParams.builder().input("text").build());
        assertThat(scene.primary.take().body()).isEqualTo("{\"input\":\"text\"}");
        assertThat(scene.backup.take().body()).contains("\"gpt-backup\"");
    }

    /** The attempts at the primary go through the HTTP client of the application, if it sets one. */
    @ParameterizedTest
    @EnumSource
    void theSdksOwnAccountMayHaveAnHttpClientOfTheApplication(Mode mode) {
        CountingHttpClient http = new CountingHttpClient();
        scene.primary.answer(mode.reply("direct")).answerAlways(error(500));
        scene.backup.answerAlways(mode.reply("rescued"));
        OpenAIClient client = scene.client(builder -> builder.httpClient(http).retries(0));
        assertThat(mode.text(client, request().build())).isEqualTo("direct");
        assertThat(mode.text(client, request().build())).isEqualTo("rescued");
        assertThat(http.requests).hasValue(2);
        assertOnlyKey(scene.primary.take(), OpenAiScene.PRIMARY_KEY);
        assertOnlyKey(scene.backup.take(), OpenAiScene.BACKUP_KEY);
    }

    @Test
    void anExistingClientOfTheSdkIsGivenFallbacks() {
        scene.primary.answerAlways(error(500));
        scene.backup.answerAlways(whole("rescued"));
        OpenAIClient existing = scene.client(OpenAiScene.direct(), scene.primary.baseUrl())
                .withOptions(options -> options.maxRetries(5));
        OpenAIClient client = scene.builder().retries(0).addTo(existing);
        assertThat(Mode.SYNC.text(client, request().build())).isEqualTo("rescued");
        assertThat(scene.primary.requestCount()).isEqualTo(1);
        OpenAIClient derived = client.withOptions(options -> options.putHeader("X-Derived", "1"));
        assertThat(Mode.ASYNC.text(derived, request().build())).isEqualTo("rescued");
        derived.close();
    }
}
