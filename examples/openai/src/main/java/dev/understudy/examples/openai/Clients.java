package dev.understudy.examples.openai;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import dev.understudy.client.openai.FallbackHttpClient;
import java.time.Duration;

/** Clients with a fallback, as docs/guide has them. */
final class Clients {
    private Clients() {}

    /** A model of the same account as the fallback. */
    static OpenAIClient withFallback() {
        OpenAIClient client = new OpenAIClientImpl(ClientOptions.builder()
                .fromEnv()
                .maxRetries(0) // Understudy retries
                .httpClient(FallbackHttpClient.builder().fallback("gpt-4-turbo").build())
                .build());
        return client;
    }

    /** A limit for the primary, and one for the fallback. */
    static OpenAIClient withTimeouts() {
        OpenAIClient client = new OpenAIClientImpl(ClientOptions.builder()
                .fromEnv()
                .maxRetries(0)
                .httpClient(FallbackHttpClient.builder()
                        .fallback("gpt-4-turbo")
                        .timeout(Duration.ofSeconds(10)) // of the primary
                        .fallbackTimeout(Duration.ofSeconds(20))
                        .build())
                .build());
        return client;
    }

    /** A model of another account, with its own address and key. */
    static OpenAIClient withFallbackClient(OpenAIClient other) {
        OpenAIClient client = new OpenAIClientImpl(ClientOptions.builder()
                .fromEnv()
                .maxRetries(0)
                .httpClient(FallbackHttpClient.builder()
                        .fallback("gpt-4-turbo")
                        .fallbackClient(other)
                        .build())
                .build());
        return client;
    }
}
