package dev.understudy.protocol.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.WholeAnswerResult.Accepted;
import dev.understudy.protocol.corpus.CorpusFile;
import dev.understudy.protocol.corpus.CorpusFile.Kind;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.failure.Classifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The corpus, and real traffic where it is at hand: cassettes and events in {@code ../shared/recorded} beside the project.
 */
class RecordedTrafficTest {
    /** Some of the requests set a limit, which a model of theirs spent on its reasoning. */
    private static final AnswerRules LIMITED = AnswerRules.of(false, 1, OptionalLong.of(100), false);

    /** What the recordings have in common: first an event that is not the last one, no comments, at last the mark of the end. */
    private static final Predicate<CorpusFile> USUAL = file -> file.kind() != Kind.STREAM
            || (file.text().startsWith("data: ")
                    && file.text().endsWith("data: [DONE]\n\n")
                    && file.expected().path("complete").asInt() > 1);

    private record RecordedCall(String name, String url, int status, String body) {
        boolean isChat() {
            return url.contains("/chat/completions");
        }

        boolean isStream() {
            return body.startsWith("data:");
        }
    }

    /** Where the recordings are, if they are at hand. */
    private static Optional<Path> recorded() {
        Path project = Path.of("").toAbsolutePath();
        while (project.getParent() != null && !Files.exists(project.resolve("mvnw"))) {
            project = project.getParent();
        }
        return Optional.of(project.resolveSibling("shared").resolve("recorded")).filter(Files::isDirectory);
    }

    /** The examples of the corpus and what the cassettes hold. */
    private static List<RecordedCall> calls() throws IOException {
        List<RecordedCall> calls = new ArrayList<>();
        for (CorpusFile file : CorpusFile.all()) {
            boolean answers = file.kind() == Kind.ANSWER || (file.kind() == Kind.STREAM && file.isGood());
            // Only what the tests below expect of every call: errors that a caller can fix, counted tokens.
            boolean fixable =
                    file.name().contains("error-bad-request") || file.name().contains("error-no-messages");
            boolean counted = file.expected().path("usage").has("prompt") || file.kind() == Kind.STREAM;
            if (file.dialect().equals("chat") && (fixable || (answers && counted && USUAL.test(file)))) {
                calls.add(new RecordedCall(
                        file.name(),
                        "/chat/completions",
                        file.expected().path("status").asInt(200),
                        file.text()));
            }
        }
        calls.addAll(cassettes());
        return calls;
    }

    private static List<RecordedCall> cassettes() throws IOException {
        List<RecordedCall> calls = new ArrayList<>();
        for (Path file : recordedFiles("envoy", ".yaml")) {
            Map<?, ?> cassette = (Map<?, ?>) new Load(LoadSettings.builder()
                            .setCodePointLimit(100_000_000)
                            .build())
                    .loadFromString(Files.readString(file));
            for (Object one : (List<?>) Objects.requireNonNull(cassette.get("interactions"))) {
                Map<?, ?> request = (Map<?, ?>) ((Map<?, ?>) one).get("request");
                Map<?, ?> response = (Map<?, ?>) ((Map<?, ?>) one).get("response");
                calls.add(new RecordedCall(
                        file.getFileName().toString(),
                        (String) request.get("url"),
                        (Integer) response.get("code"),
                        (String) response.get("body")));
            }
        }
        return calls;
    }

