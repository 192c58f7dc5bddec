package dev.understudy.protocol.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerListener.EventKind;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.AnswerStream;
import dev.understudy.protocol.answer.StreamOptions;
import dev.understudy.protocol.answer.WholeAnswerResult;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.dialect.anthropic.AnthropicDialect;
import dev.understudy.protocol.dialect.bedrock.BedrockDialect;
import dev.understudy.protocol.dialect.completions.CompletionsDialect;
import dev.understudy.protocol.dialect.gemini.GeminiDialect;
import dev.understudy.protocol.dialect.gemini.GeminiDialect.StreamForm;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.dialect.passthrough.PassThroughDialect;
import dev.understudy.protocol.dialect.responses.ResponsesDialect;
import dev.understudy.protocol.neutral.AnswerEvents;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import dev.understudy.protocol.recovery.DeliveredPart;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a rendering adds to the bytes of an answer, and what of a request decides whether an answer is good. */
class ResponseTranslatorTest {
    private static final RequestContext ASKED = new RequestContext("{}".getBytes(UTF_8), true, 7);
    private static final Dialect CHAT = new OpenAiDialect();

    private static List<Dialect> dialects() {
        return List.of(
                CHAT,
                new CompletionsDialect(),
                new ResponsesDialect(),
                new AnthropicDialect(),
                new GeminiDialect(),
                new BedrockDialect());
    }

    private static List<Dialect> dialectsWithKeepAlive() {
        return dialects().stream()
                .filter(dialect -> dialect.keepAlive().length > 0)
                .toList();
    }

    private static ResponseTranslator responseTranslator(Dialect from, Dialect to, AnswerRules rules) {
        return new ResponseTranslator(from, to, "configured", () -> ASKED, rules);
    }

    private static final class Ear implements AnswerListener {
        final List<EventKind> pieces = new ArrayList<>();
        final List<byte[]> ranges = new ArrayList<>();
        Optional<Failure> failure = Optional.empty();

        @Override
        public void event(EventKind event, byte[] array, int offset, int length) {
            pieces.add(event);
            ByteArrayOutputStream range = new ByteArrayOutputStream();
            range.write(array, offset, length);
            ranges.add(range.toByteArray());
        }

        @Override
        public void failed(Failure what, byte[] array, int offset, int length) {
            failure = Optional.of(what);
        }

        String forwarded() {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            ranges.forEach(all::writeBytes);
            return all.toString(UTF_8);
        }
    }

    private static NeutralAnswer answer(String text, Finish.Reason reason) {
        List<Part> parts = text.isEmpty() ? List.of() : List.of(Part.Text.of(text));
        return new NeutralAnswer(
                "id-1",
                "model-1",
                OptionalLong.of(5),
                List.of(new NeutralAnswer.Choice(0, parts, Finish.of(reason, ""), "")),
                Tokens.of(3, 4),
                "");
    }

    private static byte[] streamed(Dialect dialect, NeutralAnswer answer) {
        StreamWriter writer = dialect.streamWriter(ASKED, Optional.empty());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        AnswerEvents.tell(answer, event -> writer.write(event, bytes));
        return bytes.toByteArray();
    }

    private static Ear transcript(ResponseTranslator responseTranslator, byte[] body) {
        Ear ear = new Ear();
        AnswerStream stream = responseTranslator.stream(new StreamOptions(true, false), ear);
        stream.feed(body, 0, body.length);
        stream.end();
        return ear;
    }

    // Blank answers and the caller's limit.

