package dev.understudy.client.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.TrailEntry;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Whole answers, in virtual time. */
class WholeCallTest {
    private static final Duration SOON = Duration.ofMillis(300);

    private final VirtualScene scene = new VirtualScene();

    private static HttpStatusException http(int status) {
        return new HttpStatusException(status, Map.of(), "");
    }

    private static FallbackException failure(CompletableFuture<?> future) {
        assertThat(future).isCompletedExceptionally();
        try {
            future.join();
            throw new AssertionError("completed");
        } catch (CompletionException wrapped) {
            return (FallbackException) wrapped.getCause();
        }
    }

    private CompletableFuture<FallbackResult<String>> call(FallbackChain<String, String> chain, Duration time) {
        CompletableFuture<FallbackResult<String>> future = chain.callAsync("question");
        scene.loop.advance(time);
        return future;
    }

    @Test
    void theFirstTargetAnswers() {
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget("one", scene.answers("one", SOON, "hello"))
                .asyncTarget("two", scene.answers("two", SOON, "hi"))
                .build();

        FallbackResult<String> result = call(chain, Duration.ofSeconds(1)).join();

        assertThat(result.answer()).isEqualTo("hello");
        assertThat(result.target()).isEqualTo("one");
        assertThat(result.trail().toString()).isEqualTo("one:ok");
        assertThat(result.trail().attempts().getFirst().duration()).isEqualTo(SOON.toNanos());
        assertThat(scene.called).containsExactly("one");
        assertThat(scene.loop.waiting()).as("timers").isZero();
    }

    @Test
    void theNextTargetIsTriedAfterAFailure() {
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget("a/one", scene.fails("one", SOON, () -> http(401)))
                .asyncTarget("b/two", scene.answers("two", SOON, "hi"))
                .build();

        FallbackResult<String> result = call(chain, Duration.ofSeconds(1)).join();

        assertThat(result.target()).isEqualTo("b/two");
        assertThat(result.trail().toString()).isEqualTo("a/one:auth, b/two:ok");
        assertThat(result.trail().attempts().get(1).attemptKind()).isEqualTo(AttemptKind.FALLBACK);
    }

    @Test
    void anErrorOfTheServerIsRetriedOnceBeforeTheNextTargetIsTried() {
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget("one", scene.fails("one", SOON, () -> http(500)))
                .asyncTarget("two", scene.answers("two", SOON, "hi"))
                .build();

        FallbackResult<String> result = call(chain, Duration.ofSeconds(2)).join();

        assertThat(result.trail().toString()).isEqualTo("one:server_error, one:server_error, two:ok");
    }

    @Test
    void aLateAttemptIsHedgedAndTheFasterAnswerWins() {
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget("slow", scene.stalls("slow"))
                .asyncTarget("fast", scene.answers("fast", SOON, "hi"))
                .build();
        CompletableFuture<FallbackResult<String>> future = chain.callAsync("question");

        scene.loop.advance(Duration.ofMillis(19_900));
        assertThat(scene.called).containsExactly("slow");
        scene.loop.advance(Duration.ofMillis(600));

        assertThat(future.join().trail().toString()).isEqualTo("slow:cancelled, fast:ok");
        assertThat(future.join().trail().attempts().get(1).attemptKind()).isEqualTo(AttemptKind.HEDGE);
        assertThat(scene.cancelled).containsExactly("slow");
    }

    @Test
    void latenessCancelsNothing() {
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget("slow", scene.answers("slow", Duration.ofMinutes(4), "at last"))
                .asyncTarget("down", scene.fails("down", SOON, () -> http(503)))
                .build();

        FallbackResult<String> result = call(chain, Duration.ofMinutes(5)).join();

        assertThat(result.answer()).isEqualTo("at last");
        assertThat(scene.cancelled).isEmpty();
    }

    @Test
    void aLoneTargetHasUntilTheCap() {
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget("only", scene.answers("only", Duration.ofSeconds(599), "at last"))
                .build();
        assertThat(call(chain, Duration.ofMinutes(10)).join().answer()).isEqualTo("at last");

        FallbackChain<String, String> stalled =
                scene.whole().asyncTarget("stalled", scene.stalls("stalled")).build();
        CompletableFuture<FallbackResult<String>> future = call(stalled, Duration.ofSeconds(599));
        assertThat(future).isNotDone();
        scene.loop.advance(Duration.ofSeconds(2));
        assertThat(failure(future).kind()).isEqualTo(FailureKind.DEADLINE);
        assertThat(scene.cancelled).contains("stalled");
    }

