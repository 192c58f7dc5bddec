package dev.understudy.protocol.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.corpus.CorpusFile;
import dev.understudy.protocol.corpus.CorpusFile.Kind;
import dev.understudy.protocol.dialect.completions.CompletionsDialect;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.model.ModelTable;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Tokens;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The corpus of examples in {@code src/test/resources/corpus}: each file says what its index lists, in its own dialect and
 * translated into every other, whole and cut at every event.
 */
class CorpusTest {
    private static final RequestContext ASKED = new RequestContext(
            "{\"model\":\"m\",\"input\":\"\",\"reasoning\":{\"summary\":\"auto\"}}".getBytes(UTF_8),
            true,
            1_700_000_000);

    private static final Dialect COMPLETIONS = new CompletionsDialect();

    private static final Map<String, FuzzSeeds> SEEDS = Map.of(
            "chat", FuzzSeeds.CHAT,
            "responses", FuzzSeeds.RESPONSES,
            "anthropic", FuzzSeeds.ANTHROPIC,
            "gemini", FuzzSeeds.GEMINI,
            "bedrock", FuzzSeeds.BEDROCK);

    static Stream<CorpusFile> answers() {
        return CorpusFile.all(Kind.ANSWER).stream();
    }

    static Stream<CorpusFile> errors() {
        return CorpusFile.all(Kind.ERROR).stream();
    }

    static Stream<CorpusFile> requests() {
        return CorpusFile.all(Kind.REQUEST).stream();
    }

    static Stream<CorpusFile> goodStreams() {
        return CorpusFile.all(Kind.STREAM).stream().filter(CorpusFile::isGood);
    }

    static Stream<CorpusFile> failingStreams() {
        return CorpusFile.all(Kind.STREAM).stream().filter(file -> !file.isGood());
    }

    private static Dialect dialect(CorpusFile file) {
        return file.dialect().equals("completions")
                ? COMPLETIONS
                : SEEDS.get(file.dialect()).dialect();
    }

    private static List<Dialect> everyDialect() {
        return Stream.concat(FuzzSeeds.ALL.stream().map(FuzzSeeds::dialect), Stream.of(COMPLETIONS))
                .toList();
    }

    @Test
    void everyFileIsListedOnceAndEveryDialectHasEveryKind() {
        List<CorpusFile> files = CorpusFile.all();
        assertThat(files.stream().map(CorpusFile::name)).containsExactlyInAnyOrderElementsOf(CorpusFile.names());
        for (Dialect dialect : everyDialect()) {
            for (Kind kind : Kind.values()) {
                assertThat(files)
                        .as(kind + " of " + dialect.name())
                        .anyMatch(file -> file.kind() == kind && dialect(file) == dialect);
            }
        }
    }

    /** The comments of a binary stream are for readers: they must say what its bytes say. */
    @ParameterizedTest
    @MethodSource({"goodStreams", "failingStreams"})
    void commentsOfFramesAreTrue(CorpusFile file) {
        if (!file.name().endsWith(".hex")) {
            return;
        }
        String bytes = new String(file.bytes(), UTF_8);
        for (String comment : file.frameComments().subList(0, file.eventEnds().size())) {
            String[] parts = comment.split(" ", 3);
            assertThat(bytes).contains(parts[0], parts[1], parts[2]);
        }
    }

    // Reading.

    @ParameterizedTest
    @MethodSource("answers")
    void answersAreReadAsListed(CorpusFile file) throws InvalidAnswer {
        NeutralAnswer answer = dialect(file).readAnswer(file.bytes(), 0, file.bytes().length);
        assertListed(file, answer);
        assertThat(answer.choices()).hasSize(file.expected().path("choices").asInt(1));
    }

    @ParameterizedTest
    @MethodSource("goodStreams")
    void streamsAreReadAsListed(CorpusFile file) {
        assertListed(file, Streamed.answer(dialect(file), file.bytes()));
    }

