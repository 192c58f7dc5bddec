package dev.understudy.langchain4j;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of wire faults, for the OpenAI models of LangChain4j in a chain. */
@Timeout(60)
class LangChain4jSurfaceTest {
    private static final class LangChain4j implements Surface {
        private static final Duration LIMIT = Duration.ofMillis(300);
        /** No row is this slow, nor a busy machine: only what a row says starts another attempt. */
        private static final Duration LATE = Duration.ofSeconds(25);

        @Override
        public boolean showsKinds() {
            return false;
        }

        @Override
        public Map<String, String> cannotExpress() {
            return Map.of(
                    "stream: one refuses", "its streaming models drop refusals, and what is left is a blank answer");
        }

        /** A stream of items cannot be continued by a model that knows nothing of it. */
        @Override
        public boolean continuesStreams() {
            return false;
        }

        /** Its streaming models can be cancelled from their first content on. */
        @Override
        public boolean cancels(Delivery delivery) {
            return delivery == Delivery.WHOLE;
        }

        @Override
        public boolean has(Limits limit) {
            return limit == Limits.NONE || limit == Limits.SILENCE;
        }

        @Override
        public CallEnd call(Scene scene) {
            CallSettings settings = CallSettings.builder()
                    .retries(1)
                    .firstToken(LATE)
                    .answer(LATE)
                    .idle(LATE)
                    .build();
            TargetOptions first = options(scene.limits() == Limits.SILENCE);
            TargetOptions others = options(scene.limits() == Limits.SILENCE && scene.everybody());
            if (scene.delivery() == Delivery.WHOLE) {
                return whole(FallbackChatModel.builder()
                        .model("one", model(scene.one()), first)
                        .model("two", model(scene.two()), others)
                        .model("three", model(scene.three()), others)
                        .settings(settings)
                        .build());
            }
            return stream(
                    FallbackStreamingChatModel.builder()
                            .model("one", streamingModel(scene.one()), first)
                            .model("two", streamingModel(scene.two()), others)
                            .model("three", streamingModel(scene.three()), others)
                            .settings(settings)
                            .build(),
                    scene);
        }

        private static TargetOptions options(boolean limited) {
            return limited ? TargetOptions.DEFAULT.withTimeout(LIMIT) : TargetOptions.DEFAULT;
        }

        @Override
        public Optional<CallEnd> direct(Scene scene) {
            return Optional.of(
                    scene.delivery() == Delivery.WHOLE
                            ? whole(model(scene.one()))
                            : stream(streamingModel(scene.one()), scene));
        }

        private static ChatModel model(ScriptedUpstream upstream) {
            return OpenAiChatModel.builder()
                    .baseUrl(upstream.baseUrl())
                    .apiKey("a-key")
                    .modelName("m")
                    .maxRetries(0)
                    .build();
        }

        private static StreamingChatModel streamingModel(ScriptedUpstream upstream) {
            return OpenAiStreamingChatModel.builder()
                    .baseUrl(upstream.baseUrl())
                    .apiKey("a-key")
                    .modelName("m")
                    .build();
        }

        private static CallEnd whole(ChatModel model) {
            try {
                ChatResponse response = model.chat(UserMessage.from("Hi"));
                return answered(textOf(response), response);
            } catch (RuntimeException failed) {
                return failed("", failed);
            }
        }

        private static CallEnd stream(StreamingChatModel model, Scene scene) {
            StringBuffer text = new StringBuffer();
            CompletableFuture<ChatResponse> end = new CompletableFuture<>();
            model.chat("Hi", new StreamingChatResponseHandler() {
                @Override
                public void onPartialResponse(String piece) {
                    text.append(piece);
                    scene.onText().accept(piece);
                }

                @Override
                public void onCompleteResponse(ChatResponse response) {
                    end.complete(response);
                }

                @Override
                public void onError(Throwable thrown) {
                    end.completeExceptionally(thrown);
                }
            });
            try {
                ChatResponse response = end.orTimeout(50, TimeUnit.SECONDS).join();
                return answered(text.toString(), response);
            } catch (CompletionException failed) {
                return failed(text.toString(), failed.getCause());
            }
        }

        private static String textOf(ChatResponse response) {
            return Optional.ofNullable(response.aiMessage().text()).orElse("");
        }

        private static CallEnd answered(String text, ChatResponse response) {
            return new CallEnd(text, 0, false, outcomes(FallbackChatResponse.trailOf(response)));
        }

        private static CallEnd failed(String text, Throwable thrown) {
            Optional<FallbackException> failure = FallbackException.in(thrown);
            return new CallEnd(
                    text,
                    failure.map(each -> each.verdict().status()).orElse(-1),
                    failure.map(FallbackException::isTruncated).orElse(false),
                    outcomes(failure.map(FallbackException::trail)));
        }

        private static List<String> outcomes(Optional<CallTrail> trail) {
            return trail.map(CallTrail::attempts).orElse(List.of()).stream()
                    .map(TrailEntry::outcome)
                    .toList();
        }
    }

    static Stream<Row> rows() {
        return SurfaceTable.rows(new LangChain4j());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void theOutcomeIsThatOfTheTable(Row row) {
        SurfaceTable.play(row, new LangChain4j());
    }
}
