package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.neutral.Tokens;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Writes a response object. */
final class ResponseWriter {
    private static final Set<String> TIERS = Set.of("auto", "default", "flex", "scale", "priority");

    private final Echo echo;
    private final String id;
    private final String model;
    private final long created;

    ResponseWriter(Echo echo, String id, String model, long created) {
        this.echo = echo;
        this.id = id;
        this.model = model;
        this.created = created;
    }

    /** One that has only begun. */
    void writeBegun(JsonGenerator json) throws IOException {
        json.writeStartObject();
        head(json, new Ending("in_progress", ""));
        json.writeArrayFieldStart("output");
        json.writeEndArray();
        json.writeNullField("usage");
        tail(json, "auto");
    }

    /** A whole one. */
    void write(JsonGenerator json, Ending ending, List<Output> output, Tokens tokens, String serviceTier)
            throws IOException {
        json.writeStartObject();
        head(json, ending);
        json.writeArrayFieldStart("output");
        String status = itemStatus(ending);
        for (Output item : output) {
            // What is cut off is the last one.
            item.write(json, item.index() == output.getLast().index() ? status : "completed");
        }
        json.writeEndArray();
        usage(json, tokens);
        tail(json, TIERS.contains(serviceTier) ? serviceTier : "default");
    }

    /** The status of the item that was open when the response ended so. */
    static String itemStatus(Ending ending) {
        return ending.status().equals("completed") ? "completed" : "incomplete";
    }

    private void head(JsonGenerator json, Ending ending) throws IOException {
        json.writeStringField("id", id);
        json.writeStringField("object", "response");
        json.writeNumberField("created_at", created);
        json.writeStringField("status", ending.status());
        if (ending.isFailed()) {
            json.writeObjectFieldStart("error");
            json.writeStringField("code", "server_error");
            json.writeStringField("message", "The provider gave up before the answer was complete.");
            json.writeEndObject();
        } else {
            json.writeNullField("error");
        }
        if (ending.status().equals("incomplete")) {
            json.writeObjectFieldStart("incomplete_details");
            json.writeStringField("reason", ending.reason());
            json.writeEndObject();
        } else {
            json.writeNullField("incomplete_details");
        }
        json.writeStringField("model", model);
    }

    /** What was not counted is 0 where the official clients want a number; without any count there is no usage. */
    private static void usage(JsonGenerator json, Tokens tokens) throws IOException {
        if (tokens.total().isEmpty()) {
            json.writeNullField("usage");
            return;
        }
        json.writeObjectFieldStart("usage");
        json.writeNumberField("input_tokens", tokens.prompt().orElse(0));
        json.writeObjectFieldStart("input_tokens_details");
        json.writeNumberField("cached_tokens", tokens.cached().orElse(0));
        json.writeNumberField("cache_write_tokens", tokens.cacheWritten().orElse(0));
        json.writeEndObject();
        json.writeNumberField("output_tokens", tokens.completion().orElse(0));
        json.writeObjectFieldStart("output_tokens_details");
        json.writeNumberField("reasoning_tokens", tokens.reasoning().orElse(0));
        json.writeEndObject();
        json.writeNumberField("total_tokens", tokens.total().getAsLong());
        json.writeEndObject();
    }

    private void tail(JsonGenerator json, String serviceTier) throws IOException {
        json.writeStringField("service_tier", serviceTier);
        echo.write(json);
        json.writeEndObject();
    }
}
