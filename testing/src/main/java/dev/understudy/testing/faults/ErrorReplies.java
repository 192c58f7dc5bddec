package dev.understudy.testing.faults;

import static dev.understudy.engine.FailureKind.AUTH;
import static dev.understudy.engine.FailureKind.BAD_REQUEST;
import static dev.understudy.engine.FailureKind.CONTENT_POLICY;
import static dev.understudy.engine.FailureKind.CONTEXT_LENGTH;
import static dev.understudy.engine.FailureKind.FORBIDDEN;
import static dev.understudy.engine.FailureKind.MALFORMED;
import static dev.understudy.engine.FailureKind.NOT_READY;
import static dev.understudy.engine.FailureKind.OVERLOADED;
import static dev.understudy.engine.FailureKind.QUOTA;
import static dev.understudy.engine.FailureKind.RATE_LIMITED;
import static dev.understudy.engine.FailureKind.SERVER_ERROR;
import static dev.understudy.engine.FailureKind.UNKNOWN_MODEL;
import static dev.understudy.engine.FailureKind.UNSUPPORTED;

import java.util.List;

/** Upstreams that answer with an error: they are in trouble, or well and do not want to. Every surface plays these rows. */
public final class ErrorReplies {
    private static final String LIMITED =
            Answers.error("Rate limit reached for requests", "requests", "rate_limit_exceeded");

    private ErrorReplies() {}

