package dev.understudy.protocol.dialect.gemini;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.WholeAnswerResult;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.failure.AttemptLine;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.Finish.Reason;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Tokens;
import dev.understudy.protocol.translate.DialectAnswer;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiAnswerTest {
    private static final RequestContext ASKED = new RequestContext(new byte[0], true, 1_700_000_000L);

    private static NeutralAnswer read(String body) throws InvalidAnswer {
        byte[] bytes = ("  " + body).getBytes(UTF_8);
        return new GeminiDialect().readAnswer(bytes, 2, bytes.length - 2);
    }

    private static ErrorResponse error(int status) {
        return new ErrorResponse(
                status,
                FailureKind.RATE_LIMITED,
                ErrorDetails.of("Slow down."),
                List.of(new AttemptLine("google/g", "rate_limited", 429, "", 12)));
    }

    @Test
    void aWholeAnswerIsRead() throws InvalidAnswer {
        NeutralAnswer answer = read("""
                {"candidates":[{"content":{"role":"model","parts":[
                    {"text":"thinks","thought":true,"thoughtSignature":"s"},{"text":"Hel"},{"text":"lo"},
                    {"functionCall":{"name":"f","args":{"a":1.10}},"thoughtSignature":"c"},
                    {"functionCall":{"id":"x","name":"g"}},
                    {"inlineData":{"mimeType":"image/png","data":"aGk="}}]},
                  "finishReason":"STOP","index":0}],
                 "usageMetadata":{"promptTokenCount":10,"toolUsePromptTokenCount":5,"candidatesTokenCount":3,
                   "thoughtsTokenCount":4,"cachedContentTokenCount":2,"totalTokenCount":22},
                 "modelVersion":"gemini-3","responseId":"r-1","createTime":"2026-01-01T00:00:00.5Z"}
                """);

        assertThat(answer.id()).isEqualTo("r-1");
        assertThat(answer.model()).isEqualTo("gemini-3");
        assertThat(answer.created()).hasValue(1_767_225_600L);
        assertThat(answer.tokens())
                .isEqualTo(new Tokens(
                        OptionalLong.of(15),
                        OptionalLong.of(7),
                        OptionalLong.of(2),
                        OptionalLong.empty(),
                        OptionalLong.of(4)));
        NeutralAnswer.Choice choice = answer.choices().getFirst();
        assertThat(choice.finish()).isEqualTo(Finish.of(Reason.TOOL_CALLS, "STOP"));
        assertThat(choice.parts())
                .containsExactly(
                        new Part.Reasoning("thinks", "s", "", "gemini"),
                        Part.Text.of("Hello"),
                        new Part.ToolCall("call_r-1_0_0", "f", "{\"a\":1.10}", "c"),
                        Part.ToolCall.of("x", "g", "{}"),
                        Part.Media.of(Part.Media.Kind.IMAGE, new Part.Source.Inline("image/png", "aGk=")));
    }

    @ParameterizedTest
    @CsvSource({
        "STOP, STOP",
        "MAX_TOKENS, LENGTH",
        "SAFETY, CONTENT_FILTER",
        "RECITATION, CONTENT_FILTER",
        "IMAGE_SAFETY, CONTENT_FILTER",
        "MALFORMED_FUNCTION_CALL, BREAKDOWN",
        "UNEXPECTED_TOOL_CALL, BREAKDOWN",
        "OTHER, OTHER",
        "SOMETHING_NEW, OTHER"
    })
    void whyItEnded(String word, Reason reason) throws InvalidAnswer {
        assertThat(read("{\"candidates\":[{\"finishReason\":\"" + word + "\"}]}")
                        .choices()
                        .getFirst()
                        .finish())
                .isEqualTo(Finish.of(reason, word));
    }

    @ParameterizedTest
    @CsvSource({
        "MALFORMED_FUNCTION_CALL, INVALID_OUTPUT",
        "UNEXPECTED_TOOL_CALL, INVALID_OUTPUT",
        "TOO_MANY_TOOL_CALLS, INVALID_OUTPUT",
        "MISSING_THOUGHT_SIGNATURE, BAD_REQUEST"
    })
    void whatTheModelGotWrongIsNoFailureOfTheProvider(String word, FailureKind kind) {
        byte[] body = ("{\"candidates\":[{\"finishReason\":\"" + word + "\",\"finishMessage\":\"Malformed: f(\"}]}")
                .getBytes(UTF_8);

        WholeAnswerResult result =
                DialectAnswer.verbatim(new GeminiDialect(), AnswerRules.DEFAULT).read(body, 0, body.length);

        assertThat(result).isInstanceOfSatisfying(WholeAnswerResult.Rejected.class, rejected -> {
            assertThat(rejected.failure().kind()).isEqualTo(kind);
            assertThat(rejected.failure().message()).contains(word, "Malformed: f(");
        });
    }

    @Test
    void aRefusedPromptIsAnAnswerThatWasWithheld() throws InvalidAnswer {
        assertThat(read("{\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"}}")
                        .choices())
                .containsExactly(new NeutralAnswer.Choice(
                        0, List.of(), Finish.of(Reason.CONTENT_FILTER, "PROHIBITED_CONTENT"), ""));
    }

    @Test
    void citationsStandWithTheTextTheySupport() throws InvalidAnswer {
        NeutralAnswer answer = read("""
                {"candidates":[{"content":{"parts":[{"text":"Öl is liquid."}]},"finishReason":"STOP",
                  "groundingMetadata":{"groundingChunks":[{"web":{"uri":"https://a","title":"A"}}],
                    "groundingSupports":[{"segment":{"startIndex":4,"endIndex":13,"text":"is liquid"},
                                          "groundingChunkIndices":[0,9]}]}}]}
                """);

        assertThat(answer.choices().getFirst().parts())
                .containsExactly(new Part.Text(
                        "Öl is liquid.",
                        List.of(new Part.Citation("https://a", "A", "is liquid", 3, 12, "gemini", ""))));
        assertThat(Json.of(new GeminiDialect().writeAnswer(answer, ASKED)).at("/candidates/0/groundingMetadata"))
                .isEqualTo(Json.of("""
                                {"groundingChunks":[{"web":{"uri":"https://a","title":"A"}}],
                                 "groundingSupports":[{"segment":{"startIndex":4,"endIndex":13,"text":"is liquid"},
                                                       "groundingChunkIndices":[0]}]}
                                """));
    }

    @Test
    void probabilitiesGoToOpenAisFormAndBack() throws InvalidAnswer {
        String result = """
                {"topCandidates":[{"candidates":[{"token":"a","logProbability":-0.5}]}],
                 "chosenCandidates":[{"token":"a","logProbability":-0.5}]}
                """;
        NeutralAnswer answer = read("{\"candidates\":[{\"finishReason\":\"STOP\",\"logprobsResult\":" + result + "}]}");

        assertThat(Json.of(answer.choices().getFirst().logprobs())).isEqualTo(Json.of("""
                                {"content":[{"token":"a","logprob":-0.5,"bytes":[97],
                                  "top_logprobs":[{"token":"a","logprob":-0.5,"bytes":[97]}]}],"refusal":null}
                                """));
        assertThat(Json.of(new GeminiDialect().writeAnswer(answer, ASKED)).at("/candidates/0/logprobsResult"))
                .isEqualTo(Json.of(result));
    }

    @Test
    void anErrorUnder200IsNoAnswer() {
        assertThatThrownBy(() -> read("""
                        [{"error":{"code":429,"message":"Slow","status":"RESOURCE_EXHAUSTED",
                          "details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"3s"}]}}]
                        """)).isInstanceOfSatisfying(InvalidAnswer.class, no -> {
            assertThat(no.failure().kind()).isEqualTo(FailureKind.RATE_LIMITED);
            assertThat(no.failure().status()).isEqualTo(429);
            assertThat(no.failure().retryAfter()).hasValue(3_000_000_000L);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{}", "1", "<html>", "{\"choices\":[]}", "{\"candidates\":[]} x"})
    void whatIsNoneOfItsAnswersIsMalformed(String body) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOfSatisfying(
                        InvalidAnswer.class,
                        no -> assertThat(no.failure().kind()).isEqualTo(FailureKind.MALFORMED));
    }

    @Test
    void anAnswerWithNothingInItIsStillRead() throws InvalidAnswer {
        assertThat(read("{\"usageMetadata\":{\"promptTokenCount\":1},\"modelVersion\":\"m\"}")
                        .choices())
                .isEmpty();
        assertThat(read("{\"candidates\":[{\"content\":{\"parts\":7},\"index\":-4}]}")
                        .choices()
                        .getFirst()
                        .parts())
                .isEmpty();
    }

    @Test
    void aWholeAnswerIsWritten() {
        NeutralAnswer answer = new NeutralAnswer(
                "chatcmpl-1",
                "gpt",
                OptionalLong.empty(),
                List.of(new NeutralAnswer.Choice(
                        0,
                        List.of(
                                new Part.Reasoning("hm", "sealed", "", "anthropic"),
                                Part.Text.of("Hi"),
                                Part.ToolCall.of("c1", "f", "{\"a\":1}"),
                                Part.ToolCall.of("c2", "f", "{\"a\":")),
                        Finish.of(Reason.TOOL_CALLS, "tool_calls"),
                        "")),
                new Tokens(
                        OptionalLong.of(5),
                        OptionalLong.of(9),
                        OptionalLong.of(1),
                        OptionalLong.empty(),
                        OptionalLong.of(4)),
                "");

        assertThat(Json.of(new GeminiDialect().writeAnswer(answer, ASKED))).isEqualTo(Json.of("""
                                {"candidates":[{"content":{"parts":[{"text":"hm","thought":true},{"text":"Hi"},
                                   {"functionCall":{"id":"c1","name":"f","args":{"a":1}},
                                    "thoughtSignature":"c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I="},
                                   {"functionCall":{"id":"c2","name":"f","args":{"arguments":"{\\"a\\":"}}}],"role":"model"},
                                   "finishReason":"STOP","index":0}],
                                 "usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":5,"totalTokenCount":14,
                                   "cachedContentTokenCount":1,"thoughtsTokenCount":4},
                                 "modelVersion":"gpt","createTime":"2023-11-14T22:13:20Z","responseId":"chatcmpl-1"}
                                """));
    }

    @ParameterizedTest
    @CsvSource({
        "STOP_SEQUENCE, stop_sequence, STOP",
        "LENGTH, length, MAX_TOKENS",
        "CONTENT_FILTER, content_filter, SAFETY",
        "CONTENT_FILTER, RECITATION, RECITATION",
        "REFUSAL, refusal, SAFETY",
        "PAUSE, pause_turn, MAX_TOKENS",
        "BREAKDOWN, x, OTHER",
        "OTHER, y, OTHER"
    })
    void finishReasonsOfGoogle(Reason reason, String word, String written) {
        assertThat(FinishReasons.written(Finish.of(reason, word))).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource({
        "400, INVALID_ARGUMENT",
        "401, UNAUTHENTICATED",
        "403, PERMISSION_DENIED",
        "404, NOT_FOUND",
        "429, RESOURCE_EXHAUSTED",
        "500, INTERNAL",
        "503, UNAVAILABLE",
        "504, DEADLINE_EXCEEDED"
    })
    void errorsBearGooglesNames(int status, String name) {
        assertThat(Json.of(new GeminiDialect().writeError(error(status))))
                .isEqualTo(Json.of("""
                                {"error":{"code":%d,"message":"Slow down.","status":"%s","attempts":[
                                  {"target":"google/g","outcome":"rate_limited","status":429,"message":null,
                                   "duration_ms":12}]}}
                                """.formatted(status, name)));
    }

    @Test
    void errorsOfStreamsAreTheirLastFrames() {
        assertThat(new String(new GeminiDialect().writeStreamError(error(503)), UTF_8))
                .startsWith("data: {\"error\":{\"code\":503,")
                .endsWith("}\n\n");
        assertThat(new String(new GeminiDialect(GeminiDialect.StreamForm.ARRAY).writeStreamError(error(503)), UTF_8))
                .startsWith(",\n{\"error\"")
                .endsWith("}]");
        assertThat(Json.of(new GeminiDialect(GeminiDialect.StreamForm.ARRAY).writeError(error(503)))
                        .at("/0/error/code")
                        .asInt())
                .isEqualTo(503);
    }
}