    @Test
    void aDeadlineThatIsSetEndsAttempts() {
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget("one", scene.stalls("one"))
                .settings(
                        CallSettings.builder().deadline(Duration.ofSeconds(45)).build())
                .build();
        CompletableFuture<FallbackResult<String>> future = call(chain, Duration.ofSeconds(44));
        assertThat(future).isNotDone();
        scene.loop.advance(Duration.ofSeconds(1));

        assertThat(failure(future).verdict().status()).isEqualTo(504);
    }

    @Test
    void whatACancelledTargetThrowsIsNoCause() {
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget("one", scene.stalls("one"))
                .settings(CallSettings.builder().deadline(Duration.ofSeconds(5)).build())
                .build();

        // The stage fails in the same step in which the attempt is cancelled.
        FallbackException thrown = failure(call(chain, Duration.ofSeconds(6)));

        assertThat(scene.cancelled).containsExactly("one");
        assertThat(thrown).hasNoCause();
        assertThat(thrown.getSuppressed()).isEmpty();
    }

    @Test
    void anExplicitLimitCancelsAnAttempt() {
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget("one", scene.stalls("one"), TargetOptions.DEFAULT.withTimeout(Duration.ofSeconds(10)))
                .asyncTarget(
                        "two",
                        scene.answers("two", Duration.ofSeconds(15), "hi"),
                        TargetOptions.DEFAULT.withTimeout(Duration.ofSeconds(20)))
                .build();

        FallbackResult<String> result = call(chain, Duration.ofSeconds(26)).join();

        assertThat(result.trail().toString()).isEqualTo("one:timeout_first_token, two:ok");
        assertThat(scene.cancelled).containsExactly("one");
    }

    @Test
    void aBlankAnswerIsRejectedAndBelievedIfTheOthersAreBlankToo() {
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget("blank", scene.answers("blank", SOON, " \n"))
                .asyncTarget("two", scene.answers("two", SOON, "hi"))
                .build();
        assertThat(call(chain, Duration.ofSeconds(1)).join().trail().toString()).isEqualTo("blank:empty, two:ok");

        FallbackChain<String, String> allBlank = scene.whole()
                .asyncTarget("blank", scene.answers("blank", SOON, " "))
                .asyncTarget("too", scene.answers("too", SOON, "\u200b"))
                .build();
        FallbackResult<String> result = call(allBlank, Duration.ofSeconds(1)).join();
        assertThat(result.answer()).isEqualTo("\u200b");

        FallbackChain<String, String> accepting = scene.whole()
                .asyncTarget("blank", scene.answers("blank", SOON, ""))
                .asyncTarget("two", scene.answers("two", SOON, "hi"))
                .settings(CallSettings.builder().acceptEmpty(true).build())
                .build();
        assertThat(call(accepting, Duration.ofSeconds(1)).join().answer()).isEmpty();
    }

    @Test
    void anAnswerThatAContentFilterEmptiedIsDeliveredUnlessAnotherTargetMayBeTriedForIt() {
        FallbackChain.Builder<String, String> filtered = scene.whole()
                .asyncTarget("filtered", scene.answers("filtered", SOON, ""))
                .asyncTarget("two", scene.answers("two", SOON, "hi"))
                .filtered(String::isEmpty);

        FallbackResult<String> delivered =
                call(filtered.build(), Duration.ofSeconds(1)).join();
        assertThat(delivered.answer()).isEmpty();
        assertThat(delivered.trail().toString()).isEqualTo("filtered:content_policy");

        filtered.settings(
                CallSettings.builder().fallbackOn(FailureKind.CONTENT_POLICY).build());
        FallbackResult<String> replaced =
                call(filtered.build(), Duration.ofSeconds(1)).join();
        assertThat(replaced.answer()).isEqualTo("hi");
        assertThat(replaced.trail().toString()).isEqualTo("filtered:content_policy, two:ok");
    }

    @Test
    void aValidatorRejectsAnswersAndItsOwnExceptionsDoToo() {
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget("prose", scene.answers("prose", SOON, "Sure! Here it is"))
                .asyncTarget("defect", scene.answers("defect", SOON, "throw"))
                .asyncTarget("json", scene.answers("json", SOON, "{}"))
                .validator((question, answer) -> {
                    if (answer.equals("throw")) {
                        throw new IllegalStateException("on purpose");
                    }
                    return answer.startsWith("{")
                            ? java.util.Optional.empty()
                            : java.util.Optional.of(TargetFailures.rejected("no JSON"));
                })
                .build();

        FallbackResult<String> result = call(chain, Duration.ofSeconds(2)).join();

        assertThat(result.trail().toString()).isEqualTo("prose:invalid_output, defect:invalid_output, json:ok");
    }

