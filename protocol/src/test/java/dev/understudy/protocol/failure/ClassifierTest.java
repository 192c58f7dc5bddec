package dev.understudy.protocol.failure;

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
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.HeaderLookup;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ClassifierTest {
    private static final String HTML = "<html><head><title>502 Bad Gateway</title></head><body>secret</body></html>";

    static Failure classify(int status, String body, String... headers) {
        return Classifier.classify(status, Headers.of(headers), body.getBytes(StandardCharsets.UTF_8), 0);
    }

    private static String openai(String message, String type, String code) {
        return "{\"error\":{\"message\":\"" + message + "\",\"type\":\"" + type + "\",\"param\":null,\"code\":"
                + (code.isEmpty() ? "null" : "\"" + code + "\"") + "}}";
    }

    private static String anthropic(String type, String message) {
        return "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"" + message
                + "\"},\"request_id\":\"req_1\"}";
    }

    private static String gemini(int code, String status, String message, String details) {
        return "{\"error\":{\"code\":" + code + ",\"message\":\"" + message + "\",\"status\":\"" + status
                + "\",\"details\":[" + details + "]}}";
    }

    static Stream<Arguments> rows() {
        String plan = "You exceeded your current quota, please check your plan and billing details.";
        String perDay = "{\"@type\":\"type.googleapis.com/google.rpc.QuotaFailure\",\"violations\":["
                + "{\"quotaId\":\"GenerateRequestsPerMinutePerProjectPerModel-FreeTier\"},"
                + "{\"quotaId\":\"GenerateRequestsPerDayPerProjectPerModel-FreeTier\"}]}";
        String perMinute = "{\"violations\":[{\"quotaId\":\"GenerateRequestsPerMinutePerProjectPerModel\"}]}";
        return Stream.of(
                // OpenAI
                arguments(429, openai(plan, "insufficient_quota", "insufficient_quota"), QUOTA),
                arguments(429, openai(plan, "insufficient_quota", "credit_balance_exhausted"), QUOTA),
                arguments(429, openai("x", "insufficient_quota", "project_spend_limit_exceeded"), QUOTA),
                arguments(429, openai("x", "", "organization_usage_limit_exceeded"), QUOTA),
                arguments(429, openai("Rate limit reached for gpt", "tokens", "rate_limit_exceeded"), RATE_LIMITED),
                arguments(429, openai("Slow down", "rate_limit_error", "slow_down"), RATE_LIMITED),
                arguments(503, openai("Slow down", "service_unavailable_error", "slow_down"), OVERLOADED),
                arguments(503, openai("Busy", "service_unavailable_error", "server_is_overloaded"), OVERLOADED),
                arguments(500, openai("The server had an error", "server_error", ""), SERVER_ERROR),
                arguments(
                        401,
                        openai("Incorrect API key provided: sk-ab", "invalid_request_error", "invalid_api_key"),
                        AUTH),
                arguments(
                        403,
                        openai("Country not supported", "request_forbidden", "unsupported_country_region_territory"),
                        FORBIDDEN),
                arguments(
                        403,
                        openai("Project x does not have access to model y", "invalid_request_error", "model_not_found"),
                        FORBIDDEN),
                arguments(
                        404,
                        openai("The model `x` does not exist", "invalid_request_error", "model_not_found"),
                        UNKNOWN_MODEL),
                arguments(
                        400,
                        openai(
                                "This model's maximum context length is 8192 tokens.",
                                "invalid_request_error",
                                "context_length_exceeded"),
                        CONTEXT_LENGTH),
                arguments(
                        400,
                        openai(
                                "Unsupported parameter: 'max_tokens' is not supported with this model.",
                                "invalid_request_error",
                                "unsupported_parameter"),
                        UNSUPPORTED),
                arguments(
                        400,
                        openai(
                                "Unsupported parameter: 'temperature' is not supported with this model.",
                                "invalid_request_error",
                                ""),
                        UNSUPPORTED),
                arguments(
                        400,
                        openai(
                                "Invalid content type. image_url is only supported by certain models.",
                                "invalid_request_error",
                                ""),
                        UNSUPPORTED),
                arguments(
                        400,
                        openai(
                                "Your request was rejected by the safety system",
                                "invalid_request_error",
                                "content_policy_violation"),
                        CONTENT_POLICY),
                arguments(
                        400,
                        openai("Invalid 'messages': empty array.", "invalid_request_error", "empty_array"),
                        BAD_REQUEST),
                arguments(422, openai("No", "invalid_request_error", ""), BAD_REQUEST),
                arguments(409, openai("Conflict", "", ""), SERVER_ERROR),
                // Azure
                arguments(
                        400,
                        "{\"error\":{\"code\":\"content_filter\",\"status\":400,\"message\":\"The response was filtered\",\"innererror\":{\"code\":\"ResponsibleAIPolicyViolation\"}}}",
                        CONTENT_POLICY),
                arguments(429, openai("The system is currently experiencing high demand", "", "429"), OVERLOADED),
                arguments(
                        429,
                        openai("The service is temporarily unable to process your request", "", "429"),
                        OVERLOADED),
                arguments(
                        429,
                        openai("Requests have exceeded token rate limit. Please retry after 37 seconds.", "", "429"),
                        RATE_LIMITED),
                arguments(
                        404,
                        openai("The API deployment for this resource does not exist", "", "DeploymentNotFound"),
                        UNKNOWN_MODEL),
                arguments(
                        429,
                        "{\"statusCode\":429,\"message\":\"Rate limit is exceeded. Try again in 10 seconds.\"}",
                        RATE_LIMITED),
                // Anthropic
                arguments(529, anthropic("overloaded_error", "Overloaded"), OVERLOADED),
                arguments(529, "", OVERLOADED),
                arguments(429, anthropic("rate_limit_error", "slow"), RATE_LIMITED),
                arguments(
                        429,
                        "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"cap\",\"details\":{\"error_code\":\"enforced_spend_limit_reached\"}}}",
                        QUOTA),
                arguments(
                        400,
                        anthropic("invalid_request_error", "Your credit balance is too low to access the API."),
                        QUOTA),
                arguments(
                        400,
                        anthropic("invalid_request_error", "You have reached your specified API usage limits."),
                        QUOTA),
                arguments(
                        429,
                        anthropic("rate_limit_error", "This request would exceed your monthly spend limit."),
                        QUOTA),
                arguments(
                        429,
                        anthropic("rate_limit_error", "This request would exceed your account's rate limit."),
                        RATE_LIMITED),
                arguments(
                        400,
                        anthropic("invalid_request_error", "`temperature` is deprecated for this model."),
                        UNSUPPORTED),
                arguments(
                        400,
                        anthropic(
                                "invalid_request_error",
                                "`temperature` and `top_p` cannot both be specified for this model."),
                        UNSUPPORTED),
                arguments(
                        400,
                        anthropic(
                                "invalid_request_error",
                                "max_tokens: 90000 > 64000, which is the maximum allowed number of output tokens"),
                        UNSUPPORTED),
                arguments(402, anthropic("billing_error", "pay"), QUOTA),
                arguments(401, anthropic("authentication_error", "invalid x-api-key"), AUTH),
                arguments(403, anthropic("permission_error", "no"), FORBIDDEN),
                arguments(404, anthropic("not_found_error", "model: claude-x"), UNKNOWN_MODEL),
                arguments(413, anthropic("request_too_large", "big"), CONTEXT_LENGTH),
                arguments(
                        400,
                        anthropic("invalid_request_error", "prompt is too long: 205351 tokens > 200000 maximum"),
                        CONTEXT_LENGTH),
                arguments(
                        400,
                        anthropic(
                                "invalid_request_error",
                                "input length and `max_tokens` exceed context limit: 1 + 2 > 2"),
                        CONTEXT_LENGTH),
                arguments(
                        400,
                        anthropic("invalid_request_error", "Output blocked by content filtering policy"),
                        CONTENT_POLICY),
                arguments(400, anthropic("invalid_request_error", "messages: roles must alternate"), BAD_REQUEST),
                arguments(500, anthropic("api_error", "Internal server error"), SERVER_ERROR),
                arguments(504, anthropic("timeout_error", "late"), SERVER_ERROR),
                // Gemini
                arguments(429, gemini(429, "RESOURCE_EXHAUSTED", plan, perDay), QUOTA),
                arguments(429, gemini(429, "RESOURCE_EXHAUSTED", plan, perMinute), RATE_LIMITED),
                arguments(429, "[" + gemini(429, "RESOURCE_EXHAUSTED", plan, perDay) + "]", QUOTA),
                arguments(429, gemini(429, "RESOURCE_EXHAUSTED", plan, ""), RATE_LIMITED),
                arguments(503, gemini(503, "UNAVAILABLE", "The model is overloaded.", ""), OVERLOADED),
                arguments(504, gemini(504, "DEADLINE_EXCEEDED", "late", ""), OVERLOADED),
                arguments(
                        400,
                        gemini(
                                400,
                                "INVALID_ARGUMENT",
                                "API key not valid. Please pass a valid API key.",
                                "{\"reason\":\"API_KEY_INVALID\"}"),
                        AUTH),
                arguments(
                        400,
                        gemini(
                                400,
                                "INVALID_ARGUMENT",
                                "The input token count (1) exceeds the maximum number of tokens allowed (0).",
                                ""),
                        CONTEXT_LENGTH),
                arguments(
                        400,
                        gemini(
                                400,
                                "INVALID_ARGUMENT",
                                "Invalid JSON payload received. Unknown name \\\"foo\\\": Cannot find field.",
                                ""),
                        UNSUPPORTED),
                arguments(
                        403,
                        gemini(403, "PERMISSION_DENIED", "This API method requires billing to be enabled.", ""),
                        QUOTA),
                arguments(403, gemini(403, "PERMISSION_DENIED", "Caller lacks permission", ""), FORBIDDEN),
                arguments(
                        404,
                        gemini(404, "NOT_FOUND", "models/x is not found, or is not supported for generateContent.", ""),
                        UNKNOWN_MODEL),
                arguments(500, gemini(500, "INTERNAL", "internal", ""), SERVER_ERROR),
                // Bedrock
                arguments(
                        429,
                        "{\"__type\":\"com.amazon.coral#ThrottlingException\",\"message\":\"Too many tokens, please wait before trying again.\"}",
                        RATE_LIMITED),
                arguments(429, "{\"__type\":\"ModelNotReadyException\",\"message\":\"wait\"}", NOT_READY),
                arguments(424, "{\"__type\":\"ModelErrorException\",\"message\":\"x\"}", OVERLOADED),
                arguments(408, "{\"__type\":\"ModelTimeoutException\",\"message\":\"x\"}", OVERLOADED),
                arguments(503, "{\"__type\":\"ServiceUnavailableException\",\"message\":\"x\"}", OVERLOADED),
                arguments(400, "{\"__type\":\"ServiceQuotaExceededException\",\"message\":\"x\"}", RATE_LIMITED),
                arguments(
                        400,
                        "{\"__type\":\"ValidationException\",\"message\":\"Input is too long for requested model.\"}",
                        CONTEXT_LENGTH),
                arguments(
                        400,
                        "{\"__type\":\"ValidationException\",\"message\":\"The provided model identifier is invalid.\"}",
                        UNKNOWN_MODEL),
                arguments(
                        403,
                        "{\"__type\":\"AccessDeniedException\",\"message\":\"You don't have access to the model with the specified model ID.\"}",
                        FORBIDDEN),
                arguments(
                        403,
                        "{\"__type\":\"AccessDeniedException\",\"message\":\"User is not authorized\"}",
                        FORBIDDEN),
                // OpenRouter
                arguments(402, "{\"error\":{\"code\":402,\"message\":\"Insufficient credits\"}}", QUOTA),
                arguments(403, "{\"error\":{\"code\":403,\"message\":\"Key limit exceeded (total limit).\"}}", QUOTA),
                arguments(
                        403,
                        "{\"error\":{\"code\":403,\"message\":\"x requires moderation. Your input was flagged\",\"metadata\":{\"reasons\":[\"violence\"]}}}",
                        FORBIDDEN),
                arguments(
                        404,
                        "{\"error\":{\"code\":404,\"message\":\"No endpoints found that support image input\"}}",
                        UNSUPPORTED),
                arguments(404, "{\"error\":{\"code\":404,\"message\":\"No endpoints found for x.\"}}", UNKNOWN_MODEL),
                arguments(400, "{\"error\":{\"code\":400,\"message\":\"x is not a valid model ID\"}}", UNKNOWN_MODEL),
                arguments(
                        400,
                        "{\"error\":{\"code\":400,\"message\":\"Provider returned error\",\"metadata\":{\"raw\":\"{\\\"error\\\":{\\\"message\\\":\\\"prompt is too long\\\"}}\",\"provider_name\":\"X\"}}}",
                        CONTEXT_LENGTH),
                arguments(502, "{\"error\":{\"code\":502,\"message\":\"Provider returned error\"}}", SERVER_ERROR),
                // Groq
                arguments(
                        413,
                        openai("Request too large for model x on tokens per minute", "tokens", "rate_limit_exceeded"),
                        RATE_LIMITED),
                arguments(498, openai("Flex tier capacity exceeded", "", ""), OVERLOADED),
                arguments(
                        400,
                        openai("The model x has been decommissioned", "invalid_request_error", "model_decommissioned"),
                        UNKNOWN_MODEL),
                // Mistral, FastAPI
                arguments(
                        422,
                        "{\"object\":\"error\",\"message\":{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"store\"],\"msg\":\"Extra inputs are not permitted\",\"input\":false}]},\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}",
                        UNSUPPORTED),
                arguments(
                        422,
                        "{\"detail\":[{\"type\":\"float_type\",\"loc\":[\"body\",\"top_p\"],\"msg\":\"Input should be a valid number\"}]}",
                        BAD_REQUEST),
                arguments(
                        400,
                        "{\"object\":\"error\",\"message\":\"Invalid model: x\",\"type\":\"invalid_model\",\"code\":\"1500\"}",
                        UNKNOWN_MODEL),
                arguments(
                        429,
                        "{\"object\":\"error\",\"message\":\"Service tier capacity exceeded for this model.\",\"type\":\"service_tier_capacity_exceeded\",\"code\":\"3505\"}",
                        OVERLOADED),
                // DeepSeek
                arguments(402, openai("Insufficient Balance", "unknown_error", "invalid_request_error"), QUOTA),
                arguments(
                        400,
                        openai("Model Not Exist", "invalid_request_error", "invalid_request_error"),
                        UNKNOWN_MODEL),
                arguments(
                        400,
                        openai("Content Exists Risk", "invalid_request_error", "invalid_request_error"),
                        CONTENT_POLICY),
                // vLLM, llama.cpp, Ollama, Hugging Face
                arguments(
                        400,
                        "{\"object\":\"error\",\"message\":\"max_tokens must be at least 1, got -186.\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}",
                        BAD_REQUEST),
                arguments(
                        400,
                        "{\"error\":{\"message\":\"You passed 1015 input tokens. However, the model's context length is only 1024 tokens\",\"type\":\"BadRequestError\",\"param\":\"input_tokens\",\"code\":400}}",
                        CONTEXT_LENGTH),
                arguments(
                        404,
                        "{\"object\":\"error\",\"message\":\"The model x does not exist.\",\"type\":\"NotFoundError\",\"code\":404}",
                        UNKNOWN_MODEL),
                arguments(
                        400,
                        "{\"error\":{\"code\":400,\"message\":\"request exceeds\",\"type\":\"exceed_context_size_error\"}}",
                        CONTEXT_LENGTH),
                arguments(
                        503,
                        "{\"error\":{\"code\":503,\"message\":\"Loading model\",\"type\":\"unavailable_error\"}}",
                        NOT_READY),
                arguments(404, "{\"error\":\"model \\\"x\\\" not found, try pulling it first\"}", UNKNOWN_MODEL),
                arguments(400, "{\"error\":\"llama x does not support tools\"}", UNSUPPORTED),
                arguments(503, "{\"error\":\"Model x is currently loading\",\"estimated_time\":20.0}", NOT_READY),
                // Proxies
                arguments(500, "upstream connect error or disconnect/reset before headers", SERVER_ERROR),
                arguments(
                        400,
                        "{\"error\":{\"message\":\"{\\\"error\\\":{\\\"code\\\":\\\"context_length_exceeded\\\",\\\"message\\\":\\\"long\\\"}}\"}}",
                        CONTEXT_LENGTH),
                arguments(400, "data: {\"error\":{\"message\":\"x\",\"code\":\"insufficient_quota\"}}\n\n", QUOTA),
                arguments(502, HTML, SERVER_ERROR),
                arguments(404, HTML, UNKNOWN_MODEL),
                arguments(403, HTML, FORBIDDEN),
                arguments(413, HTML, CONTEXT_LENGTH),
                // 2xx
                arguments(200, "{\"error\":{\"code\":502,\"message\":\"x\"}}", SERVER_ERROR),
                arguments(200, "{\"error\":\"out of memory\"}", SERVER_ERROR),
                arguments(200, openai("x", "invalid_request_error", ""), BAD_REQUEST),
                arguments(200, HTML, MALFORMED),
                arguments(200, "{}", MALFORMED));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("rows")
    void everyKnownShape(int status, String body, FailureKind kind) {
        assertThat(classify(status, body).kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({
        "100, MALFORMED",
        "101, MALFORMED",
        "204, MALFORMED",
        "301, MALFORMED",
        "302, MALFORMED",
        "304, MALFORMED",
        "400, BAD_REQUEST",
        "401, AUTH",
        "402, QUOTA",
        "403, FORBIDDEN",
        "404, UNKNOWN_MODEL",
        "405, UNKNOWN_MODEL",
        "406, BAD_REQUEST",
        "407, AUTH",
        "408, SERVER_ERROR",
        "409, SERVER_ERROR",
        "410, UNKNOWN_MODEL",
        "413, CONTEXT_LENGTH",
        "415, BAD_REQUEST",
        "422, BAD_REQUEST",
        "424, SERVER_ERROR",
        "425, SERVER_ERROR",
        "429, RATE_LIMITED",
        "431, BAD_REQUEST",
        "451, BAD_REQUEST",
        "498, OVERLOADED",
        "499, SERVER_ERROR",
        "500, SERVER_ERROR",
        "501, UNSUPPORTED",
        "502, SERVER_ERROR",
        "503, SERVER_ERROR",
        "504, SERVER_ERROR",
        "520, SERVER_ERROR",
        "524, SERVER_ERROR",
        "529, OVERLOADED",
        "599, SERVER_ERROR",
        "999, MALFORMED"
    })
    void theStatusAlone(int status, FailureKind kind) {
        Failure failure = classify(status, "");

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure.message()).isEqualTo("empty body");
    }

    @Test
    void theProvidersMessageIsKept() {
        assertThat(classify(400, "{\"error\":{\"message\":\"m\",\"type\":\"t\",\"param\":\"p\",\"code\":\"c\"}}")
                        .details())
                .isEqualTo(new ErrorDetails("m", "t", "p", "c"));
        assertThat(classify(400, "{\"error\":{\"message\":\"m\",\"type\":null,\"param\":null,\"code\":400}}")
                        .details())
                .isEqualTo(new ErrorDetails("m", "", "", "400"));
        assertThat(classify(
                                422,
                                "{\"detail\":[{\"loc\":[\"body\",\"top_p\"],\"msg\":\"bad\"},{\"loc\":[\"body\",\"n\"],\"msg\":\"worse\"}]}")
                        .details())
                .isEqualTo(new ErrorDetails("top_p: bad; n: worse", "", "top_p", ""));
    }

    @Test
    void anAmazonErrorIsNamedInAHeader() {
        assertThat(classify(429, "{\"message\":\"x\"}", "x-amzn-ErrorType", "ModelNotReadyException:http://internal/")
                        .kind())
                .isEqualTo(NOT_READY);
    }

    @Test
    void aCutErrorBodyIsStillClassified() {
        Failure failure = classify(429, "{\"error\":{\"message\":\"m\",\"code\":\"insufficient_quota\",\"par");

        assertThat(failure.kind()).isEqualTo(QUOTA);
        assertThat(failure.message()).isEqualTo("m");
    }

    @Test
    void htmlIsNeverRepeated() {
        assertThat(classify(502, HTML).message()).isEqualTo("HTML body: 502 Bad Gateway");
        assertThat(classify(502, "<!doctype html><p>secret").message()).isEqualTo("HTML body");
    }

    @Test
    void keysAndControlCharactersDoNotGetThrough() {
        String body = openai(
                "Incorrect API key provided: sk-proj-abc***xyz.\\u001b[31m\\nBearer abcdefgh12 at AIzaSyA1234567890 task-force-one",
                "",
                "");

        assertThat(classify(401, body).message())
                .isEqualTo(
                        "Incorrect API key provided: [redacted] [31m Bearer [redacted] at [redacted] task-force-one");
    }

    @Test
    void messagesDoNotGrowWithoutEnd() {
        assertThat(classify(500, openai("x".repeat(100_000), "", "")).message()).hasSize(1_000);
        assertThat(classify(500, "y".repeat(100_000)).message()).hasSize(1_000);
    }

    @Test
    void aHundredThousandComplaintsAreReadInNoTime() {
        String complaints = "{\"loc\":[\"body\",\"x\"],\"msg\":\"Extra inputs are not permitted\"},".repeat(100_000);

        assertThat(classify(422, "{\"detail\":[" + complaints + "{}]}").message())
                .hasSize(1_000);
    }

    @Test
    void anErrorInBandHasTheStatusThatItNames() {
        assertThat(inBand("{\"error\":{\"code\":429,\"message\":\"x\"}}"))
                .returns(RATE_LIMITED, Failure::kind)
                .returns(429, Failure::status);
        assertThat(inBand("{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"))
                .returns(OVERLOADED, Failure::kind)
                .returns(0, Failure::status);
        assertThat(inBand("{\"object\":\"error\",\"message\":\"x\",\"type\":\"BadRequestError\",\"code\":400}")
                        .kind())
                .isEqualTo(BAD_REQUEST);
        assertThat(inBand("{\"error\":\"rate limit hit\"}").kind()).isEqualTo(RATE_LIMITED);
        assertThat(inBand("").kind()).isEqualTo(SERVER_ERROR);
    }

    @Test
    void hintsAreGivenWhereTheyHelp() {
        assertThat(classify(429, "", "retry-after", "2").retryAfter()).hasValue(2_000_000_000L);
        assertThat(classify(503, "", "retry-after", "2").retryAfter()).hasValue(2_000_000_000L);
        assertThat(classify(400, "", "retry-after", "2").retryAfter()).isEmpty();
        assertThat(classify(429, gemini(429, "RESOURCE_EXHAUSTED", "x", "{\"retryDelay\":\"34.4s\"}"))
                        .retryAfter())
                .hasValue(34_400_000_000L);
        assertThat(classify(429, openai("Please try again in 6m0s.", "requests", "rate_limit_exceeded"))
                        .retryAfter())
                .hasValue(360_000_000_000L);
        assertThat(classify(503, "{\"error\":\"Model x is currently loading\",\"estimated_time\":20.5}")
                        .retryAfter())
                .hasValue(20_500_000_000L);
    }

    @Test
    void aDaysQuotaDoesNotComeBackInSeconds() {
        String body = gemini(
                429,
                "RESOURCE_EXHAUSTED",
                "Please retry in 20s",
                "{\"violations\":[{\"quotaId\":\"GenerateRequestsPerDay\"}]},{\"retryDelay\":\"20s\"}");

        assertThat(classify(429, body).retryAfter()).isEmpty();
    }

    private static Failure inBand(String json) {
        byte[] bytes = ("xx" + json + "yy").getBytes(StandardCharsets.UTF_8);
        return Classifier.inBand(bytes, 2, bytes.length - 4);
    }

    @Test
    void noHeadersAreFine() {
        assertThat(Classifier.classify(500, HeaderLookup.NONE, new byte[0], 0).kind())
                .isEqualTo(SERVER_ERROR);
    }
}
