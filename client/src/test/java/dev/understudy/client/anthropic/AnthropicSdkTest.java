package dev.understudy.client.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.AnthropicClientImpl;
import com.anthropic.core.ClientOptions;
import com.anthropic.core.JsonValue;
import com.anthropic.core.RequestOptions;
import com.anthropic.core.http.AsyncStreamResponse;
import com.anthropic.core.http.HttpClient;
import com.anthropic.core.http.HttpRequest;
import com.anthropic.core.http.HttpResponse;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import dev.understudy.client.http.LinkedFutures;
import dev.understudy.client.loop.CallThreads;
import dev.understudy.client.sdk.JdkSender;
import dev.understudy.engine.TrailEntry;
import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults of the primary at the wire, for every kind of call of anthropic-java; what is common is tested with openai-java. */
class AnthropicSdkTest {
    private static final String PRIMARY_KEY = "sk-ant-primary-0123456789";
    private static final String BACKUP_KEY = "sk-backup-0123456789abcdef";
    private static final long LIMIT = 30;
    private static final Duration SOON = Duration.ofSeconds(5);

    private final ScriptedUpstream primary = ScriptedUpstream.start();
    /** Has OpenAI's dialect. */
    private final ScriptedUpstream backup = ScriptedUpstream.start();

    private final List<AnthropicClient> clients = new ArrayList<>();

    @AfterEach
    void stop() {
        clients.forEach(AnthropicClient::close);
        primary.close();
        backup.close();
    }

    enum Mode {
        SYNC {
            @Override
            String text(AnthropicClient client, MessageCreateParams params) {
                return textOf(client.messages().create(params));
            }
        },
        ASYNC {
            @Override
            String text(AnthropicClient client, MessageCreateParams params) {
                return textOf(await(client.async().messages().create(params)));
            }
        },
        STREAM {
            @Override
            String text(AnthropicClient client, MessageCreateParams params) {
                StringBuilder text = new StringBuilder();
                try (StreamResponse<RawMessageStreamEvent> stream =
                        client.messages().createStreaming(params)) {
                    stream.stream().forEach(event -> text.append(textOf(event)));
                }
                return text.toString();
            }
        },
        ASYNC_STREAM {
            @Override
            String text(AnthropicClient client, MessageCreateParams params) {
                StringBuffer text = new StringBuffer();
                AsyncStreamResponse<RawMessageStreamEvent> stream =
                        client.async().messages().createStreaming(params);
                stream.subscribe(event -> text.append(textOf(event)));
                await(stream.onCompleteFuture());
                return text.toString();
            }
        };

        abstract String text(AnthropicClient client, MessageCreateParams params);

        boolean isStream() {
            return this == STREAM || this == ASYNC_STREAM;
        }

        /** An answer of the primary. */
        Reply own(String text) {
            return isStream() ? streamed(text) : message(text);
        }

        /** An answer of a target with OpenAI's dialect. */
        Reply foreign(String text) {
            String choice = "{\"id\":\"c1\",\"created\":1,\"model\":\"m\",\"object\":\"chat.completion";
            if (!isStream()) {
                return Reply.json(
                        200,
                        choice + "\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
                                + text + "\"},\"finish_reason\":\"stop\"}]}");
            }
            return Reply.eventStream()
                    .event(choice
                            + ".chunk\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\""
                            + text + "\"},\"finish_reason\":null}]}")
                    .event(choice + ".chunk\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}")
                    .event("[DONE]")
                    .lastChunk();
        }
    }

    private static <T> T await(CompletableFuture<T> future) {
        try {
            return future.orTimeout(LIMIT, TimeUnit.SECONDS).join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failed;
        }
    }

    private static String textOf(Message message) {
        return message.content().stream()
                .flatMap(block -> block.text().stream())
                .map(block -> block.text())
                .reduce("", String::concat);
    }

    private static String textOf(RawMessageStreamEvent event) {
        return event.contentBlockDelta()
                .flatMap(delta -> delta.delta().text())
                .map(delta -> delta.text())
                .orElse("");
    }

    private static MessageCreateParams.Builder request() {
        return MessageCreateParams.builder()
                .model("claude-primary")
                .maxTokens(100)
                .addUserMessage("count to 10");
    }

    private static Reply message(String text) {
        return Reply.json(
                200,
                "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-primary\",\"content\":[{\"type\":"
                        + "\"text\",\"text\":\"" + text
                        + "\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,\"usage\":{\"input_tokens\":3,\"output_tokens\":2}}");
    }

    private static Reply event(Reply reply, String type, String rest) {
        return reply.chunk("event: " + type + "\ndata: {\"type\":\"" + type + "\"" + rest + "}\n\n");
    }

    private static Reply begun() {
        Reply head = event(
                Reply.eventStream(),
                "message_start",
                ",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-primary\",\"content\":[],"
                        + "\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}");
        return event(head, "content_block_start", ",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}");
    }

    private static Reply begun(String text) {
        return event(
                begun(),
                "content_block_delta",
                ",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + text + "\"}");
    }

