package dev.understudy.protocol.dialect;

import static dev.understudy.engine.Concern.CREDENTIAL;
import static dev.understudy.engine.Concern.CREDENTIAL_SUSPECTED;
import static dev.understudy.engine.Concern.REQUEST;
import static dev.understudy.engine.Concern.TARGET;
import static dev.understudy.engine.FailureKind.AUTH;
import static dev.understudy.engine.FailureKind.BAD_REQUEST;
import static dev.understudy.engine.FailureKind.FORBIDDEN;
import static dev.understudy.engine.FailureKind.INVALID_OUTPUT;
import static dev.understudy.engine.FailureKind.QUOTA;
import static dev.understudy.engine.FailureKind.RATE_LIMITED;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.understudy.engine.Concern;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.neutral.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An error in the middle of a 200 concerns the same as under its own status, whichever dialect it is told in. */
class WhoseFaultInDialectsTest {
    private static final String FLAGGED =
            "{\"error\":{\"code\":403,\"message\":\"m requires moderation. Your input was "
                    + "flagged for \\\"misc\\\". No credits were charged.\",\"metadata\":{\"reasons\":[\"misc\"]}}}";
    private static final String STALE =
            "{\"code\":\"previous_response_not_found\",\"message\":\"Previous response with id 'resp_1' not found.\"}";

    static Stream<Arguments> frames() {
        return Stream.of(
                arguments(FuzzSeeds.CHAT, "", FLAGGED, FORBIDDEN, REQUEST),
                arguments(
                        FuzzSeeds.CHAT,
                        "",
                        "{\"id\":\"gen-1\",\"provider\":\"OpenAI\",\"choices\":[],\"error\":{\"code\":429,\"message\":"
                                + "\"You exceeded your current quota\"}}",
                        QUOTA,
                        TARGET),
                arguments(
                        FuzzSeeds.CHAT,
                        "error",
                        "{\"error\":{\"message\":\"Failed to call a function.\",\"code\":\"tool_use_failed\"}}",
                        INVALID_OUTPUT,
                        TARGET),
                arguments(
                        FuzzSeeds.RESPONSES,
                        "error",
                        "{\"type\":\"error\"," + STALE.substring(1),
                        BAD_REQUEST,
                        REQUEST),
                arguments(
                        FuzzSeeds.RESPONSES,
                        "response.failed",
                        "{\"type\":\"response.failed\",\"response\":{\"id\":\"resp_2\",\"status\":\"failed\",\"error\":"
                                + STALE + "}}",
                        BAD_REQUEST,
                        REQUEST),
                arguments(
                        FuzzSeeds.RESPONSES,
                        "response.failed",
                        "{\"type\":\"response.failed\",\"response\":{\"id\":\"resp_2\",\"status\":\"failed\",\"error\":{"
                                + "\"code\":\"rate_limit_exceeded\",\"message\":\"Request too large for m on tokens per "
                                + "min (TPM): Limit 30000, Requested 45000.\"}}}",
                        RATE_LIMITED,
                        REQUEST),
                arguments(
                        FuzzSeeds.RESPONSES,
                        "response.failed",
                        "{\"type\":\"response.failed\",\"response\":{\"id\":\"resp_2\",\"status\":\"failed\",\"error\":{"
                                + "\"code\":\"invalid_image_url\",\"message\":\"x\"}}}",
                        BAD_REQUEST,
                        REQUEST),
                arguments(
                        FuzzSeeds.ANTHROPIC,
                        "error",
                        "{\"type\":\"error\",\"error\":{\"type\":\"permission_error\",\"message\":\"no\"}}",
                        FORBIDDEN,
                        REQUEST),
                arguments(
                        FuzzSeeds.ANTHROPIC,
                        "error",
                        "{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":\"no\"}}",
                        AUTH,
                        CREDENTIAL_SUSPECTED),
                arguments(
                        FuzzSeeds.GEMINI,
                        "",
                        "{\"error\":{\"code\":429,\"message\":\"x\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{"
                                + "\"violations\":[{\"quotaId\":\"GenerateRequestsPerDayPerProjectPerModel\"}]}]}}",
                        QUOTA,
                        TARGET),
                arguments(
                        FuzzSeeds.GEMINI,
                        "",
                        "{\"error\":{\"code\":403,\"message\":\"no\",\"status\":\"PERMISSION_DENIED\"}}",
                        FORBIDDEN,
                        REQUEST),
                arguments(FuzzSeeds.BEDROCK, "!accessDeniedException", "{\"message\":\"no\"}", FORBIDDEN, REQUEST),
                arguments(FuzzSeeds.BEDROCK, "!expiredTokenException", "{\"message\":\"x\"}", AUTH, CREDENTIAL),
                arguments(
                        FuzzSeeds.BEDROCK,
                        "!throttlingException",
                        "{\"message\":\"Too many tokens per day, please wait before trying again.\"}",
                        QUOTA,
                        TARGET),
                arguments(
                        FuzzSeeds.BEDROCK,
                        "!modelStreamErrorException",
                        "{\"message\":\"x\",\"originalStatusCode\":400,\"originalMessage\":\"bad\"}",
                        BAD_REQUEST,
                        REQUEST));
    }

    @ParameterizedTest(name = "{1} {2}")
    @MethodSource("frames")
    void inAStream(FuzzSeeds seeds, String name, String json, FailureKind kind, Concern concern) {
        byte[] data = json.getBytes(UTF_8);
        boolean exception = name.startsWith("!");
        List<Failure> failures = new ArrayList<>();

        boolean readable = seeds.dialect()
                .streamReader()
                .read(new Frame(exception ? name.substring(1) : name, exception, data, 0, data.length), event -> {
                    if (event instanceof StreamEvent.Failed failed) {
                        failures.add(failed.failure());
                    }
                });

        assertThat(readable).isTrue();
        assertThat(failures).singleElement().returns(kind, Failure::kind).returns(concern, Failure::concern);
    }

    static Stream<FuzzSeeds> dialects() {
        return FuzzSeeds.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void inAWholeAnswer(FuzzSeeds seeds) {
        byte[] body = FLAGGED.getBytes(UTF_8);

        InvalidAnswer none =
                catchThrowableOfType(InvalidAnswer.class, () -> seeds.dialect().readAnswer(body, 0, body.length));

        assertThat(none.failure())
                .returns(FORBIDDEN, Failure::kind)
                .returns(REQUEST, Failure::concern)
                .returns(403, Failure::status);
    }
}
