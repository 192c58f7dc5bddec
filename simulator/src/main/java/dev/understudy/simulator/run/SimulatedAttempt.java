package dev.understudy.simulator.run;

import dev.understudy.engine.Failure;
import dev.understudy.engine.Signal;
import dev.understudy.engine.Target;
import dev.understudy.simulator.world.EventQueue;
import dev.understudy.simulator.world.Fate;
import dev.understudy.simulator.world.Fate.Happening;
import dev.understudy.simulator.world.Fate.Moment;
import java.util.List;
import java.util.OptionalLong;

/** One request on its way: its fate happens moment by moment, unless it is cancelled first. */
final class SimulatedAttempt {
    private final SimulatedCall call;
    private final EventQueue queue;
    private final int number;
    private final Target target;
    private final Fate fate;
    private final SignsOfLife life;
    /** How many tokens the whole of it has. */
    private final int length;

    private int next;
    /** By how much the caller has held the provider up. */
    private long delay;

    private int tokens;
    private boolean over;
    private boolean whole;
    private boolean blank;
    private OptionalLong cancelledAt = OptionalLong.empty();
    private boolean despiteLife;
    private boolean despitePromise;

    SimulatedAttempt(
            SimulatedCall call, EventQueue queue, int number, Target target, SignsOfLife life, Fate fate, int length) {
        this.call = call;
        this.queue = queue;
        this.number = number;
        this.target = target;
        this.fate = fate;
        this.life = life;
        this.length = length;
    }

    int number() {
        return number;
    }

    Target target() {
        return target;
    }

    /** The number of tokens that it has delivered. */
    int tokens() {
        return tokens;
    }

    boolean isWhole() {
        return whole;
    }

    /** Whether its answer was complete and blank. */
    boolean isBlank() {
        return blank;
    }

    void end() {
        over = true;
    }

    void cancel(long now) {
        over = true;
        cancelledAt = OptionalLong.of(now);
    }

    /** Notes whether it is started beside, or instead of, an attempt that shows life. */
    void startedBeside(List<SimulatedAttempt> others, long now) {
        for (SimulatedAttempt other : others) {
            boolean isLeft = !other.over || other.cancelledAt.equals(OptionalLong.of(now));
            despiteLife |= isLeft && other.life.isShown(now);
            despitePromise |= isLeft && other.life.isAccepted(now);
        }
    }

    /** Whether it was started though another attempt showed life. */
    boolean isDespiteLife() {
        return despiteLife;
    }

    /** Whether it was started though the engine promises to wait for what another attempt showed. */
    boolean isDespitePromise() {
        return despitePromise;
    }

    void playNext() {
        if (!over && next < fate.moments().size()) {
            queue.at(fate.moments().get(next).at() + delay, this::happen);
        }
    }

    /** Holds everything up; false if there is nothing left to be held up. */
    boolean pauseUntil(long until) {
        if (over || call.isOver() || next >= fate.moments().size()) {
            return false;
        }
        delay = Math.max(delay, until - queue.now());
        return true;
    }

    private void happen(long now) {
        if (over) {
            return;
        }
        Moment moment = fate.moments().get(next);
        if (moment.at() + delay > now) {
            // The caller has begun to hold it up in the meantime.
            playNext();
            return;
        }
        next++;
        call.tell(signal(moment.what(), now));
        playNext();
    }

    private Signal signal(Happening what, long now) {
        return switch (what) {
            case Happening.Connected() -> new Signal.Connected(number);
            case Happening.Alive(Signal.Sign sign) -> {
                life.sign(sign, now);
                yield new Signal.Alive(number, sign);
            }
            case Happening.Content(int soFar, boolean plain) -> {
                tokens = soFar;
                life.content(now);
                call.alive(target, now);
                yield new Signal.Progress(number, soFar, plain);
            }
            case Happening.Mark() -> {
                whole = true;
                yield new Signal.Finishing(number);
            }
            case Happening.Whole() -> {
                over = true;
                whole = true;
                tokens = length;
                call.alive(target, now);
                yield new Signal.Completed(number);
            }
            case Happening.Broken(Failure failure) -> {
                over = true;
                blank = failure.hasDeliverableAnswer();
                yield new Signal.Failed(number, failure);
            }
        };
    }
}
