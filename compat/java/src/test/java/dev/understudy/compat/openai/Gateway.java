package dev.understudy.compat.openai;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientAsync;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.client.okhttp.OpenAIOkHttpClientAsync;
import com.openai.core.http.Headers;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the gateway is, clients that know it, and how its headers are read. */
final class Gateway {
    static final String TEN = "one two three four five six seven eight nine ten";

    private static final Pattern ENTRY = Pattern.compile("\"([^\"]*)\"((?:;[a-z-]+=[^;,\\s]+)*)");
    private static final Pattern OUTCOME = Pattern.compile(";outcome=([a-z_]+)");

    private Gateway() {}

    /** The address of the gateway, without a path. */
    static String url() {
        String url = System.getenv("UNDERSTUDY_URL");
        if (url == null || url.isEmpty()) {
            throw new IllegalStateException("UNDERSTUDY_URL names no gateway; run these tests with compat/run");
        }
        return url;
    }

    /** A client that asks once, so that a test sees what the gateway does and not what the SDK's retries do. */
    static OpenAIClient client() {
        return OpenAIOkHttpClient.builder()
                .baseUrl(url() + "/v1")
                .apiKey("any-key-will-do")
                .maxRetries(0)
                .build();
    }

    /** The same, with a limit on every request. */
    static OpenAIClient client(Duration timeout, int maxRetries) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(url() + "/v1")
                .apiKey("any-key-will-do")
                .timeout(timeout)
                .maxRetries(maxRetries)
                .build();
    }

    static OpenAIClientAsync asyncClient() {
        return OpenAIOkHttpClientAsync.builder()
                .baseUrl(url() + "/v1")
                .apiKey("any-key-will-do")
                .maxRetries(0)
                .build();
    }

    static ChatCompletionCreateParams.Builder asking(String model) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage("Count to 10");
    }

    /** What came of each target or name, as {@code target outcome}, in the order in which the gateway came to it. */
    static List<String> trail(Headers headers) {
        List<String> entries = new ArrayList<>();
        Matcher entry = ENTRY.matcher(header(headers, "understudy-trail"));
        while (entry.find()) {
            Matcher outcome = OUTCOME.matcher(entry.group(2));
            entries.add(entry.group(1) + " " + (outcome.find() ? outcome.group(1) : "(none)"));
        }
        return entries;
    }

    /** The header's only value. */
    static String header(Headers headers, String name) {
        List<String> values = headers.values(name);
        if (values.size() != 1) {
            throw new AssertionError(name + " should be there once, but is " + values);
        }
        return values.getFirst();
    }
}
