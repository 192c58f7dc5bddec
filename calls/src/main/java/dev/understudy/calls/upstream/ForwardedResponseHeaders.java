package dev.understudy.calls.upstream;

import dev.understudy.protocol.failure.SecretsInUse;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The response headers of the answering target that the caller receives too: rate limits, by which clients pace themselves,
 * the provider's request id, for which its support asks, and how long the provider took. All others describe the upstream
 * connection, or name the operator's account, such as {@code openai-organization}. {@code retry-after} is that of the whole
 * call.
 */
public final class ForwardedResponseHeaders {
    private static final List<String> PREFIXES = List.of(
            "x-ratelimit-",
            "anthropic-ratelimit-",
            // Mistral's, beside those above.
            "ratelimitbysize-",
            "x-ratelimitbysize-",
            "ratelimit-",
            // Token counts and latency of InvokeModel.
            "x-amzn-bedrock-");

    private static final List<String> NAMES = List.of(
            "request-id",
            "x-request-id",
            "x-amzn-requestid",
            "apim-request-id",
            "openai-processing-ms",
            "openai-version",
            "openai-model",
            "x-ms-region",
            "x-gemini-service-tier",
            "server-timing");

    /** Those of one connection, of the coding of its bytes, and those that the call itself writes. */
    private static final Set<String> OF_THE_CONNECTION = Set.of(
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "keep-alive",
            "proxy-authenticate",
            "proxy-connection",
            "retry-after",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private static final String OURS = "understudy-";

    /** The first letters of all of these, in lower case: most headers of a response are none of them. */
    private static final BitSet FIRST_LETTERS = firstLetters();

    private ForwardedResponseHeaders() {}

    private static BitSet firstLetters() {
        BitSet letters = new BitSet();
        PREFIXES.forEach(prefix -> letters.set(prefix.charAt(0)));
        NAMES.forEach(name -> letters.set(name.charAt(0)));
        return letters;
    }

    /** All but those of the connection, for a caller whose own account answers. */
    static List<Map.Entry<String, String>> ofOwnAccount(Iterable<Map.Entry<String, String>> headers) {
        List<Map.Entry<String, String>> found = new ArrayList<>();
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!OF_THE_CONNECTION.contains(name) && !name.startsWith(OURS)) {
                found.add(Map.entry(name, SecretsInUse.redact(header.getValue())));
            }
        }
        return found;
    }

    /** Those of a response. */
    public static List<Map.Entry<String, String>> of(Iterable<Map.Entry<String, String>> headers) {
        List<Map.Entry<String, String>> found = new ArrayList<>();
        for (Map.Entry<String, String> header : headers) {
            if (isForwarded(header.getKey())) {
                // The value as it is, unless it has a key.
                found.add(Map.entry(header.getKey(), SecretsInUse.redact(header.getValue())));
            }
        }
        return found;
    }

    private static boolean isForwarded(String name) {
        if (name.isEmpty() || !FIRST_LETTERS.get(Character.toLowerCase(name.charAt(0)))) {
            return false;
        }
        for (String prefix : PREFIXES) {
            if (name.regionMatches(true, 0, prefix, 0, prefix.length())) {
                return true;
            }
        }
        for (String each : NAMES) {
            if (name.equalsIgnoreCase(each)) {
                return true;
            }
        }
        return false;
    }
}
