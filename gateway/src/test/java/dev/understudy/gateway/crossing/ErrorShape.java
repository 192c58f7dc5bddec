package dev.understudy.gateway.crossing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.testing.wire.RawAnswer;

/**
 * An error as a dialect's clients read it.
 *
 * @param kind the dialect's own word for what went wrong
 */
record ErrorShape(String message, String kind) {

    /** Reads an error, which must have that status and the shape of that dialect. */
    static ErrorShape of(ClientDialect client, int status, RawAnswer answer) {
        assertThat(answer.status()).as("%s %s", client, answer).isEqualTo(status);
        assertThat(answer.header("content-type")).as("%s", answer).contains("application/json");
        JsonNode body = JsonTrees.of(answer.body());
        ErrorShape shape = switch (client) {
            case CHAT, RESPONSES -> {
                assertThat(body.path("error").has("param")).as("%s", answer).isTrue();
                yield of(body.path("error"), "type");
            }
            case MESSAGES -> {
                assertThat(body.path("type").asText()).as("%s", answer).isEqualTo("error");
                yield of(body.path("error"), "type");
            }
            case GEMINI -> gemini(status, body);
            // Google sends the object alone where the request is refused before a stream.
            case GEMINI_ARRAY -> gemini(status, body.isArray() ? body.path(0) : body);
            case CONVERSE ->
                new ErrorShape(
                        body.path("message").asText(),
                        answer.header("x-amzn-errortype").orElse(""));
        };
        assertThat(shape.message()).as("%s", answer).isNotBlank();
        assertThat(shape.kind()).as("%s", answer).isNotBlank();
        return shape;
    }

    private static ErrorShape gemini(int status, JsonNode body) {
        assertThat(body.path("error").path("code").asInt()).as("%s", body).isEqualTo(status);
        return of(body.path("error"), "status");
    }

    private static ErrorShape of(JsonNode error, String kind) {
        return new ErrorShape(error.path("message").asText(), error.path(kind).asText());
    }
}
