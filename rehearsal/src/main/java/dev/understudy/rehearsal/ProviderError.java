package dev.understudy.rehearsal;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * An error in the shape of OpenAI's API.
 *
 * @param status the HTTP status
 * @param type {@code error.type}
 * @param code {@code error.code}, if it has one
 * @param param {@code error.param}, if it has one
 * @param message {@code error.message}
 */
record ProviderError(
        int status,
        String type,
        @Nullable String code,
        @Nullable String param,
        String message) {

    /** An error that names neither a code nor a parameter. */
    static ProviderError of(int status, String type, String message) {
        return new ProviderError(status, type, null, null, message);
    }

    static ProviderError of(int status, String type, String code, String message) {
        return new ProviderError(status, type, code, null, message);
    }

    /** A fault of the request itself. */
    static ProviderError badRequest(BadCue bad) {
        String param = bad.parameter().isEmpty() ? null : bad.parameter();
        return new ProviderError(400, "invalid_request_error", null, param, bad.sentence());
    }

    ProviderError withStatus(int other) {
        return new ProviderError(other, type, code, param, message);
    }

    /** What stands inside {@code error}. */
    String inner() {
        return "{\"message\":" + ChatJson.quote(message) + ",\"type\":" + ChatJson.quote(type) + ",\"param\":"
                + quoteOrNull(param) + ",\"code\":" + quoteOrNull(code) + "}";
    }

    String json() {
        return "{\"error\":" + inner() + "}";
    }

    /** The head of a response that carries this error; more headers may be added. */
    HttpHead head() {
        return HttpHead.http11(status).with("content-type", "application/json");
    }

    Buffer body() {
        return Buffer.buffer(json());
    }

    private static String quoteOrNull(@Nullable String text) {
        return text == null ? "null" : ChatJson.quote(text);
    }
}
