package dev.understudy.client.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.loop.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InlineCallLoopTest {
    private final VirtualCallLoop time = new VirtualCallLoop();
    private final List<Runnable> pool = new ArrayList<>();
    private final InlineCallLoop loop = new InlineCallLoop(time::runAt, pool::add);
    private final List<String> order = new ArrayList<>();

    @Test
    void theThreadThatSubmitsATaskRunsIt() {
        Thread[] ranOn = new Thread[1];
        loop.execute(() -> ranOn[0] = Thread.currentThread());

        assertThat(ranOn[0]).isEqualTo(Thread.currentThread());
    }

    @Test
    void aTaskThatSubmitsAnotherIsDoneBeforeIt() {
        loop.execute(() -> {
            loop.execute(() -> order.add("inner"));
            order.add("outer");
        });

        assertThat(order).containsExactly("outer", "inner");
    }

    @Test
    void aTaskIsNotRunBesideAnother() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch submitted = new CountDownLatch(1);
        Thread other = new Thread(() -> loop.execute(() -> {
            began.countDown();
            await(submitted);
            order.add("first");
        }));
        other.start();
        await(began);
        // Returns at once: the other thread runs it too.
        loop.execute(() -> order.add("second on " + (Thread.currentThread() == other ? "the other thread" : "this")));
        assertThat(order).isEmpty();
        submitted.countDown();
        other.join();

        assertThat(order).containsExactly("first", "second on the other thread");
    }

    @Test
    void tasksOfManyThreadsSeeOneAnothersWork() throws Exception {
        int[] plain = new int[1];
        AtomicInteger inside = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 20_000; i++) {
                    loop.execute(() -> {
                        if (inside.incrementAndGet() == 1) {
                            plain[0]++;
                        }
                        inside.decrementAndGet();
                    });
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(plain[0]).isEqualTo(80_000);
    }

    @Test
    void aTaskThatFailsEndsNeitherTheThreadNorTheLoop() {
        loop.execute(() -> {
            throw new IllegalStateException("for this test");
        });
        loop.execute(() -> {
            throw new AssertionError("for this test");
        });
        loop.execute(() -> order.add("still running"));

        assertThat(order).containsExactly("still running");
    }

    @Test
    void timersFireInThePool() {
        loop.runAt(Duration.ofSeconds(3).toNanos(), () -> order.add("fired"));
        time.advance(Duration.ofMillis(2_999));
        assertThat(pool).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(order).isEmpty();
        pool.forEach(Runnable::run);

        assertThat(order).containsExactly("fired");
    }

    @Test
    void aTimerThatIsCancelledAsItFiresHasNoEffect() {
        Timer timer = loop.runAt(1, () -> order.add("fired"));
        time.advance(Duration.ofSeconds(1));
        timer.cancel();
        pool.forEach(Runnable::run);

        assertThat(order).isEmpty();
    }

    @Test
    void aCancelledTimerIsForgotten() {
        loop.runAt(1, () -> order.add("fired")).cancel();

        assertThat(time.waiting()).isZero();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
