package dev.understudy.client;

import static dev.understudy.client.Fallbacks.fallbacks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.client.chain.CallTrail;
import dev.understudy.client.chain.ChainListener;
import dev.understudy.client.chain.FallbackException;
import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.TrailEntry;
import dev.understudy.testing.wire.LeavingCaller;
import dev.understudy.testing.wire.LeavingCaller.Leaving;
import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The plain client at the wire; which fault has which outcome is in {@link PlainSurfaceTest}. */
class PlainClientTest {
    private static final long LIMIT = 30;

    private final ScriptedUpstream first = ScriptedUpstream.start();
    private final ScriptedUpstream second = ScriptedUpstream.start();
    private final List<Understudy> clients = new ArrayList<>();

    @AfterEach
    void stop() {
        clients.forEach(Understudy::close);
        first.close();
        second.close();
    }

    private Understudy client(UnaryOperator<UnderstudyBuilder> more) {
        Understudy client = more.apply(Understudy.builder()
                        .environment(Map.of())
                        .provider("one", URI.create(first.baseUrl()), "sk-first-0123456789")
                        .provider("two", URI.create(second.baseUrl()), "sk-second-0123456789"))
                .build();
        clients.add(client);
        return client;
    }

    private Understudy client() {
        return client(builder -> builder);
    }

    private static CompletionRequest request() {
        return CompletionRequest.of("one/m").user("Hello").fallbacks("two/n").build();
    }

    private static Reply whole(String text) {
        return Reply.json(
                200,
                "{\"id\":\"c1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m-1\",\"choices\":[{\"index\":0,\"message\":"
                        + "{\"role\":\"assistant\",\"content\":\"" + text
                        + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}");
    }

    private static String chunk(String delta, String finish) {
        return "{\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m-1\",\"choices\":[{\"index\":0,\"delta\":"
                + delta + ",\"finish_reason\":" + finish + "}]}";
    }

