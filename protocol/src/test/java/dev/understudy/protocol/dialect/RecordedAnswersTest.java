package dev.understudy.protocol.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.corpus.CorpusFile;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.translate.StreamOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Answers and streams of the corpus, and real ones of the vendors where they are at hand ({@code ../shared/recorded} beside
 * the project): read, written in every dialect, read again, and compared.
 */
class RecordedAnswersTest {
    private static final RequestContext ASKED = new RequestContext(
            "{\"model\":\"m\",\"input\":\"\",\"reasoning\":{\"summary\":\"auto\"}}".getBytes(UTF_8),
            true,
            1_700_000_000);

    /** What is no answer of a dialect that is spoken here: beginnings of names, and what it is instead. */
    private static final Map<String, String> SKIPPED = Map.ofEntries(
            Map.entry("amazon-bedrock/amazon-bedrock-reranking", "reranking is passed through"),
            Map.entry("anthropic/anthropic-skill-", "an API for the vendor's skills"),
            Map.entry("cohere/", "Cohere's own dialect, which is not supported; it has an OpenAI one too"),
            Map.entry("envoy/completion", "the old Completions are passed through"),
            Map.entry("envoy/embeddings", "embeddings are passed through"),
            Map.entry("google/basic", "Google's Interactions"),
            Map.entry("google/google-live", "Google's Live API, over a WebSocket"),
            Map.entry("google/google-search.json", "Google's Interactions"),
            Map.entry("google/multi-turn", "Google's Interactions"),
            Map.entry("google/structured-output", "Google's Interactions"),
            Map.entry("google/tool-call-step", "Google's Interactions"),
            Map.entry("groq/groq-transcription", "transcriptions are passed through"),
            Map.entry("mistral/mistral-transcription", "transcriptions are passed through"),
            Map.entry("openai/openai-completion", "the old Completions are passed through"),
            Map.entry("openai/openai-embedding", "embeddings are passed through"),
            Map.entry("openai/openai-image.json", "images are passed through"),
            Map.entry("openai/openai-image-edit", "images are passed through"),
            Map.entry("openai/openai-realtime", "OpenAI's Realtime API, over a WebSocket"),
            Map.entry("openai/openai-skill", "an API for the vendor's skills"),
            Map.entry("openai/openai-transcription", "transcriptions are passed through"),
            Map.entry("openai/parallel-tool-call-wrapper.1.chunks", "the first event lacks its last brace"));

    /** Errors in place of answers, by the status that they came with. */
    private static final Map<String, Integer> ERRORS = Map.of(
            "envoy/chat-bad-request", 400,
            "envoy/chat-no-messages", 400,
            "envoy/chat-unknown-model", 404,
            "google/google-429-retry-info", 429,
            "openai/gpt-image-response-format-error", 400,
            "openai/openai-error.1.json", 429,
            "openai/reasoning-model-legacy-parameter-error", 400,
            "openai/reasoning-model-temperature-error", 400);

    /** Streams that do not end well. */
    private static final Map<String, FailureKind> FAILING = Map.of(
            "anthropic/anthropic-refusal.chunks.txt", FailureKind.CONTENT_POLICY,
            // Two streams in one, which is cut within a tool call of the first.
            "anthropic/spliced-message-start.chunks.txt", FailureKind.TRUNCATED,
            "openai/openai-error.1.chunks.txt", FailureKind.QUOTA);

    /** Answers that their own dialect's writer writes in another form, and which. */
    private static final Map<String, String> CHANGED = Map.of(
            RecordedFile.CORPUS + "bedrock/guardrail.json", "stopReason content_filtered",
            RecordedFile.CORPUS + "chat/forced-tool-call-ends-with-stop.json",
                    "finish_reason tool_calls instead of stop",
            RecordedFile.CORPUS + "gemini/call-with-id.json", "a signature, without which Gemini 3 refuses the call");

    private static final boolean RECORDINGS = RecordedFile.folder().isPresent();

    private final List<RecordedFile> files = RecordedFile.all();

    private static boolean isIn(Map<String, ?> table, RecordedFile file) {
        return table.keySet().stream().anyMatch(file.name()::startsWith);
    }

