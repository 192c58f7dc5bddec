package dev.understudy.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code max-connections} of a provider, over all event loops. */
class ConnectionSlotsTest {
    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final ConnectionSlots slots = new ConnectionSlots();

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private ConnectionSlots.Slot slot(Runnable whenGranted) {
        return slots.slot("one", 1, () -> loop, whenGranted);
    }

    @Test
    void theNextInTheQueueGetsIt() throws Exception {
        CountDownLatch granted = new CountDownLatch(1);
        ConnectionSlots.Slot first = slot(() -> {});
        ConnectionSlots.Slot left = slot(() -> {
            throw new AssertionError("it does not wait any more");
        });
        ConnectionSlots.Slot next = slot(granted::countDown);
        assertThat(first.take()).isEqualTo(ConnectionSlots.Outcome.GRANTED);
        assertThat(left.take()).isEqualTo(ConnectionSlots.Outcome.WAITING);
        assertThat(next.take()).isEqualTo(ConnectionSlots.Outcome.WAITING);
        left.release();
        first.release();
        first.release();
        assertThat(granted.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(slot(() -> {}).take()).isEqualTo(ConnectionSlots.Outcome.WAITING);
    }

    @Test
    void providersWithoutConnectionsLeaveNothingBehind() {
        for (int i = 0; i < 10_000; i++) {
            ConnectionSlots.Slot slot = slots.slot("invented-" + i, 10, () -> loop, () -> {});
            slot.take();
            slot.release();
        }
        assertThat(slots.providers()).isZero();
    }
}
