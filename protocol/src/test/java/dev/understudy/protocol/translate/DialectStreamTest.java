package dev.understudy.protocol.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.StreamOptions;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.anthropic.AnthropicDialect;
import dev.understudy.protocol.dialect.bedrock.BedrockDialect;
import dev.understudy.protocol.dialect.completions.CompletionsDialect;
import dev.understudy.protocol.dialect.gemini.GeminiDialect;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DialectStreamTest {
    private static final Dialect ANTHROPIC = new AnthropicDialect();
    private static final Dialect CHAT = new OpenAiDialect();
    private static final RequestContext ASKED = new RequestContext("{}".getBytes(UTF_8), true, 7);

    private static final String START = event(
            "message_start",
            "\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude\",\"content\":[],"
                    + "\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}");
    private static final String BLOCK =
            event("content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}");
    private static final String HELLO = text("Hello");
    private static final String CLOSE = event("content_block_stop", "\"index\":0");
    private static final String REASON =
            event("message_delta", "\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":5}");
    private static final String STOP = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
    private static final String WHOLE = START + BLOCK + HELLO + CLOSE + REASON + STOP;

    private static String event(String type, String members) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
    }

    private static String text(String text) {
        return event(
                "content_block_delta", "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + text + "\"}");
    }

    /** Records the events, and keeps the bytes that a caller would have. */
    private static final class Ear implements AnswerListener {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final List<EventKind> pieces = new ArrayList<>();
        Optional<Failure> failure = Optional.empty();

        @Override
        public void event(EventKind event, byte[] array, int offset, int length) {
            pieces.add(event);
            bytes.write(array, offset, length);
        }

        @Override
        public void failed(Failure what, byte[] array, int offset, int length) {
            assertThat(failure).as("told once").isEmpty();
            failure = Optional.of(what);
        }

        String transcript() {
            return bytes.toString(UTF_8);
        }
    }

    private final Ear ear = new Ear();

    private DialectStream stream(Dialect from, StreamOutput output) {
        return new DialectStream(from, AnswerRules.DEFAULT, output, new StreamOptions(true, false), 1 << 20, ear);
    }

    private DialectStream verbatim() {
        return stream(ANTHROPIC, StreamOutput.verbatim(ANTHROPIC));
    }

    private DialectStream toChat() {
        return stream(ANTHROPIC, StreamOutput.written(CHAT, CHAT.streamWriter(ASKED, Optional.empty()), "configured"));
    }

    private static DialectStream feed(DialectStream stream, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        stream.feed(bytes, 0, bytes.length);
        return stream;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 100, 10_000})
    void verbatimStreamsKeepTheirBytesHoweverTheyArrive(int size) {
        DialectStream stream = verbatim();
        byte[] bytes = (": hi\n\n" + WHOLE).getBytes(UTF_8);
        for (int at = 0; at < bytes.length; at += size) {
            stream.feed(bytes, at, Math.min(size, bytes.length - at));
        }
        stream.end();
        ear.bytes.writeBytes(stream.ending());

        assertThat(ear.transcript()).isEqualTo(": hi\n\n" + WHOLE);
        assertThat(ear.failure).isEmpty();
        assertThat(ear.pieces).endsWith(AnswerListener.EventKind.FINISH, AnswerListener.EventKind.DONE);
        assertThat(stream.text()).contains("Hello");
        assertThat(stream.completionTokens()).isEqualTo(5);
    }

    @Test
    void theReasonOfTheEndIsHeldBackUntilTheEndHasCome() {
        DialectStream stream = feed(verbatim(), START + BLOCK + HELLO + CLOSE + REASON);
        assertThat(ear.transcript()).isEqualTo(START + BLOCK + HELLO + CLOSE);
        assertThat(stream.continuable()).as("nothing is missing but the mark").isFalse();

        stream.end();
        assertThat(ear.failure.orElseThrow().kind()).isEqualTo(FailureKind.TRUNCATED);
        assertThat(ear.transcript()).doesNotContain("stop_reason\":\"end_turn");
    }

    @Test
    void anErrorInTheStreamIsNotTheCallersToRead() {
        feed(
                verbatim(),
                START
                        + BLOCK
                        + HELLO
                        + event("error", "\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}")
                        + STOP);
        assertThat(ear.failure.orElseThrow().kind()).isEqualTo(FailureKind.OVERLOADED);
        assertThat(ear.transcript()).isEqualTo(START + BLOCK + HELLO);
    }

    @Test
    void whatComesAfterTheEndIsStray() {
        feed(verbatim(), WHOLE + HELLO);
        assertThat(ear.transcript()).isEqualTo(WHOLE);
        assertThat(ear.pieces).endsWith(AnswerListener.EventKind.DONE, AnswerListener.EventKind.IGNORED);
    }

    @Test
    void anAnswerWithNothingInItIsNone() {
        feed(verbatim(), START + REASON + STOP).end();
        assertThat(ear.failure.orElseThrow().kind()).isEqualTo(FailureKind.EMPTY);
    }

    /** The vendor's own clients take it for the end too. */
    @Test
    void anEndWithoutAReasonIsBelievedAndPassedOnAsItIs() {
        String body = START + BLOCK + HELLO + CLOSE + STOP;
        feed(verbatim(), body).end();
        assertThat(ear.failure).isEmpty();
        assertThat(ear.transcript()).isEqualTo(body);
        assertThat(ear.pieces).endsWith(AnswerListener.EventKind.FINISH, AnswerListener.EventKind.DONE);
    }

    @Test
    void translatedItIsAnOrdinaryEndWithAWarning() {
        DialectStream stream = feed(toChat(), START + BLOCK + HELLO + CLOSE + STOP);
        stream.end();
        ear.bytes.writeBytes(stream.ending());
        assertThat(ear.failure).isEmpty();
        assertThat(ear.transcript())
                .contains("\"finish_reason\":\"stop\"", "\"understudy\":{\"warning\":\"the provider ended the stream")
                .endsWith("data: [DONE]\n\n");
    }

    @Test
    void anEndWithoutAReasonBeforeAnyContentIsNone() {
        feed(verbatim(), START + STOP);
        assertThat(ear.failure.orElseThrow().kind()).isEqualTo(FailureKind.TRUNCATED);
        assertThat(ear.transcript()).doesNotContain("message_stop");
    }

    private static String call(String arguments) {
        return event(
                        "content_block_start",
                        "\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"f\",\"input\":{}}")
                + event(
                        "content_block_delta",
                        "\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"" + arguments + "\"}");
    }

    @Test
    void anEndWithoutAReasonAfterHalfACallIsNone() {
        feed(toChat(), START + call("{\\\"a\\\":") + STOP);
        assertThat(ear.failure.orElseThrow().kind()).isEqualTo(FailureKind.TRUNCATED);
        assertThat(ear.transcript()).doesNotContain("\"finish_reason\":\"");
    }

    @Test
    void anEndWithoutAReasonAfterAWholeCallIsOneForTools() {
        feed(toChat(), START + call("{\\\"a\\\":1}") + STOP);
        assertThat(ear.failure).isEmpty();
        assertThat(ear.transcript()).contains("\"finish_reason\":\"tool_calls\"");
    }

    @Test
    void aDoneOfChatWithoutAReasonIsTranslatedToAnEnd() {
        DialectStream stream = stream(
                CHAT, StreamOutput.written(ANTHROPIC, ANTHROPIC.streamWriter(ASKED, Optional.empty()), "configured"));
        feed(stream, "data: {\"id\":\"1\",\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\ndata: [DONE]\n\n")
                .end();
        ear.bytes.writeBytes(stream.ending());
        assertThat(ear.failure).isEmpty();
        assertThat(ear.transcript())
                .contains(": understudy warning=the provider ended", "\"stop_reason\":\"end_turn\"", "message_stop");
    }

    @Test
    void aDoneWithoutAReasonAfterACallWithoutANameIsNone() {
        DialectStream stream = stream(
                CHAT, StreamOutput.written(ANTHROPIC, ANTHROPIC.streamWriter(ASKED, Optional.empty()), "configured"));
        feed(
                stream,
                "data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\n"
                        + "data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"t1\","
                        + "\"type\":\"function\",\"function\":{\"arguments\":\"\"}}]}}]}\n\n"
                        + "data: [DONE]\n\n");
        assertThat(ear.failure.orElseThrow().kind()).isEqualTo(FailureKind.TRUNCATED);
        assertThat(ear.transcript()).doesNotContain("message_stop");
    }

    @Test
    void aDoneOfCompletionsWithoutAReasonGetsOneInItsOwnForm() {
        Dialect completions = new CompletionsDialect();
        String chunk =
                "data: {\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"created\":5,\"model\":\"m\",\"choices\":"
                        + "[{\"index\":0,\"text\":\"Hi\",\"finish_reason\":null}]}\n\n";
        feed(stream(completions, StreamOutput.verbatim(completions)), chunk + "data: [DONE]\n\n")
                .end();
        assertThat(ear.failure).isEmpty();
        assertThat(ear.transcript())
                .startsWith(chunk + ": understudy warning=the provider ended")
                .contains("\"id\":\"cmpl-1\"", "\"created\":5", "\"model\":\"m\"", "\"finish_reason\":\"stop\"")
                .endsWith("data: [DONE]\n\n");
    }

    @Test
    void theLastFrameOfABrokenStreamGetsTheBlankLineThatItLacks() {
        String body = START + BLOCK + HELLO;
        feed(verbatim(), body.substring(0, body.length() - 1)).end();
        assertThat(ear.failure.orElseThrow().kind()).isEqualTo(FailureKind.TRUNCATED);
        assertThat(ear.transcript()).isEqualTo(body + "\n");
    }

    @Test
    void theEndOfTheBodyWithoutAnyMarkStaysTruncated() {
        feed(toChat(), START + BLOCK + HELLO + CLOSE).end();
        assertThat(ear.failure.orElseThrow().kind()).isEqualTo(FailureKind.TRUNCATED);
    }

    /** Usage that comes seconds after the finish, while the connection lives. */
    @Test
    void lateUsageIsReportedAndCounts() {
        DialectStream stream = stream(
                CHAT, StreamOutput.written(ANTHROPIC, ANTHROPIC.streamWriter(ASKED, Optional.empty()), "configured"));
        feed(stream, "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\n");
        assertThat(ear.pieces).endsWith(AnswerListener.EventKind.FINISH);
        assertThat(stream.usage().completionTokens()).isEmpty();

        feed(stream, ": ping\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":5}}\n\n");
        assertThat(ear.pieces).endsWith(AnswerListener.EventKind.PING, AnswerListener.EventKind.USAGE);
        assertThat(stream.usage().completionTokens()).hasValue(5);
        assertThat(new String(stream.ending(), UTF_8)).contains("\"output_tokens\":5");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\n\n",
                "data: nonsense\n\n",
                "data: []\n\n"
            })
    void whatCannotBeReadIsMalformed(String frame) {
        feed(verbatim(), START + BLOCK + HELLO + frame + HELLO);
        assertThat(ear.failure.orElseThrow().kind()).isEqualTo(FailureKind.MALFORMED);
        assertThat(ear.transcript()).isEqualTo(START + BLOCK + HELLO);
    }

    @Test
    void aDocumentOrAPageInPlaceOfAStreamIsAFailure() {
        feed(verbatim(), "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}}")
                .end();
        assertThat(ear.failure.orElseThrow().kind()).isEqualTo(FailureKind.OVERLOADED);
        ear.failure = Optional.empty();
        feed(verbatim(), "<html>").end();
        assertThat(ear.failure.orElseThrow().kind()).isEqualTo(FailureKind.MALFORMED);
    }

    @Test
    void translatedStreamsEndWithTheirOwnEnd() {
        DialectStream stream = feed(toChat(), WHOLE);
        stream.end();
        ear.bytes.writeBytes(stream.ending());
        assertThat(ear.transcript())
                .contains("\"content\":\"Hello\"", "\"finish_reason\":\"stop\"", "\"completion_tokens\":5")
                .doesNotContain("message_stop")
                .endsWith("data: [DONE]\n\n");
    }

    @Test
    void translatedStreamsThatBreakOffHaveNoEnd() {
        feed(toChat(), START + BLOCK + HELLO + CLOSE + REASON).end();
        assertThat(ear.failure.orElseThrow().kind()).isEqualTo(FailureKind.TRUNCATED);
        assertThat(ear.transcript()).contains("Hello").doesNotContain("\"finish_reason\":\"stop\"", "[DONE]");
    }

    @Test
    void pingsAreNoContent() {
        feed(toChat(), START + ": hi\n\n" + event("ping", "\"x\":1"));
        assertThat(ear.pieces)
                .as("each is transcript of, also where nothing is written for it")
                .containsExactly(
                        AnswerListener.EventKind.NO_CONTENT,
                        AnswerListener.EventKind.PING,
                        AnswerListener.EventKind.PING);
        assertThat(ear.transcript()).doesNotContain(": hi", "ping");
    }

    @Test
    void pingsKeepTheirBytesWhereNothingIsTranslated() {
        String ping = event("ping", "\"x\":1");
        feed(verbatim(), START + ping + BLOCK + HELLO + ping + CLOSE + REASON + ping + STOP);
        assertThat(ear.pieces.stream().filter(AnswerListener.EventKind.PING::equals))
                .hasSize(3);
        assertThat(ear.transcript()).isEqualTo(START + ping + BLOCK + HELLO + ping + CLOSE + ping + REASON + STOP);
    }

    @Test
    void whatIsHeldBackIsReported() {
        feed(verbatim(), START + BLOCK + HELLO + CLOSE + REASON);
        assertThat(ear.pieces).endsWith(AnswerListener.EventKind.NO_CONTENT, AnswerListener.EventKind.NO_CONTENT);
    }

    @Test
    void aStreamOfGeminisIsCompleteWithItsReason() {
        String last =
                "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]},\"finishReason\":\"STOP\"}]}\n\n";
        Dialect gemini = new GeminiDialect();
        feed(stream(gemini, StreamOutput.verbatim(gemini)), last).end();
        assertThat(ear.failure).isEmpty();
        assertThat(ear.transcript()).isEqualTo(last);
        assertThat(ear.pieces).contains(AnswerListener.EventKind.FINISH);
    }

    @Test
    void bytesThatAreNoFramesAreMalformed() {
        Dialect bedrock = new BedrockDialect();
        feed(stream(bedrock, StreamOutput.verbatim(bedrock)), "this is no frame of Amazon's")
                .end();
        assertThat(ear.failure.orElseThrow().kind()).isEqualTo(FailureKind.MALFORMED);
    }
}
