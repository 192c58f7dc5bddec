package dev.understudy.client.chain;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A provider answered with an HTTP error. For functions that send HTTP requests themselves: from its status, headers and body
 * it is known whether to retry, for how long the provider asks to wait, and whose fault it is.
 */
public final class HttpStatusException extends IOException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient Map<String, List<String>> headers;
    private final String body;

    /**
     * @param status the HTTP status
     * @param headers the response's headers, such as {@code HttpHeaders.map()}
     * @param body the response's body
     */
    public HttpStatusException(int status, Map<String, List<String>> headers, String body) {
        super("HTTP " + status);
        this.status = status;
        this.headers = Map.copyOf(headers);
        this.body = body;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The response's headers. */
    public Map<String, List<String>> headers() {
        return headers == null ? Map.of() : headers;
    }

    /** The response's body. */
    public String body() {
        return body;
    }
}
