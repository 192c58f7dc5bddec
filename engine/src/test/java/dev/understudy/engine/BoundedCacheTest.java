package dev.understudy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A map that forgets what is not used. */
class BoundedCacheTest {
    private final BoundedCache<Integer, String> cache = new BoundedCache<>(100);

    @Test
    void whatIsUsedOnceInAWhileStaysThroughAFlood() {
        cache.computeIfAbsent(-1, key -> "kept");
        for (int i = 0; i < 100_000; i++) {
            cache.computeIfAbsent(i, key -> "flood");
            if (i % 40 == 0) {
                assertThat(cache.get(-1)).contains("kept");
            }
        }
    }

    @Test
    void whatIsNotUsedIsForgotten() {
        cache.computeIfAbsent(-1, key -> "forgotten");
        for (int i = 0; i < 100; i++) {
            cache.computeIfAbsent(i, key -> "flood");
        }
        assertThat(cache.get(-1)).isEmpty();
    }

    @Test
    void itNeverHoldsMoreThanItMay() {
        for (int i = 0; i < 100_000; i++) {
            cache.computeIfAbsent(i, key -> "flood");
            if (i % 97 == 0) {
                assertThat(cache.size()).isLessThanOrEqualTo(100);
            }
        }
        assertThat(cache.size()).isGreaterThanOrEqualTo(50);
    }

    @Test
    void whatIsThereIsNotMadeAnew() {
        cache.computeIfAbsent(1, key -> "first");
        assertThat(cache.computeIfAbsent(1, key -> "second")).isEqualTo("first");
        for (int i = 100; i < 160; i++) {
            cache.computeIfAbsent(i, key -> "flood");
        }
        assertThat(cache.computeIfAbsent(1, key -> "third")).isEqualTo("first");
        assertThat(cache.keys()).contains(1);
    }

    @Test
    void whatIsRemovedIsGoneFromBothGenerations() {
        cache.computeIfAbsent(1, key -> "old");
        for (int i = 100; i < 160; i++) {
            cache.computeIfAbsent(i, key -> "flood");
        }
        cache.get(1);
        cache.remove(1);
        assertThat(cache.get(1)).isEqualTo(Optional.empty());
        cache.clear();
        assertThat(cache.isEmpty()).isTrue();
        assertThat(cache.keys()).isEqualTo(Set.of());
    }

    @Test
    void manyThreadsSeeOneValueOfAKeyThatTheyUse() throws InterruptedException {
        BoundedCache<Integer, Object> shared = new BoundedCache<>(1_000);
        Object first = shared.computeIfAbsent(-1, key -> new Object());
        List<Object> others = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            int offset = thread * 100_000;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 50_000; i++) {
                    shared.computeIfAbsent(offset + i, key -> new Object());
                    Object seen = shared.computeIfAbsent(-1, key -> new Object());
                    if (!seen.equals(first)) {
                        synchronized (others) {
                            others.add(seen);
                        }
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(others).isEmpty();
    }
}
