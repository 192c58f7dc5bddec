package dev.understudy.protocol.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.WholeAnswerResult.Accepted;
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
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Real traffic, where it is at hand: cassettes and events in {@code ../shared/recorded} beside the project. Skipped
 * where they are not.
 */
class RecordedTrafficTest {
    /** Some of the requests set a limit, which a model of theirs spent on its reasoning. */
    private static final AnswerRules LIMITED = AnswerRules.of(false, 1, OptionalLong.of(100), false);

    private record Exchange(String name, String url, int status, String body) {
        boolean isChat() {
            return url.contains("/chat/completions");
        }

        boolean isStream() {
            return body.startsWith("data:");
        }
    }

    private Path recorded = Path.of("");

    @BeforeEach
    void find() {
        Path project = Path.of("").toAbsolutePath();
        while (project.getParent() != null && !Files.exists(project.resolve("mvnw"))) {
            project = project.getParent();
        }
        recorded = project.resolveSibling("shared").resolve("recorded");
        assumeTrue(Files.isDirectory(recorded), "no recorded traffic at " + recorded);
    }

    private List<Exchange> cassettes() throws IOException {
        List<Exchange> exchanges = new ArrayList<>();
        for (Path file : files("envoy", ".yaml")) {
            Map<?, ?> cassette = (Map<?, ?>) new Load(LoadSettings.builder()
                            .setCodePointLimit(100_000_000)
                            .build())
                    .loadFromString(Files.readString(file));
            for (Object one : (List<?>) Objects.requireNonNull(cassette.get("interactions"))) {
                Map<?, ?> request = (Map<?, ?>) ((Map<?, ?>) one).get("request");
                Map<?, ?> response = (Map<?, ?>) ((Map<?, ?>) one).get("response");
                exchanges.add(new Exchange(
                        file.getFileName().toString(),
                        (String) request.get("url"),
                        (Integer) response.get("code"),
                        (String) response.get("body")));
            }
        }
        return exchanges;
    }

    private List<Path> files(String folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(recorded.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void recordedAnswersAreAccepted() throws IOException {
        int read = 0;
        for (Exchange exchange : cassettes()) {
            if (exchange.isChat() && exchange.status() == 200 && !exchange.isStream()) {
                byte[] body = utf8(exchange.body());
                assertThat(DialectAnswer.verbatim(new OpenAiDialect(), LIMITED).read(body, 0, body.length))
                        .as(exchange.name())
                        .isInstanceOfSatisfying(
                                Accepted.class,
                                accepted -> assertThat(accepted.usage().totalTokens())
                                        .isPresent());
                read++;
            }
        }
        assertThat(read).isGreaterThan(5);
    }

    @Test
    void recordedStreamsFinish() throws IOException {
        int read = 0;
        for (Exchange exchange : cassettes()) {
            if (exchange.isChat() && exchange.isStream()) {
                ChatTranscript heard = ChatTranscript.of(LIMITED, exchange.body());

                assertThat(heard.said).as(exchange.name()).contains("FINISH").endsWith("DONE");
                assertThat(heard.said.getFirst()).isEqualTo("NO_CONTENT");
                assertThat(heard.forwarded.toString(StandardCharsets.UTF_8)).isEqualTo(exchange.body());
                read++;
            }
        }
        assertThat(read).isGreaterThanOrEqualTo(3);
    }

    @Test
    void recordedRejectionsAreTheCallersToMend() throws IOException {
        int read = 0;
        for (Exchange exchange : cassettes()) {
            if (exchange.isChat() && exchange.status() >= 400) {
                FailureKind kind = Classifier.classify(exchange.status(), HeaderLookup.NONE, utf8(exchange.body()), 0)
                        .kind();

                assertThat(kind.isFixableByCaller())
                        .as(exchange.name() + ": " + kind)
                        .isTrue();
                read++;
            }
        }
        assertThat(read).isGreaterThanOrEqualTo(2);
    }

    @Test
    void recordedChunksOfOtherProvidersFinish() throws IOException {
        int read = 0;
        for (Path file : files("vercel", ".chunks.txt")) {
            List<String> events = Files.readAllLines(file);
            if (!events.isEmpty() && events.getFirst().contains("chat.completion.chunk")) {
                ChatTranscript heard = ChatTranscript.ofData(events.toArray(new String[0]));

                assertThat(heard.said).as(file.toString()).contains("FINISH").doesNotContain("MALFORMED");
                read++;
            }
        }
        assertThat(read).isGreaterThanOrEqualTo(4);
    }

    @Test
    void recordedErrorsOfOtherProvidersAreRead() throws IOException {
        assertThat(kind(429, "vercel/google/google-429-retry-info.json")).isEqualTo(FailureKind.RATE_LIMITED);
        assertThat(kind(400, "vercel/openai/reasoning-model-temperature-error.json"))
                .isEqualTo(FailureKind.UNSUPPORTED);
        assertThat(kind(400, "vercel/openai/reasoning-model-legacy-parameter-error.json"))
                .isEqualTo(FailureKind.UNSUPPORTED);
    }

    private FailureKind kind(int status, String file) throws IOException {
        return Classifier.classify(status, HeaderLookup.NONE, Files.readAllBytes(recorded.resolve(file)), 0)
                .kind();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
