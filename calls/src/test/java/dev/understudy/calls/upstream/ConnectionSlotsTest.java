package dev.understudy.calls.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** {@code max-connections} of a provider, over all loops. */
class ConnectionSlotsTest {
    private final Queue<Runnable> loop = new ArrayDeque<>();
    private final ConnectionSlots slots = new ConnectionSlots();

    private ConnectionSlots.Slot slot(Runnable whenGranted) {
        return slots.slot("one", 1, loop::add, whenGranted);
    }

    @Test
    void theNextInTheQueueGetsIt() {
        AtomicInteger granted = new AtomicInteger();
        ConnectionSlots.Slot first = slot(() -> {});
        ConnectionSlots.Slot left = slot(() -> {
            throw new AssertionError("it does not wait any more");
        });
        ConnectionSlots.Slot next = slot(granted::incrementAndGet);
        assertThat(first.take()).isEqualTo(ConnectionSlots.Outcome.GRANTED);
        assertThat(left.take()).isEqualTo(ConnectionSlots.Outcome.WAITING);
        assertThat(next.take()).isEqualTo(ConnectionSlots.Outcome.WAITING);
        left.release();
        first.release();
        first.release();
        assertThat(granted).as("it is told on its loop").hasValue(0);
        loop.forEach(Runnable::run);
        assertThat(granted).hasValue(1);
        assertThat(slot(() -> {}).take()).isEqualTo(ConnectionSlots.Outcome.WAITING);
    }

    @Test
    void providersWithoutConnectionsLeaveNothingBehind() {
        for (int i = 0; i < 10_000; i++) {
            ConnectionSlots.Slot slot = slots.slot("invented-" + i, 10, loop::add, () -> {});
            slot.take();
            slot.release();
        }
        assertThat(slots.providers()).isZero();
    }
}
