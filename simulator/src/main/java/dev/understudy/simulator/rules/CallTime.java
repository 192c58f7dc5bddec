package dev.understudy.simulator.rules;

import static dev.understudy.simulator.rules.BrokenRule.unless;

import dev.understudy.engine.Plan;
import dev.understudy.engine.Step;
import dev.understudy.engine.Timeouts;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * The time of a call as the rules know it: until when attempts may begin (the deadline), when the call ends whatever happens
 * (the cap), and the timer that must be due by then.
 */
final class CallTime {
    private static final long DEADLINE = Duration.ofSeconds(45).toNanos();
    private static final long REASONING_DEADLINE = Duration.ofMinutes(3).toNanos();
    private static final long CAP = Duration.ofMinutes(10).toNanos();
    /** The cap of a stream without a single byte from any provider, where the caller's timeout is unknown. */
    private static final long SILENT_CAP = Duration.ofMinutes(2).toNanos();

    private final long arrived;
    private final boolean deadlineIsSet;
    private final OptionalLong patience;
    private final boolean streaming;
    private final long explicitLimit;
    /** The latest that the engine may use as the deadline. */
    private long deadline;
    /** The earliest. */
    private long earliestDeadline;

    private long capFrom;
    private boolean headSent;
    private boolean signOfLife;
    private OptionalLong timer = OptionalLong.empty();

    CallTime(Plan plan, long now) {
        this.arrived = now;
        this.deadlineIsSet = plan.deadline().isPresent();
        this.patience = plan.patience().isPresent()
                ? OptionalLong.of(plan.patience().get().toNanos())
                : OptionalLong.empty();
        this.streaming = plan.streaming();
        this.explicitLimit = plan.chain().stream()
                .mapToLong(step -> explicitLimit(step, plan.streaming()))
                .max()
                .orElse(0);
        long usual = plan.chain().stream().anyMatch(Step::reasons) ? REASONING_DEADLINE : DEADLINE;
        this.deadline = now + plan.deadline().map(Duration::toNanos).orElse(usual + explicitLimit);
        this.earliestDeadline = deadline;
        this.capFrom = now;
    }

    private static long explicitLimit(Step step, boolean streaming) {
        Timeouts timeouts = step.timeouts();
        Duration mark = step.reasons() ? timeouts.reasoning() : streaming ? timeouts.firstToken() : timeouts.answer();
        return timeouts.total()
                .orElse(timeouts.cancels() ? mark : Duration.ZERO)
                .toNanos();
    }

    /** A byte came from a provider. */
    void observeSignOfLife() {
        signOfLife = true;
    }

    /** A provider may have shown a sign of life of its model, so that the default deadline may be the one of reasoning calls. */
    void modelIsAtWork() {
        if (!deadlineIsSet) {
            deadline = Math.max(deadline, arrived + REASONING_DEADLINE + explicitLimit);
        }
    }

    /** The caller's stream has response headers. */
    void headSent(long now) {
        if (!headSent) {
            headSent = true;
            capFrom = now;
        }
    }

    /** Content arrived, whether or not the caller has it yet. */
    void contentCame(long now) {
        signOfLife = true;
        if (headSent) {
            capFrom = now;
        }
    }

    /** The caller's stream flows. */
    void flows(long now) {
        if (headSent) {
            capFrom = now;
        }
        if (!deadlineIsSet) {
            deadline = Math.max(deadline, now + DEADLINE);
            earliestDeadline = Math.max(earliestDeadline, now + DEADLINE);
        }
    }

    private long cap() {
        long end = headSent ? capFrom + Math.max(CAP, patience.orElse(CAP)) : arrived + patience.orElse(CAP);
        if (!streaming || signOfLife || (patience.isPresent() && !headSent)) {
            return end;
        }
        return Math.min(end, arrived + Math.max(SILENT_CAP, patience.orElse(SILENT_CAP)));
    }

    boolean isBeforeCap(long now) {
        return now < cap();
    }

    /** Whether an attempt may begin. */
    boolean mayStart(long now) {
        return now < deadline && isBeforeCap(now);
    }

    /** Whether there certainly is time for another attempt after a wait. */
    boolean hasTimeIn(long wait, long now) {
        return now + wait < earliestDeadline && isBeforeCap(now + wait);
    }

    /** Whether a deadline that was set has passed, so that attempts without content end. */
    boolean isPastSetDeadline(long now) {
        return deadlineIsSet && now >= deadline;
    }

    void timer(long at) {
        unless(at <= cap(), 1, "a timer is set past the cap");
        timer = OptionalLong.of(at);
    }

    /** The timer is due before the call has to end, and before attempts without content do. */
    void checkTimer(boolean anyWithoutContent, long now) {
        unless(timer.isPresent() && timer.getAsLong() <= cap(), 1, "no timer is set for the cap");
        unless(
                !deadlineIsSet || !anyWithoutContent || now >= deadline || timer.getAsLong() <= deadline,
                1,
                "no timer is set for the deadline");
    }

    boolean wakesBefore() {
        return timer.isPresent() && timer.getAsLong() < cap();
    }
}
