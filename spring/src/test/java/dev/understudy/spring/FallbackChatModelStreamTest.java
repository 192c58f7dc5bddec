package dev.understudy.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.understudy.client.chain.CallSettings;
import dev.understudy.client.chain.CallTrail;
import dev.understudy.client.chain.FallbackException;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.TrailEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Subscription;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.retry.TransientAiException;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.util.context.Context;

@Timeout(60)
class FallbackChatModelStreamTest {
    private static final Prompt PROMPT = new Prompt("Why is the sky blue?");
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final ChatResponse END = FakeModel.response("");

    private static FallbackChatModel over(FakeModel... models) {
        return over(CallSettings.builder().retries(0).build(), models);
    }

    private static FallbackChatModel over(CallSettings settings, FakeModel... models) {
        FallbackChatModel.Builder builder = FallbackChatModel.builder().settings(settings);
        for (int index = 0; index < models.length; index++) {
            builder.model("model-" + (index + 1), models[index]);
        }
        return builder.build();
    }

    private static FakeModel good() {
        return FakeModel.streaming(Flux.just(FakeModel.part("Rayleigh "), FakeModel.part("scattering."), END));
    }

    private static List<ChatResponse> collected(Flux<ChatResponse> stream) {
        return stream.collectList().block(LONG);
    }

    private static String text(List<ChatResponse> parts) {
        StringBuilder text = new StringBuilder();
        parts.forEach(part -> text.append(FakeModel.text(part)));
        return text.toString();
    }

    private static CallTrail trail(List<ChatResponse> parts) {
        return FallbackChatModel.trail(parts.getLast()).orElseThrow();
    }

    @Test
    void theStreamOfThePrimaryPassesAsItIsWithTheTrailInItsLastPart() {
        ChatResponse first = FakeModel.part("Rayleigh.");
        List<ChatResponse> parts = collected(over(FakeModel.streaming(Flux.just(first, END)), good()).stream(PROMPT));

        assertThat(parts).hasSize(2);
        assertThat(parts.getFirst()).isSameAs(first);
        assertThat(trail(parts).attempts()).extracting(TrailEntry::outcome).containsExactly("ok");
        assertThat(parts.getLast().getMetadata().<String>get(FallbackChatModel.TARGET))
                .isEqualTo("model-1");
    }

