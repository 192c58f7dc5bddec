package dev.understudy.spring;

import dev.understudy.client.chain.CallSettings;
import dev.understudy.client.chain.CallTrail;
import dev.understudy.client.chain.FallbackException;
import dev.understudy.client.chain.TargetOptions;
import dev.understudy.engine.TrailEntry;
import dev.understudy.testing.faults.Delivery;
import dev.understudy.testing.faults.Limits;
import dev.understudy.testing.faults.Surface;
import dev.understudy.testing.faults.SurfaceTable;
import dev.understudy.testing.faults.SurfaceTable.Row;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;

/** The table of wire faults, for the OpenAI models of Spring AI in a chain. */
@Timeout(60)
class SpringAiSurfaceTest {
    private static final class SpringAi implements Surface {
        private static final Duration LIMIT = Duration.ofMillis(300);
        /** No row is this slow, nor a busy machine: only what a row says starts another attempt. */
        private static final Duration LATE = Duration.ofSeconds(25);

        /** What Spring AI and the SDK below it do not read without Understudy either. */
        @Override
        public Map<String, String> cannotExpress() {
            String end = "the HTTP client fails a stream whose connection breaks, although its finish came";
            return Map.of(
                    "stream: one closes after the finish", end,
                    "stream: one resets after the finish", end,
                    "stream: one sends a bad chunk size after the finish", end,
                    "stream: one sends an error after the finish", "the SDK throws it, although the answer is complete",
                    "stream: one sends broken JSON after the finish", "the SDK cannot parse the event",
                    "stream: one compresses its stream with deflate", "the HTTP client decompresses gzip only",
                    "stream: one begins with empty choices (Azure)", "Spring AI requires an id in every event");
        }

        @Override
        public boolean showsKinds() {
            return false;
        }

        /** The SDK below leaves the connection of a cancelled stream open now and then, without Understudy too. */
        @Override
        public boolean cancels(Delivery delivery) {
            return delivery == Delivery.WHOLE;
        }

        /** A stream of responses cannot be continued by a model that knows nothing of it. */
        @Override
        public boolean continuesStreams() {
            return false;
        }

        @Override
        public boolean has(Limits limit) {
            return limit == Limits.NONE || limit == Limits.SILENCE;
        }

        @Override
        public CallEnd call(Scene scene) {
            TargetOptions first = options(scene.limits() == Limits.SILENCE);
            TargetOptions others = options(scene.limits() == Limits.SILENCE && scene.everybody());
            try (FallbackChatModel model = FallbackChatModel.builder()
                    .settings(CallSettings.builder()
                            .retries(1)
                            .firstToken(LATE)
                            .answer(LATE)
                            .idle(LATE)
                            .build())
                    .model(ChainModel.of("one", openAi(scene.one())), first)
                    .model(ChainModel.of("two", openAi(scene.two())), others)
                    .model(ChainModel.of("three", openAi(scene.three())), others)
                    .build()) {
                return read(model, scene);
            }
        }

        private static TargetOptions options(boolean limited) {
            return limited ? TargetOptions.DEFAULT.withTimeout(LIMIT) : TargetOptions.DEFAULT;
        }

        @Override
        public Optional<CallEnd> direct(Scene scene) {
            return Optional.of(read(openAi(scene.one()), scene));
        }

        private static ChatModel openAi(ScriptedUpstream upstream) {
            return OpenAiChatModel.builder()
                    .options(OpenAiChatOptions.builder()
                            .baseUrl(upstream.baseUrl())
                            .apiKey("a-key")
                            .model("m")
                            .maxRetries(0)
                            .timeout(Duration.ofSeconds(50))
                            .build())
                    .build();
        }

        private static CallEnd read(ChatModel model, Scene scene) {
            StringBuffer text = new StringBuffer();
            AtomicReference<Optional<CallTrail>> trail = new AtomicReference<>(Optional.empty());
            try {
                if (scene.delivery() == Delivery.WHOLE) {
                    take(model.call(new Prompt("Hi")), text, trail);
                } else {
                    model.stream(new Prompt("Hi"))
                            .doOnNext(part -> scene.onText().accept(take(part, text, trail)))
                            .blockLast(Duration.ofSeconds(50));
                }
                return new CallEnd(text.toString(), 0, false, outcomes(trail.get()));
            } catch (RuntimeException failed) {
                Optional<FallbackException> failure = FallbackException.in(failed);
                return new CallEnd(
                        text.toString(),
                        failure.map(each -> each.verdict().status()).orElse(-1),
                        failure.map(FallbackException::isTruncated).orElse(false),
                        outcomes(failure.map(FallbackException::trail)));
            }
        }

        private static String take(
                ChatResponse response, StringBuffer text, AtomicReference<Optional<CallTrail>> trail) {
            FallbackChatModel.trail(response).ifPresent(found -> trail.set(Optional.of(found)));
            String piece = response.getResult() == null
                    ? ""
                    : Optional.ofNullable(response.getResult().getOutput().getText())
                            .orElse("");
            text.append(piece);
            return piece;
        }

        private static List<String> outcomes(Optional<CallTrail> trail) {
            return trail.map(CallTrail::attempts).orElse(List.of()).stream()
                    .map(TrailEntry::outcome)
                    .toList();
        }
    }

    static Stream<Row> rows() {
        return SurfaceTable.rows(new SpringAi());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void theOutcomeIsThatOfTheTable(Row row) {
        SurfaceTable.play(row, new SpringAi());
    }
}
