package dev.understudy.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The memory of request bodies: who gets it, and who has to go. */
class BodyMemoryTest {
    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final BodyMemory memory = new BodyMemory(10_000_000);

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private BodyMemory.Share share() {
        return memory.share(() -> {
            throw new AssertionError("it was refused");
        });
    }

    @Test
    void allThatWasTakenIsGivenBack() {
        BodyMemory.Share share = share();
        assertThat(share.growTo(1_000)).isTrue();
        assertThat(share.growTo(5_000)).isTrue();
        assertThat(memory.used()).isGreaterThanOrEqualTo(5_000);
        share.complete(2_000);
        assertThat(memory.used()).isBetween(2_000L, 4_999L);
        share.release();
        share.release();
        assertThat(memory.used()).isZero();
    }

    @Test
    void theHalfSentBodyGoesThatHoldsTheMostForTheLongest() throws Exception {
        CountDownLatch refused = new CountDownLatch(1);
        BodyMemory.Share stalled = memory.share(refused::countDown);
        stalled.arrives(loop);
        assertThat(stalled.growTo(6_000_000)).isTrue();
        BodyMemory.Share small = share();
        small.arrives(loop);
        assertThat(small.growTo(1_000)).isTrue();

        assertThat(share().growTo(5_000_000)).isTrue();
        assertThat(refused.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(stalled.growTo(6_100_000)).isFalse();
        stalled.release();
        assertThat(memory.used()).isBetween(5_001_000L, 5_100_000L);
    }

    @Test
    void bodiesThatHaveArrivedStay() {
        BodyMemory.Share whole = share();
        whole.arrives(loop);
        assertThat(whole.growTo(7_000_000)).isTrue();
        whole.complete(7_000_000);
        assertThat(share().growTo(2_000_000)).isFalse();
    }

    @Test
    void theLastQuarterIsForShortBodies() {
        assertThat(share().growTo(7_000_000)).isTrue();
        assertThat(share().growTo(1_500_000)).isFalse();
        assertThat(share().growTo(900_000)).isTrue();
    }
}
