package dev.understudy.client.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.loop.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ThreadCallLoopTest {
    private final ThreadCallLoop loop = new ThreadCallLoop("loop-under-test", 200);

    @Test
    void tasksRunInTheirOrderOnOneDaemonThread() throws Exception {
        List<Integer> order = new CopyOnWriteArrayList<>();
        List<Thread> threads = new CopyOnWriteArrayList<>();
        CountDownLatch done = new CountDownLatch(1_000);
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            loop.execute(() -> {
                order.add(number);
                threads.add(Thread.currentThread());
                done.countDown();
            });
        }
        done.await();

        assertThat(order).isSorted().hasSize(1_000);
        assertThat(threads).allMatch(Thread::isDaemon);
        assertThat(threads.stream().distinct()).hasSize(1);
    }

    @Test
    void timersRunInTheOrderOfTheirTimesAndNeverBeforeThem() throws Exception {
        List<String> order = new CopyOnWriteArrayList<>();
        CompletableFuture<Long> ranAt = new CompletableFuture<>();
        long now = loop.nanoTime();
        long soon = now + Duration.ofMillis(50).toNanos();
        loop.runAt(soon + 1_000_000, () -> {
            order.add("later");
            ranAt.complete(loop.nanoTime());
        });
        loop.runAt(soon, () -> order.add("soon"));

        assertThat(ranAt.get(30, TimeUnit.SECONDS) - soon).isGreaterThanOrEqualTo(1_000_000);
        assertThat(order).containsExactly("soon", "later");
    }

    @Test
    void aCancelledTimerDoesNotRun() throws Exception {
        List<String> ran = new CopyOnWriteArrayList<>();
        CountDownLatch later = new CountDownLatch(1);
        long soon = loop.nanoTime() + Duration.ofMillis(20).toNanos();
        Timer timer = loop.runAt(soon, () -> ran.add("cancelled"));
        loop.runAt(soon + 1, later::countDown);
        timer.cancel();
        timer.cancel();
        later.await();

        assertThat(ran).isEmpty();
    }

    @Test
    void theExceptionOfATaskEndsNoOtherTask() throws Exception {
        CountDownLatch next = new CountDownLatch(1);
        loop.execute(() -> {
            throw new IllegalStateException("thrown on purpose: the log shows it");
        });
        loop.execute(next::countDown);

        assertThat(next.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theThreadEndsWhileThereIsNothingToDo() throws Exception {
        CompletableFuture<Thread> first = new CompletableFuture<>();
        loop.execute(() -> first.complete(Thread.currentThread()));
        first.get().join(Duration.ofSeconds(30));

        assertThat(first.get().isAlive()).isFalse();
        CompletableFuture<Thread> second = new CompletableFuture<>();
        loop.execute(() -> second.complete(Thread.currentThread()));
        assertThat(second.get()).isNotSameAs(first.get());
    }
}
