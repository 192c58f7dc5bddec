package dev.understudy.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The memory of request bodies: who gets it, and who has to go. */
class BodyMemoryTest {
    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final BodyMemory memory = new BodyMemory(10_000_000);
    private final AtomicInteger callers = new AtomicInteger();

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** Of a caller who has no other. */
    private BodyMemory.Share share() {
        return share("caller " + callers.incrementAndGet());
    }

    private BodyMemory.Share share(String caller) {
        return memory.share(caller, () -> {
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
        BodyMemory.Share stalled = memory.share("stalled", refused::countDown);
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

    @Test
    void aCallerAloneHasTwoThirds() {
        BodyMemory.Share first = share("hog");
        assertThat(first.growTo(3_000_000)).isTrue();
        assertThat(share("hog").growTo(900_000)).isTrue();
        assertThat(share("hog").growTo(900_000)).isTrue();
        assertThat(share("hog").growTo(900_000)).isTrue();
        assertThat(share("hog").growTo(900_000)).isTrue();
        BodyMemory.Share tooMany = share("hog");
        assertThat(tooMany.growTo(900_000)).isFalse();
        assertThat(tooMany.isRefusedForCaller()).isTrue();

        assertThat(share("neighbour").growTo(900_000)).as("another caller").isTrue();
        first.release();
        assertThat(share("hog").growTo(900_000)).as("once there is room again").isTrue();
    }

    @Test
    void longBodiesOfACallerLeaveRoomForThoseOfOthers() {
        assertThat(share("hog").growTo(2_400_000)).isTrue();
        assertThat(share("hog").growTo(2_400_000)).isTrue();
        assertThat(share("hog").growTo(2_400_000)).isFalse();
        assertThat(share("neighbour").growTo(2_400_000)).isTrue();
    }

    @Test
    void theOnlyBodyOfACallerMayTakeAllThatThereIs() {
        BodyMemory.Share only = share("alone");
        assertThat(only.growTo(4_000_000)).isTrue();
        assertThat(only.growTo(7_400_000)).isTrue();
    }

    @Test
    void aCallerWithMoreThanItsPartMakesRoomWithItsOwnBodies() throws Exception {
        BodyMemory.Share neighbour = share("neighbour");
        neighbour.arrives(loop);
        assertThat(neighbour.growTo(900_000)).isTrue();
        CountDownLatch refused = new CountDownLatch(1);
        BodyMemory.Share stalled = memory.share("hog", refused::countDown);
        stalled.arrives(loop);
        assertThat(stalled.growTo(4_500_000)).isTrue();

        assertThat(share("hog").growTo(1_500_000)).isTrue();
        assertThat(refused.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(neighbour.growTo(950_000)).isTrue();
    }

    @Test
    void aCallerWithLittleIsNotBlamedForTheOthers() {
        assertThat(share("one").growTo(4_900_000)).isTrue();
        assertThat(share("other").growTo(990_000)).isTrue();
        assertThat(share("third").growTo(1_000_000)).isTrue();
        assertThat(share("fifth").growTo(900_000)).isTrue();
        BodyMemory.Share small = share("fourth");
        assertThat(small.growTo(900_000)).isTrue();
        BodyMemory.Share second = share("fourth");
        assertThat(second.growTo(999_000)).isFalse();
        assertThat(second.isRefusedForCaller()).isFalse();
    }

    @Test
    void nothingIsLeftOfACallersPart() {
        for (int i = 0; i < 1_000; i++) {
            BodyMemory.Share share = share("hog");
            assertThat(share.growTo(3_000_000)).isTrue();
            share.complete(2_000_000);
            share.release();
        }
        assertThat(memory.used()).isZero();
        assertThat(share("hog").growTo(2_900_000)).isTrue();
        assertThat(share("hog").growTo(900_000)).isTrue();
    }
}