    @ParameterizedTest
    @MethodSource("failingStreams")
    void streamsFailAsListedForCallersOfEveryDialect(CorpusFile file) {
        String failure = file.expected().path("failure").asText();
        for (Dialect to : everyDialect()) {
            Rewritten stream = rewritten(file, to, file.bytes().length, new Random(1));
            assertThat(stream.failed).as("for " + to.name()).startsWith(failure + " ");
        }
    }

    @ParameterizedTest
    @MethodSource("errors")
    void errorsAreClassifiedAsListedAndAreNoAnswersInAnyDialect(CorpusFile file) {
        FailureKind kind = FailureKind.valueOf(file.expected().path("failure").asText());
        int status = file.expected().path("status").asInt();
        String errorType = file.expected().path("errorType").asText();
        HeaderLookup headers = name ->
                name.equals("x-amzn-errortype") && !errorType.isEmpty() ? Optional.of(errorType) : Optional.empty();
        assertThat(Classifier.classify(status, headers, file.bytes(), 0).kind()).isEqualTo(kind);
        // Without its status and headers an error may look like another one, but never like an answer.
        FailureKind inBand = FailureKind.valueOf(file.expected().path("inBand").asText(kind.name()));
        for (Dialect dialect : everyDialect()) {
            InvalidAnswer refused = catchThrowableOfType(
                    InvalidAnswer.class, () -> dialect.readAnswer(file.bytes(), 0, file.bytes().length));
            assertThat(refused.failure().kind()).as("as " + dialect.name()).isIn(inBand, kind, FailureKind.MALFORMED);
        }
    }

    private static void assertListed(CorpusFile file, NeutralAnswer answer) {
        JsonNode expected = file.expected();
        NeutralAnswer.Choice choice = answer.choices().getFirst();
        StringBuilder text = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        StringBuilder refusal = new StringBuilder();
        ArrayNode calls = JsonNodeFactory.instance.arrayNode();
        for (Part part : choice.parts()) {
            switch (part) {
                case Part.Text words -> text.append(words.text());
                case Part.Refusal words -> refusal.append(words.text());
                case Part.Reasoning thinking -> reasoning.append(thinking.text());
                case Part.ToolCall call ->
                    calls.add(call(call, expected.path("calls").path(calls.size())));
                default -> {}
            }
        }
        assertThat(text).hasToString(expected.path("text").asText());
        assertThat(reasoning).hasToString(expected.path("reasoning").asText());
        assertThat(refusal).hasToString(expected.path("refusal").asText());
        assertThat((JsonNode) calls)
                .isEqualTo(expected.has("calls") ? expected.get("calls") : JsonNodeFactory.instance.arrayNode());
        assertThat(choice.finish().reason()).hasToString(expected.path("finish").asText());
        assertThat((JsonNode) usage(answer.tokens())).isEqualTo(expected.path("usage"));
        assertThat(answer.id()).isEqualTo(expected.path("id").asText());
        assertThat(answer.model()).isEqualTo(expected.path("model").asText());
    }

    /** @param listed has no id where the dialect has none; the reader then makes one */
    private static ObjectNode call(Part.ToolCall call, JsonNode listed) {
        ObjectNode read = JsonNodeFactory.instance.objectNode();
        if (listed.has("id")) {
            read.put("id", call.id());
        }
        read.put("name", call.name());
        read.set("arguments", call.arguments().isBlank() ? JsonTrees.emptyObject() : JsonTrees.of(call.arguments()));
        return read;
    }

    private static ObjectNode usage(Tokens tokens) {
        ObjectNode usage = JsonNodeFactory.instance.objectNode();
        put(usage, "prompt", tokens.prompt());
        put(usage, "completion", tokens.completion());
        put(usage, "cached", tokens.cached());
        put(usage, "cacheWritten", tokens.cacheWritten());
        put(usage, "reasoning", tokens.reasoning());
        return usage;
    }

    private static void put(ObjectNode usage, String name, OptionalLong tokens) {
        tokens.ifPresent(count -> usage.put(name, Math.toIntExact(count)));
    }

    // Translation.

