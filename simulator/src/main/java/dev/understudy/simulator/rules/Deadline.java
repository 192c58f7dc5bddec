package dev.understudy.simulator.rules;

import dev.understudy.engine.Plan;
import java.time.Duration;
import java.util.OptionalLong;

/** The end of a call, and the alarm that must ring before it or then. */
final class Deadline {
    private final long full;
    private Duration silence;
    private final Duration all;
    private long end;
    private OptionalLong alarm = OptionalLong.empty();

    Deadline(Plan plan, long now) {
        this.full = now + deadline(plan).toNanos();
        Duration patience = plan.patience().orElse(deadline(plan));
        this.all = deadline(plan);
        this.silence = patience.compareTo(all) < 0 ? patience : all;
        this.end = now + silence.toNanos();
    }

    private static Duration deadline(Plan plan) {
        return plan.deadline().orElse(Duration.ofSeconds(45));
    }

    boolean isAhead(long now) {
        return now < end;
    }

    /** How long the caller bears it that nothing happens. */
    Duration silence() {
        return silence;
    }

    /** From now on the caller sees that something happens. */
    void committed() {
        end = full;
        silence = all;
    }

    void alarm(long at) {
        BrokenRule.unless(at <= end, 1, "an alarm is set past the deadline");
        alarm = OptionalLong.of(at);
    }

    boolean isKept() {
        return alarm.isPresent() && alarm.getAsLong() <= end;
    }

    boolean wakesBefore() {
        return alarm.isPresent() && alarm.getAsLong() < end;
    }
}
