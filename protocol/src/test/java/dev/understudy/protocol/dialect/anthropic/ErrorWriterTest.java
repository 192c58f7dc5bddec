package dev.understudy.protocol.dialect.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.failure.AttemptLine;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorWriterTest {

    private static ErrorResponse error(int status, FailureKind kind) {
        return new ErrorResponse(
                status, kind, ErrorDetails.of("Sorry"), List.of(new AttemptLine("a/b", "overloaded", 0, "", 12)));
    }

    @ParameterizedTest
    @CsvSource({
        "400,BAD_REQUEST,invalid_request_error",
        "401,AUTH,authentication_error",
        "402,QUOTA,billing_error",
        "403,AUTH,permission_error",
        "404,UNKNOWN_MODEL,not_found_error",
        "413,CONTEXT_LENGTH,request_too_large",
        "422,BAD_REQUEST,invalid_request_error",
        "429,RATE_LIMITED,rate_limit_error",
        "500,SERVER_ERROR,api_error",
        "502,MALFORMED,api_error",
        "503,OVERLOADED,overloaded_error",
        "504,DEADLINE,timeout_error",
        "503,TIMEOUT_IDLE,timeout_error",
        "529,OVERLOADED,overloaded_error"
    })
    void theTypeFollowsFromStatusAndKind(int status, FailureKind kind, String type) {
        assertThat(Json.tree(new AnthropicDialect().writeError(error(status, kind)))
                        .at("/error/type")
                        .asText())
                .isEqualTo(type);
    }

    @Test
    void anErrorListsItsAttempts() {
        assertThat(Json.tree(new AnthropicDialect().writeError(error(500, FailureKind.SERVER_ERROR))))
                .isEqualTo(Json.tree("""
                                {"type":"error","error":{"type":"api_error","message":"Sorry","attempts":[
                                 {"target":"a/b","outcome":"overloaded","status":null,"message":null,"duration_ms":12}]}}
                                """));
    }

    @Test
    void aStreamEndsWithAnErrorEvent() {
        assertThat(new String(new AnthropicDialect().writeStreamError(error(529, FailureKind.OVERLOADED)), UTF_8))
                .startsWith("event: error\ndata: {\"type\":\"error\"")
                .endsWith("\n\n");
    }
}
