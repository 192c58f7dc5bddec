package dev.understudy.protocol.failure;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;

/**
 * One attempt of a failed call, as error bodies list it.
 *
 * @param target the target's name, {@code provider/model}
 * @param outcome the attempt's outcome, such as {@code rate_limited}
 * @param status the HTTP status of the upstream response; 0 if there was none
 * @param message the error message of the provider or of the gateway; empty if there is none
 * @param millis duration in milliseconds
 */
public record AttemptLine(String target, String outcome, int status, String message, long millis) {

    /**
     * Writes the member {@code attempts} of an error body. It is the same in all dialects: an addition that clients
     * ignore. An absent status or message is {@code null}.
     */
    public static void writeAll(JsonGenerator json, List<AttemptLine> attempts) throws IOException {
        json.writeArrayFieldStart("attempts");
        for (AttemptLine attempt : attempts) {
            attempt.write(json);
        }
        json.writeEndArray();
    }

    private void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("target", target);
        json.writeStringField("outcome", outcome);
        if (status == 0) {
            json.writeNullField("status");
        } else {
            json.writeNumberField("status", status);
        }
        if (message.isEmpty()) {
            json.writeNullField("message");
        } else {
            json.writeStringField("message", message);
        }
        json.writeNumberField("duration_ms", millis);
        json.writeEndObject();
    }
}