    @ParameterizedTest
    @MethodSource("dialects")
    void aBlankAnswerOfLengthIsGoodOnlyUnderALimitOfTheCallers(Dialect dialect) {
        NeutralAnswer blank = answer("", Finish.Reason.LENGTH);
        AnswerRules limited = AnswerRules.of(false, 1, OptionalLong.of(50), false);
        for (Dialect to : List.of(dialect, CHAT)) {
            byte[] whole = dialect.writeAnswer(blank, ASKED);
            WholeAnswerResult unlimited = responseTranslator(dialect, to, AnswerRules.DEFAULT)
                    .whole("")
                    .read(whole, 0, whole.length);
            assertThat(unlimited).isInstanceOfSatisfying(WholeAnswerResult.Rejected.class, rejected -> {
                assertThat(rejected.failure().kind()).isEqualTo(FailureKind.EMPTY);
                assertThat(rejected.failure().hasDeliverableAnswer()).isTrue();
            });
            assertThat(responseTranslator(dialect, to, limited).whole("").read(whole, 0, whole.length))
                    .isInstanceOf(WholeAnswerResult.Accepted.class);

            byte[] stream = streamed(dialect, blank);
            assertThat(transcript(responseTranslator(dialect, to, AnswerRules.DEFAULT), stream)
                            .failure
                            .orElseThrow()
                            .kind())
                    .isEqualTo(FailureKind.EMPTY);
            Ear good = transcript(responseTranslator(dialect, to, limited), stream);
            assertThat(good.failure).isEmpty();
            assertThat(good.pieces).contains(EventKind.FINISH);
        }
    }

    // Signs of life.

    @Test
    void eachDialectHasItsOwnSignOfLifeOrNone() {
        for (Dialect dialect : List.of(CHAT, new CompletionsDialect(), new ResponsesDialect())) {
            assertThat(new String(dialect.keepAlive(), UTF_8)).isEqualTo(": keep-alive\n\n");
        }
        assertThat(new String(new AnthropicDialect().keepAlive(), UTF_8))
                .isEqualTo("event: ping\ndata: {\"type\": \"ping\"}\n\n");
        for (Dialect dialect : List.of(
                new GeminiDialect(),
                new GeminiDialect(StreamForm.ARRAY),
                new BedrockDialect(),
                new PassThroughDialect("audio"))) {
            assertThat(dialect.keepAlive()).as(dialect.name()).isEmpty();
        }
    }

    /** Before the first piece and after each: whatever the gateway hands out between two of them is read over. */
    @ParameterizedTest
    @MethodSource("dialectsWithKeepAlive")
    void aSignOfLifeMayStandBetweenAnyTwoPieces(Dialect to) {
        for (Dialect from : dialects()) {
            Ear ear = new Ear();
            byte[] body = streamed(from, answer("Hello there, all of you", Finish.Reason.STOP));
            AnswerStream stream =
                    responseTranslator(from, to, AnswerRules.DEFAULT).stream(new StreamOptions(true, false), ear);
            for (byte one : body) {
                stream.feed(new byte[] {one}, 0, 1);
            }
            stream.end();
            ByteArrayOutputStream kept = new ByteArrayOutputStream();
            kept.writeBytes(to.keepAlive());
            long count = 1;
            for (int i = 0; i < ear.ranges.size(); i++) {
                // The mark of the end is written by ending().
                if (ear.pieces.get(i) != EventKind.DONE) {
                    kept.writeBytes(ear.ranges.get(i));
                    kept.writeBytes(to.keepAlive());
                    count++;
                }
            }
            kept.writeBytes(stream.ending());

            Ear again = transcript(responseTranslator(to, to, AnswerRules.DEFAULT), kept.toByteArray());
            assertThat(again.failure).as(from.name()).isEmpty();
            assertThat(again.pieces).contains(EventKind.FINISH);
            assertThat(again.pieces.stream()
                            .filter(event -> event == EventKind.PING || event == EventKind.IGNORED)
                            .count())
                    .as("none of them was taken for something else")
                    .isEqualTo(count);
        }
    }

    // The trail.

