package dev.understudy.client.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TimersTest {
    private static final long HOUR = Duration.ofHours(1).toNanos();

    private final Timers.OfProcess timers = new Timers.OfProcess("timers-under-test", 1_000_000, 1_000_000);
    private final List<String> order = new CopyOnWriteArrayList<>();

    @Test
    void timersFireInTheOrderOfTheirTimesAndNeverBeforeThem() throws Exception {
        CompletableFuture<Long> firedAt = new CompletableFuture<>();
        long soon = System.nanoTime() + Duration.ofMillis(50).toNanos();
        long later = soon + Duration.ofMillis(20).toNanos();
        timers.runAt(later, () -> {
            order.add("later on a daemon: " + Thread.currentThread().isDaemon());
            firedAt.complete(System.nanoTime());
        });
        timers.runAt(soon, () -> order.add("soon"));

        assertThat(firedAt.get(30, TimeUnit.SECONDS) - later).isNotNegative();
        assertThat(order).containsExactly("soon", "later on a daemon: true");
    }

    @Test
    void aCancelledTimerDoesNotFire() throws Exception {
        long soon = System.nanoTime() + Duration.ofMillis(20).toNanos();
        timers.runAt(soon, () -> order.add("cancelled")).cancel();
        fired(soon + Duration.ofMillis(20).toNanos());

        assertThat(order).isEmpty();
    }

    @Test
    void aTimerThatFailsEndsNoOther() throws Exception {
        long soon = System.nanoTime() + Duration.ofMillis(20).toNanos();
        timers.runAt(soon, () -> {
            throw new IllegalStateException("for this test");
        });
        fired(soon);
        fired(soon + Duration.ofMillis(20).toNanos());
    }

    @Test
    void theThreadEndsWithoutTimersAndBeginsAgain() throws Exception {
        for (int round = 0; round < 3; round++) {
            timers.runAt(System.nanoTime() + HOUR, () -> {}).cancel();
            while (timers.isRunning()) {
                Thread.onSpinWait();
            }
            fired(System.nanoTime());
        }
    }

    @Test
    void aThreadThatSleepsIsWoken() throws Exception {
        Timers.OfProcess sleepy = new Timers.OfProcess("timers-under-test", 1, HOUR);
        sleepy.runAt(System.nanoTime(), () -> {}).cancel();
        for (int round = 0; round < 50; round++) {
            CompletableFuture<String> done = new CompletableFuture<>();
            sleepy.runAt(System.nanoTime(), () -> done.complete("fired"));
            assertThat(done.get(30, TimeUnit.SECONDS)).isEqualTo("fired");
        }
    }

    private void fired(long at) throws Exception {
        CompletableFuture<String> done = new CompletableFuture<>();
        timers.runAt(at, () -> done.complete("fired"));
        assertThat(done.get(30, TimeUnit.SECONDS)).isEqualTo("fired");
    }
}
