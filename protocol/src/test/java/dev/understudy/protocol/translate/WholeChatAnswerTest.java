package dev.understudy.protocol.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.answer.AnswerReport;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.Usage;
import dev.understudy.protocol.answer.WholeAnswerResult;
import dev.understudy.protocol.answer.WholeAnswerResult.Accepted;
import dev.understudy.protocol.answer.WholeAnswerResult.Rejected;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WholeChatAnswerTest {

    private static WholeAnswerResult read(String body) {
        return read(body, AnswerRules.DEFAULT);
    }

    private static WholeAnswerResult read(String body, AnswerRules rules) {
        return read(body.getBytes(StandardCharsets.UTF_8), rules);
    }

    private static WholeAnswerResult read(byte[] body, AnswerRules rules) {
        return DialectAnswer.verbatim(new OpenAiDialect(), rules).read(body, 0, body.length);
    }

    private static StreamFacts facts(String body) throws InvalidAnswer {
        StreamFacts facts = new StreamFacts(false);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        new OpenAiDialect().readAnswerFacts(bytes, 0, bytes.length, facts);
        return facts;
    }

    private static Failure failure(WholeAnswerResult reading) {
        return switch (reading) {
            case Rejected rejected -> rejected.failure();
            case Accepted accepted -> throw new AssertionError("accepted: " + accepted);
        };
    }

    private static String message(String members, String finish) {
        return "{\"id\":\"1\",\"object\":\"chat.completion\",\"model\":\"m-1\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                + members + "},\"finish_reason\":" + finish
                + "}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":7}}";
    }

    @Test
    void anOrdinaryAnswer() throws InvalidAnswer {
        String body = message("\"content\":\"Hello\"", "\"stop\"");
        assertThat(read(body))
                .isEqualTo(new Accepted(
                        new Usage(OptionalLong.of(3), OptionalLong.of(4), OptionalLong.of(7)),
                        new AnswerReport("m-1", "stop"),
                        Optional.empty()));
        StreamFacts facts = facts(body);
        assertThat(facts.begin().model()).isEqualTo("m-1");
        assertThat(facts.tally().reason()).isEqualTo("stop");
        assertThat(facts.characters()).isEqualTo(5);
        assertThat(facts.isAnswered()).isTrue();
        assertThat(facts.isToolCall()).isFalse();
    }

    @Test
    void usageWithOnlyATotalIsReported() {
        String body = "{\"choices\":[{\"message\":{\"content\":\"x\"}}],\"usage\":{\"total_tokens\":9}}";
        assertThat(read(body))
                .isEqualTo(new Accepted(
                        new Usage(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(9)),
                        AnswerReport.NONE,
                        Optional.empty()));
    }

    @Test
    void keepAliveLinesBeforeAndBlanksAfter() {
        assertThat(read("\n\n  \r\n" + message("\"content\":\"x\"", "\"stop\"") + "\n \n"))
                .isInstanceOf(Accepted.class);
        assertThat(read("\uFEFF" + message("\"content\":\"x\"", "\"stop\""))).isInstanceOf(Accepted.class);
    }

    @Test
    void aMissingFinishReasonIsAccepted() throws InvalidAnswer {
        String body = message("\"content\":\"x\"", "null");
        assertThat(read(body)).isInstanceOf(Accepted.class);
        assertThat(facts(body).tally().reason()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"content\":null,\"tool_calls\":[{\"id\":\"a\"}]",
                "\"content\":null,\"tool_calls\":[{}]",
                "\"content\":null,\"function_call\":{\"arguments\":\"{}\"}",
                "\"content\":null,\"refusal\":\"I will not\"",
                "\"content\":null,\"function_call\":{\"name\":\"f\",\"arguments\":\"{}\"}",
                "\"content\":null,\"audio\":{\"id\":\"a\"}",
                "\"content\":\"\",\"images\":[{}]",
                "\"content\":[{\"type\":\"text\",\"text\":\"x\"}]"
            })
    void answersWithoutText(String members) {
        assertThat(read(message(members, "\"stop\""))).isInstanceOf(Accepted.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"content\":null",
                "\"content\":\"\"",
                "\"content\":\" \\n \"",
                "\"tool_calls\":[]",
                "\"content\":\"\",\"reasoning_content\":\"Hm\"",
                "\"content\":null,\"refusal\":null,\"audio\":null"
            })
    void blankAnswersAreEmptyButAtHand(String members) {
        Failure failure = failure(read(message(members, "\"stop\"")));

        assertThat(failure.kind()).isEqualTo(FailureKind.EMPTY);
        assertThat(failure.hasDeliverableAnswer()).isTrue();
    }

    @Test
    void noChoicesIsEmptyWithNothingAtHand() {
        for (String body : new String[] {"{\"choices\":[]}", "{\"choices\":null}"}) {
            Failure failure = failure(read(body));
            assertThat(failure.kind()).isEqualTo(FailureKind.EMPTY);
            assertThat(failure.hasDeliverableAnswer()).isFalse();
        }
    }

    @Test
    void validButEmpty() {
        String blank = message("\"content\":\"\"", "\"stop\"");
        assertThat(read(
                        message("\"content\":\"\"", "\"length\""),
                        AnswerRules.of(false, 1, OptionalLong.of(50), false)))
                .isInstanceOf(Accepted.class);
        assertThat(read(blank, new AnswerRules(true, 1, false, false, false))).isInstanceOf(Accepted.class);
        assertThat(read(blank, AnswerRules.of(false, 1, OptionalLong.of(1), false)))
                .isInstanceOf(Accepted.class);
        assertThat(read(blank, AnswerRules.of(false, 1, OptionalLong.empty(), true)))
                .isInstanceOf(Accepted.class);
        assertThat(read(blank, AnswerRules.of(false, 0, OptionalLong.of(2), false)))
                .isInstanceOf(Rejected.class);
    }

    @Test
    void lengthIsNoExcuseWhereTheCallerSetNoLimit() {
        Failure failure = failure(read(message("\"content\":\"\"", "\"length\"")));

        assertThat(failure.kind()).isEqualTo(FailureKind.EMPTY);
        assertThat(failure.hasDeliverableAnswer()).isTrue();
    }

    @Test
    void aFilteredAnswerIsAtHand() {
        Failure failure = failure(read(message("\"content\":null", "\"content_filter\"")));

        assertThat(failure.kind()).isEqualTo(FailureKind.CONTENT_POLICY);
        assertThat(failure.hasDeliverableAnswer()).isTrue();
        assertThat(read(message("\"content\":\"half\"", "\"content_filter\""))).isInstanceOf(Accepted.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"error\":{\"message\":\"x\",\"code\":\"context_length_exceeded\"}}; CONTEXT_LENGTH",
                "{\"error\":{\"code\":502,\"message\":\"x\"},\"choices\":[]}; SERVER_ERROR",
                "{\"object\":\"error\",\"message\":\"x\",\"code\":429}; RATE_LIMITED",
                "{\"error\":\"model is overloaded\"}; OVERLOADED",
                "{\"choices\":[{\"message\":{\"content\":\"x\"},\"error\":{\"code\":503,\"message\":\"y\"}}]}; SERVER_ERROR"
            })
    void errorsUnderA200(String body, FailureKind kind) {
        assertThat(failure(read(body)).kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "<html><body>x</body></html>",
                "Internal Server Error",
                "[]",
                "\"x\"",
                "null",
                "{\"choices\":[{",
                "{} {}",
                "{\"choices\":[]}x",
                "{\"detail\":\"Not Found\"}",
                "{}"
            })
    void whatIsNoAnswer(String body) {
        assertThat(failure(read(body)).kind()).isEqualTo(FailureKind.MALFORMED);
    }

    @Test
    void everyCutOfABodyIsMalformed() {
        String whole = message("\"content\":\"Héllo\"", "\"stop\"");
        byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThat(failure(read(cut, AnswerRules.DEFAULT)).kind())
                    .as("cut at %d", length)
                    .isEqualTo(FailureKind.MALFORMED);
        }
    }

    @Test
    void contentInAnyChoiceIsEnough() {
        String body = "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"\"},\"finish_reason\":\"stop\"},"
                + "{\"index\":1,\"message\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}";

        assertThat(read(body, new AnswerRules(false, 2, false, false, false))).isInstanceOf(Accepted.class);
    }

    @Test
    void anAnswerThatBrokeOffIsNone() {
        assertThat(failure(read(message("\"content\":\"half\"", "\"error\""))).kind())
                .isEqualTo(FailureKind.SERVER_ERROR);
    }
}
