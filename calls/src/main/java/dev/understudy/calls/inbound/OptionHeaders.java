package dev.understudy.calls.inbound;

import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.options.FallbackOptionsReader;
import dev.understudy.protocol.translate.CallerRequest;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The caller's headers that may carry fallback options, or name the conversation, collected in one iteration of all headers: each vocabulary looks up
 * several, and nearly all requests have none.
 */
public final class OptionHeaders implements HeaderLookup {
    private final Map<String, String> found;

    private OptionHeaders(Map<String, String> found) {
        this.found = found;
    }

    /** Those of a request. */
    public static HeaderLookup of(Iterable<Map.Entry<String, String>> headers) {
        Map<String, String> found = Map.of();
        for (Map.Entry<String, String> header : headers) {
            if (FallbackOptionsReader.mayHaveOptions(header.getKey())
                    || CallerRequest.mayNameConversation(header.getKey())) {
                if (found.isEmpty()) {
                    found = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                }
                found.putIfAbsent(header.getKey(), header.getValue());
            }
        }
        return found.isEmpty() ? HeaderLookup.NONE : new OptionHeaders(found);
    }

    @Override
    public Optional<String> first(String name) {
        return Optional.ofNullable(found.get(name));
    }
}
