package dev.understudy.protocol.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.AnswerStream;
import dev.understudy.protocol.answer.StreamOptions;
import dev.understudy.protocol.dialect.anthropic.AnthropicDialect;
import dev.understudy.protocol.dialect.bedrock.BedrockDialect;
import dev.understudy.protocol.dialect.gemini.GeminiDialect;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.dialect.responses.ResponsesDialect;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import dev.understudy.protocol.recovery.ContinuationForm;
import dev.understudy.protocol.recovery.DeliveredPart;
import dev.understudy.protocol.recovery.Seam;
import dev.understudy.protocol.translate.ResponseTranslator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A stream cut at every event, and another one behind it: between all dialects, for callers of all of them. What the
 * caller has is one complete stream of its dialect, and one answer.
 */
class AppendedStreamsTest {
    private static final List<Dialect> DIALECTS = List.of(
            new OpenAiDialect(),
            new ResponsesDialect(),
            new AnthropicDialect(),
            new GeminiDialect(),
            new BedrockDialect());
    private static final RequestContext ASKED = new RequestContext(
            "{\"model\":\"m\",\"reasoning\":{\"summary\":\"auto\"}}".getBytes(UTF_8), true, 1_700_000_000);
    private static final StreamOptions HELD = new StreamOptions(true, true);

    private static final StreamEvent BEGIN = new StreamEvent.Begin("first", "model-1", OptionalLong.of(1_600_000_000));
    private static final StreamEvent COUNTED = new StreamEvent.Counted(Tokens.of(10, 20));
    private static final StreamEvent DONE = new StreamEvent.Done();

    /** A stream that may break. */
    private enum First {
        REASONING_TEXT_CALL(
                thought("Let me "),
                thought("see."),
                SEAL,
                text("Hello "),
                text("wor"),
                began(0),
                arguments(0, "{\"a\""),
                arguments(0, ":1}")),
        CALL_FIRST(thought("Hm."), began(0), arguments(0, "{\"a\""), arguments(0, ":1}")),
        REASONING_AFTER_TEXT(text("Hello "), thought("Was that"), thought(" right?"), SEAL, text("wor")),
        TWO_CALLS(text("Hello wor"), began(0), arguments(0, "{\"a\":1}"), began(1), arguments(1, "{\"a\":2}")),
        TEXT_AFTER_CALL(text("Hello wor"), began(0), arguments(0, "{\"a\":1}"), text("ld"));

        private final List<StreamEvent> events;

        First(StreamEvent... content) {
            List<StreamEvent> all = new ArrayList<>(List.of(BEGIN));
            all.addAll(List.of(content));
            boolean calls = Stream.of(content).anyMatch(StreamEvent.ToolCallBegan.class::isInstance);
            all.add(new StreamEvent.Ended(0, Finish.of(calls ? Finish.Reason.TOOL_CALLS : Finish.Reason.STOP, "")));
            all.addAll(List.of(COUNTED, DONE));
            events = List.copyOf(all);
        }
    }

    private static final List<StreamEvent> SECOND = List.of(
            new StreamEvent.Begin("second", "model-2", OptionalLong.of(1_650_000_000)),
            thought("Another "),
            thought("model."),
            text("ld and"),
            text(" more"),
            new StreamEvent.ToolCallBegan(0, 0, "call_s", "find", ""),
            arguments(0, "{\"b\":"),
            arguments(0, "2}"),
            new StreamEvent.Ended(0, Finish.of(Finish.Reason.TOOL_CALLS, "")),
            new StreamEvent.Counted(Tokens.of(100, 200)),
            DONE);

    private static final StreamEvent SEAL = new StreamEvent.ReasoningSealed(0, "sig", "", "anthropic");

    private static StreamEvent thought(String text) {
        return new StreamEvent.ReasoningDelta(0, text, "openai");
    }

    private static StreamEvent text(String text) {
        return StreamEvent.TextDelta.of(0, text);
    }

    private static StreamEvent began(int call) {
        return new StreamEvent.ToolCallBegan(0, call, "call_" + call, "look", "");
    }