    @Test
    void chatWritesTheTrailInAChunkWithAnEmptyChoice() {
        DeliveredPart first = new DeliveredPart("chatcmpl-1", OptionalLong.of(5), OptionalLong.empty(), 2);
        assertThat(new String(
                        responseTranslator(CHAT, CHAT, AnswerRules.DEFAULT).trail(first, "a/b=ok"), UTF_8))
                .isEqualTo("data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":5,"
                        + "\"model\":\"configured\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":null}],"
                        + "\"understudy\":{\"trail\":\"a/b=ok\"}}\n\n");
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void theTrailBeforeTheEndDisturbsNoReader(Dialect to) {
        Ear ear = new Ear();
        byte[] body = streamed(to, answer("Hello", Finish.Reason.STOP));
        AnswerStream stream = responseTranslator(to, to, AnswerRules.DEFAULT).stream(StreamOptions.LIVE, ear);
        stream.feed(body, 0, body.length);
        stream.end();
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        for (int i = 0; i < ear.ranges.size(); i++) {
            if (ear.pieces.get(i) == EventKind.FINISH) {
                told.writeBytes(
                        responseTranslator(to, to, AnswerRules.DEFAULT).trail(DeliveredPart.of(stream), "a/b=ok"));
            }
            told.writeBytes(ear.ranges.get(i));
        }
        told.writeBytes(stream.ending());

        Ear again = transcript(responseTranslator(to, to, AnswerRules.DEFAULT), told.toByteArray());
        assertThat(again.failure).isEmpty();
        assertThat(again.pieces).contains(EventKind.FINISH);
        String text = told.toString(UTF_8);
        switch (to.name()) {
            case "openai" -> assertThat(text).contains("\"id\":\"id-1\"", "\"understudy\":{\"trail\":\"a/b=ok\"}");
            case "gemini", "bedrock" -> assertThat(text).doesNotContain("trail");
            default -> assertThat(text).contains(": understudy trail=a/b=ok\n\n");
        }
    }

    // Streams of APIs that are no conversations.

    private static Ear plain(String body) {
        Dialect images = new PassThroughDialect("images");
        return transcript(responseTranslator(images, images, AnswerRules.DEFAULT), body.getBytes(UTF_8));
    }

    @Test
    void errorsAndPagesInPlaceOfOtherStreamsAreFailures() {
        assertThat(plain("{\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}}")
                        .failure
                        .orElseThrow())
                .extracting(Failure::kind)
                .isEqualTo(FailureKind.OVERLOADED);
        for (String body :
                List.of("{\"created\":5,\"data\":[]}", "{\"created\":5,\"da", " <!DOCTYPE html>", "<html>")) {
            Ear ear = plain(body);
            assertThat(ear.failure.orElseThrow().kind()).as(body).isEqualTo(FailureKind.MALFORMED);
            assertThat(ear.pieces).as(body).doesNotContain(EventKind.CONTENT);
        }
    }

    @Test
    void soundMayBeginWithAnyByte() {
        for (String body : List.of("<\u0001\u0002", "{\u0001", "[xyz", "  \n\u0003", "RIFF", "\n\ndata: {}\n\n")) {
            Ear ear = plain(body);
            assertThat(ear.failure).as(body).isEmpty();
            assertThat(ear.forwarded()).isEqualTo(body);
            assertThat(ear.pieces).endsWith(EventKind.FINISH, EventKind.DONE);
        }
    }

    @Test
    void anAnswerIsSplitIntoEventsOfUsualSizeAndNoCharacterIsCut() {
        List<String> texts = new ArrayList<>();
        AnswerEvents.tell(answer("x" + "🎭".repeat(40_000), Finish.Reason.STOP), event -> {
            if (event instanceof StreamEvent.TextDelta delta) {
                texts.add(delta.text());
            }
        });
        assertThat(texts).hasSizeGreaterThan(3).allMatch(text -> text.length() <= 16 * 1024);
        assertThat(texts).noneMatch(text -> Character.isLowSurrogate(text.charAt(0)));
        assertThat(String.join("", texts)).isEqualTo("x" + "🎭".repeat(40_000));
    }
}
