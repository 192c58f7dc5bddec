package dev.understudy.calls.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Answers share a limit of memory; where it is reached, the largest one goes, and nothing is lost or counted twice. */
class AnswerMemoryTest {
    private static final long STEP = AnswerMemory.UNCOUNTED;
    /** Room for ten steps of bytes, each counted twice. */
    private final AnswerMemory memory = new AnswerMemory(20 * STEP);

    private final Queue<Runnable> loop = new ArrayDeque<>();
    private final List<String> evicted = new ArrayList<>();

    private AnswerMemory.Share share(String name) {
        return memory.share(loop::add, () -> evicted.add(name));
    }

    private void runLoop() {
        loop.forEach(Runnable::run);
        loop.clear();
    }

    @Test
    void smallAnswersAreNotCounted() {
        AnswerMemory.Share small = share("small");

        assertThat(small.growTo(STEP)).isTrue();
        assertThat(memory.used()).isZero();
        assertThat(small.isCounted()).isFalse();
    }

    @Test
    void largeAnswersCountTwiceTheirBytesUntilTheyAreReleased() {
        AnswerMemory.Share large = share("large");

        assertThat(large.growTo(STEP + 1)).isTrue();
        assertThat(memory.used()).isEqualTo(4 * STEP);
        assertThat(large.growTo(2 * STEP)).isTrue();
        assertThat(memory.used()).isEqualTo(4 * STEP);

        large.release();
        assertThat(memory.used()).isZero();
        large.release();
        assertThat(memory.used()).isZero();
    }

    @Test
    void theLargestMakesRoomForASmallerOne() {
        AnswerMemory.Share smaller = share("smaller");
        AnswerMemory.Share larger = share("larger");
        AnswerMemory.Share next = share("next");
        assertThat(smaller.growTo(3 * STEP)).isTrue();
        assertThat(larger.growTo(6 * STEP)).isTrue();

        assertThat(next.growTo(2 * STEP)).isTrue();

        assertThat(evicted).as("not on another thread than its loop's").isEmpty();
        runLoop();
        assertThat(evicted).containsExactly("larger");
        assertThat(memory.used()).isEqualTo(2 * (3 + 2) * STEP);
        assertThat(larger.growTo(7 * STEP)).as("it was evicted").isFalse();
        larger.release();
        assertThat(memory.used()).isEqualTo(2 * (3 + 2) * STEP);
    }

    @Test
    void theLargestItselfGetsNoMore() {
        AnswerMemory.Share smaller = share("smaller");
        AnswerMemory.Share larger = share("larger");
        assertThat(smaller.growTo(3 * STEP)).isTrue();
        assertThat(larger.growTo(6 * STEP)).isTrue();

        assertThat(larger.growTo(9 * STEP)).isFalse();

        runLoop();
        assertThat(evicted).isEmpty();
        assertThat(memory.used()).isEqualTo(2 * 9 * STEP);
    }

    @Test
    void aSmallAnswerAlwaysFindsRoom() {
        List<AnswerMemory.Share> shares = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            AnswerMemory.Share each = share("large " + i);
            shares.add(each);
            each.growTo((4 + i) * STEP);
        }

        assertThat(share("small").growTo(2 * STEP)).isTrue();
    }

    @Test
    void nothingRemainsCountedWhateverThreadsDo() throws Exception {
        try (ExecutorService loops = Executors.newFixedThreadPool(4)) {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                SplittableRandom random = new SplittableRandom(thread);
                running.add(loops.submit(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        AnswerMemory.Share share = memory.share(Runnable::run, () -> {});
                        boolean fits = true;
                        for (int grows = random.nextInt(6); fits && grows >= 0; grows--) {
                            fits = share.growTo(random.nextLong(9 * STEP));
                        }
                        share.release();
                    }
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        }
        assertThat(memory.used()).isZero();
    }
}