    private static List<Path> recordedFiles(String folder, String ending) throws IOException {
        Optional<Path> recorded = recorded();
        if (recorded.isEmpty()) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(recorded.get().resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void recordedAnswersAreAccepted() throws IOException, InvalidAnswer {
        int read = 0;
        for (RecordedCall call : calls()) {
            if (call.isChat() && call.status() == 200 && !call.isStream()) {
                byte[] body = utf8(call.body());
                assertThat(DialectAnswer.verbatim(new OpenAiDialect(), LIMITED).read(body, 0, body.length))
                        .as(call.name())
                        .isInstanceOfSatisfying(
                                Accepted.class,
                                accepted -> assertThat(accepted.usage().totalTokens())
                                        .isPresent());
                assertThat(new OpenAiDialect().readAnswer(body, 0, body.length).model())
                        .as(call.name())
                        .isNotEmpty();
                read++;
            }
        }
        assertThat(read).isGreaterThan(5);
    }

    @Test
    void recordedStreamsFinish() throws IOException {
        int read = 0;
        for (RecordedCall call : calls()) {
            if (call.isChat() && call.isStream()) {
                ChatTranscript transcript = ChatTranscript.of(LIMITED, call.body());

                assertThat(transcript.said).as(call.name()).contains("FINISH").endsWith("DONE");
                assertThat(transcript.said.getFirst()).isEqualTo("NO_CONTENT");
                assertThat(transcript.forwarded.toString(StandardCharsets.UTF_8))
                        .isEqualTo(call.body());
                read++;
            }
        }
        assertThat(read).isGreaterThanOrEqualTo(3);
    }

    @Test
    void recordedRejectionsAreFixableByTheCaller() throws IOException {
        int read = 0;
        for (RecordedCall call : calls()) {
            if (call.isChat() && call.status() >= 400) {
                FailureKind kind = Classifier.classify(call.status(), HeaderLookup.NONE, utf8(call.body()), 0)
                        .kind();

                assertThat(kind.isFixableByCaller())
                        .as(call.name() + ": " + kind)
                        .isTrue();
                read++;
            }
        }
        assertThat(read).isGreaterThanOrEqualTo(2);
    }

    @Test
    void recordedChunksOfOtherProvidersFinish() throws IOException {
        int read = 0;
        for (List<String> events : streams()) {
            ChatTranscript transcript = ChatTranscript.ofData(events.toArray(new String[0]));

            assertThat(transcript.said).as(events.getFirst()).contains("FINISH").doesNotContain("MALFORMED");
            read++;
        }
        assertThat(read).isGreaterThanOrEqualTo(4);
    }

    /** The events of chunks of Chat Completions. */
    private static List<List<String>> streams() throws IOException {
        List<List<String>> streams = new ArrayList<>();
        for (CorpusFile file : CorpusFile.all(Kind.STREAM)) {
            if (file.isGood() && file.dialect().equals("chat") && USUAL.test(file)) {
                streams.add(file.text()
                        .lines()
                        .filter(line -> line.startsWith("data: "))
                        .map(line -> line.substring("data: ".length()))
                        .toList());
            }
        }
        for (Path file : recordedFiles("vercel", ".chunks.txt")) {
            List<String> events = Files.readAllLines(file);
            if (!events.isEmpty() && events.getFirst().contains("chat.completion.chunk")) {
                streams.add(events);
            }
        }
        return streams;
    }

    @Test
    void recordedErrorsOfOtherProvidersAreRead() throws IOException {
        for (CorpusFile file : CorpusFile.all(Kind.ERROR)) {
            if (file.expected().has("errorType")) {
                continue;
            }
            assertThat(kind(file.expected().path("status").asInt(), file.bytes()))
                    .as(file.name())
                    .hasToString(file.expected().path("failure").asText());
        }
        Map<String, FailureKind> recordings = Map.of(
                "429 vercel/google/google-429-retry-info.json", FailureKind.RATE_LIMITED,
                "400 vercel/openai/reasoning-model-temperature-error.json", FailureKind.UNSUPPORTED,
                "400 vercel/openai/reasoning-model-legacy-parameter-error.json", FailureKind.UNSUPPORTED);
        for (Map.Entry<String, FailureKind> recording : recordings.entrySet()) {
            String[] statusAndFile = recording.getKey().split(" ");
            Optional<Path> file = recorded().map(folder -> folder.resolve(statusAndFile[1]));
            if (file.isPresent()) {
                assertThat(kind(Integer.parseInt(statusAndFile[0]), Files.readAllBytes(file.get())))
                        .as(statusAndFile[1])
                        .isEqualTo(recording.getValue());
            }
        }
    }

    private static FailureKind kind(int status, byte[] body) {
        return Classifier.classify(status, HeaderLookup.NONE, body, 0).kind();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
