package dev.understudy.client.chain;

import static dev.understudy.client.chain.VirtualScene.beat;
import static dev.understudy.client.chain.VirtualScene.breaks;
import static dev.understudy.client.chain.VirtualScene.ends;
import static dev.understudy.client.chain.VirtualScene.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.client.chain.VirtualScene.Collector;
import dev.understudy.client.loop.StreamDelivery;
import dev.understudy.engine.CommitPoint;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

/** Streams, in virtual time. */
class StreamCallTest {
    private final VirtualScene scene = new VirtualScene();
    private final StreamTarget<String, String, String> good =
            scene.plays("good", says(200, "good "), says(200, "answer"), ends(10, "good answer"));

    private Collector collect(StreamingChain<String, String, String> chain, Duration time) {
        Collector collector = scene.collect(chain.stream("question"));
        scene.loop.advance(time);
        return collector;
    }

    private StreamingChain<String, String, String> chain(StreamTarget<String, String, String> first) {
        return scene.streaming().target("first", first).target("good", good).build();
    }

    private static HttpStatusException http(int status) {
        return new HttpStatusException(status, Map.of(), "");
    }

    @Test
    void itemsComeAsTheyAreSent() {
        StreamingCall<String, String> call =
                chain(scene.plays("first", says(100, "a"), says(500, "b"), says(500, "c"), ends(10, "abc"))).stream(
                        "question");
        Collector collector = scene.collect(call);

        scene.loop.advance(Duration.ofMillis(700));
        assertThat(collector.items).containsExactly("a", "b");
        scene.loop.advance(Duration.ofSeconds(1));

        assertThat(collector.items).containsExactly("a", "b", "c");
        assertThat(collector.ends).containsExactly("complete");
        FallbackResult<String> result = call.result().join();
        assertThat(result.answer()).isEqualTo("abc");
        assertThat(result.trail().toString()).isEqualTo("first:ok");
        assertThat(scene.cancelled).isEmpty();
        assertThat(scene.loop.waiting()).as("timers").isZero();
    }

    @Test
    void aFailureBeforeTheFirstContentIsUnseen() {
        Collector collector = collect(chain(scene.plays("first", breaks(100, http(401)))), Duration.ofSeconds(2));

        assertThat(collector.items).containsExactly("good ", "answer");
        assertThat(collector.ends).containsExactly("complete");
    }

    @Test
    void whatAFailedAttemptHeldBackIsNeverSeen() {
        StreamTarget<String, String, String> whiteSpaceOnly = scene.plays(
                "first",
                beat(100, sink -> sink.hold("\n", Signal.Sign.BYTES)),
                beat(100, sink -> sink.hold("half a tool call", Signal.Sign.TOOL_CALL)),
                breaks(100, new IOException("reset")));

        Collector collector = collect(chain(whiteSpaceOnly), Duration.ofSeconds(3));

        assertThat(collector.items).containsExactly("good ", "answer");
    }

    @Test
    void aFailureAfterTheFirstContentSaysThatTheAnswerIsTruncated() {
        IOException reset = new IOException("connection reset");
        StreamingCall<String, String> call =
                chain(scene.plays("first", says(100, "half an"), breaks(100, reset))).stream("question");
        Collector collector = scene.collect(call);
        scene.loop.advance(Duration.ofSeconds(30));

        assertThat(collector.items).containsExactly("half an");
        assertThat(collector.ends).containsExactly("error");
        assertThat(collector.error().isTruncated()).isTrue();
        assertThat(collector.error()).hasMessageContaining("truncated").hasCause(reset);
        assertThat(collector.error().kind()).isEqualTo(FailureKind.TRUNCATED);
        assertThat(call.result()).isCompletedExceptionally();
        assertThat(scene.called).containsExactly("first");
    }

    @Test
    void aSilentStreamIsHedgedAndTheFirstContentWins() {
        Collector collector = collect(chain(scene.plays("first")), Duration.ofMillis(9_900));
        assertThat(scene.called).containsExactly("first");

        scene.loop.advance(Duration.ofSeconds(1));

        assertThat(collector.items).containsExactly("good ", "answer");
        assertThat(scene.cancelled).containsExactly("first");
    }

    @Test
    void twoAttemptsAreNeverMixed() {
        // Both deliver from 10.2 s on.
        Collector collector = collect(
                chain(scene.plays(
                        "first", says(10_150, "one"), says(100, "two"), says(100, "three"), ends(10, "whole"))),
                Duration.ofSeconds(12));

        assertThat(scene.called).containsExactly("first", "good");
        assertThat(collector.items).containsExactly("one", "two", "three");
        assertThat(scene.cancelled).containsExactly("good");
    }

