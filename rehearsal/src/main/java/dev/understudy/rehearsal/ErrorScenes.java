package dev.understudy.rehearsal;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** The acts that answer with a well-formed error. The texts are OpenAI's, by which its errors are classified. */
final class ErrorScenes {

    private static final String INVALID_REQUEST = "invalid_request_error";

    private ErrorScenes() {}

    static Script down(Cue cue) {
        return play(
                cue,
                ProviderError.of(
                        503, "server_error", "service_unavailable", "The service is down for this rehearsal."));
    }

    static Script error(Cue cue) {
        return play(cue, ProviderError.of(500, "server_error", "Something went wrong in this rehearsal."));
    }

    static Script overloaded(Cue cue) {
        return play(
                cue,
                ProviderError.of(
                        503,
                        "service_unavailable_error",
                        "server_is_overloaded",
                        "The rehearsal pretends to have no capacity left."));
    }

    static Script throttled(Cue cue) {
        ProviderError error = ProviderError.of(
                        429, "requests", "rate_limit_exceeded", "Rate limit reached for requests per minute.")
                .withStatus(cue.parameters().status());
        Duration after = cue.parameters().duration("after");
        HttpHead head = error.head();
        switch (cue.parameters().choice("hint", "seconds", "ms", "date", "none")) {
            case "seconds" -> head.with("retry-after", seconds(after));
            case "ms" -> head.with("retry-after-ms", after.toMillis());
            case "date" ->
                head.with(
                        "retry-after",
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                ZonedDateTime.now(ZoneOffset.UTC).plus(after)));
            default -> {
                // "none": the caller is left to guess.
            }
        }
        return play(cue, head, error.body());
    }

    static Script quota(Cue cue) {
        return play(
                cue,
                ProviderError.of(
                        429,
                        "insufficient_quota",
                        "insufficient_quota",
                        "You exceeded your current quota; this account has no credit left."));
    }

    static Script unauthorized(Cue cue) {
        return play(cue, ProviderError.of(401, INVALID_REQUEST, "invalid_api_key", "Incorrect API key provided."));
    }

    static Script forbidden(Cue cue) {
        return play(
                cue, ProviderError.of(403, "request_forbidden", "access_denied", "This key may not use the model."));
    }

    static Script missing(Cue cue) {
        return play(
                cue,
                new ProviderError(
                        404,
                        INVALID_REQUEST,
                        "model_not_found",
                        "model",
                        "The model '" + cue.request().model() + "' does not exist or you do not have access to it."));
    }

    static Script tooLong(Cue cue) {
        return play(
                cue,
                new ProviderError(
                        400,
                        INVALID_REQUEST,
                        "context_length_exceeded",
                        "messages",
                        "This model's maximum context length is 8 tokens. However, your messages resulted in "
                                + Math.max(9, cue.request().promptTokens()) + " tokens."));
    }

    static Script badRequest(Cue cue) {
        return play(
                cue,
                new ProviderError(
                        400, INVALID_REQUEST, "invalid_value", "messages", "This rehearsal refuses every request."));
    }

    static Script filtered(Cue cue) {
        return switch (cue.parameters().choice("mode", "status", "finish")) {
            case "finish" -> filteredAtTheEnd(cue);
            default ->
                play(
                        cue,
                        new ProviderError(
                                400,
                                INVALID_REQUEST,
                                "content_filter",
                                "prompt",
                                "The prompt triggered the provider's content management policy."));
        };
    }

    /** The error of a provider whose models do not support prefill. */
    static Script prefillRefused(Cue cue) {
        ProviderError error = ProviderError.of(
                400,
                INVALID_REQUEST,
                "This model does not support assistant message prefill. The conversation must end with a user message.");
        return play(cue, error.head(), error.body());
    }

    private static Script filteredAtTheEnd(Cue cue) {
        Answer shown = new Answer(cue.answer().first(cue.parameters().count("at")), "content_filter");
        if (cue.request().stream()) {
            return StreamWriter.open(cue).role().content(shown.pieces()).finishWell(shown);
        }
        return BodyWriter.after(cue.ttft(), cue).json(new ChatJson(cue).completion(shown));
    }

    private static Script play(Cue cue, ProviderError error) {
        ProviderError answered = error.withStatus(cue.parameters().status());
        return play(cue, answered.head(), answered.body());
    }

    private static Script play(Cue cue, HttpHead head, Buffer body) {
        return Script.begin()
                .pause(cue.ttft())
                .send(head.with("x-request-id", "req_" + cue.id()).withBody(body))
                .nextRequest();
    }

    /** Whole seconds as providers write them, and fractions only where there are some. */
    private static String seconds(Duration time) {
        return time.toMillisPart() == 0 ? String.valueOf(time.toSeconds()) : String.valueOf(time.toMillis() / 1000.0);
    }
}
