package dev.understudy.calls.config;

import dev.understudy.engine.CooldownPolicy;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.engine.Timeouts;
import dev.understudy.protocol.acceptance.Acceptance;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * The settings of a call unless its request overrides them: for all calls ({@link Settings#defaults()}) or for those of one
 * configured model ({@link ModelSettings#defaults()}).
 *
 * @param deadline the time in which attempts may begin, if the configuration sets it; otherwise {@link #USUAL_DEADLINE} or
 *     {@link #REASONING_DEADLINE}
 * @param target the limits and policies of each target
 * @param stream how streams reach the caller
 * @param fallbackOn kinds of failure that continue the chain although they usually end it
 * @param hedging whether a second target may be started beside a late attempt
 * @param budgets how many retries and hedges are sustainable
 * @param answers which answers are accepted
 * @param fallbacks whether other targets than the first of a chain are tried
 */
public record Defaults(
        Optional<Duration> deadline,
        TargetPolicy target,
        StreamSettings stream,
        Set<FailureKind> fallbackOn,
        boolean hedging,
        Budgets budgets,
        Answers answers,
        boolean fallbacks) {

    /**
     * How much extra load is allowed.
     *
     * @param retries how many retries per success are sustainable, from 0 to 1
     * @param hedges the share of the calls that may be hedged in the long run, from 0 to 1
     */
    public record Budgets(double retries, double hedges) {
        static final Budgets BUILT_IN = new Budgets(0.1, 0.1);
    }

    /**
     * Which answers are accepted.
     *
     * @param emptyAllowed whether a blank answer is accepted
     * @param acceptance the other conditions that an answer must meet
     */
    public record Answers(boolean emptyAllowed, Acceptance acceptance) {
        static final Answers BUILT_IN = new Answers(false, Acceptance.ANYTHING);
    }

    /** The time in which attempts may begin if no deadline is set; it ends no attempt. */
    public static final Duration USUAL_DEADLINE = Duration.ofSeconds(45);

    /** The same for calls whose models reason first. */
    public static final Duration REASONING_DEADLINE = Duration.ofMinutes(3);

    /** What holds if a configuration sets nothing. */
    public static final Defaults BUILT_IN = new Defaults(
            Optional.empty(),
            TargetPolicy.BUILT_IN,
            StreamSettings.BUILT_IN,
            Set.of(),
            true,
            Budgets.BUILT_IN,
            Answers.BUILT_IN,
            true);

    public Defaults {
        fallbackOn = Set.copyOf(fallbackOn);
    }

    /** The late marks and limits of each attempt. */
    public Timeouts timeouts() {
        return target.timeouts();
    }

    /** When the same target is tried again. */
    public RetryPolicy retry() {
        return target.retry();
    }

    /** When a target is skipped. */
    public CooldownPolicy cooldown() {
        return target.cooldown();
    }

    /** Whether a blank answer is accepted. */
    public boolean emptyAllowed() {
        return answers.emptyAllowed();
    }

    /** The other conditions that an answer must meet. */
    public Acceptance acceptance() {
        return answers.acceptance();
    }
}
