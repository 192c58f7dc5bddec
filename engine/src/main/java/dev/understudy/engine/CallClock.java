package dev.understudy.engine;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Enforces the time limits of one call: until when attempts may start (the deadline), and when the call ends whatever
 * happens (the cap).
 *
 * <p>The default deadline only keeps attempts from starting. A deadline from the
 * configuration or the request also ends attempts that have delivered no content by then, because its author wants an answer
 * or an error. Neither ends a flowing answer.
 *
 * <p>The cap is the caller's own patience where it is known, and otherwise ten minutes, as in the official SDKs. A client
 * whose stream has response headers waits as long as something comes, so from then on the cap counts from the latest
 * content.
 */
final class CallClock {
    /** The seed's loop over models; LiteLLM's guide. */
    static final Duration DEADLINE = Duration.ofSeconds(45);
    /** Of calls of which a model reasons before it answers, or says from time to time that it is at work. */
    static final Duration REASONING_DEADLINE = Duration.ofMinutes(3);

    static final Duration CAP = Duration.ofMinutes(10);
    /** How long after the late mark of a slow target the default deadline is at the soonest. */
    static final Duration AFTER_A_LATE_MARK = Duration.ofSeconds(15);

    /** For a stream of which no provider has sent a single byte, not even response headers. */
    static final Duration SILENT_CAP = Duration.ofMinutes(2);

    private final long arrivedAt;
    private final boolean streaming;
    private final boolean deadlineIsSet;
    private final boolean patienceIsKnown;
    private final long patience;
    /** By how much explicit limits on attempts lengthen the default deadline, so that a fallback can follow them. */
    private final long explicitLimits;

    /** The length of the default deadline. */
    private final long byDefault;

    private long deadline;
    /** From when on the cap counts once the caller has its response headers. */
    private long capFrom;

    private boolean headSent;
    private boolean anyByteCame;

    CallClock(Plan plan, long now) {
        this.arrivedAt = now;
        this.capFrom = now;
        this.streaming = plan.streaming();
        this.deadlineIsSet = plan.deadline().isPresent();
        this.patienceIsKnown = plan.patience().isPresent();
        this.patience = plan.patience().orElse(CAP).toNanos();
        this.explicitLimits = longestExplicitLimit(plan);
        this.byDefault = defaultFor(plan).toNanos() + explicitLimits;
        this.deadline = now + plan.deadline().map(Duration::toNanos).orElse(byDefault);
    }

    private static Duration defaultFor(Plan plan) {
        for (Step step : plan.chain()) {
            if (step.reasons()) {
                return REASONING_DEADLINE;
            }
        }
        return DEADLINE;
    }

    private static long longestExplicitLimit(Plan plan) {
        Duration longest = Duration.ZERO;
        for (Step step : plan.chain()) {
            Timeouts timeouts = step.timeouts();
            Duration mark = timeouts.cancels() ? timeouts.silence(plan.streaming(), step.reasons()) : Duration.ZERO;
            Duration limit = timeouts.total().orElse(mark);
            longest = limit.compareTo(longest) > 0 ? limit : longest;
        }
        return longest.toNanos();
    }

    /**
     * A target is tried that is late after this many nanoseconds. One that is known to be slow may be late only when the
     * default deadline has passed; that must leave time for another one.
     */
    void tries(long lateMark, long now) {
        long needed = lateMark + AFTER_A_LATE_MARK.toNanos();
        if (!deadlineIsSet && needed > byDefault) {
            deadline = later(deadline, now + needed);
        }
    }

    /** A model is at work longer than usual and says so: attempts may start as late as in a call that reasons. */
    void modelIsAtWork() {
        if (!deadlineIsSet) {
            deadline = later(deadline, arrivedAt + REASONING_DEADLINE.toNanos() + explicitLimits);
        }
    }

    void byteCame() {
        anyByteCame = true;
    }

    /** Content came, whether or not the caller has it yet. */
    void contentCame(long now) {
        anyByteCame = true;
        if (headSent) {
            capFrom = now;
        }
    }

    /** The caller has its response headers. */
    void headSent(long now) {
        if (!headSent) {
            headSent = true;
            capFrom = now;
        }
    }

    /**
     * The caller's stream flows. A break is worth a recovery however late it comes, so the default deadline moves along.
     */
    void progressed(long now) {
        if (headSent) {
            capFrom = now;
        }
        if (!deadlineIsSet) {
            deadline = later(deadline, now + DEADLINE.toNanos());
        }
    }

    /** Whether an attempt may start at that time. */
    boolean mayStart(long at) {
        return at - deadline < 0 && at - end() < 0;
    }

    /** When attempts without content are ended; empty if the deadline ends no attempt. */
    OptionalLong endOfAttempts() {
        return deadlineIsSet ? OptionalLong.of(deadline) : OptionalLong.empty();
    }

    /** When the call ends whatever happens. */
    long end() {
        if (!streaming || anyByteCame || (patienceIsKnown && !headSent)) {
            return callersEnd();
        }
        long silence = SILENT_CAP.toNanos();
        return earlier(callersEnd(), arrivedAt + (patienceIsKnown ? Math.max(silence, patience) : silence));
    }

    /** When the caller stops waiting. */
    private long callersEnd() {
        return headSent ? capFrom + Math.max(CAP.toNanos(), patience) : arrivedAt + patience;
    }

    /** The time left for an attempt without content before a set deadline or the cap ends it, in nanoseconds. */
    long left(long now) {
        long until = deadlineIsSet ? earlier(deadline, callersEnd()) : callersEnd();
        return Math.max(0, until - now);
    }

    Failure pastDeadline() {
        return late("the call's deadline of " + TimeUnit.NANOSECONDS.toMillis(deadline - arrivedAt) + " ms has passed");
    }

    Failure pastCap() {
        return late("the call ended after " + TimeUnit.NANOSECONDS.toMillis(end() - arrivedAt) + " ms, "
                + (patienceIsKnown && !headSent
                        ? "just before its client's own timeout"
                        : "the longest time that a call may take"));
    }

    private static Failure late(String message) {
        return Failure.of(FailureKind.DEADLINE, message);
    }

    private static long later(long one, long other) {
        return one - other >= 0 ? one : other;
    }

    private static long earlier(long one, long other) {
        return one - other <= 0 ? one : other;
    }
}
