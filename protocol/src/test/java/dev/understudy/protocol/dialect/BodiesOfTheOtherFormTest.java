package dev.understudy.protocol.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.AnswerStream;
import dev.understudy.protocol.answer.StreamOptions;
import dev.understudy.protocol.answer.WholeAnswerResult;
import dev.understudy.protocol.dialect.completions.CompletionsDialect;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Tokens;
import dev.understudy.protocol.recovery.ContinuationForm;
import dev.understudy.protocol.recovery.DeliveredPart;
import dev.understudy.protocol.recovery.Seam;
import dev.understudy.protocol.translate.ResponseTranslator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A stream was requested and one body arrived, and the other way round: in every dialect, for callers of every dialect. */
class BodiesOfTheOtherFormTest {
    private static final RequestContext ASKED = new RequestContext(
            "{\"model\":\"m\",\"input\":\"\",\"reasoning\":{\"summary\":\"auto\"}}".getBytes(UTF_8),
            true,
            1_700_000_000);

    /** What a caller gets. */
    private static final class Caller implements AnswerListener {
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
            bytes.write(array, offset, length);
        }

        Failure theFailure() {
            return failure.orElseThrow(() -> new AssertionError("did not fail: " + pieces));
        }
    }

    private static ResponseTranslator responseTranslator(Dialect from, Dialect to) {
        return new ResponseTranslator(from, to, "configured", () -> ASKED, AnswerRules.DEFAULT);
    }

    private static Stream<Arguments> pairs() {
        return FuzzSeeds.ALL.stream().flatMap(from -> FuzzSeeds.ALL.stream().map(to -> Arguments.of(from, to)));
    }

    private static Stream<Arguments> dialects() {
        return FuzzSeeds.ALL.stream().map(Arguments::of);
    }

    /** Feeds it in pieces of some size. */
    private static Caller stream(ResponseTranslator responseTranslator, byte[] body) {
        Caller caller = new Caller();
        AnswerStream stream = responseTranslator.stream(new StreamOptions(true, false), caller);
        feed(stream, body);
        caller.bytes.writeBytes(stream.ending());
        return caller;
    }

    private static void feed(AnswerStream stream, byte[] body) {
        Random random = new Random(body.length);
        for (int at = 0; at < body.length; ) {
            int length = Math.min(body.length - at, 1 + random.nextInt(body.length > 10_000 ? 1 << 20 : 50));
            stream.feed(body, at, length);
            at += length;
        }
        stream.end();
    }

    private static NeutralAnswer read(Dialect dialect, byte[] body) {
        try {
            return dialect.readAnswer(body, 0, body.length);
        } catch (InvalidAnswer none) {
            throw new AssertionError(dialect.name() + ": " + new String(body, UTF_8), none);
        }
    }

    private static byte[] streamOf(FuzzSeeds seeds) {
        return Streamed.bytes(seeds.dialect().framing(), seeds.streams().getFirst());
    }

    private static NeutralAnswer saying(Part... parts) {
        return new NeutralAnswer(
                "id-1",
                "model-1",
                OptionalLong.of(5),
                List.of(new NeutralAnswer.Choice(0, List.of(parts), Finish.of(Finish.Reason.STOP, "stop"), "")),
                Tokens.of(3, 4),
                "");
    }

    // A stream was requested.

    @ParameterizedTest
    @MethodSource("pairs")
    void oneBodyBecomesTheRequestedStream(FuzzSeeds from, FuzzSeeds to) throws BadRequest {
        for (String seed : from.answers()) {
            String inManyLines = JsonTrees.read(seed.getBytes(UTF_8)).toPrettyString();
            for (String body : List.of(seed, inManyLines, inManyLines.replace("\n", "\r\n"))) {
                oneBodyBecomesAStream(body.getBytes(UTF_8), from, to);
            }
        }
    }

    private static void oneBodyBecomesAStream(byte[] body, FuzzSeeds from, FuzzSeeds to) {
        ResponseTranslator responseTranslator = responseTranslator(from.dialect(), to.dialect());
        Caller caller = stream(responseTranslator, body);
        if (responseTranslator.whole("").read(body, 0, body.length) instanceof WholeAnswerResult.Rejected rejected) {
            assertThat(caller.theFailure()).isEqualTo(rejected.failure());
            return;
        }
        NeutralAnswer answer = read(from.dialect(), body);
        assertThat(caller.failure).isEmpty();
        assertThat(caller.pieces)
                .contains(AnswerListener.EventKind.CONTENT, AnswerListener.EventKind.FINISH)
                .doesNotContain(AnswerListener.EventKind.IGNORED);
        NeutralAnswer got = Streamed.answer(to.dialect(), caller.bytes.toByteArray());
        Meaning meaning = Meaning.of(got);
        assertThat(meaning.text()).isEqualTo(Meaning.of(answer).text());
        assertThat(meaning.calls()).isEqualTo(Meaning.of(answer).in(to).calls());
        if (!kinds(answer).containsAll(List.of("Refusal", "ToolCall"))) {
            // Both at once have no reason of the end that all dialects agree on.
            assertThat(meaning).isEqualTo(Meaning.of(answer).in(to));
        }
        if (from == to) {
            // Also what only the dialect itself has: reasoning with signatures, citations, its own blocks.
            assertThat(got.id()).isEqualTo(answer.id());
            assertThat(got.model()).isEqualTo(answer.model());
            assertThat(kinds(got)).containsAll(kinds(answer));
        }
    }

    private static List<String> kinds(NeutralAnswer answer) {
        return answer.choices().getFirst().parts().stream()
                .filter(part -> !(part instanceof Part.Foreign foreign)
                        || !foreign.dialect().equals("bedrock"))
                .map(part -> part.getClass().getSimpleName())
                .distinct()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void refusalsStayRefusals(FuzzSeeds dialect) {
        byte[] body = dialect.dialect().writeAnswer(saying(new Part.Refusal("I would rather not.")), ASKED);
        Caller caller = stream(responseTranslator(dialect.dialect(), FuzzSeeds.CHAT.dialect()), body);

        assertThat(caller.failure).isEmpty();
        assertThat(caller.bytes.toString(UTF_8)).contains("I would rather not.");
    }

    @Test
    void severalChoicesAreAllStreamed() {
        String body = """
                {"id":"1","created":5,"model":"m","choices":[{"index":0,"message":{"content":"one"},"finish_reason":"stop"},
                {"index":1,"message":{"content":"two"},"finish_reason":"length"}]}""";
        AnswerRules two = new AnswerRules(false, 2, false, false, false);
        Dialect chat = FuzzSeeds.CHAT.dialect();
        Caller caller = stream(new ResponseTranslator(chat, chat, "m", () -> ASKED, two), body.getBytes(UTF_8));

        assertThat(caller.failure).isEmpty();
        NeutralAnswer got = Streamed.answer(chat, caller.bytes.toByteArray());
        assertThat(got.choices())
                .extracting(choice -> choice.parts().getFirst())
                .containsExactly(Part.Text.of("one"), Part.Text.of("two"));
        assertThat(got.choices().get(1).finish().reason()).isEqualTo(Finish.Reason.LENGTH);
    }

    @Test
    void completionsToo() {
        Dialect completions = new CompletionsDialect();
        byte[] body = completions.writeAnswer(saying(Part.Text.of("Hello")), ASKED);
        Caller caller = stream(responseTranslator(completions, completions), body);

        assertThat(caller.failure).isEmpty();
        assertThat(caller.bytes.toString(UTF_8)).contains("\"text\":\"Hello\"").endsWith("data: [DONE]\n\n");
    }

    /** OpenAI's clients get the counts only if they ask for them: an event without choices is not for everybody. */
    @Test
    void countsAreKnownAlsoWhereTheCallerDidNotAskForThem() {
        Dialect chat = FuzzSeeds.CHAT.dialect();
        byte[] body = chat.writeAnswer(saying(Part.Text.of("Hello")), ASKED);
        Caller caller = new Caller();
        RequestContext noCounts = new RequestContext("{}".getBytes(UTF_8), false, 5);
        AnswerStream stream = new ResponseTranslator(chat, chat, "m", () -> noCounts, AnswerRules.DEFAULT)
                .stream(StreamOptions.LIVE, caller);
        feed(stream, body);

        assertThat(caller.bytes.toString(UTF_8)).doesNotContain("usage", "\"choices\":[]");
        assertThat(stream.usage().completionTokens()).hasValue(4);
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void largeAnswersToo(FuzzSeeds dialect) {
        // Beyond what one event of a stream may have.
        String text = "Grüße 🎭 ".repeat(2_000_000);
        byte[] body = dialect.dialect().writeAnswer(saying(Part.Text.of(text)), ASKED);
        assertThat(body.length).isGreaterThan(16 << 20);
        for (Dialect to : List.of(dialect.dialect(), FuzzSeeds.CHAT.dialect())) {
            Caller caller = stream(responseTranslator(dialect.dialect(), to), body);
            assertThat(caller.failure).isEmpty();
            NeutralAnswer got = Streamed.answer(to, caller.bytes.toByteArray());
            assertThat(got.choices().getFirst().parts()).hasSize(1);
            assertThat(((Part.Text) got.choices().getFirst().parts().getFirst())
                            .text()
                            .equals(text))
                    .isTrue();
        }
    }

    @Test
    void whatIsLargerThanAnyAnswerIsRefused() {
        Caller caller = new Caller();
        AnswerStream stream = responseTranslator(FuzzSeeds.CHAT.dialect(), FuzzSeeds.CHAT.dialect()).stream(
                StreamOptions.LIVE, caller);
        byte[] event = "{\"a\":[".repeat(1 << 18).getBytes(UTF_8);
        for (int i = 0; i < 60; i++) {
            stream.feed(event, 0, event.length);
        }
        stream.end();
        assertThat(caller.theFailure().kind()).isEqualTo(FailureKind.MALFORMED);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void errorsInSuchABodyAreErrors(FuzzSeeds from, FuzzSeeds to) {
        String error = "{\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\",\"code\":529}}";
        for (String body : List.of(error, "\n\n" + error, "{\"type\":\"error\"," + error.substring(1))) {
            Caller caller = stream(responseTranslator(from.dialect(), to.dialect()), body.getBytes(UTF_8));
            assertThat(caller.theFailure().kind()).as(body).isEqualTo(FailureKind.OVERLOADED);
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void halfABodyIsNoAnswer(FuzzSeeds from, FuzzSeeds to) {
        byte[] body = from.answers().getFirst().getBytes(UTF_8);
        for (int length = 1; length < body.length - 1; length += 37) {
            byte[] half = Arrays.copyOf(body, length);
            assertThat(stream(responseTranslator(from.dialect(), to.dialect()), half)
                            .theFailure()
                            .kind())
                    .as("cut at " + length)
                    .isIn(FailureKind.MALFORMED, FailureKind.TRUNCATED);
        }
        assertThat(stream(responseTranslator(from.dialect(), to.dialect()), "<html>x</html>".getBytes(UTF_8))
                        .theFailure()
                        .kind())
                .isEqualTo(FailureKind.MALFORMED);
        assertThat(stream(
                                responseTranslator(from.dialect(), to.dialect()),
                                "{\"detail\":\"Not Found\"}".getBytes(UTF_8))
                        .theFailure()
                        .kind())
                .isIn(FailureKind.MALFORMED, FailureKind.UNKNOWN_MODEL);
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void blankOnesAreEmptyButAtHand(FuzzSeeds dialect) {
        byte[] body = dialect.dialect().writeAnswer(saying(Part.Text.of(" \n ")), ASKED);
        Failure failure = stream(responseTranslator(dialect.dialect(), dialect.dialect()), body)
                .theFailure();

        assertThat(failure.kind()).isEqualTo(FailureKind.EMPTY);
        assertThat(failure.hasDeliverableAnswer()).isTrue();
    }

    private static OpenParts.Item openMessage(String text) {
        return new OpenParts.Item(
                "msg_1",
                0,
                false,
                List.of(new OpenParts.ItemPart(
                        OpenParts.ItemPart.Kind.OUTPUT_TEXT,
                        true,
                        text.length(),
                        OpenParts.TextSoFar.NONE,
                        OpenParts.ItemPart.Stage.OPEN)));
    }

    /** Another target's answer in one piece continues the text that the caller has. */
    @ParameterizedTest
    @MethodSource("pairs")
    void oneBodyContinuesAStream(FuzzSeeds from, FuzzSeeds to) {
        byte[] body = from.dialect().writeAnswer(saying(Part.Text.of("The cat sat down.")), ASKED);
        StreamPosition position = new StreamPosition(
                true,
                "first",
                OptionalLong.of(1),
                1,
                to == FuzzSeeds.RESPONSES ? openMessage("The cat ") : OpenParts.Block.TEXT,
                7);
        Caller caller = new Caller();
        AnswerStream stream = responseTranslator(from.dialect(), to.dialect())
                .continuing(
                        new ResumePoint(position, "The cat "),
                        new DeliveredPart("first", OptionalLong.of(1), OptionalLong.empty(), 2),
                        new Seam("The cat ", ContinuationForm.TURN),
                        new StreamOptions(true, false),
                        () -> "a;b",
                        caller);
        feed(stream, body);
        caller.bytes.writeBytes(stream.ending());

        assertThat(caller.failure).isEmpty();
        assertThat(caller.pieces).contains(AnswerListener.EventKind.FINISH);
        assertThat(stream.text()).contains("The cat sat down.");
        assertThat(caller.bytes.toString(UTF_8)).contains("sat down.");
        if (from != FuzzSeeds.CHAT || to != FuzzSeeds.CHAT) {
            assertThat(caller.bytes.toString(UTF_8).split("The cat", -1).length)
                    .as("at most the last event of Responses repeats all of the text")
                    .isLessThanOrEqualTo(to == FuzzSeeds.RESPONSES ? 5 : 1);
        }
    }

    // One body was requested.

    private static WholeAnswerResult whole(ResponseTranslator responseTranslator, String type, byte[] body) {
        return responseTranslator.whole(type).read(body, 0, body.length);
    }

    private static NeutralAnswer accepted(Dialect to, WholeAnswerResult reading) {
        return switch (reading) {
            case WholeAnswerResult.Accepted(var usage, var report, var written) -> read(to, written.orElseThrow());
            case WholeAnswerResult.Rejected(var failure, var written) -> throw new AssertionError(failure);
        };
    }

    private static Failure rejected(WholeAnswerResult reading) {
        return switch (reading) {
            case WholeAnswerResult.Accepted accepted -> throw new AssertionError("accepted");
            case WholeAnswerResult.Rejected(var failure, var written) -> failure;
        };
    }

    private static String type(Dialect dialect) {
        return switch (dialect.framing()) {
            case SSE -> "text/event-stream; charset=utf-8";
            case EVENT_STREAM -> "application/vnd.amazon.eventstream";
        };
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aStreamBecomesTheRequestedBody(FuzzSeeds from, FuzzSeeds to) {
        byte[] bytes = streamOf(from);
        Meaning meaning = Meaning.of(Streamed.answer(from.dialect(), bytes));
        // Some send no content type, or the one that was requested.
        for (String type : List.of(type(from.dialect()), "", "application/json")) {
            WholeAnswerResult reading = whole(responseTranslator(from.dialect(), to.dialect()), type, bytes);
            assertThat(Meaning.of(accepted(to.dialect(), reading))).isEqualTo(meaning.in(to));
            assertThat(((WholeAnswerResult.Accepted) reading).usage().completionTokens())
                    .hasValue(7);
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aCutStreamIsTruncatedAndNeverAnAnswer(FuzzSeeds from, FuzzSeeds to) {
        List<Streamed.Line> lines = from.streams().getFirst();
        for (int count = 1; count < lines.size(); count++) {
            byte[] cut = Streamed.bytes(from.dialect().framing(), lines.subList(0, count));
            WholeAnswerResult reading =
                    whole(responseTranslator(from.dialect(), to.dialect()), type(from.dialect()), cut);
            if (reading instanceof WholeAnswerResult.Rejected(var failure, var written)) {
                assertThat(failure.kind()).isEqualTo(FailureKind.TRUNCATED);
                assertThat(written).isEmpty();
            } else {
                assertThat(ends(from, lines.subList(0, count)))
                        .as("cut after " + count)
                        .isTrue();
            }
        }
    }

    /** Where the terminal mark has come, all that may lack is the counts. */
    private static boolean ends(FuzzSeeds from, List<Streamed.Line> lines) {
        String last = lines.toString();
        return last.contains("\"finish_reason\":\"") || last.contains("finishReason") || last.contains("messageStop")
                ? from != FuzzSeeds.ANTHROPIC
                : last.contains("message_stop") || last.contains("response.completed");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void errorsInTheStreamAreErrors(FuzzSeeds from, FuzzSeeds to) {
        if (from == FuzzSeeds.BEDROCK) {
            return;
        }
        List<Streamed.Line> lines = from.streams().getFirst();
        String begun = new String(Streamed.bytes(Framing.SSE, lines.subList(0, 2)), UTF_8);
        String error =
                "data: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n";
        byte[] body = (begun + "event: error\n" + error).getBytes(UTF_8);
        assertThat(rejected(whole(responseTranslator(from.dialect(), to.dialect()), type(from.dialect()), body))
                        .kind())
                .isEqualTo(FailureKind.OVERLOADED);
    }

    @Test
    void anErrorOfAmazonsIsOneToo() {
        Dialect bedrock = FuzzSeeds.BEDROCK.dialect();
        byte[] error = bedrock.writeStreamError(new ErrorResponse(
                429, FailureKind.RATE_LIMITED, new ErrorDetails("Too many requests", "", "", ""), List.of()));
        assertThat(rejected(whole(responseTranslator(bedrock, bedrock), type(bedrock), error))
                        .kind())
                .isEqualTo(FailureKind.RATE_LIMITED);
    }

    @Test
    void aStreamOfBlanksIsEmptyButAtHand() {
        Dialect chat = FuzzSeeds.CHAT.dialect();
        String body =
                "data: {\"choices\":[{\"delta\":{\"content\":\"\\n\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
        WholeAnswerResult reading = whole(responseTranslator(chat, chat), "text/event-stream", body.getBytes(UTF_8));

        assertThat(rejected(reading).kind()).isEqualTo(FailureKind.EMPTY);
        assertThat(((WholeAnswerResult.Rejected) reading).written()).isPresent();
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void largeStreamsToo(FuzzSeeds dialect) {
        String text = "Grüße 🎭 ".repeat(400_000);
        byte[] body = dialect.dialect().writeAnswer(saying(Part.Text.of(text)), ASKED);
        byte[] stream = stream(responseTranslator(dialect.dialect(), dialect.dialect()), body)
                .bytes
                .toByteArray();
        NeutralAnswer got = accepted(
                dialect.dialect(),
                whole(responseTranslator(dialect.dialect(), dialect.dialect()), type(dialect.dialect()), stream));
        assertThat(((Part.Text) got.choices().getFirst().parts().getFirst())
                        .text()
                        .equals(text))
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void bodiesOfTheRightFormStayAsTheyAre(FuzzSeeds dialect) {
        for (String type : List.of("application/json", "text/event-stream", "")) {
            for (String answer : dialect.answers()) {
                WholeAnswerResult reading =
                        whole(responseTranslator(dialect.dialect(), dialect.dialect()), type, answer.getBytes(UTF_8));
                assertThat(
                                switch (reading) {
                                    case WholeAnswerResult.Accepted(var usage, var report, var written) -> written;
                                    case WholeAnswerResult.Rejected(var failure, var written) -> written;
                                })
                        .isEmpty();
            }
        }
    }

    @Test
    void textThatIsNeitherIsNoStream() {
        Dialect chat = FuzzSeeds.CHAT.dialect();
        for (String body : List.of("Internal Server Error", "<html>x</html>", "", "{\"choices\":[")) {
            assertThat(rejected(whole(responseTranslator(chat, chat), "application/json", body.getBytes(UTF_8)))
                            .kind())
                    .isEqualTo(FailureKind.MALFORMED);
        }
        assertThat(rejected(whole(responseTranslator(chat, chat), "text/event-stream", new byte[0]))
                        .kind())
                .isEqualTo(FailureKind.TRUNCATED);
    }
}
