package dev.understudy.protocol.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.AnswerStream;
import dev.understudy.protocol.answer.StreamOptions;
import dev.understudy.protocol.answer.WholeAnswerResult;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.openai.GeneratedChats;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.neutral.AnswerAssembly;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The two forms in which an answer of Chat Completions is read, for its facts alone and for all of its contents, come to the
 * same judgement: kind of failure, kinds of events, text, tokens, whatever comes and however it is cut.
 */
class ChatReadingAgreesTest {
    private static final Dialect CHAT = new OpenAiDialect();
    private static final int CASES = 20_000;

    /**
     * What counts as content where it is passed through, and cannot be told in another dialect: audio without data, and
     * calls whose name does not come first.
     */
    private static final Pattern PASSED_THROUGH_ONLY = Pattern.compile("\"audio\":\\{(?!}|\"data\":\"[^\"])");

    private static final Pattern NAMELESS_PIECE = Pattern.compile(
            "\"tool_calls\":\\[\\{}|\"function_call\":\\{\"arguments|\\{\"index\":0,\"function\":\\{\"arguments");

    private static final Pattern NAMED_PIECE =
            Pattern.compile("\\{\"index\":0,\"id\":\"[ac]\"|\"function_call\":\\{\"name");

    /** Whether a piece of a call comes that, by then, may belong to a call without a name. */
    private static boolean hasUnnamedCall(String wire, int choices) {
        Matcher nameless = NAMELESS_PIECE.matcher(wire);
        Matcher named = NAMED_PIECE.matcher(wire);
        return wire.contains("\"tool_calls\":[{}]")
                || (nameless.find() && (choices > 1 || !named.find() || named.start() > nameless.start()));
    }

    /** Whether arguments come both as an object and as text, which belong to one call only where they are told as events. */
    private static boolean mixesArguments(String wire) {
        return wire.contains("\"arguments\":{") && wire.contains("\"arguments\":\"");
    }

    /** Whether a call may come once more with nothing new in it: a piece of it, and no event. */
    private static boolean repeatsCall(String wire) {
        String name = "\"name\":\"f\"";
        return (wire.contains("\"arguments\":\"\"") || wire.contains("\"arguments\":{"))
                && wire.indexOf(name) != wire.lastIndexOf(name);
    }

    private static final class Transcript implements AnswerListener {
        final List<String> said = new ArrayList<>();

        @Override
        public void event(EventKind event, byte[] array, int offset, int length) {
            said.add(event.name());
        }

        @Override
        public void failed(Failure failure, byte[] array, int offset, int length) {
            said.add(failure.kind() + " " + failure.hasDeliverableAnswer() + " " + failure.message());
        }
    }

    private static AnswerRules rules(Random random) {
        return new AnswerRules(
                random.nextInt(5) == 0,
                1 + random.nextInt(4) / 3,
                random.nextInt(4) == 0,
                false,
                random.nextInt(8) == 0);
    }

    @Test
    void ofStreams() {
        int compared = 0;
        for (long seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            AnswerRules rules = rules(random);
            StreamOptions options = new StreamOptions(true, random.nextInt(3) == 0);
            byte[] bytes = new GeneratedChats(seed).stream(rules.choices());
            String wire = new String(bytes, StandardCharsets.UTF_8);
            if (PASSED_THROUGH_ONLY.matcher(wire).find()
                    || hasUnnamedCall(wire, rules.choices())
                    || mixesArguments(wire)
                    || repeatsCall(wire)) {
                continue;
            }
            compared++;
            Transcript facts = new Transcript();
            Transcript contents = new Transcript();
            DialectStream passed = new DialectStream(CHAT, rules, StreamOutput.verbatim(CHAT), options, 1 << 20, facts);
            DialectStream read = new DialectStream(
                    CHAT, rules, StreamOutput.assembled(new AnswerAssembly()), options, 1 << 20, contents);
            int cut = random.nextInt(bytes.length + 1);
            for (AnswerStream stream : List.of(passed, read)) {
                stream.feed(bytes, 0, cut);
                stream.feed(bytes, cut, bytes.length - cut);
                stream.end();
            }
            String what = "seed " + seed + " " + rules + " " + options + "\n" + wire;
            assertThat(withoutDifferencesOfPassThrough(facts.said))
                    .as(what)
                    .isEqualTo(withoutDifferencesOfPassThrough(contents.said));
            if (!passed.isFailed()) {
                assertThat(passed.facts().tally().open())
                        .as(what)
                        .isEqualTo(read.facts().tally().open());
            }
            assertThat(passed.characters()).as(what).isEqualTo(read.characters());
            assertThat(passed.usage()).as(what).isEqualTo(read.usage());
            assertThat(passed.completionTokens()).as(what).isEqualTo(read.completionTokens());
            assertThat(passed.toolCallOpen()).as(what).isEqualTo(read.toolCallOpen());
            if (!wire.contains("\"content\":[")) {
                assertThat(passed.text()).as(what).isEqualTo(read.text());
            }
        }
        assertThat(compared).isGreaterThan(CASES / 2);
    }

