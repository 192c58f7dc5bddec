package dev.understudy.client.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.loop.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualCallLoopTest {
    private final VirtualCallLoop loop = new VirtualCallLoop();
    private final List<String> ran = new ArrayList<>();

    private void at(long nanos, String name) {
        loop.runAt(nanos, () -> ran.add(name + "@" + loop.nanoTime()));
    }

    @Test
    void timePassesOnlyWhenItIsTold() {
        at(5, "b");
        at(3, "a");
        loop.execute(() -> ran.add("now"));

        assertThat(ran).isEmpty();
        loop.runAll();
        assertThat(ran).containsExactly("now");
        loop.advance(Duration.ofNanos(4));
        assertThat(ran).containsExactly("now", "a@3");
        loop.advance(Duration.ofNanos(4));
        assertThat(ran).containsExactly("now", "a@3", "b@5");
        assertThat(loop.nanoTime()).isEqualTo(8);
    }

    @Test
    void whatATaskSetsRunsAtItsTimeWithinTheSameAdvance() {
        loop.runAt(2, () -> at(loop.nanoTime() + 2, "next"));
        at(9, "past the end");
        loop.advance(Duration.ofNanos(8));

        assertThat(ran).containsExactly("next@4");
        assertThat(loop.waiting()).isOne();
    }

    @Test
    void aTimeThatIsPastIsNow() {
        loop.advance(Duration.ofNanos(7));
        at(1, "late");
        loop.runAll();

        assertThat(ran).containsExactly("late@7");
    }

    @Test
    void aCancelledTimerDoesNotRun() {
        Timer timer = loop.runAt(1, () -> ran.add("cancelled"));
        timer.cancel();
        loop.advance(Duration.ofNanos(2));

        assertThat(ran).isEmpty();
        assertThat(loop.waiting()).isZero();
    }
}
