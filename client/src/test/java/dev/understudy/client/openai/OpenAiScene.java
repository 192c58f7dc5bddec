package dev.understudy.client.openai;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import com.openai.core.RequestOptions;
import com.openai.core.http.AsyncStreamResponse;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import dev.understudy.client.http.LinkedFutures;
import dev.understudy.client.loop.CallThreads;
import dev.understudy.client.sdk.JdkSender;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A client of openai-java whose primary and whose fallback are scripted upstreams. */
final class OpenAiScene implements AutoCloseable {
    static final String PRIMARY_KEY = "sk-primary-0123456789abcdef";
    static final String BACKUP_KEY = "sk-backup-0123456789abcdef";
    private static final long LIMIT = 30;

    final ScriptedUpstream primary = ScriptedUpstream.start();
    final ScriptedUpstream backup = ScriptedUpstream.start();
    private final List<OpenAIClient> clients = new ArrayList<>();

    /** The kinds of call of openai-java. */
    enum Mode {
        SYNC {
            @Override
            void read(OpenAIClient client, ChatCompletionCreateParams params, Consumer<String> onText) {
                onText.accept(textOf(client.chat().completions().create(params)));
            }
        },
        ASYNC {
            @Override
            void read(OpenAIClient client, ChatCompletionCreateParams params, Consumer<String> onText) {
                onText.accept(textOf(await(client.async().chat().completions().create(params))));
            }
        },
        STREAM {
            @Override
            void read(OpenAIClient client, ChatCompletionCreateParams params, Consumer<String> onText) {
                try (StreamResponse<ChatCompletionChunk> stream =
                        client.chat().completions().createStreaming(params)) {
                    stream.stream().forEach(chunk -> onText.accept(textOf(chunk)));
                }
            }
        },
        ASYNC_STREAM {
            @Override
            void read(OpenAIClient client, ChatCompletionCreateParams params, Consumer<String> onText) {
                AsyncStreamResponse<ChatCompletionChunk> stream =
                        client.async().chat().completions().createStreaming(params);
                stream.subscribe(chunk -> onText.accept(textOf(chunk)));
                await(stream.onCompleteFuture());
            }
        };

        /** Makes the call, passes the text on as it is read, and returns or throws at its end. */
        abstract void read(OpenAIClient client, ChatCompletionCreateParams params, Consumer<String> onText);

        /** The same for a streamed completion of a prompt. */
        void readCompletion(OpenAIClient client, Consumer<String> onText) {
            CompletionCreateParams params = CompletionCreateParams.builder()
                    .model("gpt-primary")
                    .prompt("count to 10")
                    .build();
            if (this == ASYNC_STREAM) {
                AsyncStreamResponse<Completion> stream =
                        client.async().completions().createStreaming(params);
                stream.subscribe(chunk -> onText.accept(textOf(chunk)));
                await(stream.onCompleteFuture());
            } else {
                try (StreamResponse<Completion> stream = client.completions().createStreaming(params)) {
                    stream.stream().forEach(chunk -> onText.accept(textOf(chunk)));
                }
            }
        }

        /** The whole text of the answer. */
        String text(OpenAIClient client, ChatCompletionCreateParams params) {
            StringBuffer text = new StringBuffer();
            read(client, params, text::append);
            return text.toString();
        }

        boolean isStream() {
            return this == STREAM || this == ASYNC_STREAM;
        }

        /** An answer in the form of this mode. */
        Reply reply(String text) {
            return isStream() ? streamed(text) : whole(text);
        }
    }

    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.orTimeout(LIMIT, TimeUnit.SECONDS).join();
        } catch (CompletionException failed) {
            switch (failed.getCause()) {
                case TimeoutException late -> throw new AssertionError("nothing came for " + LIMIT + " s", late);
                case RuntimeException cause -> throw cause;
                case Throwable other -> throw failed;
            }
        }
    }

    static String textOf(ChatCompletion completion) {
        return completion.choices().getFirst().message().content().orElse("");
    }

    static String textOf(ChatCompletionChunk chunk) {
        return chunk.choices().isEmpty()
                ? ""
                : chunk.choices().getFirst().delta().content().orElse("");
    }

    private static String textOf(Completion chunk) {
        return chunk.choices().isEmpty() ? "" : chunk.choices().getFirst().text();
    }

    static ChatCompletionCreateParams.Builder request() {
        return ChatCompletionCreateParams.builder().model("gpt-primary").addUserMessage("count to 10");
    }

    static Reply whole(String text) {
        return Reply.json(
                200,
                "{\"id\":\"c1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m-1\",\"choices\":[{\"index\":0,"
                        + "\"message\":{\"role\":\"assistant\",\"content\":\"" + text
                        + "\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],"
                        + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}");
    }

    static String chunk(String delta, String finish) {
        return "{\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m-1\",\"choices\":[{\"index\":0,"
                + "\"delta\":" + delta + ",\"finish_reason\":" + finish + "}]}";
    }

    static String content(String text) {
        return chunk("{\"content\":\"" + text + "\"}", "null");
    }

    static Reply begun() {
        return Reply.eventStream().event(chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null"));
    }

    static Reply streamed(String text) {
        return begun().event(content(text))
                .event(chunk("{}", "\"stop\""))
                .event("[DONE]")
                .lastChunk();
    }

    static Reply error(int status, String... headers) {
        return Reply.json(
                status,
                "{\"error\":{\"message\":\"told to fail\",\"type\":\"test\",\"param\":null,\"code\":\"test_code\"}}",
                headers);
    }

    /** The builder of the HTTP client, with a provider {@code backup}, and with {@code backup/gpt-backup} as the fallback. */
    FallbackHttpClient.Builder builder() {
        return bare().provider("backup", Map.of("base-url", backup.baseUrl()), BACKUP_KEY)
                .fallback("backup/gpt-backup");
    }

    /** The same without fallbacks. */
    static FallbackHttpClient.Builder bare() {
        return FallbackHttpClient.builder().environment(Map.of());
    }

    OpenAIClient client() {
        return client(more -> more);
    }

    OpenAIClient client(UnaryOperator<FallbackHttpClient.Builder> more) {
        return client(more.apply(builder()).build(), primary.baseUrl());
    }

    OpenAIClient client(HttpClient http, String baseUrl) {
        OpenAIClient client = sdk(http, baseUrl);
        clients.add(client);
        return client;
    }

    /** A client that the caller closes. */
    static OpenAIClient sdk(HttpClient http, String baseUrl) {
        return new OpenAIClientImpl(options(http, baseUrl).build());
    }

    static ClientOptions.Builder options(HttpClient http, String baseUrl) {
        return ClientOptions.builder()
                .httpClient(http)
                .baseUrl(baseUrl)
                .apiKey(PRIMARY_KEY)
                .maxRetries(0);
    }

    /** An HTTP client of openai-java without any fallback. */
    static HttpClient direct() {
        JdkSender sender = new JdkSender(java.net.http.HttpClient.newHttpClient(), CallThreads.DEFAULT);
        return new HttpClient() {
            @Override
            public HttpResponse execute(HttpRequest request, RequestOptions options) {
                return await(executeAsync(request, options));
            }

            @Override
            public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
                return LinkedFutures.map(
                        sender.send(OpenAiRequests.of(request, options)),
                        OpenAiResponses::toSdk,
                        late -> late.close().run());
            }

            @Override
            public void close() {
                // The process ends soon.
            }
        };
    }

    @Override
    public void close() {
        clients.forEach(OpenAIClient::close);
        primary.close();
        backup.close();
    }
}