    /** Passed through, and translated. */
    private static void inBothForms(String judgement, String... data) {
        assertThat(judgement(StreamOutput.verbatim(CHAT), data))
                .as("passed through: %s", List.of(data))
                .startsWith(judgement);
        assertThat(judgement(StreamOutput.assembled(new AnswerAssembly()), data))
                .as("translated: %s", List.of(data))
                .startsWith(judgement);
    }

    private static String judgement(StreamOutput output, String... data) {
        byte[] bytes = ChatTranscript.sse(data).getBytes(StandardCharsets.UTF_8);
        Transcript transcript = new Transcript();
        DialectStream stream = new DialectStream(
                CHAT, AnswerRules.DEFAULT, output, new StreamOptions(true, true), 1 << 20, transcript);
        stream.feed(bytes, 0, bytes.length);
        stream.end();
        return transcript.said.getLast();
    }

    /** It has nothing that could be cut, and was not requested: the choice that was requested is whole. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"role\":\"assistant\",\"content\":\"\"}",
                "{\"reasoning_content\":1.5}",
                "{\"reasoning_details\":[{}],\"thinking_blocks\":[{\"type\":\"thinking\"}]}",
                "{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\"}]}]}",
                "{\"annotations\":[{\"type\":\"url_citation\",\"url_citation\":{\"url\":\"u\",\"title\":\"t\"}}]}",
                "null"
            })
    void aChoiceWithoutContentHasNotBegun(String delta) {
        String stray = "{\"id\":\"c1\",\"choices\":[{\"index\":2,\"delta\":" + delta + "}]}";
        String call = ChatTranscript.delta(
                "\"tool_calls\":[{\"index\":0,\"id\":\"t1\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]");

        inBothForms("FINISH", stray, ChatTranscript.text("x"), ChatTranscript.finish("stop"));
        inBothForms("FINISH", stray, call, ChatTranscript.finish("tool_calls"));
        inBothForms("TRUNCATED", stray, ChatTranscript.text("x"));
        inBothForms("TRUNCATED", stray);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"reasoning_content\":\"Hm\"}",
                "{\"reasoning_details\":[{\"type\":\"reasoning.encrypted\",\"data\":\"x\"}]}",
                "{\"content\":\"y\"}",
                "{\"tool_calls\":[{\"index\":0,\"id\":\"t1\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}"
            })
    void aChoiceWithContentMustEndToo(String delta) {
        String other = "{\"id\":\"c1\",\"choices\":[{\"index\":2,\"delta\":" + delta + "}]}";

        inBothForms("TRUNCATED", other, ChatTranscript.text("x"), ChatTranscript.finish("stop"));
    }

    /** Reduced from what the fuzzer found: the call of a choice that has ended comes once more, and another choice has not ended. */
    @Test
    void aCallBehindTheEndOfItsChoiceIsNotOpen() {
        String call = ChatTranscript.delta(
                "\"tool_calls\":[{\"index\":0,\"id\":\"t1\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]");
        String other = "{\"id\":\"c1\",\"choices\":[{\"index\":2,\"delta\":{\"content\":\"y\"}}]}";

        inBothForms("DONE", other, call, ChatTranscript.finish("tool_calls"), call, "[DONE]");
        inBothForms("DONE", other, call, ChatTranscript.finish("tool_calls"), "[DONE]");
    }

