package dev.understudy.calls.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Timers, ordered by the tick at which they fire. The time is passed in; there is no clock here.
 *
 * <p>Every call sets timers and nearly all of them are cancelled a moment later, so that setting and cancelling cost next
 * to nothing here: a timer is a link in the circular list of its slot. The price is exactness: timers fire at the first tick
 * after their time, never before it.
 *
 * @see <a href="https://dl.acm.org/doi/10.1145/37499.37504">Varghese and Lauck: hashed timing wheels</a>
 */
public final class TimerWheel {
    /** The tick: how late a timer may fire, in nanoseconds. It is small beside the shortest limit that makes sense. */
    public static final long TICK = TimeUnit.MILLISECONDS.toNanos(5);

    /** A power of two. Timers further ahead than a turn of the wheel (2.5 s) are visited once per turn. */
    private static final int SLOTS = 512;

    private final WheelTimer[] slots = new WheelTimer[SLOTS];
    private final long origin;
    private long lastTick;
    private int waiting;

    /** @param now the time at which it begins, in nanoseconds like all times here */
    public TimerWheel(long now) {
        this.origin = now;
        for (int slot = 0; slot < SLOTS; slot++) {
            slots[slot] = new WheelTimer(this, 0, () -> {});
        }
    }

    /** Sets a timer; one whose time has passed fires at the next tick. */
    public Timer set(long at, Runnable action) {
        long tick = Math.max(Math.ceilDiv(at - origin, TICK), lastTick + 1);
        WheelTimer timer = new WheelTimer(this, tick, action);
        timer.linkBefore(slots[slotOf(tick)]);
        waiting++;
        return timer;
    }

    void cancel(WheelTimer timer) {
        if (timer.isLinked()) {
            timer.unlink();
            waiting--;
        }
    }

    /** The number of timers that are pending. */
    public int waiting() {
        return waiting;
    }

    /**
     * Fires the timers that are due at {@code now}, which is never earlier than at the call before.
     *
     * @throws RuntimeException if a timer's action failed; the others have fired all the same
     */
    public void advance(long now) {
        long tick = Math.max(lastTick, Math.floorDiv(now - origin, TICK));
        List<WheelTimer> due = waiting == 0 ? List.of() : due(tick);
        lastTick = tick;
        Optional<RuntimeException> fault = Optional.empty();
        for (WheelTimer timer : due) {
            // A timer that fired before it may have cancelled it.
            if (timer.isLinked()) {
                cancel(timer);
                try {
                    timer.fire();
                } catch (RuntimeException failed) {
                    fault.ifPresent(failed::addSuppressed);
                    fault = Optional.of(failed);
                }
            }
        }
        if (fault.isPresent()) {
            throw fault.get();
        }
    }

    @SuppressWarnings("ReferenceEquality") // Around the ring and back to where it began.
    private List<WheelTimer> due(long tick) {
        List<WheelTimer> due = new ArrayList<>();
        // After a long standstill each slot is looked at once: it has the timers of all the turns that were missed.
        for (long passed = Math.max(lastTick + 1, tick - SLOTS + 1); passed <= tick; passed++) {
            WheelTimer slot = slots[slotOf(passed)];
            for (WheelTimer timer = slot.next(); timer != slot; timer = timer.next()) {
                if (timer.tick() <= tick) {
                    due.add(timer);
                }
            }
        }
        return due;
    }

    private static int slotOf(long tick) {
        return (int) (tick & (SLOTS - 1));
    }
}
