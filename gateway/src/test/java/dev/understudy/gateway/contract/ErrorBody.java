package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.testing.wire.RawAnswer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An error as OpenAI's clients read it; {@code null} in the body is an empty text here. */
record ErrorBody(String message, String type, String param, String code, List<JsonNode> attempts) {

    /** Reads an answer's body, which must have exactly the shape of OpenAI's errors and our {@code attempts}. */
    static ErrorBody of(RawAnswer answer) {
        assertThat(answer.header("content-type")).as("%s", answer).contains("application/json");
        return of(answer.body());
    }

    static ErrorBody of(String json) {
        JsonNode body = object(parsed(json));
        assertThat(body.fieldNames()).toIterable().containsExactly("error");
        JsonNode error = object(body.path("error"));
        assertThat(error.fieldNames()).toIterable().containsExactly("message", "type", "param", "code", "attempts");
        assertThat(error.path("attempts").isArray()).isTrue();
        List<JsonNode> attempts = new ArrayList<>();
        error.path("attempts").forEach(attempt -> attempts.add(object(attempt)));
        ErrorBody read = new ErrorBody(
                text(error, "message"), text(error, "type"), text(error, "param"), text(error, "code"), attempts);
        assertThat(read.message()).isNotBlank();
        assertThat(read.type()).isNotBlank();
        return read;
    }

    static JsonNode parsed(String json) {
        try {
            return JsonTrees.scanned("the answer", json.getBytes(StandardCharsets.UTF_8));
        } catch (BadRequest wrong) {
            throw new AssertionError("not JSON: " + json, wrong);
        }
    }

    static JsonNode object(JsonNode value) {
        assertThat(value.isObject()).as("an object: %s", value).isTrue();
        return value;
    }

    /** A string; empty if it is missing or null. */
    static String text(JsonNode object, String name) {
        JsonNode value = object.path(name);
        assertThat(value.isTextual() || value.isNull() || value.isMissingNode())
                .as("'%s' in %s", name, object)
                .isTrue();
        return value.isTextual() ? value.textValue() : "";
    }
}