    static Stream<Arguments> faultsBeforeContent() {
        RuntimeException unavailable = new TransientAiException("HTTP 503 - {}");
        return Stream.of(
                arguments("429", Flux.error(new TransientAiException("HTTP 429 - {}")), "rate_limited"),
                arguments("503", Flux.error(unavailable), "server_error"),
                arguments(
                        "after white space",
                        Flux.just(FakeModel.part("\n")).concatWith(Flux.error(unavailable)),
                        "server_error"),
                arguments(
                        "after the role",
                        Flux.just(FakeModel.part("")).concatWith(Flux.error(unavailable)),
                        "server_error"),
                arguments("no response", Flux.error(new UncheckedIOException(new IOException("reset"))), "connection"),
                arguments("blank", Flux.just(FakeModel.part(" "), END), "empty"),
                arguments("empty", Flux.empty(), "empty"),
                arguments(
                        "no support",
                        Flux.defer(() -> {
                            throw new UnsupportedOperationException("streaming is not supported");
                        }),
                        "unsupported"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faultsBeforeContent")
    void nothingOfAModelThatFailsBeforeItsFirstContentIsSeen(String name, Flux<ChatResponse> fault, String kind) {
        List<ChatResponse> parts = collected(over(FakeModel.streaming(fault), good()).stream(PROMPT));

        assertThat(text(parts)).isEqualTo("Rayleigh scattering.");
        assertThat(trail(parts).attempts()).extracting(TrailEntry::outcome).containsExactly(kind, "ok");
    }

    @Test
    void aStreamThatAContentFilterEmptiedIsDeliveredThoughTheUsageFollows() {
        FakeModel fallback = good();
        FakeModel filtered =
                FakeModel.streaming(Flux.just(FakeModel.response("", "CONTENT_FILTER"), FakeModel.part("")));

        List<ChatResponse> parts = collected(over(filtered, fallback).stream(PROMPT));

        assertThat(text(parts)).isEmpty();
        assertThat(parts.getFirst().hasFinishReasons(Set.of("CONTENT_FILTER"))).isTrue();
        assertThat(trail(parts).attempts()).extracting(TrailEntry::outcome).containsExactly("content_policy");
        assertThat(fallback.prompts).isEmpty();
    }

    @Test
    void aFailureAfterTheFirstContentEndsTheStreamAsTruncated() {
        FakeModel fallback = good();
        Flux<ChatResponse> broken =
                Flux.just(FakeModel.part("Ray")).concatWith(Flux.error(new IllegalStateException("x")));

        StepVerifier.create(over(FakeModel.streaming(broken), fallback).stream(PROMPT))
                .assertNext(part -> assertThat(FakeModel.text(part)).isEqualTo("Ray"))
                .expectErrorSatisfies(thrown -> assertThat(thrown)
                        .isInstanceOfSatisfying(
                                FallbackException.class,
                                failed -> assertThat(failed.isTruncated()).isTrue()))
                .verify(LONG);
        assertThat(fallback.prompts).isEmpty();
    }

    @Test
    void aStreamThatEndsWithoutTheFinishReasonThatTheModelUsuallyNamesIsTruncated() {
        AtomicInteger calls = new AtomicInteger();
        FakeModel model = FakeModel.streaming(Flux.defer(() -> calls.incrementAndGet() == 1
                ? Flux.just(FakeModel.part("whole"), END)
                : Flux.just(FakeModel.part("ha"))));
        FallbackChatModel chain = over(model);
        assertThat(text(collected(chain.stream(PROMPT)))).isEqualTo("whole");

        StepVerifier.create(chain.stream(PROMPT))
                .expectNextCount(1)
                .expectErrorSatisfies(thrown -> assertThat(thrown)
                        .isInstanceOfSatisfying(
                                FallbackException.class,
                                failed -> assertThat(failed.kind()).isEqualTo(FailureKind.TRUNCATED)))
                .verify(LONG);
    }

    @Test
    void aModelThatNeverNamesAFinishReasonIsBelieved() {
        FallbackChatModel chain = over(FakeModel.streaming(Flux.just(FakeModel.part("whole"))));
        for (int call = 0; call < 3; call++) {
            List<ChatResponse> parts = collected(chain.stream(PROMPT));
            assertThat(text(parts)).isEqualTo("whole");
            assertThat(trail(parts).attempts()).hasSize(1);
        }
    }

    @Test
    void aFailureAfterTheFinishReasonLosesNothing() {
        Flux<ChatResponse> parts =
                Flux.just(FakeModel.part("whole"), END).concatWith(Flux.error(new IllegalStateException("no usage")));

        assertThat(text(collected(over(FakeModel.streaming(parts)).stream(PROMPT))))
                .isEqualTo("whole");
    }

    @Test
    void theUsageAfterTheFinishReasonHasTheTrail() {
        ChatResponse usage = new ChatResponse(List.of());
        List<ChatResponse> parts =
                collected(over(FakeModel.streaming(Flux.just(FakeModel.part("whole"), END, usage))).stream(PROMPT));

        assertThat(parts).hasSize(3);
        assertThat(FallbackChatModel.trail(parts.get(1))).isEmpty();
        assertThat(FallbackChatModel.trail(parts.get(2))).isPresent();
    }

    @Test
    void aModelThatNamesAFinishReasonInEveryPartIsNotHeldBack() {
        AtomicInteger seen = new AtomicInteger();
        List<Integer> seenBefore = new CopyOnWriteArrayList<>();
        Flux<ChatResponse> parts = Flux.range(0, 50)
                .doOnNext(number -> seenBefore.add(seen.get()))
                .map(number -> FakeModel.response("w" + number + " "));

        List<ChatResponse> all =
                collected(over(FakeModel.streaming(parts)).stream(PROMPT).doOnNext(part -> seen.incrementAndGet()));

        assertThat(all).hasSize(50);
        assertThat(FallbackChatModel.trail(all.getLast())).isPresent();
    }

    @Test
    void reasoningMayComeFromAModelThatThenFails() {
        ChatResponse thought = new ChatResponse(List.of(new Generation(AssistantMessage.builder()
                .content("")
                .properties(Map.of("reasoningContent", "Hm."))
                .build())));
        Flux<ChatResponse> broken = Flux.just(thought).concatWith(Flux.error(new TransientAiException("HTTP 500 - ")));

        List<ChatResponse> parts = collected(over(FakeModel.streaming(broken), good()).stream(PROMPT));

        assertThat(text(parts)).isEqualTo("Rayleigh scattering.");
    }

    @Test
    void toolCallsAreContent() {
        ChatResponse calls = new ChatResponse(List.of(new Generation(AssistantMessage.builder()
                .content("")
                .toolCalls(List.of(new AssistantMessage.ToolCall("1", "function", "weather", "{}")))
                .build())));

        List<ChatResponse> parts = collected(over(FakeModel.streaming(Flux.just(calls)), good()).stream(PROMPT));

        assertThat(parts.getFirst().hasToolCalls()).isTrue();
        assertThat(trail(parts).attempts()).hasSize(1);
    }

    @Test
    void aSilentModelIsHedgedAndCancelledWhenTheOtherOneDelivers() {
        FakeModel primary = FakeModel.silent();
        CallSettings settings =
                CallSettings.builder().firstToken(Duration.ofMillis(100)).build();

        List<ChatResponse> parts = collected(over(settings, primary, good()).stream(PROMPT));

        assertThat(text(parts)).isEqualTo("Rayleigh scattering.");
        Waiting.until(() -> primary.cancelled.get() == 1);
    }

    @Test
    void cancellingTheSubscriptionCancelsTheModels() {
        FakeModel primary = FakeModel.silent();
        Disposable subscription = over(primary).stream(PROMPT).subscribe();
        Waiting.until(() -> !primary.prompts.isEmpty());

        subscription.dispose();

        Waiting.until(() -> primary.cancelled.get() == 1);
    }

    @Test
    void cancellingAfterTheFirstPartCancelsTheModel() {
        FakeModel primary = FakeModel.streaming(Flux.just(FakeModel.part("Ray")).concatWith(Flux.never()));

        ChatResponse first = over(primary).stream(PROMPT).take(1).blockLast(LONG);

        assertThat(FakeModel.text(first)).isEqualTo("Ray");
        Waiting.until(() -> primary.cancelled.get() == 1);
    }

    @Test
    void aSubscriberThatRequestsOneAtATimeHoldsTheModelBack() {
        AtomicLong produced = new AtomicLong();
        FakeModel model = FakeModel.streaming(
                Flux.<ChatResponse>generate(sink -> sink.next(FakeModel.part("w" + produced.getAndIncrement() + " ")))
                        .take(100_000));
        List<ChatResponse> received = new CopyOnWriteArrayList<>();
        BaseSubscriber<ChatResponse> slow = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(1);
            }

            @Override
            protected void hookOnNext(ChatResponse part) {
                received.add(part);
            }
        };
        over(model).stream(PROMPT).subscribe(slow);
        Waiting.until(() -> received.size() == 1);

        for (int number = 2; number <= 200; number++) {
            slow.request(1);
            int expected = number;
            Waiting.until(() -> received.size() == expected);
        }

        // What the chain and the operators may hold; without back-pressure all hundred thousand would be here.
        assertThat(produced.get()).isLessThan(200 + 2_000);
        slow.cancel();
        Waiting.until(() -> model.cancelled.get() == 1);
    }

    @Test
    void everySubscriptionIsACall() {
        FakeModel model = good();
        Flux<ChatResponse> stream = over(model).stream(PROMPT);
        assertThat(model.prompts).isEmpty();

        collected(stream);
        collected(stream);

        assertThat(model.prompts).hasSize(2);
    }

    @Test
    void theModelSeesTheContextOfTheSubscriber() {
        FakeModel model = FakeModel.streaming(
                Flux.deferContextual(context -> Flux.just(FakeModel.part(context.get("tenant")), END)));

        List<ChatResponse> parts = collected(over(model).stream(PROMPT).contextWrite(Context.of("tenant", "blue")));

        assertThat(text(parts)).isEqualTo("blue");
    }

    @Test
    void ifAllFailTheErrorHasTheTrail() {
        FakeModel failing = FakeModel.streaming(Flux.error(new TransientAiException("HTTP 500 - ")));
        FakeModel other = FakeModel.streaming(Flux.error(new TransientAiException("HTTP 429 - ")));

        StepVerifier.create(over(failing, other).stream(PROMPT))
                .expectErrorSatisfies(thrown -> assertThat(thrown)
                        .isInstanceOfSatisfying(
                                FallbackException.class,
                                failed -> assertThat(failed.trail().attempts()).hasSize(2)))
                .verify(LONG);
    }
}