    @ParameterizedTest
    @MethodSource("answers")
    void answersKeepTheirContentInEveryDialect(CorpusFile file) throws InvalidAnswer {
        Meaning meaning = Meaning.of(dialect(file).readAnswer(file.bytes(), 0, file.bytes().length));
        for (FuzzSeeds to : FuzzSeeds.ALL) {
            byte[] written = to.dialect().writeAnswer(read(file), ASKED);
            assertThat(Meaning.of(to.dialect().readAnswer(written, 0, written.length)))
                    .as("in " + to.dialect().name())
                    .isEqualTo(meaning.in(to));
        }
        byte[] written = COMPLETIONS.writeAnswer(read(file), ASKED);
        assertThat(Meaning.of(COMPLETIONS.readAnswer(written, 0, written.length))
                        .text())
                .isEqualTo(meaning.text());
    }

    private static NeutralAnswer read(CorpusFile file) throws InvalidAnswer {
        return dialect(file).readAnswer(file.bytes(), 0, file.bytes().length);
    }

    @ParameterizedTest
    @MethodSource("goodStreams")
    void streamsKeepTheirContentInEveryDialectHoweverTheBytesArrive(CorpusFile file) {
        Meaning meaning = Meaning.of(Streamed.answer(dialect(file), file.bytes()));
        Random random = new Random(2);
        for (FuzzSeeds to : FuzzSeeds.ALL) {
            Rewritten whole = rewritten(file, to.dialect(), file.bytes().length, random);
            assertThat(whole.failed).isEmpty();
            assertThat(whole.finished).isTrue();
            assertThat(Meaning.of(Streamed.answer(to.dialect(), whole.written.toByteArray())))
                    .as("in " + to.dialect().name())
                    .isEqualTo(meaning.in(to));
            for (int round = 0; round < 5; round++) {
                assertThat(rewritten(file, to.dialect(), file.bytes().length, random)
                                .written
                                .toByteArray())
                        .isEqualTo(whole.written.toByteArray());
            }
        }
        assertThat(text(COMPLETIONS, rewritten(file, COMPLETIONS, file.bytes().length, random)))
                .isEqualTo(meaning.text());
    }

    /** Before the event that completes it a stream is truncated; what the caller has by then is the beginning of the text. */
    @ParameterizedTest
    @MethodSource("goodStreams")
    void streamsCutAtAnyEventAreTruncatedUntilTheyAreComplete(CorpusFile file) {
        int complete = file.expected().path("complete").asInt();
        assertThat(complete).isPositive();
        String text = Meaning.of(Streamed.answer(dialect(file), file.bytes())).text();
        for (Dialect to : everyDialect()) {
            int events = 0;
            int from = 0;
            for (int end : file.eventEnds()) {
                events += isEvent(file, from) ? 1 : 0;
                from = end;
                Rewritten stream = rewritten(file, to, end, new Random(end));
                String where = "for " + to.name() + ", " + events + " events";
                if (events < complete) {
                    assertThat(stream.failed).as(where).startsWith("TRUNCATED ");
                    assertThat(stream.finished).as(where).isFalse();
                    assertThat(text).as(where).startsWith(text(to, stream));
                } else {
                    assertThat(stream.failed).as(where).isEmpty();
                    assertThat(stream.finished).as(where).isTrue();
                    assertThat(text(to, stream)).as(where).isEqualTo(text);
                }
            }
            assertThat(events).as("events of " + file.name()).isGreaterThanOrEqualTo(complete);
        }
    }

    private static boolean isEvent(CorpusFile file, int from) {
        return file.name().endsWith(".hex")
                || Stream.of("data:", "event:", "id:")
                        .anyMatch(start -> new String(file.bytes(), from, start.length(), UTF_8).equals(start));
    }

    private static String text(Dialect dialect, Rewritten stream) {
        NeutralAnswer answer = Streamed.answer(dialect, stream.written.toByteArray());
        return answer.choices().isEmpty() ? "" : Meaning.of(answer).text();
    }

    private static Rewritten rewritten(CorpusFile file, Dialect to, int length, Random random) {
        Rewritten stream = Rewritten.in(dialect(file), to, ASKED);
        byte[] bytes = new byte[length];
        System.arraycopy(file.bytes(), 0, bytes, 0, length);
        stream.feed(bytes, random);
        return stream;
    }

