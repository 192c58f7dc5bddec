package dev.understudy.gateway.config;

import dev.understudy.engine.CooldownPolicy;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.engine.Timeouts;
import dev.understudy.protocol.acceptance.Acceptance;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What holds for a call unless it says otherwise: for all calls ({@link Settings#defaults()}) or for those of one
 * configured model ({@link ModelSettings#defaults()}).
 *
 * @param deadline the time in which attempts may begin, if the configuration sets it; otherwise {@link #USUAL_DEADLINE} or
 *     {@link #REASONING_DEADLINE}
 * @param timeouts for each attempt
 * @param retry when the same target is tried again
 * @param retryBudget how many retries per success are sustainable, from 0 to 1
 * @param cooldown when a target is skipped
 * @param stream how streams reach the caller
 * @param fallbackOn kinds of failure that continue the chain though they usually end it
 * @param hedging whether a second target may be started beside a late attempt
 * @param hedgingBudget how many of the calls may be hedged in the long run, from 0 to 1
 * @param emptyAllowed whether a blank answer is an answer
 * @param acceptance what else an answer must be like
 */
public record Defaults(
        Optional<Duration> deadline,
        Timeouts timeouts,
        RetryPolicy retry,
        double retryBudget,
        CooldownPolicy cooldown,
        StreamSettings stream,
        Set<FailureKind> fallbackOn,
        boolean hedging,
        double hedgingBudget,
        boolean emptyAllowed,
        Acceptance acceptance) {

    /** The time in which attempts may begin where nobody sets one; it ends no attempt. */
    public static final Duration USUAL_DEADLINE = Duration.ofSeconds(45);

    /** The same for calls whose models reason first. */
    public static final Duration REASONING_DEADLINE = Duration.ofMinutes(3);

    /** What holds where a configuration says nothing. */
    public static final Defaults BUILT_IN = new Defaults(
            Optional.empty(),
            Timeouts.ofDefaults(),
            RetryPolicy.ofDefaults(),
            0.1,
            CooldownPolicy.ofDefaults(),
            StreamSettings.BUILT_IN,
            Set.of(),
            true,
            0.1,
            false,
            Acceptance.ANYTHING);

    public Defaults {
        fallbackOn = Set.copyOf(fallbackOn);
    }
}