    private static NeutralAnswer answer(RecordedFile file, Dialect dialect) throws InvalidAnswer {
        return file.stream()
                ? Streamed.answer(dialect, Streamed.bytes(dialect.framing(), file.frames(dialect)))
                : dialect.readAnswer(file.body(), 0, file.body().length);
    }

    /** Files that hold a whole answer of one of the dialects. */
    private List<RecordedFile> good(boolean streams) {
        return files.stream()
                .filter(file -> file.stream() == streams && file.vendor().isPresent())
                .filter(file -> !isIn(FAILING, file))
                .toList();
    }

    @Test
    void everyFileIsReadOrListedWithAReason() {
        List<String> unknown = files.stream()
                .filter(file -> !file.name().startsWith(RecordedFile.CORPUS))
                .filter(file -> file.vendor().isEmpty() && !isIn(SKIPPED, file) && !isIn(ERRORS, file))
                .map(RecordedFile::name)
                .toList();
        assertThat(unknown).isEmpty();
        assertThat(good(false)).hasSizeGreaterThan(RECORDINGS ? 140 : 40);
        assertThat(good(true)).hasSizeGreaterThan(RECORDINGS ? 110 : 30);
        if (!RECORDINGS) {
            return;
        }
        SKIPPED.forEach((name, why) -> assertThat(files)
                .as(name + ": " + why)
                .anyMatch(file -> file.name().startsWith(name)));
    }

    @Test
    void answersKeepTheirMeaningInEveryDialect() throws InvalidAnswer {
        for (RecordedFile file : good(false)) {
            FuzzSeeds from = file.vendor().orElseThrow();
            NeutralAnswer answer = answer(file, from.dialect());
            for (FuzzSeeds to : FuzzSeeds.ALL) {
                byte[] written = to.dialect().writeAnswer(answer, ASKED);
                assertThat(Meaning.of(to.dialect().readAnswer(written, 0, written.length)))
                        .as(file.name() + " in " + to.dialect().name())
                        .isEqualTo(Meaning.of(answer).in(to));
            }
        }
    }

    /** Cut into pieces at other places each time. */
    @Test
    void streamsKeepTheirMeaningInEveryDialect() throws InvalidAnswer {
        Random random = new Random(11);
        for (RecordedFile file : good(true)) {
            FuzzSeeds from = file.vendor().orElseThrow();
            Meaning meaning = Meaning.of(answer(file, from.dialect()));
            for (FuzzSeeds to : FuzzSeeds.ALL) {
                Rewritten stream = rewritten(file, from, to, random);
                assertThat(Meaning.of(Streamed.answer(to.dialect(), stream.written.toByteArray())))
                        .as(file.name() + " in " + to.dialect().name())
                        .isEqualTo(meaning.in(to));
                assertThat(stream.written.toByteArray())
                        .as(file.name() + " framed in another way")
                        .isEqualTo(rewritten(file, from, to, random).written.toByteArray());
            }
        }
    }

    private static Rewritten rewritten(RecordedFile file, FuzzSeeds from, FuzzSeeds to, Random random) {
        Rewritten stream = Rewritten.in(from.dialect(), to.dialect(), ASKED);
        stream.feed(Streamed.bytes(from.dialect().framing(), file.frames(from.dialect())), random);
        assertThat(stream.failed).as(file.name()).isEmpty();
        assertThat(stream.finished).as(file.name()).isTrue();
        return stream;
    }

    /** The good ones, and those that fail only where they are translated. */
    private List<RecordedFile> passable() {
        List<RecordedFile> passable = new ArrayList<>(good(true));
        files.stream()
                .filter(file -> FAILING.get(file.name()) == FailureKind.TRUNCATED)
                .forEach(passable::add);
        return passable;
    }

    @Test
    void streamsThatArePassedOnStayAsTheyAre() {
        Random random = new Random(12);
        for (RecordedFile file : passable()) {
            Dialect dialect = file.vendor().orElseThrow().dialect();
            byte[] bytes = Streamed.bytes(dialect.framing(), file.frames(dialect));
            Rewritten stream = new Rewritten(dialect, StreamOutput.verbatim(dialect));
            stream.feed(bytes, random);
            assertThat(stream.failed).as(file.name()).isEmpty();
            assertThat(new String(stream.written.toByteArray(), UTF_8))
                    .as(file.name())
                    .startsWith(new String(bytes, UTF_8));
        }
    }

