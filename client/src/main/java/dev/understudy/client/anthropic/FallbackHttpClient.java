package dev.understudy.client.anthropic;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.AnthropicClientAsync;
import com.anthropic.core.ClientOptions;
import com.anthropic.core.RequestOptions;
import com.anthropic.core.http.Headers;
import com.anthropic.core.http.HttpClient;
import com.anthropic.core.http.HttpRequest;
import com.anthropic.core.http.HttpResponse;
import com.anthropic.core.http.Interceptor;
import com.anthropic.errors.AnthropicIoException;
import com.anthropic.errors.AnthropicServiceException;
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
 * The HTTP client that gives an {@link AnthropicClient} or {@link AnthropicClientAsync} fallbacks.
 *
 * <pre>{@code
 * AnthropicClient client = AnthropicOkHttpClient.builder()
 *         .fromEnv()
 *         .maxRetries(0)
 *         .addInterceptor(FallbackHttpClient.builder()
 *                 .fallback("claude-haiku-4-5")
 *                 .fallback("openai/gpt-5.1-mini")
 *                 .interceptor())
 *         .build();
 * }</pre>
 *
 * <p><b>The primary</b> of a call is the client's own endpoint: its base URL, path, headers and key, as the SDK has made them. Only
 * fallback options are removed from its body. Fallbacks are other models of the same account, providers whose keys are in the
 * environment or in the configuration (with translation where they have another dialect), and other clients. A key is sent to its own account
 * only.
 *
 * <p><b>Calls</b> are messages, streamed or not. Everything else, such as counting tokens, files and batches, is sent once, as it is.
 * So is a call whose body has more than 25 MB ({@code server.max-body} of a configuration) or cannot be read: a call never
 * fails here if it would succeed without this client.
 *
 * <p><b>Options of one call</b> are further members of its body: {@link Fallbacks}, or {@code putAdditionalBodyProperty} with the
 * vocabularies of the gateway. They precede those of the client.
 *
 * <p><b>Time.</b> The timeout of the SDK is how long the caller waits for the whole call. Cancelling a future of this client, closing a
 * stream or interrupting the thread that waits ends all attempts.
 *
 * <p><b>Retries.</b> Set {@code maxRetries(0)} on the client of the SDK: this client retries by itself, within a budget.
 *
 * <p><b>Answers</b> are those of the target that answered, in Anthropic's dialect, with {@code understudy-target}, {@code
 * understudy-trail} and the other headers of the gateway; see {@link #trailOf}. Where no target can answer, the SDK throws its own
 * exception, whose body has the {@code attempts}.
 *
 * <p>Safe for use by many threads, and by several clients. Create one for the process: health, budgets and usual times of targets
 * are learned by it.
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
            return AnthropicResponses.toSdk(calls.sendAndWait(AnthropicRequests.of(request, requestOptions)));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            InterruptedIOException cause = new InterruptedIOException("interrupted while waiting for the answer");
            cause.initCause(interrupted);
            throw new AnthropicIoException("Request interrupted", cause);
        } catch (ExecutionException failed) {
            switch (understandable(LinkedFutures.unwrapped(failed))) {
                case RuntimeException exception -> throw exception;
                case Throwable other -> throw new AnthropicIoException("Request failed", other);
            }
        }
    }

    @Override
    public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions requestOptions) {
        return LinkedFutures.map(
                calls.send(AnthropicRequests.of(request, requestOptions)),
                AnthropicResponses::toSdk,
                late -> late.close().run(),
                FallbackHttpClient::understandable);
    }

    private static Throwable understandable(Throwable cause) {
        return JdkSender.ioFailure(cause)
                .<Throwable>map(io -> new AnthropicIoException("Request failed", io))
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
    public static CallTrail trailOf(AnthropicServiceException exception) {
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
        public Builder fallbackClient(AnthropicClient client) {
            return fallbackClient(FALLBACK_CLIENT, client);
        }

        /**
         * The same under another name: {@code NAME/MODEL} in fallbacks. The first one is that of names without a provider.
         *
         * @param name letters, digits, dots, dashes and underscores
         */
        public Builder fallbackClient(String name, AnthropicClient client) {
            AnthropicClient other = Arguments.notNull(client, "fallbackClient");
            return account(name, modifier -> other.withOptions(modifier));
        }

        /** The same for a client without blocking calls. */
        public Builder fallbackClient(AnthropicClientAsync client) {
            return fallbackClient(FALLBACK_CLIENT, client);
        }

        /** The same for a client without blocking calls. */
        public Builder fallbackClient(String name, AnthropicClientAsync client) {
            AnthropicClientAsync other = Arguments.notNull(client, "fallbackClient");
            return account(name, modifier -> other.withOptions(modifier));
        }

        private Builder account(String name, Consumer<Consumer<ClientOptions.Builder>> options) {
            SdkAccount account = FallbackClients.account(
                    Arguments.notBlank(name, "the name of the fallback client"), options, threads());
            return account(account);
        }

        /**
         * The HTTP client for the SDK's own account, such as anthropic-java's for OkHttp with a proxy of one's own, or with a backend of a cloud: for the attempts
         * at the primary, and for all requests that are no calls. By default the JDK's. It is closed with this client.
         */
        public Builder httpClient(HttpClient ofApplication) {
            httpClient = Optional.of(Arguments.notNull(ofApplication, "httpClient"));
            return this;
        }

        /**
         * Makes the client, for {@code ClientOptions.builder().httpClient(…)}.
         *
         * @throws IllegalArgumentException with everything that is wrong with the configuration
         */
        public FallbackHttpClient build() {
            return build(httpClient);
        }

        private FallbackHttpClient build(Optional<HttpClient> client) {
            Optional<SdkSender> sender = client.map(own -> new AnthropicSender(own, threads(), Optional.empty()));
            return new FallbackHttpClient(
                    calls(SdkDialect.ANTHROPIC, sender, () -> client.ifPresent(HttpClient::close)));
        }

        /**
         * Makes an interceptor, for {@code addInterceptor(…)}: the SDK's own HTTP client, with the credentials and the backend that it
         * has, sends what goes to the primary. Clients that the SDK derives with {@code withOptions} share what is known of
         * targets.
         *
         * @throws IllegalArgumentException when the SDK's client is made, with everything that is wrong with the configuration
         */
        public Interceptor interceptor() {
            shareState();
            return client -> build(Optional.of(client));
        }
    }
}