    private static Reply streamed(String text) {
        Reply block = event(begun(text), "content_block_stop", ",\"index\":0");
        Reply delta = event(
                block,
                "message_delta",
                ",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":2}");
        return event(delta, "message_stop", "").lastChunk();
    }

    private static Reply error(int status, String type) {
        return Reply.json(
                status, "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"told to fail\"}}");
    }

    private FallbackHttpClient.Builder builder() {
        return FallbackHttpClient.builder()
                .environment(Map.of())
                .provider("backup", Map.of("base-url", backup.baseUrl()), BACKUP_KEY)
                .fallback("backup/gpt-backup");
    }

    private AnthropicClient client(HttpClient http) {
        AnthropicClient client = new AnthropicClientImpl(options(http).build());
        clients.add(client);
        return client;
    }

    private ClientOptions.Builder options(HttpClient http) {
        return ClientOptions.builder()
                .httpClient(http)
                .baseUrl("http://127.0.0.1:" + primary.port())
                .putHeader("x-api-key", PRIMARY_KEY)
                .maxRetries(0);
    }

    private static HttpClient direct() {
        JdkSender sender = new JdkSender(java.net.http.HttpClient.newHttpClient(), CallThreads.DEFAULT);
        return new HttpClient() {
            @Override
            public HttpResponse execute(HttpRequest request, RequestOptions options) {
                return await(executeAsync(request, options));
            }

            @Override
            public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
                return LinkedFutures.map(
                        sender.send(AnthropicRequests.of(request, options)),
                        AnthropicResponses::toSdk,
                        late -> late.close().run());
            }

            @Override
            public void close() {
                // The process ends soon.
            }
        };
    }

    static Stream<Arguments> faults() {
        List<Arguments> all = List.of(
                arguments("rate limited", error(429, "rate_limit_error")),
                arguments("overloaded", error(529, "overloaded_error")),
                arguments("broken", error(500, "api_error")),
                arguments("a refused key", error(401, "authentication_error")),
                arguments("silent", Reply.start().hold()),
                arguments("reset", Reply.start().reset()),
                arguments("no JSON", Reply.json(200, "<html>")));
        return Arrays.stream(Mode.values())
                .flatMap(mode -> all.stream().map(each -> arguments(mode, each.get()[0], each.get()[1])));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("faults")
    void theFallbackOfAnotherVendorAnswers(Mode mode, String name, Reply fault) {
        primary.answerAlways(fault);
        backup.answer(mode.foreign("rescued"));
        AnthropicClient client =
                client((name.equals("silent") ? builder().timeout(Duration.ofMillis(1_500)) : builder()).build());
        assertThat(mode.text(client, request().build())).isEqualTo("rescued");
        ReceivedRequest rescued = backup.take();
        assertThat(rescued.head())
                .startsWith("POST /v1/chat/completions ")
                .contains(BACKUP_KEY)
                .doesNotContain(PRIMARY_KEY);
        ReceivedRequest failed = primary.take();
        assertThat(failed.head())
                .startsWith("POST /v1/messages ")
                .contains(PRIMARY_KEY)
                .doesNotContain(BACKUP_KEY);
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "ASYNC_STREAM"})
    void aStreamThatBreaksInItsContentIsContinued(Mode mode) {
        primary.answer(begun("one two ").reset());
        backup.answer(mode.foreign("three four"));
        assertThat(mode.text(client(builder().build()), request().build())).isEqualTo("one two three four");
    }

    @ParameterizedTest
    @EnumSource
    void aHealthyPrimaryReceivesWhatItWouldReceiveDirectlyAndAnswersAlone(Mode mode) {
        primary.answerAlways(mode.own("direct"));
        MessageCreateParams.Builder params = request()
                .putAdditionalHeader("anthropic-beta", "of-the-future")
                .putAdditionalQueryParam("beta", "true")
                .putAdditionalBodyProperty("field_of_the_future", JsonValue.from(List.of(1, "zwei")));
        assertThat(mode.text(client(direct()), params.build())).isEqualTo("direct");
        ReceivedRequest direct = primary.take();
        assertThat(mode.text(client(builder().build()), params.build())).isEqualTo("direct");
        ReceivedRequest through = primary.take();
        assertThat(mode.text(
                        client(builder().build()),
                        Fallbacks.models("backup/x").applyTo(params).build()))
                .isEqualTo("direct");
        assertThat(lines(through)).isEqualTo(lines(direct));
        assertThat(through.body()).isEqualTo(direct.body()).contains("field_of_the_future");
        assertThat(primary.take().body()).isEqualTo(direct.body());
        assertThat(backup.requestCount()).isZero();
    }

    private static List<String> lines(ReceivedRequest request) {
        return request.head()
                .lines()
                .map(line -> line.startsWith("POST") ? line : line.toLowerCase(Locale.ROOT))
                .sorted()
                .toList();
    }

    @Test
    void theSdkThrowsItsOwnExceptions() {
        primary.answerAlways(error(500, "api_error"));
        backup.answerAlways(Reply.json(503, "{\"error\":{\"message\":\"down\"}}"));
        AnthropicClient client = client(builder().retries(0).build());
        assertThatThrownBy(() -> client.messages().create(request().build()))
                .isInstanceOfSatisfying(InternalServerException.class, failed -> {
                    assertThat(failed.body().toString()).contains("attempts");
                    assertThat(FallbackHttpClient.trailOf((AnthropicServiceException) failed)
                                    .attempts())
                            .extracting(TrailEntry::target)
                            .endsWith("backup/gpt-backup");
                });
        primary.answerAlways(error(401, "authentication_error"));
        AnthropicClient alone =
                client(FallbackHttpClient.builder().environment(Map.of()).build());
        assertThatThrownBy(() -> alone.messages().create(request().build())).isInstanceOf(UnauthorizedException.class);
    }

    @Test
    void otherRequestsAreSentOnceAndHaveNoFallback() {
        primary.answerAlways(error(500, "api_error"));
        AnthropicClient client = client(builder().build());
        assertThatThrownBy(() -> client.messages()
                        .countTokens(MessageCountTokensParams.builder()
                                .model("claude-primary")
                                .addUserMessage("x")
                                .build()))
                .isInstanceOf(InternalServerException.class);
        assertThat(primary.take().head()).startsWith("POST /v1/messages/count_tokens ");
        assertThatThrownBy(() -> client.models().list()).isInstanceOf(InternalServerException.class);
        assertThat(primary.take().head()).startsWith("GET /v1/models ");
        assertThat(primary.requestCount()).isEqualTo(2);
        assertThat(backup.requestCount()).isZero();
    }

    @Test
    void anotherClientServesItsFallbacksWithItsOwnKey() {
        primary.answerAlways(error(529, "overloaded_error"));
        backup.answer(message("rescued"));
        AnthropicClient other = new AnthropicClientImpl(ClientOptions.builder()
                .httpClient(direct())
                .baseUrl("http://127.0.0.1:" + backup.port())
                .putHeader("x-api-key", "sk-ant-other-0123456789")
                .build());
        AnthropicClient client = client(FallbackHttpClient.builder()
                .environment(Map.of())
                .fallback("claude-haiku-4-5")
                .fallbackClient(other)
                .build());
        assertThat(Mode.SYNC.text(client, request().build())).isEqualTo("rescued");
        ReceivedRequest rescued = backup.take();
        assertThat(rescued.head())
                .startsWith("POST /v1/messages ")
                .contains("sk-ant-other-0123456789")
                .containsIgnoringCase("anthropic-version: ")
                .doesNotContain(PRIMARY_KEY);
        assertThat(rescued.body()).contains("claude-haiku-4-5");
    }

    /** As an interceptor it sends the attempts at the primary through the SDK's own client. */
    @ParameterizedTest
    @EnumSource
    void anInterceptorGivesAClientOfTheSdkFallbacks(Mode mode) {
        primary.answer(mode.own("direct")).answerAlways(error(529, "overloaded_error"));
        backup.answerAlways(mode.foreign("rescued"));
        AnthropicClient client = new AnthropicClientImpl(
                options(direct()).addInterceptor(builder().interceptor()).build());
        clients.add(client);
        assertThat(mode.text(client, request().build())).isEqualTo("direct");
        assertThat(mode.text(
                        client.withOptions(more -> more.putHeader("x-more", "1")),
                        request().build()))
                .isEqualTo("rescued");
        assertThat(primary.take().head()).contains(PRIMARY_KEY);
        assertThat(backup.take().head()).contains(BACKUP_KEY).doesNotContain(PRIMARY_KEY);
    }

    @Test
    @SuppressWarnings("MustBeClosedChecker") // When it is closed is what is tested.
    void aClosedStreamAndACancelledFutureEndTheUpstreamRequest() {
        primary.answer(begun("one").hold()).answer(Reply.start().hold());
        FallbackHttpClient http = builder().build();
        AnthropicClient client = client(http);
        StreamResponse<RawMessageStreamEvent> stream =
                client.messages().createStreaming(request().build());
        assertThat(stream.stream()
                        .map(AnthropicSdkTest::textOf)
                        .filter(text -> !text.isEmpty())
                        .findFirst())
                .contains("one");
        ReceivedRequest streamed = primary.take();
        stream.close();
        streamed.peerClosedNanos(SOON);
        CompletableFuture<HttpResponse> response = http.executeAsync(
                HttpRequest.builder()
                        .method(com.anthropic.core.http.HttpMethod.POST)
                        .baseUrl("http://127.0.0.1:" + primary.port())
                        .addPathSegments("v1", "messages")
                        .body(com.anthropic.core.http.HttpRequestBody.ofJson(Map.of(
                                "model",
                                "m",
                                "max_tokens",
                                1,
                                "messages",
                                List.of(Map.of("role", "user", "content", "x")))))
                        .build(),
                RequestOptions.none());
        ReceivedRequest sent = primary.take();
        response.cancel(true);
        sent.peerClosedNanos(SOON);
        assertThat(backup.requestCount()).isZero();
    }
}