    private static StreamEvent arguments(int call, String json) {
        return new StreamEvent.ToolCallDelta(0, call, json);
    }

    /** A caller behind a gateway that holds calls back. */
    private static final class Caller implements AnswerListener {
        final ByteArrayOutputStream has = new ByteArrayOutputStream();
        final ByteArrayOutputStream held = new ByteArrayOutputStream();
        final List<EventKind> pieces = new ArrayList<>();
        Optional<AnswerStream> stream = Optional.empty();
        Optional<Failure> failure = Optional.empty();

        @Override
        public void event(EventKind event, byte[] array, int offset, int length) {
            pieces.add(event);
            if (event == EventKind.DONE) {
                // The bytes after the end are written when the answer is known to be complete.
                return;
            }
            held.write(array, offset, length);
            if (!stream.orElseThrow().toolCallOpen()) {
                has.writeBytes(held.toByteArray());
                held.reset();
            }
        }

        @Override
        public void failed(Failure what, byte[] array, int offset, int length) {
            failure = Optional.of(what);
        }

        boolean has(EventKind event) {
            return pieces.contains(event);
        }
    }

    private static List<byte[]> written(Dialect dialect, List<StreamEvent> events) {
        StreamWriter writer = dialect.streamWriter(ASKED, Optional.empty());
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        events.forEach(event -> writer.write(event, all));
        return Streamed.linesOf(dialect.framing(), all.toByteArray()).stream()
                .map(line -> Streamed.bytes(dialect.framing(), List.of(line)))
                .toList();
    }

    private static ResponseTranslator responseTranslator(Dialect from, Dialect to) {
        return new ResponseTranslator(from, to, "m", () -> ASKED, AnswerRules.DEFAULT);
    }

    private static void feed(AnswerStream stream, List<byte[]> frames) {
        frames.forEach(frame -> stream.feed(frame, 0, frame.length));
    }

    @TestFactory
    Stream<DynamicTest> everyCut() {
        return Stream.of(First.values())
                .flatMap(first -> DIALECTS.stream()
                        .flatMap(from -> DIALECTS.stream()
                                .flatMap(second -> DIALECTS.stream()
                                        .map(caller -> DynamicTest.dynamicTest(
                                                first + " of " + from.name() + ", then " + second.name()
                                                        + ", for a caller of " + caller.name(),
                                                () -> everyCut(first, from, second, caller))))));
    }

    /** What vendors and compatible servers send, with all that only they have. */
    @TestFactory
    Stream<DynamicTest> everyCutOfExamples() {
        return FuzzSeeds.ALL.stream()
                .flatMap(seeds -> DIALECTS.stream()
                        .map(caller -> DynamicTest.dynamicTest(
                                seeds.dialect().name() + ", for a caller of " + caller.name(), () -> {
                                    for (List<Streamed.Line> lines : seeds.streams()) {
                                        List<byte[]> frames = lines.stream()
                                                .map(line -> Streamed.bytes(
                                                        seeds.dialect().framing(), List.of(line)))
                                                .toList();
                                        for (Dialect second : List.of(caller, seeds.dialect())) {
                                            everyCut(frames, seeds.dialect(), second, caller, "\"f\"");
                                        }
                                    }
                                })));
    }

    private static void everyCut(First script, Dialect from, Dialect second, Dialect to) {
        Rescued rescued = everyCut(written(from, script.events), from, second, to, "look");
        assertThat(rescued.all()).as("cuts behind which a stream was appended").isPositive();
        boolean calls = script.events.stream().anyMatch(StreamEvent.ToolCallBegan.class::isInstance);
        if (calls && !from.name().equals("gemini")) {
            // Gemini's calls come whole, so that there is no cut inside of one.
            assertThat(rescued.insideCalls()).as("of those, inside a call").isPositive();
        }
        if (script.events.get(1) instanceof StreamEvent.ReasoningDelta) {
            assertThat(rescued.beforeText())
                    .as("of those, before the first text")
                    .isPositive();
        }
    }

