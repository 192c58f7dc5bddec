package dev.understudy.gateway.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A response of the admin API.
 *
 * @param type the content type
 * @param version of the settings, as the response's {@code ETag}
 */
public record AdminResponse(int status, String type, Optional<Long> version, String body) {
    static AdminResponse of(ObjectNode json) {
        return new AdminResponse(200, "application/json", Optional.empty(), json.toString());
    }

    static AdminResponse yaml(String text) {
        return new AdminResponse(200, "text/yaml; charset=utf-8", Optional.empty(), text);
    }

    /** The same response about a version of the settings. */
    AdminResponse at(long settings) {
        return new AdminResponse(status, type, Optional.of(settings), body);
    }
}
