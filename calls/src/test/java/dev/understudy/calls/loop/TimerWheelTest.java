package dev.understudy.calls.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Alarms ring once, in time and not before, and never after they were cancelled. */
class TimerWheelTest {
    /** Any time may be the beginning: {@link System#nanoTime()} may be negative, or about to run over. */
    private static final long START = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(3);

    private final TimerWheel wheel = new TimerWheel(START);
    private final List<String> rung = new ArrayList<>();

    private Timer set(String name, long millis) {
        return wheel.set(START + TimeUnit.MILLISECONDS.toNanos(millis), () -> rung.add(name));
    }

    private void advance(long millis) {
        wheel.advance(START + TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void ringsAtTheFirstTickAfterItsTimeAndOnce() {
        set("alarm", 12);
        advance(10);
        assertThat(rung).isEmpty();
        advance(15);
        assertThat(rung).containsExactly("alarm");
        advance(10_000);
        assertThat(rung).containsExactly("alarm");
        assertThat(wheel.waiting()).isZero();
    }

    @Test
    void neverRingsBeforeItsTimeAndAtMostATickAfterIt() {
        Random random = new Random(7);
        long[] now = {START};
        List<Long> late = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            long at = now[0] + random.nextLong(TimeUnit.SECONDS.toNanos(20));
            wheel.set(at, () -> late.add(now[0] - at));
            now[0] += random.nextLong(TimerWheel.TICK);
            wheel.advance(now[0]);
        }
        for (int i = 0; i < 100_000; i++) {
            now[0] += random.nextLong(TimerWheel.TICK);
            wheel.advance(now[0]);
        }
        assertThat(late).hasSize(5_000).allSatisfy(by -> assertThat(by).isBetween(0L, 2 * TimerWheel.TICK));
    }

    @Test
    void doesNotRingOnceCancelled() {
        Timer timer = set("cancelled", 20);
        set("other", 20);
        timer.cancel();
        timer.cancel();
        assertThat(wheel.waiting()).isEqualTo(1);
        advance(30);
        assertThat(rung).containsExactly("other");
    }

    @Test
    void anAlarmMayCancelAnotherThatIsDueWithIt() {
        List<Timer> other = new ArrayList<>();
        wheel.set(START, () -> other.forEach(Timer::cancel));
        other.add(set("cancelled", 1));
        advance(30);
        assertThat(rung).isEmpty();
        assertThat(wheel.waiting()).isZero();
    }

    @Test
    void whatIsSetForATimeThatHasPassedRingsAtTheNextTickAndNotAtOnce() {
        advance(100);
        wheel.set(START, () -> set("again", 0));
        advance(105);
        assertThat(rung).isEmpty();
        advance(110);
        assertThat(rung).containsExactly("again");
    }

    @Test
    void ringsEverythingAfterAStandstillOfManyTurns() {
        set("soon", 7);
        set("a turn later", 2_567);
        set("much later", 60_000);
        set("not yet", 70_000);
        advance(65_000);
        assertThat(rung).containsExactlyInAnyOrder("soon", "a turn later", "much later");
        advance(70_000);
        assertThat(rung).endsWith("not yet");
    }

    @Test
    void anActionThatFailsKeepsNoOtherFromRinging() {
        wheel.set(START, () -> {
            throw new IllegalStateException("broken");
        });
        set("other", 0);
        assertThatThrownBy(() -> advance(10)).hasMessage("broken");
        assertThat(rung).containsExactly("other");
    }
}