    /** How many cuts of a stream another one was appended behind: a test that appends nothing would show nothing. */
    private record Rescued(int all, int insideCalls, int beforeText) {}

    /** @param call what the caller has if a call has been passed on */
    private static Rescued everyCut(List<byte[]> frames, Dialect from, Dialect second, Dialect to, String call) {
        List<byte[]> rest = written(second, SECOND);
        int all = 0;
        int insideCalls = 0;
        int beforeText = 0;
        for (int cut = 1; cut <= frames.size(); cut++) {
            Caller caller = new Caller();
            AnswerStream stream = responseTranslator(from, to).stream(HELD, caller);
            caller.stream = Optional.of(stream);
            feed(stream, frames.subList(0, cut));
            String at = "cut after " + cut + " of " + frames.size();
            assertThat(caller.failure).as(at).isEmpty();
            boolean complete = caller.has(AnswerListener.EventKind.FINISH);
            boolean callPassed = caller.has.toString(UTF_8).contains(call);
            if (complete || callPassed) {
                assertThat(stream.continuable()).as(at).isFalse();
                continue;
            }
            if (!stream.continuable()) {
                // Nothing is missing but the mark of the end, or a call is complete that this dialect has not written
                // yet.
                assertThat(caller.pieces.getLast()).as(at).isNotEqualTo(AnswerListener.EventKind.REASONING);
                continue;
            }
            if (caller.has(AnswerListener.EventKind.CONTENT) || caller.has(AnswerListener.EventKind.REASONING)) {
                appended(caller, stream, second, to, rest, at);
                all++;
                insideCalls += stream.toolCallOpen() ? 1 : 0;
                beforeText += stream.text().orElseThrow().isEmpty() ? 1 : 0;
            }
        }
        return new Rescued(all, insideCalls, beforeText);
    }

    private static void appended(
            Caller caller, AnswerStream broken, Dialect second, Dialect to, List<byte[]> rest, String at) {
        String text = broken.text().orElseThrow();
        Caller after = new Caller();
        AnswerStream stream = responseTranslator(second, to)
                .continuing(
                        new ResumePoint(broken.position(), text),
                        DeliveredPart.of(broken),
                        new Seam(text, ContinuationForm.TURN),
                        HELD,
                        () -> "a;b",
                        after);
        after.stream = Optional.of(stream);
        feed(stream, rest);
        stream.end();
        assertThat(after.failure).as(at).isEmpty();
        after.has.writeBytes(stream.ending());
        byte[] all = join(caller.has.toByteArray(), after.has.toByteArray());
        try {
            StreamGrammar.assertComplete(to, all);
        } catch (AssertionError wrong) {
            throw new AssertionError(at + ": " + wrong.getMessage(), wrong);
        }
        NeutralAnswer answer = Streamed.answer(to, all);
        assertAnswer(answer, Seam.joined(text, ContinuationForm.TURN, "ld and more"), at);
        assertThat(answer.tokens().completion().orElse(0))
                .as(at)
                .isEqualTo(200 + DeliveredPart.of(broken).completionTokens());
    }

    private static void assertAnswer(NeutralAnswer answer, String text, String at) {
        StringBuilder words = new StringBuilder();
        List<Part.ToolCall> calls = new ArrayList<>();
        for (Part part : answer.choices().getFirst().parts()) {
            switch (part) {
                case Part.Text more -> words.append(more.text());
                case Part.ToolCall call -> calls.add(call);
                default -> assertThat(part).as(at).isInstanceOf(Part.Reasoning.class);
            }
        }
        assertThat(words.toString()).as(at).isEqualTo(text);
        assertThat(calls).as(at).hasSize(1);
        assertThat(calls.getFirst().name()).as(at).isEqualTo("find");
        assertThat(calls.getFirst().arguments()).as(at).isEqualTo("{\"b\":2}");
        assertThat(answer.choices().getFirst().finish().reason()).as(at).isEqualTo(Finish.Reason.TOOL_CALLS);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] all = new byte[first.length + second.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
