package dev.understudy.gateway.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A limit per minute in scripted time. */
class RateBucketTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long START = -5 * SECOND;

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 60, 999, 1_000_000_000})
    void aBurstOfTheWholeLimitAndNoMore(int limit) {
        RateBucket bucket = new RateBucket(limit, START);
        assertThat(bucket.remaining(START)).isEqualTo(limit);
        assertThat(bucket.take(limit, limit, START)).isTrue();
        assertThat(bucket.remaining(START)).isZero();
        assertThat(bucket.take(1, 1, START)).isFalse();
        assertThat(bucket.untilFull(START)).isBetween(60 * SECOND - 10, 60 * SECOND);
    }

    @Test
    void oneAtATimeIsExact() {
        RateBucket bucket = new RateBucket(7, START);
        for (int i = 7; i > 0; i--) {
            assertThat(bucket.remaining(START)).isEqualTo(i);
            assertThat(bucket.take(1, 1, START)).isTrue();
        }
        assertThat(bucket.take(1, 1, START)).isFalse();
    }

    @Test
    void whatWasUsedComesBackEvenly() {
        RateBucket bucket = new RateBucket(60, START);
        bucket.take(60, 60, START);
        assertThat(bucket.untilLeft(1, START)).isEqualTo(SECOND);
        assertThat(bucket.take(1, 1, START + SECOND - 1)).isFalse();
        assertThat(bucket.take(1, 1, START + SECOND)).isTrue();
        assertThat(bucket.take(1, 1, START + SECOND)).isFalse();
        assertThat(bucket.remaining(START + 31 * SECOND)).isEqualTo(30);
        assertThat(bucket.remaining(START + 3_600 * SECOND)).isEqualTo(60);
    }

    @Test
    void anOverdrawnBucketAdmitsNothingUntilItIsRefilled() {
        RateBucket bucket = new RateBucket(100, START);
        assertThat(bucket.take(250, 1, START)).as("something was left").isTrue();
        assertThat(bucket.remaining(START)).isZero();
        assertThat(bucket.take(1, 1, START + 90 * SECOND - 1)).isFalse();
        assertThat(bucket.untilLeft(1, START)).isBetween(90 * SECOND, 91 * SECOND);
        assertThat(bucket.take(1, 1, START + 91 * SECOND)).isTrue();
    }

    @Test
    void adjustments() {
        RateBucket bucket = new RateBucket(100, START);
        bucket.take(50, 1, START);
        bucket.adjust(-50, START);
        assertThat(bucket.remaining(START)).isEqualTo(100);
        bucket.adjust(30, START + 600 * SECOND);
        assertThat(bucket.remaining(START + 600 * SECOND)).isEqualTo(70);
        // What is given back late is no credit beyond the limit.
        bucket.adjust(-30, START + 6_000 * SECOND);
        assertThat(bucket.remaining(START + 6_000 * SECOND)).isEqualTo(100);
        assertThat(bucket.take(101, 101, START + 6_000 * SECOND)).isFalse();
    }

    @Test
    void severalThreadsTakeNoMoreThanThereIs() throws InterruptedException {
        RateBucket bucket = new RateBucket(1_000, START);
        AtomicInteger taken = new AtomicInteger();
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = Thread.ofPlatform().start(() -> {
                for (int each = 0; each < 1_000; each++) {
                    if (bucket.take(1, 1, START)) {
                        taken.incrementAndGet();
                    }
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(taken).hasValue(1_000);
    }
}
