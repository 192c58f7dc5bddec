package dev.understudy.client.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.client.loop.CallLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many calls with faults that a seed decides: each has one end, and nothing is left behind. */
@Timeout(300)
class RandomFaultsTest {
    private static final int CALLS = 10_000;

    /** Faults that pass: a refused key, say, keeps a target out for minutes, and this would be a test of little else. */
    private static Exception fault(SplittableRandom random) {
        int[] statuses = {400, 403, 408, 413, 429, 500, 502, 503, 529};
        return switch (random.nextInt(4)) {
            case 0 -> new IOException("reset");
            case 1 -> new IllegalStateException("a defect");
            default -> new HttpStatusException(statuses[random.nextInt(statuses.length)], Map.of(), "");
        };
    }

    /** A target of which a share fails, some stall, and the rest answers after a while. */
    private static AsyncTarget<String, String> unreliable(VirtualScene scene, String name, SplittableRandom random) {
        return question -> {
            Duration time = Duration.ofMillis(200 + random.nextInt(8_000));
            int dice = random.nextInt(100);
            if (dice < 8) {
                Exception thrown = fault(random);
                return scene.fails(name, time, () -> thrown).call(question);
            } else if (dice < 10) {
                return scene.stalls(name).call(question);
            }
            return scene.answers(name, time, dice < 12 ? " " : name + " answers")
                    .call(question);
        };
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void everyWholeCallHasOneEndAndNoTimerIsLeft(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        VirtualScene scene = new VirtualScene();
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget("one", unreliable(scene, "one", random.split()))
                .asyncTarget("two", unreliable(scene, "two", random.split()))
                .asyncTarget("three", unreliable(scene, "three", random.split()))
                .build();
        List<CompletableFuture<FallbackResult<String>>> futures = new ArrayList<>();
        List<CompletableFuture<?>> left = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            CompletableFuture<FallbackResult<String>> future = chain.callAsync("question " + i);
            scene.loop.advance(Duration.ofMillis(random.nextInt(2_000)));
            if (random.nextInt(20) == 0) {
                future.cancel(true);
                left.add(future);
            } else {
                futures.add(future);
            }
        }
        scene.loop.advance(Duration.ofMinutes(11));

        assertThat(futures).allMatch(CompletableFuture::isDone);
        long answered = futures.stream()
                .filter(future -> !future.isCompletedExceptionally())
                .count();
        assertThat(answered).as("answered of " + futures.size()).isGreaterThan(futures.size() * 99L / 100);
        assertThat(left).allMatch(CompletableFuture::isDone);
        assertThat(scene.loop.waiting()).as("timers").isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {4})
    void noStreamMixesTwoAttempts(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        VirtualScene scene = new VirtualScene();
        StreamingChain<String, String, String> chain = scene.streaming()
                .target("one", unreliableStream(scene, "one", random.split()))
                .target("two", unreliableStream(scene, "two", random.split()))
                .target("three", unreliableStream(scene, "three", random.split()))
                .build();
        List<VirtualScene.Collector> collectors = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            collectors.add(scene.collect(chain.stream("question " + i)));
            scene.loop.advance(Duration.ofMillis(random.nextInt(2_000)));
        }
        scene.loop.advance(Duration.ofMinutes(25));