    @Test
    void aSilentStreamWithoutAnAlternativeHasUntilTheCap() {
        StreamingChain<String, String, String> lone = scene.streaming()
                .target("lone", scene.plays("lone", says(500_000, "at last"), ends(10, "at last")))
                .build();

        Collector collector = collect(lone, Duration.ofMinutes(9));

        assertThat(collector.items).containsExactly("at last");
        assertThat(collector.ends).containsExactly("complete");
    }

    @Test
    void anAnswerWithoutContentIsBlankAndTheNextTargetIsTried() {
        StreamTarget<String, String, String> blank =
                scene.plays("first", beat(100, sink -> sink.hold(" ", Signal.Sign.BYTES)), ends(100, " "));

        Collector collector = collect(chain(blank), Duration.ofSeconds(2));
        assertThat(collector.items).containsExactly("good ", "answer");

        StreamingChain<String, String, String> allBlank =
                scene.streaming().target("blank", blank).target("too", blank).build();
        Collector believed = collect(allBlank, Duration.ofSeconds(2));
        assertThat(believed.items).containsExactly(" ");
        assertThat(believed.ends).containsExactly("complete");
    }

    @Test
    void reasoningIsForwardedAsItComesAndCommitsNothing() {
        StreamTarget<String, String, String> thinks = scene.plays(
                "first",
                beat(100, sink -> sink.reasoning("let me see")),
                beat(3_000, sink -> sink.reasoning("hm")),
                breaks(100, http(401)));
        Collector collector = scene.collect(chain(thinks).stream("question"));

        scene.loop.advance(Duration.ofMillis(200));
        assertThat(collector.items).containsExactly("let me see");
        scene.loop.advance(Duration.ofSeconds(10));

        assertThat(collector.items).containsExactly("let me see", "hm", "good ", "answer");
        assertThat(collector.ends).containsExactly("complete");
    }

    @Test
    void aStreamIsHeldBackUntilItsCommitPoint() {
        StreamTarget<String, String, String> breaksEarly =
                scene.plays("first", says(100, "half"), breaks(100, http(401)));
        StreamingChain<String, String, String> whole = scene.streaming()
                .target("first", breaksEarly)
                .target("good", good)
                .settings(CallSettings.builder().commit(CommitPoint.COMPLETE).build())
                .build();
        Collector collector = scene.collect(whole.stream("question"));
        scene.loop.advance(Duration.ofMillis(550));
        assertThat(collector.items).isEmpty();
        scene.loop.advance(Duration.ofSeconds(1));
        assertThat(collector.items).containsExactly("good ", "answer");

        StreamingChain<String, String, String> some = scene.streaming()
                .target("first", breaksEarly)
                .target("good", good)
                .settings(CallSettings.builder()
                        .commit(new CommitPoint.After(5, Duration.ofSeconds(5)))
                        .build())
                .build();
        assertThat(collect(some, Duration.ofSeconds(2)).items).containsExactly("good ", "answer");
    }

    @Test
    void withAValidatorNothingReachesTheCallerBeforeTheAnswerIsChecked() {
        StreamingChain<String, String, String> chain = scene.streaming()
                .target("first", scene.plays("first", says(100, "prose"), ends(100, "prose")))
                .target("good", good)
                .validator((question, answer) ->
                        answer.startsWith("good") ? Optional.empty() : Optional.of(TargetFailures.rejected("not good")))
                .build();

        Collector collector = collect(chain, Duration.ofSeconds(2));

        assertThat(collector.items).containsExactly("good ", "answer");
    }

    @Test
    void cancellingTheSubscriptionEndsAllAttempts() {
        Collector collector = collect(
                scene.streaming()
                        .target("first", scene.plays("first"))
                        .target("second", scene.plays("second"))
                        .build(),
                Duration.ofSeconds(11));
        assertThat(scene.called).containsExactly("first", "second");

        collector.subscription().cancel();
        scene.loop.runAll();

        assertThat(scene.cancelled).containsExactlyInAnyOrder("first", "second");
        assertThat(collector.ends).isEmpty();
        assertThat(scene.loop.waiting()).as("timers").isZero();
    }

    @Test
    void theCallBeginsWhenItIsSubscribedToAndHasOneSubscriber() {
        StreamingCall<String, String> call = scene.streaming().target("good", good).build().stream("question");
        scene.loop.advance(Duration.ofSeconds(1));
        assertThat(scene.called).isEmpty();

        scene.collect(call);
        Collector second = scene.collect(call);
        scene.loop.advance(Duration.ofSeconds(1));

        assertThat(scene.called).containsExactly("good");
        assertThat(second.errors.getFirst())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("stream(request) again");
    }

    // Back-pressure.

    /** A source that sends while its sink is ready, and remembers how much it sent. */
    private final class PatientSource implements StreamTarget<String, String, String> {
        private int sent;

