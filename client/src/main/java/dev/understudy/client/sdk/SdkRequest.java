package dev.understudy.client.sdk;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request as an SDK has made it.
 *
 * @param method such as {@code POST}
 * @param baseUrl the client's base URL, with a slash at its end or without
 * @param path the segments of the path below it, not encoded
 * @param query the parameters, not encoded
 * @param headers as the SDK sends them, the key among them; names are looked up without regard to case
 * @param patience how long the SDK's caller waits; empty for ever
 */
public record SdkRequest(
        String method,
        String baseUrl,
        List<String> path,
        Map<String, List<String>> query,
        Map<String, List<String>> headers,
        Optional<SdkBody> body,
        Optional<Duration> patience) {
    private static final String CONTENT_TYPE = "content-type";

    public SdkRequest {
        path = List.copyOf(path);
        query = Collections.unmodifiableMap(query);
        headers = headers instanceof HeadersByName ? headers : new HeadersByName(headers);
    }

    /** An unmodifiable copy; a request that is made from another one shares it. */
    private static final class HeadersByName extends AbstractMap<String, List<String>> {
        private final Map<String, List<String>> byName;

        private HeadersByName(Map<String, List<String>> headers) {
            Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            copy.putAll(headers);
            byName = Collections.unmodifiableMap(copy);
        }

        @Override
        public @Nullable List<String> get(Object name) {
            return byName.get(name);
        }

        @Override
        public boolean containsKey(Object name) {
            return byName.containsKey(name);
        }

        @Override
        public Set<Entry<String, List<String>>> entrySet() {
            return byName.entrySet();
        }
    }

    /** The whole address. */
    public String url() {
        StringBuilder url = new StringBuilder(baseUrl);
        for (String segment : path) {
            if (url.charAt(url.length() - 1) != '/') {
                url.append('/');
            }
            url.append(encoded(segment).replace("+", "%20"));
        }
        char separator = baseUrl.indexOf('?') < 0 ? '?' : '&';
        for (Map.Entry<String, List<String>> parameter : query.entrySet()) {
            for (String value : parameter.getValue()) {
                url.append(separator)
                        .append(encoded(parameter.getKey()))
                        .append('=')
                        .append(encoded(value));
                separator = '&';
            }
        }
        return url.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The first value of a header. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name))
                .flatMap(values -> values.stream().findFirst());
    }

    /** The headers with one value each, as HTTP joins several, and with another type of content. */
    Map<String, String> joinedHeaders(String contentType) {
        Map<String, String> joined = LinkedHashMap.newLinkedHashMap(headers.size() + 1);
        headers.forEach((name, values) -> {
            if (!name.equalsIgnoreCase(CONTENT_TYPE)) {
                joined.put(name, values.size() == 1 ? values.getFirst() : String.join(", ", values));
            }
        });
        joined.put(CONTENT_TYPE, contentType);
        return joined;
    }

    /** The same request with another body. */
    public SdkRequest withBody(SdkBody other) {
        return new SdkRequest(method, baseUrl, path, query, headers, Optional.of(other), patience);
    }

    /** The same request at another path. */
    public SdkRequest withPath(List<String> other) {
        return new SdkRequest(method, baseUrl, other, query, headers, body, patience);
    }

    /** The same request with a header in place of those of its name. */
    public SdkRequest withHeader(String name, String value) {
        Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.putAll(headers);
        all.put(name, List.of(value));
        return new SdkRequest(method, baseUrl, path, query, all, body, patience);
    }

    /** The same request with further headers. */
    SdkRequest withHeaders(Map<String, String> further) {
        SdkRequest all = this;
        for (Map.Entry<String, String> header : further.entrySet()) {
            all = all.withHeader(header.getKey(), header.getValue());
        }
        return all;
    }

    /** The same request with a further parameter for each pair of a query. */
    SdkRequest withQuery(String text) {
        if (text.isEmpty()) {
            return this;
        }
        return new SdkRequest(
                method, baseUrl + (baseUrl.indexOf('?') < 0 ? "?" : "&") + text, path, query, headers, body, patience);
    }

    /** Shows no header and no body, which may hold keys and conversations. */
    @Override
    public String toString() {
        return "SdkRequest[" + method + " " + String.join("/", new ArrayList<>(path)) + "]";
    }
}
