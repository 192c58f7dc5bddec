package dev.understudy.client.anthropic;

import com.anthropic.core.ClientOptions;
import com.anthropic.core.RequestOptions;
import dev.understudy.client.sdk.SdkAccount;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Other clients of anthropic-java, which serve fallbacks with their own base URL, headers, key and HTTP client. */
final class FallbackClients {
    private static final String VERSION = "anthropic-version";
    /** The version of the requests that are written here. */
    private static final String WRITTEN = "2023-06-01";

    private FallbackClients() {}

    /** @param withOptions the method of that name of a client */
    static SdkAccount account(String name, Consumer<Consumer<ClientOptions.Builder>> withOptions, Executor threads) {
        AtomicReference<Optional<ClientOptions>> found = new AtomicReference<>(Optional.empty());
        // Retries have one owner.
        withOptions.accept(
                builder -> found.set(Optional.of(builder.maxRetries(0).build())));
        ClientOptions options = found.get()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the fallback client has no options of its own; pass one that anthropic-java has made"));
        URI baseUrl;
        try {
            baseUrl = URI.create(options.baseUrl().strip());
        } catch (IllegalArgumentException unusable) {
            throw new IllegalArgumentException(
                    "the base URL of the fallback client is not a URL: " + options.baseUrl(), unusable);
        }
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(AnthropicRequests.headers(options.headers()));
        headers.putIfAbsent(VERSION, List.of(WRITTEN));
        return new SdkAccount(
                name,
                baseUrl,
                false,
                AnthropicRequests.parameters(options.queryParams()),
                headers,
                "client-" + System.identityHashCode(options),
                // It adds the key.
                new AnthropicSender(
                        options.httpClient(),
                        threads,
                        Optional.of(RequestOptions.builder()
                                .timeout(options.timeout())
                                .build())));
    }
}
