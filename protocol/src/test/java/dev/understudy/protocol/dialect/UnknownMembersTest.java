package dev.understudy.protocol.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.protocol.corpus.CorpusFile;
import dev.understudy.protocol.corpus.CorpusFile.Kind;
import dev.understudy.protocol.dialect.completions.CompletionsDialect;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Tools;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A member that a reader does not know changes nothing of what it reads beside it, wherever it stands: vendors add members at any
 * time, and Converse's {@code type} once made a tool call disappear.
 */
class UnknownMembersTest {
    private static final String UNKNOWN = "zzUnknown";

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "1.5",
            "\"zz\"",
            "[{\"type\":\"text\",\"text\":\"zz\"}]",
            "{\"type\":\"zz\",\"text\":\"zz\",\"id\":\"zz\"}");

    /** Objects whose members are the caller's or the model's own. */
    private static final Set<String> FREE = Set.of(
            "args",
            "arguments",
            "response",
            "parameters",
            "parametersJsonSchema",
            "input_schema",
            "inputSchema",
            "schema",
            "responseSchema",
            "responseJsonSchema",
            "metadata",
            "labels",
            "requestMetadata",
            "json",
            "logit_bias",
            "partialArgs");

    static Stream<CorpusFile> requests() {
        return CorpusFile.all(Kind.REQUEST).stream();
    }

    static Stream<CorpusFile> answers() {
        return CorpusFile.all(Kind.ANSWER).stream();
    }

    static Stream<CorpusFile> streams() {
        return CorpusFile.all(Kind.STREAM).stream().filter(CorpusFile::isGood);
    }

    static Stream<FuzzSeeds> seeds() {
        return FuzzSeeds.ALL.stream();
    }

    private static Dialect dialect(CorpusFile file) {
        return switch (file.dialect()) {
            case "chat" -> FuzzSeeds.CHAT.dialect();
            case "responses" -> FuzzSeeds.RESPONSES.dialect();
            case "anthropic" -> FuzzSeeds.ANTHROPIC.dialect();
            case "gemini" -> FuzzSeeds.GEMINI.dialect();
            case "bedrock" -> FuzzSeeds.BEDROCK.dialect();
            default -> new CompletionsDialect();
        };
    }

    @ParameterizedTest
    @MethodSource("requests")
    void inRequests(CorpusFile file) {
        request(dialect(file), file.text());
    }

    @ParameterizedTest
    @MethodSource("answers")
    void inAnswers(CorpusFile file) {
        answer(dialect(file), file.text());
    }

    @ParameterizedTest
    @MethodSource("streams")
    void inStreams(CorpusFile file) {
        Dialect dialect = dialect(file);
        stream(dialect, Streamed.linesOf(dialect.framing(), file.bytes()));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void inAllThatHasASeed(FuzzSeeds seeds) {
        seeds.requests().forEach(body -> request(seeds.dialect(), body));
        seeds.answers().forEach(body -> answer(seeds.dialect(), body));
        seeds.streams().forEach(lines -> stream(seeds.dialect(), lines));
    }

    /** Unknown content is kept as the dialect's own, and the content beside it is read. */
    static Stream<Arguments> unknownContent() {
        return Stream.of(
                Arguments.of(FuzzSeeds.CHAT, true, """
                        {"messages":[{"role":"user","content":[{"type":"zz","zz":{"a":1}},{"type":"text","text":"known"}]}]}"""),
                Arguments.of(FuzzSeeds.CHAT, true, """
                        {"messages":[{"role":"assistant","content":"known","tool_calls":[{"id":"1","type":"zz","zz":{"a":1}}]}]}"""),
                Arguments.of(FuzzSeeds.CHAT, false, """
                        {"id":"c","choices":[{"index":0,"message":{"content":[{"type":"zz","zz":{"a":1}},{"type":"text","text":"known"}]},"finish_reason":"stop"}]}"""),
                Arguments.of(FuzzSeeds.ANTHROPIC, true, """
                        {"max_tokens":5,"messages":[{"role":"user","content":[{"type":"zz","zz":{"a":1}},{"type":"text","text":"known"}]}]}"""),
                Arguments.of(FuzzSeeds.ANTHROPIC, false, """
                        {"type":"message","content":[{"type":"zz","zz":{"a":1}},{"type":"text","text":"known"}],"stop_reason":"end_turn"}"""),
                Arguments.of(FuzzSeeds.GEMINI, true, """
                        {"contents":[{"parts":[{"zz":{"a":1}},{"text":"known"}]}]}"""),
                Arguments.of(FuzzSeeds.GEMINI, false, """
                        {"candidates":[{"content":{"parts":[{"zz":{"a":1}},{"text":"known"}]},"finishReason":"STOP"}]}"""),
                Arguments.of(FuzzSeeds.RESPONSES, true, """
                        {"input":[{"type":"message","role":"assistant","content":[{"type":"zz","zz":{"a":1}},{"type":"output_text","text":"known"}]}]}"""),
                Arguments.of(FuzzSeeds.RESPONSES, true, """
                        {"input":[{"type":"zz","zz":{"a":1}},{"role":"user","content":"known"}]}"""),
                Arguments.of(FuzzSeeds.RESPONSES, false, """
                        {"object":"response","status":"completed","output":[{"type":"zz","zz":{"a":1}},{"type":"message","content":[{"type":"output_text","text":"known"}]}]}"""),
                Arguments.of(FuzzSeeds.RESPONSES, false, """
                        {"object":"response","status":"completed","output":[{"type":"message","content":[{"type":"zz","zz":{"a":1}},{"type":"output_text","text":"known"}]}]}"""),
                Arguments.of(FuzzSeeds.BEDROCK, true, """
                        {"messages":[{"role":"user","content":[{"zz":{"a":1}},{"text":"known"}]}]}"""),
                Arguments.of(FuzzSeeds.BEDROCK, false, """
                        {"output":{"message":{"content":[{"zz":{"a":1}},{"text":"known"}]}},"stopReason":"end_turn"}"""));
    }

    @ParameterizedTest
    @MethodSource("unknownContent")
    void unknownContentIsKept(FuzzSeeds seeds, boolean request, String body) {
        Stream<Part> parts = request
                ? readRequest(seeds.dialect(), body).turns().stream().flatMap(turn -> turn.parts().stream())
                : readAnswer(seeds.dialect(), body).choices().getFirst().parts().stream();
        assertThat(parts)
                .anyMatch(part -> part instanceof Part.Foreign)
                .anyMatch(part -> part instanceof Part.Text text && text.text().equals("known"));
    }

    /** Some providers send an empty custom tool beside each function. */
    @Test
    void anEmptyCustomToolBesideAFunctionLosesNothing() {
        for (String custom : List.of("{}", "null", "{\"name\":\"\",\"input\":\"\"}")) {
            String call =
                    "{\"index\":0,\"id\":\"c1\",\"type\":\"function\",%s\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}%s}";
            for (String both : List.of(
                    call.formatted("\"custom\":" + custom + ",", ""), call.formatted("", ",\"custom\":" + custom))) {
                String answer = "{\"choices\":[{\"message\":{\"tool_calls\":[" + both
                        + "]},\"finish_reason\":\"tool_calls\"}]}";
                assertThat(readAnswer(FuzzSeeds.CHAT.dialect(), answer)
                                .choices()
                                .getFirst()
                                .parts())
                        .containsExactly(Part.ToolCall.of("c1", "f", "{}"));
                String request = "{\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[" + both + "]}]}";
                assertThat(readRequest(FuzzSeeds.CHAT.dialect(), request)
                                .turns()
                                .getFirst()
                                .parts())
                        .containsExactly(Part.ToolCall.of("c1", "f", "{}"));
            }
        }
    }

    private static void request(Dialect dialect, String body) {
        Object meaning = meaning(readRequest(dialect, body));
        variants(
                body,
                variant -> assertThat(meaning(readRequest(dialect, variant)))
                        .as(variant)
                        .isEqualTo(meaning));
    }

    private static NeutralRequest readRequest(Dialect dialect, String body) {
        try {
            return dialect.readRequest(body.getBytes(UTF_8), false);
        } catch (BadRequest refused) {
            throw new AssertionError(body, refused);
        }
    }

    private static void answer(Dialect dialect, String body) {
        Object meaning = meaning(readAnswer(dialect, body));
        variants(
                body,
                variant -> assertThat(meaning(readAnswer(dialect, variant)))
                        .as(variant)
                        .isEqualTo(meaning));
    }

    private static NeutralAnswer readAnswer(Dialect dialect, String body) {
        byte[] bytes = body.getBytes(UTF_8);
        try {
            return dialect.readAnswer(bytes, 0, bytes.length);
        } catch (InvalidAnswer refused) {
            throw new AssertionError(body, refused);
        }
    }

    private static void stream(Dialect dialect, List<Streamed.Line> came) {
        List<Streamed.Line> lines = came.stream()
                .map(line -> new Streamed.Line(line.name(), line.json().replace('\n', ' ')))
                .toList();
        Object meaning = meaning(Streamed.answer(dialect, Streamed.bytes(dialect.framing(), lines)));
        for (int i = 0; i < lines.size(); i++) {
            int at = i;
            if (!JsonTrees.of(lines.get(i).json()).isObject()) {
                continue;
            }
            variants(lines.get(i).json(), variant -> {
                List<Streamed.Line> changed = new ArrayList<>(lines);
                changed.set(at, new Streamed.Line(lines.get(at).name(), variant));
                assertThat(meaning(Streamed.answer(dialect, Streamed.bytes(dialect.framing(), changed))))
                        .as(variant)
                        .isEqualTo(meaning);
            });
        }
    }

    /** The document with an unknown member in each of its objects in turn, in front and behind. */
    private static void variants(String json, Consumer<String> to) {
        JsonNode tree = JsonTrees.of(json);
        List<ObjectNode> objects = new ArrayList<>();
        collect(tree, objects);
        for (ObjectNode object : objects) {
            ObjectNode before = object.deepCopy();
            for (int value = 0; value < VALUES.size(); value++) {
                JsonNode unknown = JsonTrees.of(VALUES.get(value));
                object.set(UNKNOWN, unknown);
                to.accept(tree.toString());
                object.removeAll();
                object.set(UNKNOWN, unknown);
                object.setAll(before);
                to.accept(tree.toString());
                object.removeAll();
                object.setAll(before);
            }
        }
    }

    private static void collect(JsonNode node, List<ObjectNode> objects) {
        if (node instanceof ObjectNode object) {
            objects.add(object);
            object.properties().forEach(member -> {
                boolean toolInput =
                        member.getKey().equals("input") && member.getValue().isObject();
                if (!FREE.contains(member.getKey()) && !toolInput) {
                    collect(member.getValue(), objects);
                }
            });
        } else {
            node.forEach(item -> collect(item, objects));
        }
    }

    // What was read, without the unknown members that are kept with a vendor's own content.

    private static Object meaning(NeutralRequest request) {
        return List.of(
                request.turns().stream()
                        .map(turn -> List.of(turn.role(), turn.name(), meaning(turn.parts())))
                        .toList(),
                request.tools().tools().stream()
                        .map(tool -> tool instanceof Tools.ForeignTool foreign
                                ? new Tools.ForeignTool(foreign.dialect(), foreign.kind(), known(foreign.json()))
                                : tool)
                        .toList(),
                request.tools().choice(),
                request.tools().parallel(),
                request.output(),
                request.sampling(),
                request.reasoning(),
                request.stream(),
                request.usageInStream(),
                request.user(),
                request.metadata(),
                request.serviceTier(),
                request.others().stream()
                        .map(other -> new NeutralRequest.Other(other.dialect(), other.name(), known(other.json())))
                        .filter(other ->
                                !other.name().endsWith(UNKNOWN) && !other.json().equals("{}"))
                        .toList());
    }

    private static Object meaning(NeutralAnswer answer) {
        return List.of(
                answer.id(),
                answer.model(),
                answer.created(),
                answer.choices().stream()
                        .map(choice -> List.of(
                                choice.index(), meaning(choice.parts()), choice.finish(), known(choice.logprobs())))
                        .toList(),
                answer.tokens(),
                answer.serviceTier());
    }

    private static List<Part> meaning(List<Part> parts) {
        List<Part> meaning = new ArrayList<>();
        for (Part part : parts) {
            meaning.add(
                    switch (part) {
                        case Part.Foreign foreign ->
                            new Part.Foreign(foreign.dialect(), foreign.kind(), known(foreign.json()));
                        case Part.Text text ->
                            new Part.Text(
                                    text.text(),
                                    text.citations().stream()
                                            .map(UnknownMembersTest::meaning)
                                            .toList());
                        case Part.ToolCall call ->
                            new Part.ToolCall(call.id(), call.name(), known(call.arguments()), call.signature());
                        case Part.ToolResult result ->
                            new Part.ToolResult(result.id(), result.name(), meaning(result.content()), result.failed());
                        default -> part;
                    });
        }
        return meaning;
    }

    private static Part.Citation meaning(Part.Citation citation) {
        return new Part.Citation(
                citation.url(),
                citation.title(),
                citation.quote(),
                citation.from(),
                citation.to(),
                citation.dialect(),
                known(citation.json()));
    }

    private static String known(String json) {
        JsonNode tree = JsonTrees.of(json);
        if (tree.isMissingNode()) {
            return json;
        }
        return sorted(tree).toString();
    }

    private static JsonNode sorted(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode known = JsonNodeFactory.instance.objectNode();
            object.properties().stream()
                    .filter(member -> !member.getKey().equals(UNKNOWN))
                    .forEach(member -> known.set(member.getKey(), sorted(member.getValue())));
            return known;
        }
        if (node.isArray()) {
            var list = JsonNodeFactory.instance.arrayNode();
            node.forEach(item -> list.add(sorted(item)));
            return list;
        }
        return node;
    }
}
