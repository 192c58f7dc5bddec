package dev.understudy.protocol.dialect.gemini;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.corpus.CorpusFile;
import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.ResumePoint;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.neutral.AnswerAssembly;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.Finish.Reason;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiStreamTest {
    private static final RequestContext ASKED = new RequestContext(new byte[0], true, 0);

    private static Frame frame(String json) {
        byte[] bytes = json.getBytes(UTF_8);
        return new Frame("", false, bytes, 0, bytes.length);
    }

    private static List<StreamEvent> read(String... frames) {
        StreamReader reader = new GeminiDialect().streamReader();
        List<StreamEvent> events = new ArrayList<>();
        for (String json : frames) {
            assertThat(reader.read(frame(json), events::add)).as(json).isTrue();
        }
        return events;
    }

    private static String parts(String parts, String rest) {
        return "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[" + parts + "]}" + rest
                + "}],\"responseId\":\"r\",\"modelVersion\":\"m\"}";
    }

    private static String written(StreamWriter writer, StreamEvent... events) {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        for (StreamEvent event : events) {
            writer.write(event, to);
        }
        return to.toString(UTF_8);
    }

    private static List<JsonNode> chunks(String written) {
        return Stream.of(written.split("\n\n", -1))
                .filter(event -> !event.isEmpty())
                .map(event -> {
                    assertThat(event).startsWith("data: ");
                    return Json.of(event.substring("data: ".length()));
                })
                .toList();
    }

    @Test
    void textReasoningAndTheEnd() {
        assertThat(read(
                        parts("{\"text\":\"hm\",\"thought\":true}", ""),
                        parts("{\"text\":\"\",\"thought\":true,\"thoughtSignature\":\"s\"},{\"text\":\"Hel\"}", ""),
                        parts("{\"text\":\"lo\"}", ""),
                        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\",\"thoughtSignature\":\"t\"}]},"
                                + "\"finishReason\":\"STOP\",\"index\":0}],"
                                + "\"usageMetadata\":{\"promptTokenCount\":1,\"candidatesTokenCount\":2}}"))
                .containsExactly(
                        new StreamEvent.Begin("r", "m", OptionalLong.empty()),
                        new StreamEvent.ReasoningDelta(0, "hm", "gemini"),
                        new StreamEvent.ReasoningSealed(0, "s", "", "gemini"),
                        StreamEvent.TextDelta.of(0, "Hel"),
                        StreamEvent.TextDelta.of(0, "lo"),
                        new StreamEvent.Ended(0, Finish.of(Reason.STOP, "STOP")),
                        new StreamEvent.Counted(Tokens.of(1, 2)));
    }

    @Test
    void callsComeWhole() {
        assertThat(read(
                        parts(
                                "{\"functionCall\":{\"name\":\"f\",\"args\":{\"a\":1}},\"thoughtSignature\":\"s\"},"
                                        + "{\"functionCall\":{\"name\":\"g\"}}",
                                ""),
                        parts("{\"text\":\"\"}", ",\"finishReason\":\"STOP\"")))
                .containsExactly(
                        new StreamEvent.Begin("r", "m", OptionalLong.empty()),
                        new StreamEvent.ToolCallBegan(0, 0, "call_r_0_0", "f", "s"),
                        new StreamEvent.ToolCallDelta(0, 0, "{\"a\":1}"),
                        new StreamEvent.ToolCallBegan(0, 1, "call_r_0_1", "g", ""),
                        new StreamEvent.ToolCallDelta(0, 1, "{}"),
                        new StreamEvent.Ended(0, Finish.of(Reason.TOOL_CALLS, "STOP")));
    }

    private static String partial(String args, boolean more) {
        return parts(
                "{\"functionCall\":{\"partialArgs\":[" + args + "]" + (more ? ",\"willContinue\":true" : "") + "}}",
                "");
    }

    @Test
    void argumentsMayComeValueByValue() {
        AnswerAssembly assembly = new AnswerAssembly();
        read(
                        parts("{\"functionCall\":{\"name\":\"f\",\"willContinue\":true}}", ""),
                        partial("{\"jsonPath\":\"$.a.s\",\"stringValue\":\"x\\\"\",\"willContinue\":true}", true),
                        partial("{\"jsonPath\":\"$.a.s\",\"stringValue\":\"y\"}", true),
                        partial("{\"jsonPath\":\"$.a.l[0].n\",\"numberValue\":0.50}", true),
                        partial("{\"jsonPath\":\"$.a.l[0].b\",\"boolValue\":true}", true),
                        partial("{\"jsonPath\":\"$.a.l[1].n\",\"nullValue\":\"NULL_VALUE\"}", true),
                        partial("{\"jsonPath\":\"$.m[0][0]\",\"numberValue\":1}", true),
                        partial("{\"jsonPath\":\"$.m[0][1]\",\"numberValue\":2}", true),
                        partial("{\"jsonPath\":\"$['o.d']\",\"stringValue\":\"z\"}", true),
                        parts("{\"functionCall\":{}}", ""),
                        parts("{\"functionCall\":{\"name\":\"g\",\"willContinue\":true}}", ""),
                        partial("{\"jsonPath\":\"$.q\",\"stringValue\":\"1\"}", false),
                        parts("{\"text\":\"\"}", ",\"finishReason\":\"STOP\""))
                .forEach(assembly::take);

        List<Part> calls = assembly.answer().choices().getFirst().parts();
        assertThat(calls).hasSize(2);
        assertThat(Json.of(((Part.ToolCall) calls.get(0)).arguments())).isEqualTo(Json.of("""
                                {"a":{"s":"x\\"y","l":[{"n":0.50,"b":true},{"n":null}]},"m":[[1,2]],"o.d":"z"}
                                """));
        assertThat(((Part.ToolCall) calls.get(1)).arguments()).isEqualTo("{\"q\":\"1\"}");
    }

    @Test
    void severalCandidatesAreDistinguished() {
        assertThat(read("{\"candidates\":[{\"index\":1,\"content\":{\"parts\":[{\"text\":\"b\"}]},"
                        + "\"finishReason\":\"MAX_TOKENS\"},"
                        + "{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finishReason\":\"STOP\"}]}"))
                .contains(
                        StreamEvent.TextDelta.of(1, "b"),
                        new StreamEvent.Ended(1, Finish.of(Reason.LENGTH, "MAX_TOKENS")),
                        StreamEvent.TextDelta.of(0, "a"),
                        new StreamEvent.Ended(0, Finish.of(Reason.STOP, "STOP")));
    }

    @Test
    void countsAreReportedWhenTheyChange() {
        String chunk = "{\"usageMetadata\":{\"promptTokenCount\":3,\"trafficType\":\"ON_DEMAND\"}}";

        assertThat(read(chunk, chunk, "{\"usageMetadata\":{\"trafficType\":\"ON_DEMAND\"}}").stream()
                        .filter(StreamEvent.Counted.class::isInstance))
                .hasSize(1);
    }

    @Test
    void aRefusedPromptEndsTheAnswer() {
        assertThat(read("{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}"))
                .contains(new StreamEvent.Ended(0, Finish.of(Reason.CONTENT_FILTER, "SAFETY")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"code\":503,\"message\":\"busy\",\"status\":\"UNAVAILABLE\"}}",
                "[{\"error\":{\"code\":503,\"message\":\"busy\",\"status\":\"UNAVAILABLE\"}}]"
            })
    void errorsAreReported(String error) {
        assertThat(read(error)).singleElement().isInstanceOfSatisfying(StreamEvent.Failed.class, failed -> {
            assertThat(failed.failure().kind()).isEqualTo(FailureKind.OVERLOADED);
            assertThat(failed.failure().message()).isEqualTo("busy");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "nonsense", "1", "[]", "{\"candidates\":[{\"index\":0,}]}"})
    void unreadableFramesAreReportedAsSuch(String json) {
        assertThat(new GeminiDialect().streamReader().read(frame(json), event -> {}))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[DONE]", "{}", "{\"serverContent\":{}}", "{\"candidates\":[7,{\"content\":[]}]}"})
    void framesWithoutContentAreIgnored(String json) {
        assertThat(read(json).stream().filter(event -> !(event instanceof StreamEvent.Begin)))
                .isEmpty();
    }

    @Test
    void chunksAreWrittenAsTheyComeAndTheEndLast() {
        StreamWriter writer = new GeminiDialect().streamWriter(ASKED, Optional.empty());

        assertThat(written(
                        writer,
                        new StreamEvent.Begin("r", "m", OptionalLong.of(0)),
                        new StreamEvent.Ping(),
                        new StreamEvent.Failed(Failure.of(FailureKind.EMPTY, ""))))
                .isEmpty();
        assertThat(chunks(written(writer, StreamEvent.TextDelta.of(0, "Hi")))).containsExactly(Json.of("""
                                {"candidates":[{"content":{"parts":[{"text":"Hi"}],"role":"model"},"index":0}],
                                 "modelVersion":"m","createTime":"1970-01-01T00:00:00Z","responseId":"r"}
                                """));
        assertThat(written(
                        writer,
                        new StreamEvent.Ended(0, Finish.of(Reason.LENGTH, "length")),
                        new StreamEvent.Counted(Tokens.of(1, 2))))
                .isEmpty();
        assertThat(chunks(written(writer, new StreamEvent.Done()))).containsExactly(Json.of("""
                                {"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},
                                  "finishReason":"MAX_TOKENS","index":0}],
                                 "usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":2,"totalTokenCount":3},
                                 "modelVersion":"m","createTime":"1970-01-01T00:00:00Z","responseId":"r"}
                                """));
        assertThat(writer.position()).isEqualTo(StreamPosition.of(true, "r", OptionalLong.of(0)));
    }

    @Test
    void callsAreWrittenWholeWhenSomethingElseComes() {
        StreamWriter writer = new GeminiDialect().streamWriter(ASKED, Optional.empty());

        assertThat(written(
                        writer,
                        new StreamEvent.ToolCallBegan(0, 0, "c1", "f", ""),
                        new StreamEvent.ToolCallDelta(0, 0, "{\"a\""),
                        new StreamEvent.ToolCallBegan(0, 1, "c2", "g", ""),
                        new StreamEvent.ToolCallDelta(0, 1, "{}"),
                        new StreamEvent.ToolCallDelta(0, 0, ":1}")))
                .isEmpty();
        List<JsonNode> chunks =
                chunks(written(writer, new StreamEvent.Ended(0, Finish.of(Reason.TOOL_CALLS, "tool_calls"))));
        assertThat(chunks.stream().map(chunk -> chunk.at("/candidates/0/content/parts/0")))
                .containsExactly(
                        Json.of("""
                                {"functionCall":{"id":"c1","name":"f","args":{"a":1}},
                                 "thoughtSignature":"c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I="}
                                """), Json.of("{\"functionCall\":{\"id\":\"c2\",\"name\":\"g\",\"args\":{}}}"));
    }

    @Test
    void aResumedStreamKeepsItsId() {
        StreamPosition position = StreamPosition.of(true, "first", OptionalLong.of(7));
        StreamWriter writer = new GeminiDialect(GeminiDialect.StreamForm.ARRAY)
                .streamWriter(ASKED, Optional.of(new ResumePoint(position, "Hel")));

        String chunk = written(
                writer, new StreamEvent.Begin("second", "m", OptionalLong.of(9)), StreamEvent.TextDelta.of(0, "lo"));

        assertThat(chunk).startsWith(",\n{").contains("\"first\"").doesNotContain("second");
        assertThat(writer.position()).isEqualTo(position);
    }

    @Test
    void callersWithoutEventsGetOneArray() {
        StreamWriter writer = new GeminiDialect(GeminiDialect.StreamForm.ARRAY).streamWriter(ASKED, Optional.empty());

        JsonNode array = Json.of(written(
                writer,
                new StreamEvent.Begin("r", "m", OptionalLong.empty()),
                new StreamEvent.ToolCallBegan(0, 0, "c", "f", ""),
                new StreamEvent.ToolCallDelta(0, 0, "{}"),
                StreamEvent.TextDelta.of(0, "x"),
                new StreamEvent.Ended(0, Finish.of(Reason.STOP, "stop")),
                new StreamEvent.Done()));

        assertThat(array.findValuesAsText("text")).containsExactly("", "x", "");
        assertThat(array.at("/1/candidates/0/content/parts/0/functionCall/name").asText())
                .isEqualTo("f");
        assertThat(array.at("/3/candidates/0/finishReason").asText()).isEqualTo("STOP");
    }

    @Test
    void writtenFramesReadAsTheSameEvents() {
        List<StreamEvent> told = List.of(
                new StreamEvent.Begin("r", "m", OptionalLong.of(5)),
                new StreamEvent.ReasoningDelta(0, "hm", "gemini"),
                new StreamEvent.ReasoningSealed(0, "s", "", "gemini"),
                StreamEvent.TextDelta.of(0, "Hi \uD83D"),
                StreamEvent.TextDelta.of(0, "\uDE00"),
                new StreamEvent.Cited(0, new Part.Citation("https://a", "A", "Hi", -1, -1, "x", "")),
                new StreamEvent.ToolCallBegan(0, 0, "c", "f", "g"),
                new StreamEvent.ToolCallDelta(0, 0, "{\"a\":1}"),
                new StreamEvent.Ended(0, Finish.of(Reason.TOOL_CALLS, "STOP")),
                new StreamEvent.Counted(Tokens.of(1, 2)));
        StreamWriter writer = new GeminiDialect().streamWriter(ASKED, Optional.empty());
        String text = written(writer, told.toArray(StreamEvent[]::new)) + written(writer, new StreamEvent.Done());
        AnswerAssembly before = new AnswerAssembly();
        told.forEach(before::take);
        AnswerAssembly after = new AnswerAssembly();
        read(chunks(text).stream().map(JsonNode::toString).toArray(String[]::new))
                .forEach(after::take);

        NeutralAnswer answer = after.answer();
        assertThat(answer.id()).isEqualTo("r");
        assertThat(answer.tokens()).isEqualTo(Tokens.of(1, 2));
        assertThat(answer.choices().getFirst().finish())
                .isEqualTo(before.answer().choices().getFirst().finish());
        assertThat(answer.choices().getFirst().parts()).contains(new Part.ToolCall("c", "f", "{\"a\":1}", "g"));
    }

    @Test
    void recordedStreamsAndAnswersAreRead() throws IOException {
        Map<String, String> streams = new TreeMap<>();
        for (CorpusFile file : CorpusFile.all(CorpusFile.Kind.STREAM)) {
            if (file.dialect().equals("gemini")
                    && file.expected().path("finish").asText().matches("STOP|TOOL_CALLS")) {
                streams.put(file.name(), file.text().replace("data: ", ""));
            }
        }
        Path project = Path.of("").toAbsolutePath();
        while (project.getParent() != null && !Files.exists(project.resolve("mvnw"))) {
            project = project.getParent();
        }
        Path recorded = project.resolveSibling("shared").resolve("recorded/vercel/google");
        if (Files.isDirectory(recorded)) {
            try (Stream<Path> all = Files.list(recorded)) {
                for (Path file : all.filter(path -> path.toString().endsWith(".chunks.txt"))
                        .toList()) {
                    streams.put(file.toString(), Files.readString(file));
                }
            }
        }
        int read = 0;
        for (Map.Entry<String, String> stream : streams.entrySet()) {
            String file = stream.getKey();
            String text = stream.getValue();
            if (!text.contains("\"candidates\"")) {
                continue;
            }
            AnswerAssembly assembly = new AnswerAssembly();
            read(text.lines().filter(line -> !line.isBlank()).toArray(String[]::new))
                    .forEach(assembly::take);
            NeutralAnswer answer = assembly.answer();
            assertThat(answer.tokens().prompt()).as(file).isPresent();
            NeutralAnswer.Choice choice = answer.choices().getFirst();
            assertThat(choice.parts()).as(file).isNotEmpty();
            assertThat(choice.finish().word()).as(file).isEqualTo("STOP");
            for (Part part : choice.parts()) {
                if (part instanceof Part.ToolCall call) {
                    assertThat(Json.of(call.arguments()).isObject()).isTrue();
                    assertThat(choice.finish().reason()).isEqualTo(Reason.TOOL_CALLS);
                }
            }
            read++;
        }
        assertThat(read).isGreaterThanOrEqualTo(4);
    }
}
