package dev.understudy.gateway.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A response of the admin API.
 *
 * @param type the content type
 * @param version of the settings or of a key, as the response's {@code ETag}
 * @param retryAfter in how many seconds the request may be repeated, if it was refused for a while
 */
public record AdminResponse(int status, String type, Optional<Long> version, Optional<Long> retryAfter, String body) {
    AdminResponse(int status, String type, Optional<Long> version, String body) {
        this(status, type, version, Optional.empty(), body);
    }

    static AdminResponse of(ObjectNode json) {
        return new AdminResponse(200, "application/json", Optional.empty(), json.toString());
    }

    static AdminResponse yaml(String text) {
        return new AdminResponse(200, "text/yaml; charset=utf-8", Optional.empty(), text);
    }

    /** The same response about a version of the settings or of a key. */
    AdminResponse at(long settings) {
        return new AdminResponse(status, type, Optional.of(settings), retryAfter, body);
    }

    AdminResponse retryAfter(long seconds) {
        return new AdminResponse(status, type, version, Optional.of(seconds), body);
    }
}