    /** A status of trouble, an error body, or a page of another system. */
    public static List<Fault> serverTrouble() {
        return List.of(
                Fault.status("says 500", SERVER_ERROR, 500, Answers.error()),
                Fault.status("says 502", SERVER_ERROR, 502, Answers.error()),
                Fault.status("says 503", SERVER_ERROR, 503, Answers.error()),
                Fault.status("says 504", SERVER_ERROR, 504, Answers.error()),
                Fault.status("says 408", SERVER_ERROR, 408, Answers.error()),
                Fault.status("says 500 with an empty body", SERVER_ERROR, 500, ""),
                Fault.status("says 500 in plain text", SERVER_ERROR, 500, "Internal Server Error"),
                Fault.status("says 502 with a page", SERVER_ERROR, 502, "<html><title>502 Bad Gateway</title></html>"),
                Fault.status("says 500 with an error that is cut", SERVER_ERROR, 500, "{\"error\":{\"mess"),
                // A hint makes the retry at once pointless; only the last target is worth waiting for.
                Fault.status("says 503 with Retry-After", SERVER_ERROR, 503, Answers.error(), "Retry-After: 0.05")
                        .withAttempts(1, 4),
                Fault.status("redirects", MALFORMED, 302, "", "Location: /login"),
                Fault.status(
                        "says 529 overloaded_error",
                        OVERLOADED,
                        529,
                        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"),
                Fault.status("says 529 and nothing else", OVERLOADED, 529, ""),
                Fault.status(
                                "says 503 server_is_overloaded",
                                OVERLOADED,
                                503,
                                Answers.error("Overloaded", "server_error", "server_is_overloaded"))
                        .withCode("server_is_overloaded"),
                Fault.status(
                                "says 503 slow_down",
                                OVERLOADED,
                                503,
                                Answers.error("Slow down", "server_error", "slow_down"))
                        .withCode("slow_down"),
                Fault.status(
                                "says 503 UNAVAILABLE (Gemini)",
                                OVERLOADED,
                                503,
                                "[{\"error\":{\"code\":503,\"message\":\"The model is overloaded.\",\"status\":\"UNAVAILABLE\"}}]")
                        .withCode("503"),
                Fault.status(
                                "says 429 for high demand (Azure)",
                                OVERLOADED,
                                429,
                                Answers.error("The system is experiencing high demand", "", "429"))
                        .withCode("429"),
                Fault.status(
                        "says 424 ModelErrorException (Bedrock)",
                        OVERLOADED,
                        424,
                        "{\"message\":\"The model failed\"}",
                        "x-amzn-ErrorType: ModelErrorException"),
                Fault.status(
                        "says 408 ModelTimeoutException (Bedrock)",
                        OVERLOADED,
                        408,
                        "{\"message\":\"The model took too long\"}",
                        "x-amzn-ErrorType: ModelTimeoutException"),
                Fault.status(
                        "says 429 ModelNotReadyException (Bedrock)",
                        NOT_READY,
                        429,
                        "{\"message\":\"The model is not ready\"}",
                        "x-amzn-ErrorType: ModelNotReadyException"));
    }

    /** Limits of rate and money. */
    public static List<Fault> limits() {
        return List.of(
                // Each hint is short enough to wait for: two requests, the second after the time of the hint.
                Fault.status("says 429 with a short hint", RATE_LIMITED, 429, LIMITED, "retry-after-ms: 40")
                        .withCode("rate_limit_exceeded")
                        .withAttempts(2, 6),
                Fault.status(
                                "says 429 with a short RetryInfo (Gemini)",
                                RATE_LIMITED,
                                429,
                                "{\"error\":{\"code\":429,\"message\":\"Resource exhausted\",\"status\":\"RESOURCE_EXHAUSTED\","
                                        + "\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"0.04s\"}]}}")
                        .withCode("429")
                        .withAttempts(2, 6),
                Fault.status("says 429 with a long hint", RATE_LIMITED, 429, LIMITED, "Retry-After: 30")
                        .withCode("rate_limit_exceeded"),
                // Without a hint only the last target, which has no fallback, is retried.
                Fault.status("says 429 without a hint", RATE_LIMITED, 429, LIMITED)
                        .withCode("rate_limit_exceeded")
                        .withAttempts(1, 4),
                Fault.status(
                                "says 429 insufficient_quota",
                                QUOTA,
                                429,
                                Answers.error(
                                        "You exceeded your current quota", "insufficient_quota", "insufficient_quota"))
                        .withCode("insufficient_quota"),
                Fault.status("says 402", QUOTA, 402, Answers.error("Insufficient Balance", "unknown_error", "")),
                Fault.status(
                        "says 400 for a credit balance that is too low (Anthropic)",
                        QUOTA,
                        400,
                        "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"Your credit balance is too low\"}}"),
                Fault.status(
                                "says 429 for a quota per day (Gemini)",
                                QUOTA,
                                429,
                                "{\"error\":{\"code\":429,\"message\":\"You exceeded your current quota\",\"status\":\"RESOURCE_EXHAUSTED\","
                                        + "\"details\":[{\"violations\":[{\"quotaId\":\"GenerateRequestsPerDayPerProjectPerModel\"}]},"
                                        + "{\"retryDelay\":\"0.04s\"}]}}")
                        .withCode("429"));
    }

    /** Keys, access and names of models. */
    public static List<Fault> keysAndNames() {
        return List.of(
                Fault.status(
                                "says 401",
                                AUTH,
                                401,
                                Answers.error(
                                        "Incorrect API key provided: key-of-****",
                                        "invalid_request_error",
                                        "invalid_api_key"))
                        .withCode("invalid_api_key"),
                Fault.status("says 401 with an empty body", AUTH, 401, ""),
                Fault.status(
                        "says 403", FORBIDDEN, 403, Answers.error("You have no access here", "permission_error", "")),
                Fault.status(
                                "says 404 model_not_found",
                                UNKNOWN_MODEL,
                                404,
                                Answers.error("The model does not exist", "invalid_request_error", "model_not_found"))
                        .withCode("model_not_found"),
                Fault.status("says 404 with a page", UNKNOWN_MODEL, 404, "<html><title>404 Not Found</title></html>"));
    }

    /** Requests that the provider calls wrong. */
    public static List<Fault> requests() {
        return List.of(
                Fault.status(
                                "says 400 context_length_exceeded",
                                CONTEXT_LENGTH,
                                400,
                                Answers.error("Too long", "invalid_request_error", "context_length_exceeded"))
                        .withCode("context_length_exceeded"),
                Fault.status("says 413", CONTEXT_LENGTH, 413, "Payload Too Large")
                        .endsWith(413),
                Fault.status(
                        "says 400: prompt is too long (Anthropic)",
                        CONTEXT_LENGTH,
                        400,
                        "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"prompt is too long: 210000 tokens > 200000 maximum\"}}"),
                Fault.status(
                                "says 400 content_filter",
                                CONTENT_POLICY,
                                400,
                                Answers.error("The prompt was filtered", "invalid_request_error", "content_filter"))
                        .withCode("content_filter"),
                Fault.status(
                                "says 400 unsupported_parameter",
                                UNSUPPORTED,
                                400,
                                Answers.error(
                                        "'logprobs' is not supported here",
                                        "invalid_request_error",
                                        "unsupported_parameter"))
                        .withCode("unsupported_parameter"),
                Fault.status(
                        "says 400", BAD_REQUEST, 400, Answers.error("messages: wrong", "invalid_request_error", "")),
                Fault.status("says 400 with an empty body", BAD_REQUEST, 400, ""),
                Fault.status(
                                "says 422",
                                BAD_REQUEST,
                                422,
                                "{\"detail\":[{\"loc\":[\"body\",\"messages\"],\"msg\":\"Field required\",\"type\":\"missing\"}]}")
                        .endsWith(422));
    }
}
