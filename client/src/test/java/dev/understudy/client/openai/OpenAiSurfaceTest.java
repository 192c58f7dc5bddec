package dev.understudy.client.openai;

import com.openai.client.OpenAIClient;
import com.openai.core.http.HttpClient;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import dev.understudy.calls.record.FinishedCall;
import dev.understudy.client.openai.OpenAiScene.Mode;
import dev.understudy.engine.TrailEntry;
import dev.understudy.testing.faults.Delivery;
import dev.understudy.testing.faults.Limits;
import dev.understudy.testing.faults.Surface;
import dev.understudy.testing.faults.SurfaceTable;
import dev.understudy.testing.faults.SurfaceTable.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of wire faults, for every kind of call of openai-java with the HTTP client of Understudy. */
@Timeout(60)
class OpenAiSurfaceTest {
    /** It includes the time of the connection, which a busy machine may need. */
    private static final Duration LIMIT = Duration.ofMillis(500);

    @TempDir
    Path folder;

    private record OpenAi(Mode mode, Path folder) implements Surface {
        /** The primary has one limit, for its whole attempt; gaps have none of their own. */
        @Override
        public boolean has(Limits limit) {
            return limit == Limits.NONE || limit == Limits.SILENCE;
        }

        @Override
        public boolean showsProvidersStatus() {
            return true;
        }

        @Override
        public boolean readsWhatIsBeforeBrokenChunks() {
            return false;
        }

        @Override
        public boolean completesPrompts() {
            return mode == Mode.STREAM;
        }

        @Override
        public CallEnd call(Scene scene) {
            Path file = scene.configurationIn(folder);
            CompletableFuture<FinishedCall> finished = new CompletableFuture<>();
            FallbackHttpClient.Builder builder = FallbackHttpClient.builder()
                    .environment(Map.of())
                    .configuration(file)
                    .fallback("two/b")
                    .fallback("three/c")
                    .onCallEnded(finished::complete);
            if (scene.limits() == Limits.SILENCE) {
                builder.timeout(LIMIT);
                if (scene.everybody()) {
                    builder.fallbackTimeout(LIMIT);
                }
            }
            CallEnd end = read(builder.build(), scene);
            List<String> outcomes = OpenAiScene.await(finished).outcome().trail().stream()
                    .filter(TrailEntry::isAttempt)
                    .map(TrailEntry::outcome)
                    .toList();
            return new CallEnd(end.text(), end.error(), end.truncated(), outcomes);
        }

        @Override
        public Optional<CallEnd> direct(Scene scene) {
            return Optional.of(read(OpenAiScene.direct(), scene));
        }

        private CallEnd read(HttpClient http, Scene scene) {
            StringBuffer text = new StringBuffer();
            int error = 0;
            OpenAIClient client = OpenAiScene.sdk(http, scene.one().baseUrl());
            try {
                Consumer<String> onText = piece -> {
                    text.append(piece);
                    scene.onText().accept(piece);
                };
                if (scene.prompt()) {
                    mode.readCompletion(client, onText);
                } else {
                    mode.read(client, OpenAiScene.request().build(), onText);
                }
            } catch (OpenAIServiceException told) {
                error = told.statusCode();
            } catch (OpenAIException | CompletionException unreadable) {
                // The second: without us the connection may break before there is a response to read.
                error = -1;
            } finally {
                client.close();
            }
            return new CallEnd(text.toString(), error, error != 0 && !text.isEmpty(), List.of());
        }
    }

    static Stream<Arguments> rows() {
        return Arrays.stream(Mode.values())
                .flatMap(mode -> SurfaceTable.rows(new OpenAi(mode, Path.of("")))
                        .filter(row -> (row.delivery() == Delivery.STREAM) == mode.isStream())
                        .map(row -> Arguments.of(mode, row)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("rows")
    void theOutcomeIsThatOfTheTable(Mode mode, Row row) {
        SurfaceTable.play(row, new OpenAi(mode, folder));
    }
}
