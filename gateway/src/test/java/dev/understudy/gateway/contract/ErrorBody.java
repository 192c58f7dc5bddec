package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonValue;
import dev.understudy.testing.wire.RawAnswer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An error as OpenAI's clients read it; {@code null} in the body is an empty text here. */
record ErrorBody(String message, String type, String param, String code, List<JsonValue.Obj> attempts) {

    /** Reads an answer's body, which must have exactly the shape of OpenAI's errors and our {@code attempts}. */
    static ErrorBody of(RawAnswer answer) {
        assertThat(answer.header("content-type")).as("%s", answer).contains("application/json");
        return of(answer.body());
    }

    static ErrorBody of(String json) {
        JsonValue.Obj body = object(parsed(json));
        assertThat(body.members().keySet()).containsExactly("error");
        JsonValue.Obj error = object(body.members().get("error"));
        assertThat(error.members().keySet()).containsExactly("message", "type", "param", "code", "attempts");
        List<JsonValue.Obj> attempts = ((JsonValue.Arr) error.members().get("attempts"))
                .items().stream().map(ErrorBody::object).toList();
        ErrorBody read = new ErrorBody(
                text(error, "message"), text(error, "type"), text(error, "param"), text(error, "code"), attempts);
        assertThat(read.message()).isNotBlank();
        assertThat(read.type()).isNotBlank();
        return read;
    }

    static JsonValue parsed(String json) {
        try {
            return JsonValue.read("the answer", json.getBytes(StandardCharsets.UTF_8));
        } catch (BadRequest wrong) {
            throw new AssertionError("not JSON: " + json, wrong);
        }
    }

    static JsonValue.Obj object(JsonValue value) {
        assertThat(value).isInstanceOf(JsonValue.Obj.class);
        return (JsonValue.Obj) value;
    }

    static String text(JsonValue.Obj object, String name) {
        return object.get(name).map(value -> ((JsonValue.Text) value).value()).orElse("");
    }
}
