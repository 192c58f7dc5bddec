package dev.understudy.client.chain;

import dev.understudy.engine.CommitPoint;
import dev.understudy.engine.CooldownPolicy;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.FallbackOn;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.engine.Timeouts;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How the calls of a chain are made. The names and the defaults are those of the gateway's configuration.
 *
 * @param deadline the time in which attempts may begin; a deadline that is set also ends attempts that have brought no content
 *     by then. Empty for the default, which ends no attempt: 45 s, or 3 min where a target reasons
 * @param cap the longest time that a call may take; 10 min by default. Of a stream it counts anew with each piece of content
 * @param timeouts late marks, which start hedges, and limits, which cancel attempts. {@code connect} has no meaning for functions
 * @param retry when the same target is tried again
 * @param cooldown when a target is skipped
 * @param fallbackOn failures that continue the chain beside those that always do
 * @param hedging whether another target may be started beside a late attempt
 * @param commit when the items of a stream may reach the caller
 * @param acceptEmpty whether a blank answer is accepted
 */
public record CallSettings(
        Optional<Duration> deadline,
        Duration cap,
        Timeouts timeouts,
        RetryPolicy retry,
        CooldownPolicy cooldown,
        FallbackOn fallbackOn,
        boolean hedging,
        CommitPoint commit,
        boolean acceptEmpty) {

    /** As in the official SDKs. */
    private static final Duration CAP = Duration.ofMinutes(10);

    private static final CallSettings DEFAULTS = new CallSettings(
            Optional.empty(),
            CAP,
            Timeouts.ofDefaults(),
            RetryPolicy.ofDefaults(),
            CooldownPolicy.ofDefaults(),
            FallbackOn.DEFAULT,
            true,
            CommitPoint.FIRST_CONTENT,
            false);

    public CallSettings {
        Checks.notNull(deadline, "deadline").ifPresent(time -> Checks.positive(time, "deadline"));
        Checks.positive(cap, "cap");
        check(Checks.notNull(timeouts, "timeouts"));
        check(Checks.notNull(retry, "retry"));
        check(Checks.notNull(cooldown, "cooldown"));
        Checks.notNull(fallbackOn, "fallbackOn");
        Checks.notNull(commit, "commit");
    }

    private static void check(Timeouts timeouts) {
        Checks.positive(timeouts.connect(), "timeouts.connect");
        Checks.positive(timeouts.firstToken(), "timeouts.firstToken");
        Checks.positive(timeouts.idle(), "timeouts.idle");
        Checks.positive(timeouts.answer(), "timeouts.answer");
        Checks.positive(timeouts.reasoning(), "timeouts.reasoning");
        timeouts.total().ifPresent(limit -> Checks.positive(limit, "timeouts.total"));
    }

    private static void check(RetryPolicy retry) {
        if (retry.attempts() < 0) {
            throw new IllegalArgumentException(
                    "retry.attempts is " + retry.attempts() + "; use 0 for no retries of the same target");
        }
        Checks.notNegative(retry.base(), "retry.base");
        Checks.notNegative(retry.cap(), "retry.cap");
        Checks.notNegative(retry.patience(), "retry.patience");
        notLonger(retry.base(), "retry.base", retry.cap(), "retry.cap");
    }

    private static void check(CooldownPolicy cooldown) {
        if (cooldown.after() < 1) {
            throw new IllegalArgumentException(
                    "cooldown.after is " + cooldown.after() + "; use 1 to skip a target after its first failure");
        }
        if (!(cooldown.successRate() >= 0 && cooldown.successRate() <= 1)) {
            throw new IllegalArgumentException(
                    "cooldown.successRate is " + cooldown.successRate() + "; it is a share from 0 to 1");
        }
        Checks.positive(cooldown.base(), "cooldown.base");
        Checks.positive(cooldown.cap(), "cooldown.cap");
        Checks.positive(cooldown.quickCap(), "cooldown.quickCap");
        Checks.positive(cooldown.credential(), "cooldown.credential");
        Checks.notNegative(cooldown.hintCap(), "cooldown.hintCap");
        notLonger(cooldown.base(), "cooldown.base", cooldown.cap(), "cooldown.cap");
    }

    private static void notLonger(Duration less, String shorter, Duration more, String longer) {
        if (less.compareTo(more) > 0) {
            throw new IllegalArgumentException(shorter + " (" + less + ") is longer than " + longer + " (" + more
                    + "); raise " + longer + " or lower " + shorter);
        }
    }

    /** What holds if nothing is set. */
    public static CallSettings ofDefaults() {
        return DEFAULTS;
    }

    /** The defaults, to be changed. */
    public static Builder builder() {
        return DEFAULTS.toBuilder();
    }

    /** These settings, to be changed. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Makes settings piece by piece. Each method checks its argument. */
    public static final class Builder {
        /** A whole answer takes longer than its first token. */
        private static final int ANSWER_PER_FIRST_TOKEN = 3;

        private Optional<Duration> deadline;
        private Duration cap;
        private Timeouts timeouts;
        private RetryPolicy retry;
        private CooldownPolicy cooldown;
        private Set<FailureKind> kinds;
        private Set<Integer> statuses;
        private boolean hedging;
        private CommitPoint commit;
        private boolean acceptEmpty;

        private Optional<Duration> firstToken = Optional.empty();
        private Optional<Duration> idle = Optional.empty();
        private Optional<Duration> answer = Optional.empty();
        private Optional<Duration> reasoning = Optional.empty();
        private Optional<Duration> total = Optional.empty();
        private Optional<Boolean> cancels = Optional.empty();

        private Builder(CallSettings begin) {
            deadline = begin.deadline;
            cap = begin.cap;
            timeouts = begin.timeouts;
            retry = begin.retry;
            cooldown = begin.cooldown;
            kinds = begin.fallbackOn.kinds();
            statuses = begin.fallbackOn.statuses();
            hedging = begin.hedging;
            commit = begin.commit;
            acceptEmpty = begin.acceptEmpty;
        }

        /** The time in which attempts may begin; it also ends attempts that have brought no content by then. */
        public Builder deadline(Duration time) {
            deadline = Optional.of(Checks.positive(time, "deadline"));
            return this;
        }

        /** The longest time that a call may take, whatever happens. */
        public Builder cap(Duration time) {
            cap = Checks.positive(time, "cap");
            return this;
        }

        /** All late marks and limits at once. */
        public Builder timeouts(Timeouts marks) {
            timeouts = Checks.notNull(marks, "timeouts");
            firstToken = Optional.empty();
            idle = Optional.empty();
            answer = Optional.empty();
            reasoning = Optional.empty();
            total = Optional.empty();
            cancels = Optional.empty();
            return this;
        }

        /** The late mark until the first content of a stream; {@code answer} becomes three times as long unless it is set. */
        public Builder firstToken(Duration mark) {
            firstToken = Optional.of(Checks.positive(mark, "firstToken"));
            return this;
        }

        /** The late mark between two pieces of content. */
        public Builder idle(Duration mark) {
            idle = Optional.of(Checks.positive(mark, "idle"));
            return this;
        }

        /** The late mark of an answer that is not streamed. */
        public Builder answer(Duration mark) {
            answer = Optional.of(Checks.positive(mark, "answer"));
            return this;
        }

        /** The late mark where the model reasons first; never sooner than the other marks unless it is set. */
        public Builder reasoning(Duration mark) {
            reasoning = Optional.of(Checks.positive(mark, "reasoning"));
            return this;
        }

        /** An explicit limit: an attempt is cancelled that has not answered (a stream: begun to) within this time. */
        public Builder attemptTimeout(Duration limit) {
            total = Optional.of(Checks.positive(limit, "attemptTimeout"));
            return this;
        }

        /** Whether the late marks cancel an attempt ({@code when-late: cancel}) instead of starting a hedge beside it. */
        public Builder cancelWhenLate(boolean cancel) {
            cancels = Optional.of(cancel);
            return this;
        }

        /** When and how often the same target is tried again. */
        public Builder retry(RetryPolicy policy) {
            retry = Checks.notNull(policy, "retry");
            return this;
        }

        /** How many more times the same target is tried within a call; also when no other target is left. */
        public Builder retries(int attempts) {
            if (attempts < 0) {
                throw new IllegalArgumentException(
                        "retries is " + attempts + "; use 0 for no retries of the same target");
            }
            retry = new RetryPolicy(attempts, retry.base(), retry.cap(), retry.patience(), false);
            return this;
        }

        /** When a target is skipped, and for how long. */
        public Builder cooldown(CooldownPolicy policy) {
            cooldown = Checks.notNull(policy, "cooldown");
            return this;
        }

        /** The classic rule: after any failure that concerns it, a target is skipped for this long. */
        public Builder cooldown(Duration time) {
            Checks.positive(time, "cooldown");
            cooldown = new CooldownPolicy(1, 0, time, time, time);
            return this;
        }

        /** Kinds of failure that continue the chain although they usually end it. */
        public Builder fallbackOn(FailureKind... failures) {
            kinds = new HashSet<>(Arrays.asList(Checks.notNull(failures, "fallbackOn")));
            kinds.forEach(kind -> Checks.notNull(kind, "a kind in fallbackOn"));
            return this;
        }

        /** The only HTTP statuses that continue the chain, where a failure has a status. Empty for no such limit. */
        public Builder fallbackOnStatuses(List<Integer> codes) {
            statuses = Set.copyOf(Checks.notNull(codes, "fallbackOnStatuses"));
            return this;
        }

        /** Whether another target may be started beside a late attempt. */
        public Builder hedging(boolean allowed) {
            hedging = allowed;
            return this;
        }

        /** When the items of a stream may reach the caller. */
        public Builder commit(CommitPoint point) {
            commit = Checks.notNull(point, "commit");
            return this;
        }

        /** Whether a blank answer is accepted. */
        public Builder acceptEmpty(boolean accepted) {
            acceptEmpty = accepted;
            return this;
        }

        public CallSettings build() {
            return new CallSettings(
                    deadline,
                    cap,
                    timeouts(),
                    retry,
                    cooldown,
                    new FallbackOn(kinds, statuses),
                    hedging,
                    commit,
                    acceptEmpty);
        }

        private Timeouts timeouts() {
            Duration first = firstToken.orElse(timeouts.firstToken());
            Duration whole = answer.or(() -> firstToken.map(mark -> mark.multipliedBy(ANSWER_PER_FIRST_TOKEN)))
                    .orElse(timeouts.answer());
            Duration reasons = reasoning.orElse(longest(timeouts.reasoning(), longest(first, whole)));
            return new Timeouts(
                    timeouts.connect(),
                    first,
                    idle.orElse(timeouts.idle()),
                    whole,
                    reasons,
                    total.or(timeouts::total),
                    cancels.orElse(timeouts.cancels()));
        }

        private static Duration longest(Duration one, Duration other) {
            return one.compareTo(other) >= 0 ? one : other;
        }
    }
}
