package dev.understudy.simulator.rules;

import dev.understudy.engine.Plan;
import java.time.Duration;
import java.util.OptionalLong;

/** The end of a call, and the alarm that must ring before it or then. */
final class Deadline {
    private final long full;
    private final Duration limit;
    private long end;
    private OptionalLong alarm = OptionalLong.empty();

    Deadline(Plan plan, long now) {
        this.full = now + plan.deadline().toNanos();
        Duration patience = plan.patience().orElse(plan.deadline());
        this.limit = patience.compareTo(plan.deadline()) < 0 ? patience : plan.deadline();
        this.end = now + limit.toNanos();
    }

    boolean isAhead(long now) {
        return now < end;
    }

    /** How long the call may stay without an answer. */
    Duration limit() {
        return limit;
    }

    /** From now on the caller sees that something happens. */
    void committed() {
        end = full;
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