        for (VirtualScene.Collector collector : collectors) {
            assertThat(collector.ends).hasSize(1);
            assertThat(collector.items.stream().map(item -> item.split(":")[0]).distinct())
                    .hasSizeLessThanOrEqualTo(1);
            for (int i = 0; i < collector.items.size(); i++) {
                assertThat(collector.items.get(i)).endsWith(":" + i);
            }
            if (collector.ends.getFirst().equals("complete")) {
                assertThat(collector.items).hasSize(5);
            } else if (!collector.items.isEmpty()) {
                assertThat(collector.error().isTruncated()).isTrue();
            }
        }
        assertThat(scene.loop.waiting()).as("timers").isZero();
    }

    private static StreamTarget<String, String, String> unreliableStream(
            VirtualScene scene, String name, SplittableRandom random) {
        return (question, sink) -> {
            List<VirtualScene.Beat> beats = new ArrayList<>();
            boolean fails = random.nextInt(5) == 0;
            int items = fails ? random.nextInt(5) : 5;
            for (int i = 0; i < items; i++) {
                beats.add(VirtualScene.says(50 + random.nextInt(3_000), name + ":" + i));
            }
            if (!fails) {
                beats.add(VirtualScene.ends(10, name + " answers"));
            } else if (random.nextBoolean()) {
                beats.add(VirtualScene.breaks(50, fault(random)));
            }
            scene.plays(name, beats.toArray(VirtualScene.Beat[]::new)).stream(question, sink);
        };
    }

    /** What would have succeeded without us succeeds, and is answered by the first target. */
    @Test
    void withoutFaultsEveryCallIsAnsweredByTheFirstTarget() {
        SplittableRandom random = new SplittableRandom(6);
        VirtualScene scene = new VirtualScene();
        AsyncTarget<String, String> healthy =
                question -> scene.answers("one", Duration.ofMillis(300 + random.nextInt(6_000)), "one answers")
                        .call(question);
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget("one", healthy)
                .asyncTarget("two", scene.answers("two", Duration.ofMillis(100), "two answers"))
                // Latencies are learned, and the slowest twentieth of calls is hedged: that is no fault and no harm,
                // but not
                // what this test is about.
                .settings(CallSettings.builder().hedging(false).build())
                .build();
        List<CompletableFuture<FallbackResult<String>>> futures = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            futures.add(chain.callAsync("question"));
            scene.loop.advance(Duration.ofMillis(random.nextInt(1_000)));
        }
        scene.loop.advance(Duration.ofMinutes(1));

        assertThat(futures).allMatch(future -> future.join().target().equals("one"));
        assertThat(scene.called).hasSize(2_000);
        assertThat(scene.cancelled).isEmpty();
    }

    /** With hedges on, each call is answered no later than by its first target alone. */
    @Test
    void noCallIsSlowerThanItsFirstTargetAlone() {
        SplittableRandom random = new SplittableRandom(8);
        VirtualScene scene = new VirtualScene();
        List<Long> alone = new ArrayList<>();
        AsyncTarget<String, String> slow = question -> {
            Duration time = Duration.ofMillis(300 + random.nextInt(120_000));
            alone.add(time.toNanos());
            return scene.answers("one", time, "one answers").call(question);
        };
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget("one", slow)
                .asyncTarget("two", scene.fails("two", Duration.ofMillis(100), () -> fault(random)))
                .build();
        for (int i = 0; i < 500; i++) {
            long began = scene.loop.nanoTime();
            int index = alone.size();
            CompletableFuture<Long> took =
                    chain.callAsync("question").thenApply(result -> scene.loop.nanoTime() - began);
            scene.loop.advance(Duration.ofMinutes(3));
            assertThat(took.join()).isLessThanOrEqualTo(alone.get(index));
        }
    }

    @Test
    void tenThousandCallsOnRealThreadsLeaveNothingBehind() throws Exception {
        SplittableRandom random = new SplittableRandom(9);
        // This test is one party; each function that runs is another.
        Phaser running = new Phaser(1);
        BlockingTarget<String, String> unreliable = question -> {
            running.register();
            try {
                int dice;
                synchronized (random) {
                    dice = random.nextInt(100);
                }
                if (dice < 20) {
                    throw new HttpStatusException(503, Map.of(), "");
                } else if (dice < 22) {
                    new CountDownLatch(1).await();
                } else if (dice < 30) {
                    return "";
                }
                return "an answer";
            } finally {
                running.arriveAndDeregister();
            }
        };
        FallbackChain<String, String> chain = FallbackChain.<String, String>builder()
                .target("one", unreliable)
                .target("two", unreliable)
                .target("three", unreliable)
                .settings(CallSettings.builder()
                        .attemptTimeout(Duration.ofMillis(100))
                        .build())
                .build();
        chain.call("warm-up");
        int threadsBefore = Thread.activeCount();
        Semaphore room = new Semaphore(64);
        AtomicInteger ended = new AtomicInteger();
        for (int i = 0; i < CALLS; i++) {
            room.acquire();
            CompletableFuture<FallbackResult<String>> future = chain.callAsync("question");
            future.whenComplete((result, thrown) -> {
                ended.incrementAndGet();
                room.release();
            });
            if (i % 50 == 0) {
                future.cancel(true);
            }
        }
        room.acquire(64);

        assertThat(ended).hasValue(CALLS);
        running.awaitAdvanceInterruptibly(running.arrive(), 60, TimeUnit.SECONDS);
        // A pool of platform threads, on JDK 21 to 23, keeps some for ten seconds.
        int spare = Runtime.version().feature() >= 24 ? 5 : 200;
        assertThat(Thread.activeCount()).isLessThan(threadsBefore + spare);
        CompletableFuture<Boolean> loopIsFree = new CompletableFuture<>();
        CallLoop.shared().execute(() -> loopIsFree.complete(true));
        assertThat(loopIsFree.get(30, TimeUnit.SECONDS)).isTrue();
    }
}