    // Requests.

    @ParameterizedTest
    @MethodSource("requests")
    void requestsAreReadAsListed(CorpusFile file) throws BadRequest {
        NeutralRequest request = readRequest(file);
        assertThat(turns(request)).isEqualTo(texts(file.expected().path("turns")));
        assertThat(tools(request)).isEqualTo(texts(file.expected().path("tools")));
        assertThat(request.sampling().stop()).isEqualTo(texts(file.expected().path("stop")));
        assertThat(request.stream()).isEqualTo(file.expected().path("stream").asBoolean());
        assertThat(request.sampling().maxTokens().orElse(-1))
                .isEqualTo(file.expected().path("maxTokens").asLong(-1));
        assertThat(request.sampling().temperature().map(Number::doubleValue).orElse(-1.0))
                .isEqualTo(file.expected().path("temperature").asDouble(-1));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void requestsKeepTheirContentInEveryDialect(CorpusFile file) throws BadRequest, UntranslatableRequest {
        NeutralRequest request = readRequest(file);
        for (FuzzSeeds to : FuzzSeeds.ALL) {
            if (to == FuzzSeeds.RESPONSES && !request.sampling().stop().isEmpty()) {
                assertThatThrownBy(() -> to.dialect()
                                .writeRequest(
                                        request,
                                        to.models().getFirst(),
                                        ModelCapabilities.UNKNOWN.withTraits(
                                                ModelTable.traitsOf(to.models().getFirst()))))
                        .isInstanceOf(UntranslatableRequest.class)
                        .hasMessageContaining("stop sequences");
                continue;
            }
            byte[] body = to.dialect()
                    .writeRequest(
                            request,
                            to.models().get(1),
                            ModelCapabilities.UNKNOWN.withTraits(
                                    ModelTable.traitsOf(to.models().get(1))))
                    .body();
            NeutralRequest written = to.dialect().readRequest(body, request.stream());
            String where = "in " + to.dialect().name();
            assertThat(turns(written)).as(where).isEqualTo(turns(request));
            assertThat(tools(written)).as(where).isEqualTo(tools(request));
            if (request.sampling().maxTokens().isPresent()) {
                assertThat(written.sampling().maxTokens())
                        .as(where)
                        .isEqualTo(request.sampling().maxTokens());
            }
        }
    }

    private static NeutralRequest readRequest(CorpusFile file) throws BadRequest {
        return dialect(file)
                .readRequest(file.bytes(), file.expected().path("stream").asBoolean());
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(one -> texts.add(one.asText()));
        return texts;
    }

    private static List<String> tools(NeutralRequest request) {
        return request.tools().tools().stream()
                .map(tool -> tool instanceof Tools.Function function ? function.name() : tool.toString())
                .toList();
    }

    /** Role and content of each turn; neighbours of the same role, which some dialects join, are one. */
    private static List<String> turns(NeutralRequest request) {
        List<String> turns = new ArrayList<>();
        String last = "";
        for (Turn turn : request.turns()) {
            for (Part part : turn.parts()) {
                String role =
                        part instanceof Part.ToolResult ? "TOOL" : turn.role().name();
                String said = said(part);
                if (said.isEmpty()) {
                    continue;
                }
                if (role.equals(last)) {
                    turns.add(turns.removeLast() + " " + said);
                } else {
                    turns.add(role + " " + said);
                }
                last = role;
            }
        }
        return turns;
    }

    private static String said(Part part) {
        return switch (part) {
            case Part.Text words -> words.text();
            case Part.ToolCall call -> "call " + call.name() + " " + JsonTrees.of(call.arguments());
            case Part.ToolResult result -> {
                StringBuilder content = new StringBuilder("result");
                result.content().forEach(inner -> content.append(' ').append(said(inner)));
                yield content.toString();
            }
            case Part.Media media ->
                "media " + media.kind() + " "
                        + (media.source() instanceof Part.Source.Inline inline
                                ? inline.mediaType().toLowerCase(Locale.ROOT)
                                : "");
            default -> "";
        };
    }
}
