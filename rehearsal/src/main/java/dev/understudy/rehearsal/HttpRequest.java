package dev.understudy.rehearsal;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One request, completely read.
 *
 * @param method as it was sent, such as {@code POST}
 * @param path the target without its query
 * @param headers in the order of arrival, names in lower case
 * @param body without any framing
 */
record HttpRequest(String method, String path, List<Header> headers, Buffer body) {

    record Header(String name, String value) {}

    HttpRequest {
        headers = List.copyOf(headers);
    }

    /** The first header of this name. */
    Optional<String> header(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        return headers.stream()
                .filter(header -> header.name().equals(wanted))
                .map(Header::value)
                .findFirst();
    }

    /** The caller wants the connection closed after the answer. */
    boolean isLast() {
        return header("connection")
                .map(value -> value.toLowerCase(Locale.ROOT).contains("close"))
                .orElse(false);
    }
}