    @Test
    void answersWrittenInTheirOwnDialectLackNothing() throws InvalidAnswer {
        for (RecordedFile file : good(false)) {
            if (isIn(CHANGED, file)) {
                continue;
            }
            Dialect dialect = file.vendor().orElseThrow().dialect();
            NeutralAnswer answer = answer(file, dialect);
            byte[] written = dialect.writeAnswer(answer, ASKED);
            NeutralAnswer again = dialect.readAnswer(written, 0, written.length);
            assertThat(Meaning.own(again)).as(file.name()).isEqualTo(Meaning.own(answer));
            assertThat(again.id()).as(file.name()).isEqualTo(answer.id());
        }
    }

    /** Those of the corpus, which also fail: {@link CorpusTest}. */
    @Test
    void streamsThatFailedDoSo() {
        for (RecordedFile file : files) {
            if (!isIn(FAILING, file)) {
                continue;
            }
            FuzzSeeds from = file.vendor().orElseThrow();
            FailureKind kind = FAILING.get(file.name());
            for (FuzzSeeds to : FuzzSeeds.ALL) {
                Rewritten stream = Rewritten.in(from.dialect(), to.dialect(), ASKED);
                stream.feed(Streamed.bytes(from.dialect().framing(), file.frames(from.dialect())), new Random(13));
                assertThat(stream.failed).as(file.name()).startsWith(kind + " ");
            }
        }
    }

    /** Whichever dialect it is read as: an error is never taken for an answer. */
    @Test
    void errorsAreNoAnswers() {
        for (CorpusFile file : CorpusFile.all(CorpusFile.Kind.ERROR)) {
            if (!file.expected().has("inBand")) {
                assertIsNoAnswer(file.name(), file.expected().path("status").asInt(), file.bytes());
            }
        }
        int read = 0;
        for (RecordedFile file : files) {
            for (Map.Entry<String, Integer> error : ERRORS.entrySet()) {
                if (file.name().startsWith(error.getKey())) {
                    read++;
                    assertIsNoAnswer(file.name(), error.getValue(), file.body());
                }
            }
        }
        assertThat(read).isEqualTo(RECORDINGS ? ERRORS.size() : 0);
    }

    private static void assertIsNoAnswer(String name, int status, byte[] body) {
        FailureKind kind =
                Classifier.classify(status, HeaderLookup.NONE, body, 0).kind();
        for (FuzzSeeds to : FuzzSeeds.ALL) {
            assertThat(kindAs(to.dialect(), body))
                    .as(name + " as " + to.dialect().name())
                    .isIn(kind, FailureKind.MALFORMED);
        }
    }

    private static FailureKind kindAs(Dialect dialect, byte[] body) {
        try {
            throw new AssertionError("taken for " + dialect.readAnswer(body, 0, body.length));
        } catch (InvalidAnswer none) {
            return none.failure().kind();
        }
    }

    @Test
    void everyDialectIsThereWithAnswersAndStreams() {
        for (FuzzSeeds seeds : FuzzSeeds.ALL) {
            for (boolean streams : new boolean[] {false, true}) {
                assertThat(good(streams)).anyMatch(file -> file.vendor().orElseThrow() == seeds);
            }
        }
    }

    @Test
    void everyFrameOfARecordedStreamIsRead() {
        for (RecordedFile file : good(true)) {
            Dialect dialect = file.vendor().orElseThrow().dialect();
            StreamReader reader = dialect.streamReader();
            List<StreamEvent> events = new ArrayList<>();
            for (Streamed.Line line : file.frames(dialect)) {
                byte[] data = line.json().getBytes(UTF_8);
                assertThat(reader.read(new Frame(line.name(), false, data, 0, data.length), events::add))
                        .as(file.name() + ": " + line.json())
                        .isTrue();
            }
            assertThat(events).as(file.name()).anyMatch(StreamEvent.Ended.class::isInstance);
            assertThat(events).as(file.name()).noneMatch(StreamEvent.Failed.class::isInstance);
        }
    }
}