    @Test
    void theExceptionHasVerdictTrailAndCauses() {
        ConnectException refused = new ConnectException("refused");
        HttpStatusException unauthorized = http(401);
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget("one", scene.fails("one", SOON, () -> unauthorized))
                .asyncTarget("two", scene.fails("two", Duration.ofSeconds(8), () -> refused))
                .build();

        FallbackException thrown = failure(call(chain, Duration.ofSeconds(20)));

        assertThat(thrown.kind()).isEqualTo(FailureKind.CONNECTION);
        assertThat(thrown.verdict().status()).isEqualTo(503);
        assertThat(thrown.verdict().worthRetrying()).isTrue();
        assertThat(thrown.isTruncated()).isFalse();
        assertThat(thrown).hasCause(refused).hasMessageContaining("refused").hasMessageContaining("one:auth");
        assertThat(thrown.getSuppressed()).contains(unauthorized);
        assertThat(thrown.trail().attempts()).hasSize(2);
        assertThat(FallbackException.in(new RuntimeException(thrown))).contains(thrown);
    }

    @Test
    void cancellingTheFutureEndsAllAttempts() {
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget("one", scene.stalls("one"))
                .asyncTarget("two", scene.stalls("two"))
                .build();
        CompletableFuture<FallbackResult<String>> future = call(chain, Duration.ofSeconds(25));
        assertThat(scene.called).containsExactly("one", "two");

        future.cancel(true);
        scene.loop.runAll();

        assertThat(scene.cancelled).containsExactlyInAnyOrder("one", "two");
        assertThat(scene.loop.waiting()).as("timers").isZero();
    }

    @Test
    void aFutureThatTimesOutEndsAllAttempts() {
        FallbackChain<String, String> chain =
                scene.whole().asyncTarget("one", scene.stalls("one")).build();
        CompletableFuture<FallbackResult<String>> future = call(chain, Duration.ofSeconds(1));

        future.completeExceptionally(new java.util.concurrent.TimeoutException("the caller's own"));
        scene.loop.runAll();

        assertThat(scene.cancelled).containsExactly("one");
    }

