package dev.understudy.client;

import dev.understudy.client.chain.CallTrail;
import dev.understudy.client.chain.FallbackException;
import dev.understudy.engine.TrailEntry;
import dev.understudy.testing.faults.Delivery;
import dev.understudy.testing.faults.Surface;
import dev.understudy.testing.faults.SurfaceTable;
import dev.understudy.testing.faults.SurfaceTable.Row;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of wire faults, for calls of the plain client. */
@Timeout(60)
class PlainSurfaceTest {
    @TempDir
    Path folder;

    /** Configured by the same file as the gateway. */
    private record Plain(Path folder) implements Surface {
        @Override
        public boolean readsWhatIsBeforeBrokenChunks() {
            return false;
        }

        @Override
        public CallEnd call(Scene scene) {
            Path file = scene.configurationIn(folder);
            CompletionRequest request = CompletionRequest.of("chain").user("Hi").build();
            try (Understudy client =
                    Understudy.builder().environment(Map.of()).file(file).build()) {
                return scene.delivery() == Delivery.WHOLE ? whole(client, request) : stream(client, request, scene);
            }
        }

        private static CallEnd whole(Understudy client, CompletionRequest request) {
            try {
                Completion answer = client.completion(request);
                return new CallEnd(answer.text(), 0, false, outcomes(answer.trail()));
            } catch (FallbackException failed) {
                return ended("", failed);
            }
        }

        private static CallEnd stream(Understudy client, CompletionRequest request, Scene scene) {
            StringBuilder text = new StringBuilder();
            try (CompletionStream stream = client.stream(request)) {
                stream.forEachRemaining(piece -> {
                    text.append(piece.text());
                    scene.onText().accept(piece.text());
                });
                return new CallEnd(text.toString(), 0, false, outcomes(stream.trail()));
            } catch (FallbackException failed) {
                return ended(text.toString(), failed);
            }
        }

        private static CallEnd ended(String text, FallbackException failed) {
            return new CallEnd(text, failed.verdict().status(), failed.isTruncated(), outcomes(failed.trail()));
        }

        private static List<String> outcomes(CallTrail trail) {
            return trail.attempts().stream().map(TrailEntry::outcome).toList();
        }
    }

    static Stream<Row> rows() {
        return SurfaceTable.rows(new Plain(Path.of("")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void theOutcomeIsThatOfTheTable(Row row) {
        SurfaceTable.play(row, new Plain(folder));
    }
}