        @Override
        public void stream(String request, AttemptSink<String, String> sink) {
            sink.onReady(() -> send(sink));
            send(sink);
        }

        private void send(AttemptSink<String, String> sink) {
            if (sent < 1_000 && sink.isReady() && !sink.isCancelled()) {
                sink.content("item " + sent++);
                scene.loop.execute(() -> send(sink));
            } else if (sent == 1_000) {
                sent++;
                sink.complete("all");
            }
        }
    }

    @Test
    void aSubscriberThatRequestsOneAtATimeHoldsTheSourceBack() {
        PatientSource source = new PatientSource();
        Collector collector = new Collector(0);
        scene.streaming().target("source", source).build().stream("question").subscribe(collector);
        scene.loop.advance(Duration.ofMinutes(9));
        assertThat(collector.items).isEmpty();
        assertThat(source.sent).isLessThanOrEqualTo(StreamDelivery.FULL + 2);

        for (int i = 1; i <= 1_000; i++) {
            collector.subscription().request(1);
            scene.loop.advance(Duration.ofSeconds(40));
            assertThat(collector.items).hasSize(i);
            assertThat(source.sent).isLessThanOrEqualTo(i + StreamDelivery.FULL + 2);
        }
        assertThat(collector.ends).containsExactly("complete");
        assertThat(collector.items).doesNotHaveDuplicates();
    }

    @Test
    void aSourceWithAThreadOfItsOwnWaitsForTheSubscriber() throws Exception {
        List<Integer> sent = new ArrayList<>();
        CompletableFuture<List<String>> received = new CompletableFuture<>();
        StreamingChain<String, Integer, String> chain = StreamingChain.<String, Integer, String>builder()
                .target("source", (request, sink) -> {
                    for (int i = 0; i < 5_000; i++) {
                        sink.awaitReady();
                        synchronized (sent) {
                            sent.add(i);
                        }
                        sink.content(i);
                    }
                    sink.complete("all");
                })
                .build();
        List<String> violations = new ArrayList<>();
        chain.stream("question").subscribe(new Flow.Subscriber<>() {
            private Flow.Subscription subscription;
            private int count;

            @Override
            public void onSubscribe(Flow.Subscription given) {
                subscription = given;
                given.request(1);
            }

            @Override
            public void onNext(Integer item) {
                int ahead;
                synchronized (sent) {
                    ahead = sent.size() - count;
                }
                // As many wait for the subscriber, and as many are on their way to the loop.
                if (ahead > 2 * StreamDelivery.FULL + 4 || item != count) {
                    violations.add(item + " with " + ahead + " ahead");
                }
                count++;
                subscription.request(1);
            }

            @Override
            public void onError(Throwable thrown) {
                received.completeExceptionally(thrown);
            }

            @Override
            public void onComplete() {
                received.complete(List.of(String.valueOf(count)));
            }
        });

        assertThat(received.get(60, java.util.concurrent.TimeUnit.SECONDS)).containsExactly("5000");
        assertThat(violations).isEmpty();
    }

    @Test
    void aRequestForNothingIsAnError() {
        Collector collector = new Collector(0);
        scene.streaming().target("good", good).build().stream("question").subscribe(collector);
        scene.loop.advance(Duration.ofMillis(100));
        collector.subscription().request(0);
        scene.loop.advance(Duration.ofSeconds(5));

        assertThat(collector.errors.getFirst()).isInstanceOf(IllegalArgumentException.class);
        assertThat(scene.cancelled).containsExactly("good");
    }

    @Test
    void aSubscriberThatThrowsEndsTheCall() {
        Flow.Subscriber<String> failing = new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription given) {
                given.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(String item) {
                throw new IllegalStateException("thrown on purpose: the log shows it");
            }

            @Override
            public void onError(Throwable thrown) {}

            @Override
            public void onComplete() {}
        };
        scene.streaming().target("good", good).build().stream("question").subscribe(failing);
        scene.loop.advance(Duration.ofSeconds(5));

        assertThat(scene.cancelled).containsExactly("good");
        assertThat(scene.loop.waiting()).isZero();
    }

    @Test
    void badItemsAndRequestsAreRefusedAtTheCall() {
        StreamingChain<String, String, String> chain =
                scene.streaming().target("good", good).build();
        assertThatThrownBy(() -> chain.stream(null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> chain.stream("question").subscribe(null)).isInstanceOf(IllegalArgumentException.class);
        chain.close();
        assertThatThrownBy(() -> chain.stream("question")).isInstanceOf(IllegalStateException.class);

        Collector collector = collect(chain((request, sink) -> sink.content(null)), Duration.ofSeconds(30));
        assertThat(collector.items).containsExactly("good ", "answer");
    }
}