    @Test
    void aCoolingTargetIsSkippedUntilItIsReset() {
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget("down", scene.fails("down", SOON, () -> http(500)))
                .asyncTarget("up", scene.answers("up", SOON, "hi"))
                .settings(
                        CallSettings.builder().cooldown(Duration.ofSeconds(60)).build())
                .build();
        call(chain, Duration.ofSeconds(2)).join();

        FallbackResult<String> second = call(chain, Duration.ofSeconds(2)).join();
        assertThat(second.trail().toString()).isEqualTo("down:skipped(cooling), up:ok");
        assertThat(second.trail().skips()).extracting(TrailEntry::target).containsExactly("down");
        assertThat(chain.health())
                .extracting(TargetHealth::circuit)
                .containsExactly(TargetHealth.Circuit.OPEN, TargetHealth.Circuit.CLOSED);
        assertThat(chain.health().getFirst().because()).contains(FailureKind.SERVER_ERROR);
        assertThat(chain.health().getFirst().cooldown()).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60));
        assertThat(chain.state().health()).extracting(TargetHealth::target).containsExactly("down", "up");

        assertThat(chain.state().reset("down")).isTrue();
        assertThat(chain.state().reset("unknown")).isFalse();
        assertThat(chain.state().health("down").circuit()).isEqualTo(TargetHealth.Circuit.CLOSED);
        call(chain, Duration.ofSeconds(2));
        assertThat(scene.called.stream().filter("down"::equals)).hasSize(2);

        chain.state().reset();
        assertThat(chain.state().health()).isEmpty();
    }

    @Test
    void chainsThatShareAStateShareTheHealthOfTheirTargets() {
        CallSettings classic =
                CallSettings.builder().cooldown(Duration.ofSeconds(60)).build();
        FallbackChain<String, String> first = scene.whole()
                .asyncTarget("down", scene.fails("down", SOON, () -> http(500)))
                .asyncTarget("up", scene.answers("up", SOON, "hi"))
                .settings(classic)
                .build();
        StreamingChain<String, String, String> other = scene.streaming()
                .target("down", scene.plays("down", VirtualScene.ends(100, "")))
                .target("up", scene.plays("up", VirtualScene.says(100, "hi"), VirtualScene.ends(100, "hi")))
                .settings(classic)
                .build();
        call(first, Duration.ofSeconds(2)).join();
        scene.called.clear();

        scene.collect(other.stream("question"));
        scene.loop.advance(Duration.ofSeconds(1));

        assertThat(scene.called).containsExactly("up");
    }

    @Test
    void aSingleTargetIsRetriedWithBackoffWhileItHasNoCapacity() {
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget(
                        "only",
                        VirtualScene.inTurn(
                                scene.fails("only", SOON, () -> http(503)),
                                scene.fails("only", SOON, () -> http(503)),
                                scene.fails("only", SOON, () -> http(503)),
                                scene.answers("only", SOON, "hi")))
                .build();

        FallbackResult<String> result = call(chain, Duration.ofSeconds(30)).join();

        assertThat(result.answer()).isEqualTo("hi");
        assertThat(result.trail().attempts()).hasSize(4);
    }

    @Test
    void retriesCanBeSwitchedOff() {
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget("only", scene.fails("only", SOON, () -> http(503)))
                .settings(CallSettings.builder().retries(0).build())
                .build();

        failure(call(chain, Duration.ofSeconds(30)));

        assertThat(scene.called).containsExactly("only");
    }

    @Test
    void anExecutorWithoutThreadsIsNoFailureOfATarget() {
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget("one", scene.answers("one", SOON, "hi"))
                .executor(task -> {
                    throw new java.util.concurrent.RejectedExecutionException("full");
                })
                .build();

        FallbackException thrown = failure(call(chain, Duration.ofSeconds(1)));

        assertThat(thrown.kind()).isEqualTo(FailureKind.GATEWAY_BUSY);
        assertThat(chain.health().getFirst().circuit()).isEqualTo(TargetHealth.Circuit.CLOSED);
    }

    @Test
    void anAttemptThatWaitsForAThreadIsNotLate() {
        List<Runnable> queue = new java.util.ArrayList<>();
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget("one", scene.answers("one", SOON, "hi"))
                .asyncTarget("two", scene.answers("two", SOON, "hi"))
                .executor(queue::add)
                .build();
        CompletableFuture<FallbackResult<String>> future = call(chain, Duration.ofSeconds(40));
        assertThat(queue).hasSize(1);

        queue.getFirst().run();
        scene.loop.advance(Duration.ofSeconds(1));

        assertThat(future.join().trail().toString()).isEqualTo("one:ok");
    }

    @Test
    void aTargetThatBreaksItsContractIsAFailedAttempt() {
        FallbackChain<String, String> chain = scene.whole()
                .target("null", question -> null)
                .asyncTarget("null stage", question -> null)
                .target("defect", question -> {
                    throw new NullPointerException("a defect");
                })
                .target("error", question -> {
                    throw new NoClassDefFoundError("a missing dependency");
                })
                .asyncTarget("two", scene.answers("two", SOON, "hi"))
                .settings(CallSettings.builder().retries(0).build())
                .build();

        FallbackResult<String> result = call(chain, Duration.ofSeconds(2)).join();

        assertThat(result.trail().toString())
                .isEqualTo("null:malformed, null stage:malformed, defect:bad_request, error:server_error, two:ok");
    }

    @Test
    void aClassifierOfOnesOwnDecidesFirst() {
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget("one", scene.fails("one", SOON, () -> new IllegalStateException("busy")))
                .asyncTarget("two", scene.answers("two", SOON, "hi"))
                .classifier(thrown -> thrown instanceof IllegalStateException
                        ? java.util.Optional.of(dev.understudy.engine.Failure.of(FailureKind.OVERLOADED, "busy"))
                        : java.util.Optional.empty())
                .build();
        assertThat(call(chain, Duration.ofSeconds(1)).join().trail().toString()).isEqualTo("one:overloaded, two:ok");

        FallbackChain<String, String> defect = scene.whole()
                .asyncTarget("one", scene.fails("one", SOON, () -> http(401)))
                .asyncTarget("two", scene.answers("two", SOON, "hi"))
                .classifier(thrown -> {
                    throw new IllegalStateException("thrown on purpose: the log shows it");
                })
                .build();
        assertThat(call(defect, Duration.ofSeconds(1)).join().answer()).isEqualTo("hi");
    }

    @Test
    void aClosedChainRefusesCallsAndSaysWhatToDo() {
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget("one", scene.answers("one", SOON, "hi"))
                .build();
        CompletableFuture<FallbackResult<String>> running = chain.callAsync("question");
        chain.close();

        assertThatThrownBy(() -> chain.callAsync("question"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        scene.loop.advance(Duration.ofSeconds(1));
        assertThat(running.join().answer()).isEqualTo("hi");
    }
}
