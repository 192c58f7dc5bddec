package dev.understudy.protocol.dialect.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.OpenParts;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.ResumePoint;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.neutral.AnswerAssembly;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BedrockStreamTest {
    private static final String[] FULL = {
        "messageStart {\"role\":\"assistant\",\"p\":\"abc\"}",
        "contentBlockDelta {\"contentBlockIndex\":0,\"delta\":{\"reasoningContent\":{\"text\":\"hm\"}},\"p\":\"a\"}",
        "contentBlockDelta {\"contentBlockIndex\":0,\"delta\":{\"reasoningContent\":{\"signature\":\"c2ln\"}}}",
        "contentBlockStop {\"contentBlockIndex\":0}",
        "contentBlockDelta {\"contentBlockIndex\":1,\"delta\":{\"text\":\"Hel\"}}",
        "contentBlockDelta {\"contentBlockIndex\":1,\"delta\":{\"text\":\"lo\"}}",
        "contentBlockStop {\"contentBlockIndex\":1}",
        "contentBlockStart {\"contentBlockIndex\":2,\"start\":{\"toolUse\":{\"toolUseId\":\"t1\",\"name\":\"add\"}}}",
        "contentBlockDelta {\"contentBlockIndex\":2,\"delta\":{\"toolUse\":{\"input\":\"{\\\"a\\\":\"}}}",
        "contentBlockDelta {\"contentBlockIndex\":2,\"delta\":{\"toolUse\":{\"input\":\"1}\"}}}",
        "contentBlockStop {\"contentBlockIndex\":2}",
        "messageStop {\"stopReason\":\"tool_use\"}",
        "metadata {\"usage\":{\"inputTokens\":5,\"outputTokens\":7,\"totalTokens\":22,\"cacheReadInputTokens\":8,"
                + "\"cacheWriteInputTokens\":2},\"metrics\":{\"latencyMs\":3}}"
    };

    private static StreamReader reader() {
        return Wire.BEDROCK.streamReader();
    }

    private static StreamWriter writer() {
        return Wire.BEDROCK.streamWriter(new RequestContext(new byte[0], true, 0), Optional.empty());
    }

    private static Tokens counted(long prompt, long completion, long cached, long written) {
        return new Tokens(
                OptionalLong.of(prompt),
                OptionalLong.of(completion),
                OptionalLong.of(cached),
                OptionalLong.of(written),
                OptionalLong.empty());
    }

    @Test
    void everyFrameIsReadIntoTheNeutralForm() {
        StreamReader reader = reader();
        assertThat(Wire.events(reader, FULL))
                .containsExactly(
                        new StreamEvent.Begin("", "", OptionalLong.empty()),
                        new StreamEvent.ReasoningDelta(0, "hm", "bedrock"),
                        new StreamEvent.ReasoningSealed(0, "c2ln", "", "bedrock"),
                        StreamEvent.TextDelta.of(0, "Hel"),
                        StreamEvent.TextDelta.of(0, "lo"),
                        new StreamEvent.ToolCallBegan(0, 0, "t1", "add", ""),
                        new StreamEvent.ToolCallDelta(0, 0, "{\"a\":"),
                        new StreamEvent.ToolCallDelta(0, 0, "1}"),
                        new StreamEvent.Ended(0, Finish.of(Finish.Reason.TOOL_CALLS, "tool_use")),
                        new StreamEvent.Counted(counted(15, 7, 8, 2)),
                        new StreamEvent.Done());
        assertThat(reader.position().blocks()).isEqualTo(3);
    }

    @Test
    void whatIsReadIsWrittenAsItWas() {
        List<StreamEvent> events = Wire.events(reader(), FULL);
        StreamWriter writer = writer();
        List<String> frames = Wire.frames(Wire.written(writer, events));
        assertThat(frames).hasSameSizeAs(FULL);
        assertThat(Wire.events(reader(), frames.toArray(String[]::new))).isEqualTo(events);
        assertThat(writer.position().blocks()).isEqualTo(3);
        assertThat(frames.get(4)).isEqualTo("contentBlockDelta {\"contentBlockIndex\":1,\"delta\":{\"text\":\"Hel\"}}");
        assertThat(frames.getLast()).contains("\"inputTokens\":5,\"outputTokens\":7,\"totalTokens\":22");
    }

    @Test
    void countsBeforeTheEndMakeTheEndTheLast() {
        assertThat(Wire.events(
                        reader(),
                        "metadata {\"usage\":{\"inputTokens\":1}}",
                        "messageStop {\"stopReason\":\"end_turn\"}"))
                .last()
                .isEqualTo(new StreamEvent.Done());
        assertThat(Wire.events(reader(), "metadata {\"usage\":{\"inputTokens\":1}}"))
                .doesNotContain(new StreamEvent.Done());
    }

    @Test
    void toolWithoutArgumentsHasAnEmptyObject() {
        assertThat(Wire.events(
                        reader(),
                        "contentBlockStart {\"contentBlockIndex\":0,\"start\":{\"toolUse\":{\"toolUseId\":\"t\",\"name\":\"now\"}}}",
                        "contentBlockDelta {\"contentBlockIndex\":0,\"delta\":{\"toolUse\":{\"input\":\"\"}}}",
                        "contentBlockStop {\"contentBlockIndex\":0}"))
                .endsWith(
                        new StreamEvent.ToolCallBegan(0, 0, "t", "now", ""), new StreamEvent.ToolCallDelta(0, 0, "{}"));
    }

    @ParameterizedTest
    @CsvSource({"tool_use, true", "a_type_of_next_year, true", "server_tool_use, false"})
    void onlyAServerToolUseIsNotACallForTheCaller(String type, boolean callers) {
        List<StreamEvent> events = Wire.events(
                reader(),
                "contentBlockStart {\"contentBlockIndex\":0,\"start\":{\"toolUse\":{\"toolUseId\":\"t\",\"name\":\"now\","
                        + "\"type\":\"" + type + "\"}}}",
                "contentBlockDelta {\"contentBlockIndex\":0,\"delta\":{\"toolUse\":{\"input\":\"{}\"}}}",
                "contentBlockStop {\"contentBlockIndex\":0}");
        assertThat(events.contains(new StreamEvent.ToolCallBegan(0, 0, "t", "now", "")))
                .isEqualTo(callers);
        assertThat(events.contains(
                        new StreamEvent.ForeignCame(0, new Part.Foreign("bedrock", "server_tool_use", "{}"))))
                .isEqualTo(!callers);
    }

    @Test
    void citationsFollowTheTextThatTheySupport() {
        List<StreamEvent> events = Wire.events(
                reader(),
                "contentBlockDelta {\"contentBlockIndex\":0,\"delta\":{\"citation\":{\"title\":\"T\",\"sourceContent\":"
                        + "[{\"text\":\"quo\"},{\"text\":\"te\"}],\"location\":{\"web\":{\"url\":\"https://x\"}}}}}",
                "contentBlockDelta {\"contentBlockIndex\":0,\"delta\":{\"text\":\"words\"}}",
                "contentBlockStop {\"contentBlockIndex\":0}");
        assertThat(events).hasSize(3);
        assertThat(events.get(2)).isInstanceOfSatisfying(StreamEvent.Cited.class, cited -> {
            assertThat(cited.citation().title()).isEqualTo("T");
            assertThat(cited.citation().quote()).isEqualTo("quote");
            assertThat(cited.citation().url()).isEqualTo("https://x");
        });
        assertThat(Wire.frames(Wire.written(writer(), events)).get(2))
                .contains("\"citation\":{\"title\":\"T\"")
                .contains("\"contentBlockIndex\":0");
    }

    @Test
    void hiddenReasoningIsKept() {
        assertThat(Wire.events(
                        reader(),
                        "contentBlockDelta {\"contentBlockIndex\":0,\"delta\":{\"reasoningContent\":{\"redactedContent\":\"aGk=\"}}}",
                        "contentBlockStop {\"contentBlockIndex\":0}"))
                .endsWith(new StreamEvent.ReasoningSealed(0, "", "aGk=", "bedrock"));
    }

    @Test
    void blockThatForgetsToEndIsClosedByTheNext() {
        assertThat(Wire.events(
                        reader(),
                        "contentBlockDelta {\"contentBlockIndex\":0,\"delta\":{\"reasoningContent\":{\"signature\":\"s\"}}}",
                        "contentBlockDelta {\"contentBlockIndex\":1,\"delta\":{\"text\":\"a\"}}"))
                .endsWith(new StreamEvent.ReasoningSealed(0, "s", "", "bedrock"), StreamEvent.TextDelta.of(0, "a"));
    }

    @ParameterizedTest
    @CsvSource({
        "throttlingException, RATE_LIMITED",
        "validationException, BAD_REQUEST",
        "modelStreamErrorException, SERVER_ERROR",
        "internalServerException, SERVER_ERROR",
        "serviceUnavailableException, OVERLOADED",
        "modelTimeoutException, OVERLOADED",
        "accessDeniedException, FORBIDDEN"
    })
    void exceptionsFailByTheirName(String name, FailureKind kind) {
        assertThat(Wire.events(reader(), "!" + name + " {\"message\":\"so it is\"}"))
                .singleElement()
                .isInstanceOfSatisfying(StreamEvent.Failed.class, failed -> {
                    assertThat(failed.failure().kind()).isEqualTo(kind);
                    assertThat(failed.failure().message()).isEqualTo("so it is");
                });
    }

    @Test
    void unknownFramesAndDeltasAreIgnored() {
        assertThat(Wire.events(reader(), "initial-response {}", "somethingNew {\"a\":[1]}"))
                .isEmpty();
        assertThat(Wire.events(reader(), "contentBlockDelta {\"contentBlockIndex\":0,\"delta\":{\"new\":1}}"))
                .containsExactly(new StreamEvent.Begin("", "", OptionalLong.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "1",
                "{} {}",
                "{\"contentBlockIndex\":0,\"delta\":{\"toolUse\":{\"input\":\"x\"}}}"
            })
    void brokenFramesAreNotRead(String data) {
        byte[] bytes = Wire.bytes(data);
        List<StreamEvent> events = new ArrayList<>();
        assertThat(reader().read(new Frame("contentBlockDelta", false, bytes, 0, bytes.length), events::add))
                .isFalse();
        assertThat(events).noneMatch(event -> event instanceof StreamEvent.ToolCallDelta);
    }

    @Test
    void readerTakesAnyBytes() {
        String[] names = {
            "messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop", "metadata"
        };
        for (long seed = 0; seed < 5_000; seed++) {
            Random random = new Random(seed);
            StreamReader reader = reader();
            for (int i = 0; i < 4; i++) {
                String frame = FULL[random.nextInt(FULL.length)];
                byte[] data = Wire.bytes(frame.substring(frame.indexOf(' ') + 1));
                for (int change = random.nextInt(4); change > 0; change--) {
                    data[random.nextInt(data.length)] = (byte) "{}[]\",:0-e\\ntx".charAt(random.nextInt(14));
                }
                AnswerAssembly assembly = new AnswerAssembly();
                reader.read(new Frame(names[random.nextInt(6)], false, data, 0, data.length), assembly::take);
                assertThat(reader.position().blocks()).isGreaterThanOrEqualTo(0);
            }
        }
    }

    @Test
    void callsThatComeAtTheSameTimeAreWrittenOneAfterTheOther() {
        List<StreamEvent> events = List.of(
                new StreamEvent.Begin("", "", OptionalLong.empty()),
                new StreamEvent.ToolCallBegan(0, 0, "a", "f", ""),
                new StreamEvent.ToolCallBegan(0, 1, "b", "g", ""),
                new StreamEvent.ToolCallDelta(0, 1, "{\"y\":"),
                new StreamEvent.ToolCallDelta(0, 0, "{\"x\":1}"),
                new StreamEvent.ToolCallDelta(0, 1, "2}"),
                new StreamEvent.Ended(0, Finish.of(Finish.Reason.TOOL_CALLS, "tool_calls")),
                new StreamEvent.Done());
        List<String> frames = Wire.frames(Wire.written(writer(), events));
        assertThat(frames.subList(1, 7))
                .containsExactly(
                        "contentBlockStart {\"contentBlockIndex\":0,\"start\":{\"toolUse\":{\"toolUseId\":\"a\",\"name\":\"f\"}}}",
                        "contentBlockDelta {\"contentBlockIndex\":0,\"delta\":{\"toolUse\":{\"input\":\"{\\\"x\\\":1}\"}}}",
                        "contentBlockStop {\"contentBlockIndex\":0}",
                        "contentBlockStart {\"contentBlockIndex\":1,\"start\":{\"toolUse\":{\"toolUseId\":\"b\",\"name\":\"g\"}}}",
                        "contentBlockDelta {\"contentBlockIndex\":1,\"delta\":{\"toolUse\":{\"input\":\"{\\\"y\\\":2}\"}}}",
                        "contentBlockStop {\"contentBlockIndex\":1}");
    }

    @Test
    void whatHasNotEndedIsNoCompleteAnswer() {
        List<StreamEvent> events = new ArrayList<>(Wire.events(reader(), FULL));
        events.removeLast();
        assertThat(Wire.frames(Wire.written(writer(), events)))
                .noneMatch(frame -> frame.startsWith("messageStop") || frame.startsWith("metadata"));
    }

    @Test
    void resumedStreamContinuesTheOpenBlock() {
        StreamWriter writer = Wire.BEDROCK.streamWriter(
                new RequestContext(new byte[0], true, 0),
                Optional.of(new ResumePoint(
                        new StreamPosition(true, "", OptionalLong.empty(), 2, OpenParts.Block.TEXT, -1), "so far")));
        List<String> frames = Wire.frames(Wire.written(
                writer,
                List.of(
                        new StreamEvent.Begin("", "", OptionalLong.empty()),
                        StreamEvent.TextDelta.of(0, " and on"),
                        new StreamEvent.Ended(0, Finish.of(Finish.Reason.STOP, "stop")),
                        new StreamEvent.Counted(Tokens.of(1, 2)),
                        new StreamEvent.Done())));
        assertThat(frames)
                .startsWith(
                        "contentBlockDelta {\"contentBlockIndex\":1,\"delta\":{\"text\":\" and on\"}}",
                        "contentBlockStop {\"contentBlockIndex\":1}",
                        "messageStop {\"stopReason\":\"end_turn\"}")
                .hasSize(4);
        assertThat(writer.position().blocks()).isEqualTo(2);
    }

    @Test
    void otherVendorsEventsAreWrittenAsFarAsBedrockHasThem() {
        List<StreamEvent> events = List.of(
                new StreamEvent.ReasoningDelta(0, "hm", "gemini"),
                new StreamEvent.ReasoningSealed(0, "secret", "hidden", "gemini"),
                new StreamEvent.RefusalDelta(0, "No."),
                StreamEvent.TextDelta.of(1, "another choice"),
                new StreamEvent.ForeignCame(0, new Part.Foreign("anthropic", "x", "{}")),
                new StreamEvent.MediaCame(
                        0, Part.Media.of(Part.Media.Kind.IMAGE, new Part.Source.Inline("image/png", "aGk="))),
                new StreamEvent.Ended(0, Finish.of(Finish.Reason.REFUSAL, "refusal")),
                new StreamEvent.Done());
        String all = String.join("\n", Wire.frames(Wire.written(writer(), events)));
        assertThat(all)
                .contains("\"reasoningContent\":{\"text\":\"hm\"}")
                .contains("{\"text\":\"No.\"}")
                .contains("{\"image\":{\"source\":{\"bytes\":\"aGk=\"}}}")
                .contains("content_filtered")
                .doesNotContain("secret")
                .doesNotContain("hidden")
                .doesNotContain("another choice");
    }
}
