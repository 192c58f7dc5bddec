package dev.understudy.gateway.call;

import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.options.FallbackOptionsReader;
import io.vertx.core.MultiMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The headers in which a caller may ask for something, gathered in one walk over all of them: each vocabulary looks for
 * several, and hardly ever is one there.
 */
final class OptionHeaders implements HeaderLookup {
    private final Map<String, String> heard;

    private OptionHeaders(Map<String, String> heard) {
        this.heard = heard;
    }

    static HeaderLookup of(MultiMap headers) {
        Map<String, String> heard = Map.of();
        for (Map.Entry<String, String> header : headers) {
            if (FallbackOptionsReader.mayHaveOptions(header.getKey())) {
                if (heard.isEmpty()) {
                    heard = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                }
                heard.putIfAbsent(header.getKey(), header.getValue());
            }
        }
        return heard.isEmpty() ? HeaderLookup.NONE : new OptionHeaders(heard);
    }

    @Override
    public Optional<String> first(String name) {
        return Optional.ofNullable(heard.get(name));
    }
}
