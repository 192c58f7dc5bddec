package dev.understudy.protocol.dialect.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.failure.AttemptLine;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BedrockAnswerTest {
    private static final RequestContext ASKED = new RequestContext(new byte[0], false, 0);

    private static NeutralAnswer read(String json) throws InvalidAnswer {
        byte[] bytes = Wire.bytes(" " + json);
        return Wire.BEDROCK.readAnswer(bytes, 1, bytes.length - 1);
    }

    private static Failure failure(String json) {
        return catchThrowableOfType(InvalidAnswer.class, () -> read(json)).failure();
    }

    private static String answer(String content) {
        return "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[" + content
                + "]}},\"stopReason\":\"end_turn\",\"usage\":{\"inputTokens\":1,\"outputTokens\":2,\"totalTokens\":3},"
                + "\"metrics\":{\"latencyMs\":0}}";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text\":\"Hello é🎭\"}",
                "{\"toolUse\":{\"toolUseId\":\"t.1:2\",\"name\":\"f\",\"input\":{\"n\":1.10,\"a\":[{}]}}}",
                "{\"reasoningContent\":{\"reasoningText\":{\"text\":\"hm\",\"signature\":\"c2ln\"}}}",
                "{\"reasoningContent\":{\"redactedContent\":\"aGk=\"}}",
                "{\"image\":{\"format\":\"webp\",\"source\":{\"bytes\":\"aGk=\"}}}",
                "{\"citationsContent\":{\"content\":[{\"text\":\"so\"}],\"citations\":[{\"title\":\"T\",\"location\":"
                        + "{\"documentPage\":{\"documentIndex\":0,\"start\":1,\"end\":2}}}]}}",
                "{\"text\":\"a\"},{\"toolUse\":{\"toolUseId\":\"t\",\"name\":\"f\",\"input\":{}}},{\"text\":\"b\"}"
            })
    void contentIsReadAndWrittenAsItWas(String content) throws InvalidAnswer {
        assertThat(Wire.tree(Wire.BEDROCK.writeAnswer(read(answer(content)), ASKED)))
                .isEqualTo(Wire.tree(answer(content)));
    }

    @ParameterizedTest
    @CsvSource({"tool_use, true", "a_type_of_next_year, true", "server_tool_use, false"})
    void onlyAServerToolUseIsNotACallForTheCaller(String type, boolean callers) throws InvalidAnswer {
        Part part = read(answer("{\"toolUse\":{\"toolUseId\":\"t\",\"name\":\"f\",\"input\":{\"n\":1},\"type\":\""
                        + type + "\"}}"))
                .choices()
                .getFirst()
                .parts()
                .getFirst();
        assertThat(part)
                .isEqualTo(callers ? Part.ToolCall.of("t", "f", "{\"n\":1}") : new Part.Foreign("bedrock", type, "{}"));
    }

    @Test
    void everythingOfAnAnswerIsRead() throws InvalidAnswer {
        NeutralAnswer answer = read("""
                {"additionalModelResponseFields": {"delta": {"stop_sequence": "END"}},
                 "output": {"message": {"content": [{"text": "Hi"}, {"newThing": {"a": 1}}], "role": "assistant"}},
                 "serviceTier": {"type": "flex"}, "stopReason": "stop_sequence", "trace": {},
                 "usage": {"inputTokens": 3, "outputTokens": 4, "totalTokens": 16,
                           "cacheReadInputTokens": 9, "cacheWriteInputTokens": 0, "serverToolUsage": {}}}
                """);
        assertThat(answer.choices().getFirst().finish())
                .isEqualTo(new Finish(Finish.Reason.STOP_SEQUENCE, "stop_sequence", "END"));
        assertThat(answer.choices().getFirst().parts()).first().isEqualTo(Part.Text.of("Hi"));
        assertThat(answer.choices().getFirst().parts().get(1)).isInstanceOf(Part.Foreign.class);
        assertThat(answer.serviceTier()).isEqualTo("flex");
        assertThat(answer.tokens().prompt()).hasValue(12);
        assertThat(answer.tokens().cached()).hasValue(9);
        assertThat(answer.tokens().total()).hasValue(16);
    }

    @ParameterizedTest
    @CsvSource({
        "end_turn, STOP",
        "tool_use, TOOL_CALLS",
        "max_tokens, LENGTH",
        "stop_sequence, STOP_SEQUENCE",
        "guardrail_intervened, CONTENT_FILTER",
        "content_filtered, CONTENT_FILTER",
        "malformed_model_output, BREAKDOWN",
        "malformed_tool_use, BREAKDOWN",
        "model_context_window_exceeded, LENGTH",
        "never_heard, OTHER"
    })
    void stopReasonsHaveAMeaning(String word, Finish.Reason reason) throws InvalidAnswer {
        Finish finish =
                read(answer("").replace("end_turn", word)).choices().getFirst().finish();
        assertThat(finish).isEqualTo(Finish.of(reason, word));
    }

    @ParameterizedTest
    @EnumSource(Finish.Reason.class)
    void everyEndHasAWord(Finish.Reason reason) {
        assertThat(FinishReasons.write(Finish.of(reason, "other"))).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "\"x\"", "{}", "{\"output\":{}}", "{\"output\":{\"message\":1}}"})
    void whatIsNoAnswerIsMalformed(String json) {
        assertThat(failure(json).kind()).isEqualTo(FailureKind.MALFORMED);
    }

    @Test
    void errorInPlaceOfAnAnswerIsClassified() {
        assertThat(failure("{\"message\":\"Too many tokens\",\"__type\":\"a.b#ThrottlingException\"}")
                        .kind())
                .isEqualTo(FailureKind.RATE_LIMITED);
    }

    @Test
    void textThatFollowsIsNoAnswer() {
        assertThat(failure(answer("") + "x").kind()).isEqualTo(FailureKind.MALFORMED);
    }

    @Test
    void argumentsThatAreNoObjectAreWrappedForBedrocksClients() {
        NeutralAnswer answer = new NeutralAnswer(
                "id",
                "m",
                java.util.OptionalLong.empty(),
                List.of(new NeutralAnswer.Choice(
                        0,
                        List.of(Part.ToolCall.of("1", "f", "{\"broken"), Part.ToolCall.of("2", "g", "")),
                        Finish.of(Finish.Reason.TOOL_CALLS, ""),
                        "")),
                dev.understudy.protocol.neutral.Tokens.NONE,
                "standard");
        assertThat(Wire.tree(Wire.BEDROCK.writeAnswer(answer, ASKED))).isEqualTo(Wire.tree("""
                                {"output": {"message": {"role": "assistant", "content": [
                                   {"toolUse": {"toolUseId": "1", "name": "f", "input": {"arguments": "{\\"broken"}}},
                                   {"toolUse": {"toolUseId": "2", "name": "g", "input": {}}}]}},
                                 "stopReason": "tool_use",
                                 "usage": {"inputTokens": 0, "outputTokens": 0, "totalTokens": 0},
                                 "metrics": {"latencyMs": 0}}
                                """));
    }

    @ParameterizedTest
    @CsvSource({
        "429, RATE_LIMITED, ThrottlingException, throttlingException",
        "429, QUOTA, ServiceQuotaExceededException, throttlingException",
        "401, AUTH, AccessDeniedException, internalServerException",
        "502, AUTH, InternalServerException, internalServerException",
        "404, UNKNOWN_MODEL, ResourceNotFoundException, internalServerException",
        "400, BAD_REQUEST, ValidationException, validationException",
        "400, CONTEXT_LENGTH, ValidationException, validationException",
        "504, TIMEOUT_IDLE, ModelTimeoutException, modelStreamErrorException",
        "503, OVERLOADED, ServiceUnavailableException, serviceUnavailableException",
        "503, NOT_READY, ModelNotReadyException, serviceUnavailableException",
        "502, TRUNCATED, ModelErrorException, modelStreamErrorException",
        "503, SERVER_ERROR, InternalServerException, internalServerException"
    })
    void errorsHaveAmazonsNames(int status, FailureKind kind, String whole, String inStream) {
        ErrorResponse error = new ErrorResponse(
                status,
                kind,
                ErrorDetails.of("so \"it\" is"),
                List.of(new AttemptLine("a/b", "rate_limited", 429, "slow", 12)));
        assertThat(BedrockDialect.errorType(error)).isEqualTo(whole);
        String attempts = "\"attempts\":[{\"target\":\"a/b\",\"outcome\":\"rate_limited\",\"status\":429,"
                + "\"message\":\"slow\",\"duration_ms\":12}]}";
        assertThat(Wire.tree(Wire.BEDROCK.writeError(error)))
                .isEqualTo(Wire.tree("{\"__type\":\"" + whole + "\",\"message\":\"so \\\"it\\\" is\"," + attempts));
        assertThat(Wire.frames(Wire.BEDROCK.writeStreamError(error)))
                .singleElement()
                .asString()
                .startsWith("!" + inStream + " {\"__type\":\"" + inStream + "\"");
    }
}