    private static Reply begun(String text) {
        return Reply.eventStream()
                .event(chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null"))
                .event(chunk("{\"content\":\"" + text + "\"}", "null"));
    }

    private static Reply streamed(String text) {
        return begun(text).event(chunk("{}", "\"stop\"")).event("[DONE]").lastChunk();
    }

    @Test
    void aRedirectWithinTheHostIsFollowedInOneAttempt() {
        first.answerWith(request -> request.head().startsWith("POST /v1/")
                ? Reply.json(308, "", "Location: /v2/chat/completions")
                : whole("from the new path"));

        Completion completion = client().completion(request());

        assertThat(completion.text()).isEqualTo("from the new path");
        assertThat(completion.trail().entries()).hasSize(1);
        assertThat(second.requestCount()).isZero();
    }

    @Test
    void aGroupDistributesCallsAndFallsThrough() {
        first.answerAlways(whole("of one"));
        second.answerAlways(whole("of two"));
        Understudy client = client(builder -> builder.group(
                        "pool", TargetGroup.roundRobin().member("one/m").member("two/n"))
                .model("assistant", "pool"));
        CompletionRequest request =
                CompletionRequest.of("assistant").user("Hello").build();
        assertThat(client.completion(request).text()).isEqualTo("of one");
        assertThat(client.completion(request).text()).isEqualTo("of two");
        first.answerAlways(Reply.json(404, "{}"));
        assertThat(client.completion(request).text()).isEqualTo("of two");
    }

    @Test
    void aGroupHasTheKeysOfTheConfigurationFile() {
        TargetGroup group = TargetGroup.leastLoaded()
                .member("one/m", 3)
                .eachKeyOf("two/n")
                .byConversation(false)
                .slowStart(Duration.ofSeconds(5));
        assertThat(group.asSettings())
                .isEqualTo(Map.of(
                        "strategy",
                        "least-loaded",
                        "affinity",
                        "none",
                        "slow-start",
                        "5000ms",
                        "members",
                        List.of(Map.of("target", "one/m", "weight", 3.0), Map.of("target", "two/n", "key", "each"))));
        assertThat(client(builder -> builder.group("pool", group))).isNotNull();
        assertThatThrownBy(() -> client(builder -> builder.group("pool", TargetGroup.weighted())))
                .hasMessageContaining("groups.pool.members: this list is empty");
        assertThatThrownBy(() -> group.slowStart(Duration.ofSeconds(-1))).hasMessageContaining("negative");
    }

    @Test
    void aHealthyPrimaryAnswersAndNoOtherTargetIsTried() {
        first.answer(whole("Hi"));
        Completion answer = client().completion(request());
        assertThat(answer.text()).isEqualTo("Hi");
        assertThat(answer.finishReason()).isEqualTo("stop");
        assertThat(answer.usage()).isEqualTo(new Completion.TokenUsage(3, 2));
        assertThat(answer.target()).isEqualTo("one/m");
        assertThat(answer.trail().attempts()).hasSize(1);
        assertThat(second.requestCount()).isZero();
        ReceivedRequest sent = first.take();
        assertThat(sent.head()).contains("POST /v1/chat/completions HTTP/1.1").contains("Bearer sk-first-0123456789");
        assertThat(sent.head().toLowerCase()).doesNotContain("upgrade");
        assertThat(sent.body())
                .contains("\"model\":\"m\"")
                .contains("\"Hello\"")
                .doesNotContain("understudy");
    }

    @Test
    void eachProviderGetsItsOwnKey() {
        first.answerAlways(Reply.json(503, "{\"error\":{\"message\":\"down\"}}"));
        second.answer(whole("rescued"));
        assertThat(client().completion(request()).target()).isEqualTo("two/n");
        assertThat(second.take().head()).contains("sk-second-0123456789").doesNotContain("sk-first");
    }

    @Test
    void eachWarningIsATextOfItsOwn() {
        first.answer(whole("Hi"));
        Completion answer = client().completion(CompletionRequest.of("one/m")
                .user("Hello")
                .fallbacks("größer, \"besser\"", "other nonsense")
                .build());
        assertThat(answer.warnings()).hasSize(2);
        assertThat(answer.warnings().getFirst()).contains("größer, \"besser\"");
        assertThat(answer.warnings().getLast()).contains("other nonsense").doesNotContain("größer");
    }

    @Test
    void aRefusedConnectionIsRescued() {
        second.answer(whole("rescued"));
        Understudy client = client(builder ->
                builder.provider("gone", URI.create("http://127.0.0.1:" + ScriptedUpstream.unusedPort() + "/v1")));
        Completion answer = client.completion(
                CompletionRequest.of("gone/m").user("Hello").fallbacks("two/n").build());
        assertThat(answer.text()).isEqualTo("rescued");
        assertThat(answer.trail().attempts().getFirst().failure().orElseThrow().message())
                .isEqualTo("connection refused");
    }

    @Test
    void ifNoTargetCanAnswerTheExceptionSaysWhatHappened() {
        first.answerAlways(Reply.json(503, "{\"error\":{\"message\":\"down\"}}"));
        second.answerAlways(Reply.json(429, "{\"error\":{\"message\":\"slow down\"}}", "Retry-After: 30"));
        Understudy client = client(builder -> builder.retries(0).deadline(Duration.ofSeconds(2)));
        assertThatThrownBy(() -> client.completion(request()))
                .isInstanceOfSatisfying(FallbackException.class, failed -> {
                    assertThat(failed.verdict().status()).isEqualTo(503);
                    assertThat(failed.trail().attempts())
                            .extracting(TrailEntry::target)
                            .contains("one/m", "two/n");
                    assertThat(failed.isTruncated()).isFalse();
                });
        assertThat(client.health()).isNotEmpty();
        client.resetHealth();
        assertThat(client.health()).isEmpty();
    }

    @Test
    void streamsAreReadPieceByPiece() {
        first.answer(streamed("Hi"));
        try (CompletionStream stream = client().stream(request())) {
            assertThat(stream).toIterable().extracting(CompletionChunk::text).containsExactly("", "Hi", "");
            assertThat(stream.target()).isEqualTo("one/m");
            assertThat(stream.trail().attempts()).hasSize(1);
        }
        assertThat(first.take().body()).contains("\"stream\":true");
    }

    @Test
    void aStreamThatBreaksIsContinuedByTheNextTarget() {
        first.answer(begun("Hello ").reset());
        second.answer(streamed("world"));
        StringBuilder text = new StringBuilder();
        try (CompletionStream stream = client().stream(request())) {
            stream.forEachRemaining(piece -> text.append(piece.text()));
            assertThat(stream.trail().attempts()).hasSize(2);
        }
        assertThat(text).hasToString("Hello world");
    }

    @Test
    void aTruncatedStreamNeverLooksComplete() {
        first.answerAlways(begun("Hello ").reset());
        second.answerAlways(Reply.json(503, "{}"));
        Understudy client = client(builder -> builder.retries(0).deadline(Duration.ofSeconds(2)));
        try (CompletionStream stream = client.stream(request())) {
            List<String> texts = new ArrayList<>();
            assertThatThrownBy(() -> stream.forEachRemaining(piece -> texts.add(piece.text())))
                    .isInstanceOfSatisfying(
                            FallbackException.class,
                            failed -> assertThat(failed.isTruncated()).isTrue());
            assertThat(String.join("", texts)).isEqualTo("Hello ");
        }
    }

    @Test
    void closingAStreamEndsTheUpstreamRequest() throws Exception {
        first.answerAlways(begun("Hello ").hold());
        Understudy client = client();
        LeavingCaller.endsItsUpstreamRequest(() -> {
            CompletionStream stream = client.stream(request());
            assertThat(stream.next().text()).isEmpty();
            return new Leaving(first.take(), stream::close);
        });
        assertThat(second.requestCount()).isZero();
    }

    @Test
    void cancellingAFutureEndsTheUpstreamRequest() throws Exception {
        first.answerAlways(Reply.start().hold());
        Understudy client = client();
        LeavingCaller.endsItsUpstreamRequest(() -> {
            CompletableFuture<Completion> answer = client.completionAsync(request());
            return new Leaving(first.take(), () -> answer.cancel(true));
        });
        assertThat(second.requestCount()).isZero();
    }

    @Test
    void anInterruptEndsTheUpstreamRequest() throws Exception {
        first.answerAlways(Reply.start().hold());
        Understudy client = client();
        BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
        LeavingCaller.endsItsUpstreamRequest(() -> {
            Thread caller = Thread.ofPlatform().start(() -> {
                try {
                    client.completion(request());
                } catch (FallbackException left) {
                    thrown.add(Thread.currentThread().isInterrupted() ? left : new AssertionError("not interrupted"));
                }
            });
            return new Leaving(first.take(), caller::interrupt);
        });
        assertThat(thrown.poll(LIMIT, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        FallbackException.class, left -> assertThat(left.kind()).isEqualTo(FailureKind.CANCELLED));
    }

    @Test
    void futuresAreCompletedWithTheAnswerOrTheFailure() throws Exception {
        first.answer(whole("Hi"));
        assertThat(client().completionAsync(request())
                        .get(LIMIT, TimeUnit.SECONDS)
                        .text())
                .isEqualTo("Hi");
        first.answerAlways(Reply.json(400, "{\"error\":{\"message\":\"bad\"}}"));
        second.answerAlways(Reply.json(400, "{\"error\":{\"message\":\"bad\"}}"));
        assertThatThrownBy(() -> client().completionAsync(request()).get(LIMIT, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        FallbackException.class,
                        failed -> assertThat(failed.verdict().status()).isEqualTo(400));
    }

    /** A subscriber that requests one at a time gets one at a time, and holds the provider back. */
    @Test
    void aSubscriberHoldsTheProviderBack() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        String large = "x".repeat(60_000);
        Reply endless = begun("start");
        for (int i = 0; i < 400; i++) {
            endless = endless.event(chunk("{\"content\":\"" + large + "\"}", "null"));
        }
        first.answer(endless.event(chunk("{}", "\"stop\"")).event("[DONE]").lastChunk());
        LinkedBlockingQueue<CompletionChunk> received = new LinkedBlockingQueue<>();
        CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
        CompletableFuture<Void> end = new CompletableFuture<>();
        client().publisher(request()).subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription begun) {
                subscription.complete(begun);
            }

            @Override
            public void onNext(CompletionChunk item) {
                received.add(item);
            }

            @Override
            public void onError(Throwable thrown) {
                end.completeExceptionally(thrown);
            }

            @Override
            public void onComplete() {
                end.complete(null);
            }
        });
        subscription.get().request(1);
        assertThat(received.poll(LIMIT, TimeUnit.SECONDS)).isNotNull();
        assertThat(never.await(300, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(received).as("no more than was requested").isEmpty();
        assertThat(end).isNotDone();
        subscription.get().request(Long.MAX_VALUE);
        end.get(LIMIT, TimeUnit.SECONDS);
        assertThat(received.stream().mapToLong(piece -> piece.text().length()).sum())
                .isEqualTo(5 + 400 * 60_000L);
    }

    @Test
    void aCancelledSubscriptionEndsTheUpstreamRequest() throws Exception {
        first.answerAlways(begun("Hello ").hold());
        Understudy client = client();
        LeavingCaller.endsItsUpstreamRequest(() -> {
            CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
            CountDownLatch began = new CountDownLatch(1);
            client.publisher(request()).subscribe(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription begun) {
                    subscription.complete(begun);
                    begun.request(10);
                }

                @Override
                public void onNext(CompletionChunk item) {
                    began.countDown();
                }

                @Override
                public void onError(Throwable thrown) {
                    throw new AssertionError(thrown);
                }

                @Override
                public void onComplete() {
                    throw new AssertionError("the answer is not complete");
                }
            });
            assertThat(began.await(LIMIT, TimeUnit.SECONDS)).isTrue();
            return new Leaving(first.take(), subscription.join()::cancel);
        });
    }

    /** Anthropic's model behind OpenAI's: the request and the answer are translated. */
    @Test
    void targetsOfOtherDialectsAreTranslated() {
        first.answer(Reply.json(500, "{}"));
        second.answer(
                Reply.json(
                        200,
                        "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-x\",\"content\":[{\"type\":\"text\","
                                + "\"text\":\"Bonjour\"}],\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":3,\"output_tokens\":2}}"));
        Understudy client = client(builder ->
                builder.retries(0).provider("anthropic", Map.of("base-url", second.baseUrl()), "sk-ant-0123456789"));
        Completion answer = client.completion(CompletionRequest.of("one/m")
                .user("Hello")
                .fallbacks("claude-sonnet-4-5")
                .build());
        assertThat(answer.text()).isEqualTo("Bonjour");
        assertThat(answer.target()).isEqualTo("anthropic/claude-sonnet-4-5");
        assertThat(second.take().head()).contains("/v1/messages").contains("sk-ant-0123456789");
    }

    /** LiteLLM's rule: a failed model is skipped for a minute. */
    @Test
    void aFailedTargetCoolsDown() {
        first.answerAlways(Reply.json(500, "{\"error\":{\"message\":\"down\"}}"));
        second.answerAlways(whole("rescued"));
        Understudy client = client(
                builder -> builder.retries(0).deadline(Duration.ofSeconds(45)).cooldown(Duration.ofSeconds(60)));
        assertThat(client.completion(request()).trail().attempts()).hasSize(2);
        int before = first.requestCount();
        Completion next = client.completion(request());
        assertThat(next.trail().attempts()).extracting(TrailEntry::target).containsExactly("two/n");
        assertThat(next.trail().skips()).extracting(TrailEntry::target).containsExactly("one/m");
        assertThat(first.requestCount()).isEqualTo(before);
        assertThat(client.health().getFirst().cooldown()).isPositive();
    }

    @Test
    void answersThatTheValidatorRejectsAreRescued() {
        first.answer(whole("nonsense")).answer(streamed("nonsense"));
        second.answer(whole("sense")).answer(streamed("sense"));
        Understudy client = client(builder ->
                builder.validator((request, answer) -> answer.text().equals("sense")
                        ? Optional.empty()
                        : Optional.of(Failure.of(FailureKind.INVALID_OUTPUT, "no sense"))));
        Completion whole = client.completion(request());
        assertThat(whole.text()).isEqualTo("sense");
        assertThat(whole.trail().attempts().getFirst().failure().orElseThrow().message())
                .isEqualTo("no sense");
        StringBuilder text = new StringBuilder();
        try (CompletionStream stream = client.stream(request())) {
            stream.forEachRemaining(piece -> text.append(piece.text()));
        }
        assertThat(text).hasToString("sense");
    }

    @Test
    void listenersAreTold() throws Exception {
        first.answerAlways(Reply.json(500, "{\"error\":{\"message\":\"down\"}}"));
        second.answer(whole("rescued"));
        LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
        Understudy client = client(builder -> builder.retries(0)
                .cooldown(Duration.ofSeconds(60))
                .listener(new ChainListener() {
                    @Override
                    public void attemptStarted(String target, int number, AttemptKind kind) {
                        events.add("started " + target + " " + kind);
                    }

                    @Override
                    public void attemptEnded(TrailEntry attempt) {
                        events.add("ended " + attempt.target() + " " + attempt.outcome());
                    }

                    @Override
                    public void circuitOpened(String target, FailureKind because, Duration cooldown) {
                        events.add("opened " + target);
                    }

                    @Override
                    public void fallback(String from, String to, Optional<Failure> because) {
                        events.add("fallback " + from + " " + to);
                    }

                    @Override
                    public void callAnswered(String target, CallTrail trail, Duration duration) {
                        events.add("answered " + target);
                    }
                }));
        client.completion(request());
        List<String> told = new ArrayList<>();
        do {
            told.add(events.poll(LIMIT, TimeUnit.SECONDS));
        } while (!"answered two/n".equals(told.getLast()) && told.getLast() != null);
        assertThat(told)
                .containsExactly(
                        "started one/m PRIMARY",
                        "ended one/m server_error",
                        "opened one/m",
                        "fallback one/m two/n",
                        "started two/n FALLBACK",
                        "ended two/n ok",
                        "answered two/n");
    }

    @Test
    void wrongArgumentsAreToldBeforeAnythingIsSent() {
        Understudy client = client();
        assertThatThrownBy(() -> CompletionRequest.of(" "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("model is blank");
        assertThatThrownBy(() -> CompletionRequest.of("one/m").build()).hasMessageContaining("messages is empty");
        assertThatThrownBy(() -> fallbacks()).hasMessageContaining("fallbacks is empty");
        assertThatThrownBy(() -> fallbacks("two/n", "")).hasMessageContaining("fallbacks[1] is blank");
        assertThatThrownBy(() -> fallbacks("two/n").deadline(Duration.ofSeconds(-1)))
                .hasMessageContaining("deadline is PT-1S");
        assertThatThrownBy(() -> client.completion(
                        CompletionRequest.of("nonsense").user("x").build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nonsense");
        assertThatThrownBy(() -> Understudy.builder().environment(Map.of()).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("OPENAI_API_KEY");
        assertThatThrownBy(() -> Understudy.builder()
                        .environment(Map.of())
                        .provider("one", Map.of("base-ur", "http://127.0.0.1:1/v1"), "sk-secret-0123456789")
                        .build())
                .hasMessageContaining("base-ur")
                .message()
                .doesNotContain("sk-secret");
        assertThat(first.requestCount() + second.requestCount()).isZero();
        client.close();
        assertThatThrownBy(() -> client.completion(request()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }
}