    /** The arguments of a choice that says why it has ended are as it wants them: cut by the limit, for one. */
    @Test
    void argumentsThatWereCutByALimitDoNotCutTheOtherChoices() {
        String half = ChatTranscript.delta(
                "\"tool_calls\":[{\"index\":0,\"id\":\"t1\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]");
        String other = "{\"id\":\"c1\",\"choices\":[{\"index\":1,\"delta\":{\"content\":\"y\"}}]}";

        inBothForms("DONE", other, half, ChatTranscript.finish("length"), "[DONE]");
        inBothForms("TRUNCATED", other, half, "[DONE]");
    }

    /** Where it cannot be written, the stream lacks something that it had. */
    @Test
    void aCallWithoutANameKeepsATranslatedStreamFromBeingWhole() {
        String nameless = "{\"id\":\"c1\",\"choices\":[{\"index\":1,\"delta\":{\"tool_calls\":[{\"index\":0,"
                + "\"function\":{\"arguments\":\"{}\"}}]}}]}";
        StreamOutput translated = StreamOutput.assembled(new AnswerAssembly());

        inBothForms("TRUNCATED", ChatTranscript.text("x"), nameless, ChatTranscript.finish("stop"));
        assertThat(judgement(translated, ChatTranscript.text("x"), nameless, ChatTranscript.finish("stop"), "[DONE]"))
                .startsWith("TRUNCATED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"indexunctio}n\":{\"name\":\"f\",\"arguments\":\"\"}}", "null"})
    void aDoneBehindACallOfWhichNothingIsKnownIsNotBelieved(String piece) {
        String call = ChatTranscript.delta("\"tool_calls\":[" + piece + "]");

        inBothForms("TRUNCATED", ChatTranscript.text("x"), call, "[DONE]");
        inBothForms("DONE", ChatTranscript.text("x"), call, ChatTranscript.finish("stop"), "[DONE]");
    }

    /** It is written in one piece, and not among the calls whose arguments are JSON. */
    @Test
    void aDoneBehindTheCallOfACustomToolIsBelieved() {
        String custom = ChatTranscript.delta(
                "\"tool_calls\":[{\"index\":0,\"id\":\"e\",\"type\":\"custom\",\"custom\":{\"name\":\"f\",\"input\":\"x\"}}]");

        inBothForms("DONE", custom, "[DONE]");
        inBothForms("DONE", ChatTranscript.text("x"), custom, "[DONE]");
    }

    /**
     * Where bytes are passed through, half a line end is told apart, a missing blank line is added, and an error after the end
     * is passed on, which is ignored elsewhere.
     */
    private static List<String> withoutDifferencesOfPassThrough(List<String> said) {
        return said.stream()
                .filter(one -> !one.equals("NO_CONTENT") && !one.equals("PING") && !one.equals("IGNORED"))
                .toList();
    }

    @Test
    void ofWholeAnswers() {
        RequestContext context = new RequestContext("{}".getBytes(StandardCharsets.UTF_8), true, 1);
        for (long seed = 0; seed < CASES; seed++) {
            AnswerRules rules = rules(new Random(seed));
            byte[] bytes = new GeneratedChats(seed).answer();
            String wire = new String(bytes, StandardCharsets.UTF_8);
            if (PASSED_THROUGH_ONLY.matcher(wire).find()
                    || NAMELESS_PIECE.matcher(wire).find()
                    // Which of several reasons counts depends on the order of the choices.
                    || (rules.limited() && wire.contains("\"index\""))) {
                continue;
            }
            WholeAnswerResult passed = DialectAnswer.verbatim(CHAT, rules).read(bytes, 0, bytes.length);
            WholeAnswerResult read =
                    DialectAnswer.written(CHAT, rules, CHAT, "m", context).read(bytes, 0, bytes.length);
            assertThat(summary(passed)).as("seed %d %s%n%s", seed, rules, wire).isEqualTo(summary(read));
        }
    }

    private static String summary(WholeAnswerResult result) {
        return switch (result) {
            case WholeAnswerResult.Accepted(var usage, var report, var written) -> "accepted, " + usage + ", " + report;
            case WholeAnswerResult.Rejected(var failure, var written) ->
                failure.kind() + " " + failure.hasDeliverableAnswer() + " " + failure.message();
        };
    }
}
