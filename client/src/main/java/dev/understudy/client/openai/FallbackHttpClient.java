package dev.understudy.client.openai;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientAsync;
import com.openai.core.ClientOptions;
import com.openai.core.RequestOptions;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.OpenAIServiceException;
import dev.understudy.client.chain.CallTrail;
import dev.understudy.client.http.Arguments;
import dev.understudy.client.http.LinkedFutures;
import dev.understudy.client.sdk.CallTrails;
import dev.understudy.client.sdk.JdkSender;
import dev.understudy.client.sdk.SdkAccount;
import dev.understudy.client.sdk.SdkCalls;
import dev.understudy.client.sdk.SdkClientBuilder;
import dev.understudy.client.sdk.SdkDialect;
import dev.understudy.client.sdk.SdkSender;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * The HTTP client that gives an {@link OpenAIClient} or {@link OpenAIClientAsync} fallbacks.
 *
 * <pre>{@code
 * OpenAIClient client = FallbackHttpClient.builder()
 *         .fallback("gpt-4-turbo")
 *         .fallback("claude-sonnet-4-5")
 *         .timeout(Duration.ofSeconds(10))
 *         .fallbackTimeout(Duration.ofSeconds(20))
 *         .addTo(OpenAIOkHttpClient.fromEnv());
 * }</pre>
 *
 * <p><b>The primary</b> of a call is the client's own endpoint: its base URL, path, headers and key, as the SDK has made them. Only
 * fallback options are removed from its body. Fallbacks are other models of the same account, providers whose keys are in the
 * environment or in the configuration (with translation where they have another dialect), and other clients. A key is sent to its own account
 * only.
 *
 * <p><b>Calls</b> are chat completions, completions, responses, embeddings, images, audio and moderations, streamed or not. Everything
 * else, such as files, batches and stored responses, is sent once, as it is. So is a call whose body has more than 25 MB ({@code
 * server.max-body} of a configuration) or cannot be read: a call never fails here if it would succeed without this client.
 *
 * <p><b>Options of one call</b> are further members of its body: {@link Fallbacks}, or {@code putAdditionalBodyProperty} with the vocabularies
 * of the gateway ({@code fallback_models}, {@code openpipe}, {@code fallbacks}, {@code understudy}, …). They precede those of the client. Where
 * {@code openpipe.fallback} names the fallback, the timeout of the SDK is the primary's limit, and each fallback has its own, as in OpenPipe's SDKs.
 *
 * <p><b>Time.</b> The timeout of the SDK ({@code RequestOptions.timeout}, or the client's) is how long the caller waits for the whole call.
 * Cancelling a future of this client, closing a stream or interrupting the thread that waits ends all attempts. The futures of the SDK's
 * own services do not pass their cancellation on; close their streams.
 *
 * <p><b>Retries.</b> Set {@code maxRetries(0)} on the client of the SDK, as {@link Builder#addTo} does: this client retries by itself,
 * within a budget.
 *
 * <p><b>Answers</b> are those of the target that answered, with {@code understudy-target}, {@code understudy-trail} and the other headers of the gateway;
 * see {@link #trailOf}. Where no target can answer, the SDK throws its own exception, whose body has the {@code attempts}.
 *
 * <p>Safe for use by many threads, and by several clients. Create one for the process: health, budgets and usual times of targets
 * are learned by it. WebSockets are not supported.
 */
public final class FallbackHttpClient implements HttpClient {
    private final SdkCalls calls;

    private FallbackHttpClient(SdkCalls calls) {
        this.calls = calls;
    }

    /** With fallbacks that only the calls themselves name, at providers whose keys are in the environment. */
    public static FallbackHttpClient create() {
        return builder().build();
    }

    /** Begins a client. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public HttpResponse execute(HttpRequest request, RequestOptions requestOptions) {
        try {
            return OpenAiResponses.toSdk(calls.sendAndWait(OpenAiRequests.of(request, requestOptions)));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            InterruptedIOException cause = new InterruptedIOException("interrupted while waiting for the answer");
            cause.initCause(interrupted);
            throw new OpenAIIoException("Request interrupted", cause);
        } catch (ExecutionException failed) {
            switch (understandable(LinkedFutures.unwrapped(failed))) {
                case RuntimeException exception -> throw exception;
                case Throwable other -> throw new OpenAIIoException("Request failed", other);
            }
        }
    }

    @Override
    public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions requestOptions) {
        return LinkedFutures.map(
                calls.send(OpenAiRequests.of(request, requestOptions)),
                OpenAiResponses::toSdk,
                late -> late.close().run(),
                FallbackHttpClient::understandable);
    }

    private static Throwable understandable(Throwable cause) {
        return JdkSender.ioFailure(cause)
                .<Throwable>map(io -> new OpenAIIoException("Request failed", io))
                .orElse(cause);
    }

    /** Accepts no more requests; calls that run continue. Clients for fallbacks are not closed. */
    @Override
    public void close() {
        calls.close();
    }

    /**
     * What a call did, from the headers of its response: the attempts and skips in order, and for a stream those until it
     * began; without entries if the response is not that of a call. {@link Builder#onCallEnded} has the whole trail.
     *
     * @param response also that of {@code withRawResponse()}
     */
    public static CallTrail trailOf(HttpResponse response) {
        return trailOf(response.headers());
    }

    /** The same for a call that no target could answer. */
    public static CallTrail trailOf(OpenAIServiceException exception) {
        return trailOf(exception.headers());
    }

    private static CallTrail trailOf(Headers headers) {
        return CallTrails.of(String.join(", ", headers.values(CallTrails.HEADER)));
    }

    /** Configures a client. */
    public static final class Builder extends SdkClientBuilder<Builder> {
        private static final String FALLBACK_CLIENT = "fallback-client";

        private Optional<HttpClient> httpClient = Optional.empty();

        private Builder() {}

        @Override
        protected Builder self() {
            return this;
        }

        /**
         * The client for all fallbacks whose names have no provider, unless they are models of another vendor that is configured:
         * its base URL, headers, key and HTTP client are used for them, and for nothing else. It is also {@code fallback-client/MODEL}.
         */
        public Builder fallbackClient(OpenAIClient client) {
            return fallbackClient(FALLBACK_CLIENT, client);
        }

        /**
         * The same under another name: {@code NAME/MODEL} in fallbacks. The first one is that of names without a provider.
         *
         * @param name letters, digits, dots, dashes and underscores
         */
        public Builder fallbackClient(String name, OpenAIClient client) {
            OpenAIClient other = Arguments.notNull(client, "fallbackClient");
            return account(name, modifier -> other.withOptions(modifier));
        }

        /** The same for a client without blocking calls. */
        public Builder fallbackClient(OpenAIClientAsync client) {
            return fallbackClient(FALLBACK_CLIENT, client);
        }

        /** The same for a client without blocking calls. */
        public Builder fallbackClient(String name, OpenAIClientAsync client) {
            OpenAIClientAsync other = Arguments.notNull(client, "fallbackClient");
            return account(name, modifier -> other.withOptions(modifier));
        }

        private Builder account(String name, Consumer<Consumer<ClientOptions.Builder>> options) {
            SdkAccount account = FallbackClients.account(
                    Arguments.notBlank(name, "the name of the fallback client"), options, threads());
            return account(account);
        }

        /**
         * The HTTP client for the SDK's own account, such as openai-java's for OkHttp with a proxy of one's own: for the attempts
         * at the primary, and for all requests that are no calls. By default the JDK's. It is closed with this client.
         */
        public Builder httpClient(HttpClient ofApplication) {
            httpClient = Optional.of(Arguments.notNull(ofApplication, "httpClient"));
            return this;
        }

        /**
         * The same client of the SDK with fallbacks, and without retries of its own. It has a new HTTP client, which is closed with
         * it.
         *
         * @throws IllegalArgumentException with everything that is wrong with the configuration
         */
        public OpenAIClient addTo(OpenAIClient client) {
            OpenAIClient without = Arguments.notNull(client, "client");
            HttpClient http = build();
            return without.withOptions(options -> options.httpClient(http).maxRetries(0));
        }

        /** The same for a client without blocking calls. */
        public OpenAIClientAsync addTo(OpenAIClientAsync client) {
            OpenAIClientAsync without = Arguments.notNull(client, "client");
            HttpClient http = build();
            return without.withOptions(options -> options.httpClient(http).maxRetries(0));
        }

        /**
         * Makes the client, for {@code ClientOptions.builder().httpClient(…)}.
         *
         * @throws IllegalArgumentException with everything that is wrong with the configuration
         */
        public FallbackHttpClient build() {
            Optional<SdkSender> sender =
                    httpClient.map(client -> new OpenAiSender(client, threads(), Optional.empty()));
            return new FallbackHttpClient(
                    calls(SdkDialect.OPENAI, sender, () -> httpClient.ifPresent(HttpClient::close)));
        }
    }
}
