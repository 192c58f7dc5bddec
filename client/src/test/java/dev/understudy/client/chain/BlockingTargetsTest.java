package dev.understudy.client.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.engine.FailureKind;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Blocking functions, on real threads; what takes time in these tests waits for a condition. */
@Timeout(60)
class BlockingTargetsTest {
    /** A target that waits until it is interrupted. */
    private static final class Stall implements BlockingTarget<String, String> {
        private final CountDownLatch began = new CountDownLatch(1);
        private final CompletableFuture<Long> interruptedAt = new CompletableFuture<>();

        @Override
        public String call(String request) throws InterruptedException {
            began.countDown();
            try {
                new CountDownLatch(1).await();
                return "never";
            } catch (InterruptedException interrupted) {
                interruptedAt.complete(System.nanoTime());
                throw interrupted;
            }
        }

        /** Milliseconds from a time until the target was interrupted. */
        long interruptedAfter(long since) throws Exception {
            return TimeUnit.NANOSECONDS.toMillis(interruptedAt.get(30, TimeUnit.SECONDS) - since);
        }
    }

    private final Stall stall = new Stall();

    private static FallbackChain.Builder<String, String> chain() {
        return FallbackChain.builder();
    }

    @Test
    void callReturnsTheAnswerOfABlockingFunction() {
        FallbackChain<String, String> chain =
                chain().target("upper", String::toUpperCase).build();

        assertThat(chain.call("hello").answer()).isEqualTo("HELLO");
    }

    @Test
    void theLoserOfARaceIsInterrupted() throws Exception {
        FallbackChain<String, String> chain = chain().target("stall", stall)
                .target("fast", question -> "hi")
                .settings(CallSettings.builder().answer(Duration.ofMillis(50)).build())
                .build();

        FallbackResult<String> result = chain.call("question");
        long answered = System.nanoTime();

        assertThat(result.target()).isEqualTo("fast");
        assertThat(stall.interruptedAfter(answered)).isLessThan(5_000);
    }

    @Test
    void cancellingTheFutureInterruptsTheFunction() throws Exception {
        CompletableFuture<FallbackResult<String>> future =
                chain().target("stall", stall).build().callAsync("question");
        stall.began.await();

        long cancelled = System.nanoTime();
        future.cancel(true);

        // 100 ms where the machine is idle; a wide margin, because it need not be.
        assertThat(stall.interruptedAfter(cancelled)).isLessThan(5_000);
    }

    @Test
    void interruptingTheCallerEndsTheCall() throws Exception {
        FallbackChain<String, String> chain = chain().target("stall", stall).build();
        AtomicReference<FallbackException> thrown = new AtomicReference<>();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        Thread caller = Thread.ofPlatform().start(() -> {
            thrown.set(catchThrowableOfType(FallbackException.class, () -> chain.call("question")));
            flag.set(Thread.currentThread().isInterrupted());
        });
        stall.began.await();

        long interrupted = System.nanoTime();
        caller.interrupt();
        caller.join();

        assertThat(thrown.get().kind()).isEqualTo(FailureKind.CANCELLED);
        assertThat(thrown.get()).hasCauseInstanceOf(InterruptedException.class);
        assertThat(flag.get()).isTrue();
        assertThat(stall.interruptedAfter(interrupted)).isLessThan(5_000);
        assertThat(chain.health().getFirst().circuit()).isEqualTo(TargetHealth.Circuit.CLOSED);
    }

    @Test
    void anExplicitLimitInterruptsTheFunction() throws Exception {
        FallbackChain<String, String> chain = chain().target("stall", stall)
                .target("fast", question -> "hi")
                .settings(CallSettings.builder()
                        .attemptTimeout(Duration.ofMillis(50))
                        .build())
                .build();

        assertThat(chain.call("question").trail().toString()).isEqualTo("stall:timeout_first_token, fast:ok");
        assertThat(stall.interruptedAfter(System.nanoTime())).isLessThan(5_000);
    }

    @Test
    void theThreadOfAPoolIsNotLeftInterrupted() throws Exception {
        try (ExecutorService single = Executors.newSingleThreadExecutor()) {
            CompletableFuture<FallbackResult<String>> future =
                    chain().target("stall", stall).executor(single).build().callAsync("question");
            stall.began.await();
            future.cancel(true);
            stall.interruptedAt.get(30, TimeUnit.SECONDS);

            assertThat(single.submit(() -> Thread.currentThread().isInterrupted())
                            .get(30, TimeUnit.SECONDS))
                    .isFalse();
        }
    }

    /** What depends on a future may block: that must not hold up other calls. */
    @Test
    void dependentsOfAFutureDoNotRunOnTheLoop() throws Exception {
        CountDownLatch attached = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        FallbackChain<String, String> chain = chain().target("upper", question -> {
                    attached.await();
                    return question.toUpperCase(Locale.ROOT);
                })
                .build();
        CompletableFuture<String> dependent = chain.callAsync("one").thenApply(result -> {
            awaitQuietly(release);
            return result.answer();
        });
        attached.countDown();

        assertThat(chain.call("two").answer()).isEqualTo("TWO");
        release.countDown();
        assertThat(dependent.get(30, TimeUnit.SECONDS)).isEqualTo("ONE");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
