package dev.understudy.protocol.json;

import dev.understudy.engine.ErrorDetails;

/**
 * A request that its caller must correct before any target can answer it.
 *
 * <p>The message names the field, says what was expected and what to do next. It never repeats a value that might be a
 * secret. There is no stack trace: it is an answer to a caller, made for each bad request, and not a fault of ours.
 */
public final class BadRequest extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient ErrorDetails details;

    private BadRequest(int status, ErrorDetails details) {
        super(details.message(), null, false, false);
        this.status = status;
        this.details = details;
    }

    /** The body is not JSON, or not JSON of the form that is read here. */
    public static BadRequest notJson(String message) {
        return of(400, message, "", "invalid_json");
    }

    /** A field that must be there is not. */
    public static BadRequest missing(String field, String message) {
        return of(400, message, field, "missing_required_parameter");
    }

    /** A field's value is of the wrong type, or out of its range. */
    public static BadRequest invalid(String field, String message) {
        return of(400, message, field, "invalid_value");
    }

    /** A field that is not known where a spelling mistake would be costly. */
    public static BadRequest unknown(String field, String message) {
        return of(400, message, field, "unknown_parameter");
    }

    /** A field stands twice, so that two readers may understand it in two ways. */
    public static BadRequest duplicate(String field) {
        return of(
                400,
                "The request has the field '" + shown(field) + "' more than once. Send it once.",
                shown(field),
                "duplicate_parameter");
    }

    /** The request would send a call, and a key, to an address of the caller's choice. */
    public static BadRequest upstreamUrl(String field) {
        return of(
                400,
                "'" + field + "': a request may not set the upstream address. Configure a provider with that"
                        + " base-url and name it, or add the address to caller-urls of the provider.",
                field,
                "upstream_url_not_allowed");
    }

    /** The body is longer than is allowed. */
    public static BadRequest tooLarge(long bytes, long limit) {
        return of(
                413,
                "The request body has " + bytes + " bytes; at most " + limit
                        + " are accepted. Shorten the prompt, or let the operator raise the limit.",
                "",
                "request_too_large");
    }

    /** No model has the requested name; the message names the configured ones. */
    public static BadRequest unknownModel(String message) {
        return of(404, message, "model", "model_not_found");
    }

    /** The request excludes every target that could answer it. */
    public static BadRequest noTargetLeft() {
        return of(
                400,
                "The request excludes every target of its own chain. Exclude fewer models or providers, or name other"
                        + " fallbacks.",
                "",
                "no_target_left");
    }

    /** The conversation that the request continues is not known, in OpenAI's words. */
    public static BadRequest previousResponse(String id) {
        return of(
                400,
                "Previous response with id '" + shown(id) + "' not found. Send its conversation as 'input'.",
                "previous_response_id",
                "previous_response_not_found");
    }

    /** No target of the chain supports the request; the message says which target lacks what. */
    public static BadRequest unsupported(String message) {
        return of(400, message, "model", "unsupported");
    }

    /** The caller's key may not use the model, or no target of its chain. */
    public static BadRequest notPermitted(String message) {
        return new BadRequest(403, new ErrorDetails(message, "permission_error", "model", "model_not_permitted"));
    }

    private static BadRequest of(int status, String message, String field, String code) {
        return new BadRequest(status, new ErrorDetails(message, "invalid_request_error", field, code));
    }

    /** The HTTP status to answer with: 400, 403, 404 or 413. */
    public int status() {
        return status;
    }

    /** The error in OpenAI's four fields. */
    public ErrorDetails details() {
        return details;
    }

    /** A caller's own name for something, cut to a length that fits a message. */
    public static String shown(String name) {
        int limit = 80;
        StringBuilder printable = new StringBuilder(Math.min(name.length(), limit + 1));
        name.codePoints()
                .limit(limit)
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .forEach(printable::appendCodePoint);
        return name.codePointCount(0, name.length()) > limit ? printable + "…" : printable.toString();
    }
}
