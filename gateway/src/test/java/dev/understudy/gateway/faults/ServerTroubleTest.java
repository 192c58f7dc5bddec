package dev.understudy.gateway.faults;

import static dev.understudy.engine.FailureKind.MALFORMED;
import static dev.understudy.engine.FailureKind.NOT_READY;
import static dev.understudy.engine.FailureKind.OVERLOADED;
import static dev.understudy.engine.FailureKind.SERVER_ERROR;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The provider answers with an error: a status, its own error body, or a page of another system. */
@Timeout(120)
class ServerTroubleTest {

    static List<Fault> faults() {
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

    @ParameterizedTest
    @MethodSource("faults")
    void nextTargetAnswersAndTheErrorIsClearWithNoTargetLeft(Fault fault) {
        FaultRun.play(fault);
    }

    @AfterAll
    static void writeTable() {
        FailureTable.write();
    }
}
