package dev.understudy.gateway.config;

import dev.understudy.engine.CommitPoint;
import dev.understudy.engine.CooldownPolicy;
import dev.understudy.engine.Recovery;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.engine.Timeouts;
import dev.understudy.protocol.chat.acceptance.Acceptance;
import java.time.Duration;

/**
 * What holds for a call unless it says otherwise: for all calls ({@link Settings#defaults()}) or for those of one
 * configured model ({@link ModelSettings#defaults()}).
 *
 * @param deadline for the whole call
 * @param timeouts for each attempt
 * @param retry when the same target is asked again
 * @param retryBudget how many retries per success are sustainable, from 0 to 1
 * @param cooldown when a target is passed over
 * @param commit when bytes of a stream may reach the caller
 * @param recovery what happens to a stream that dies after that
 * @param overlap whether a second target may be asked while the first, later than usual, goes on
 * @param overlapBudget how many of the calls may overlap in the long run, from 0 to 1
 * @param emptyAllowed whether a blank answer is an answer
 * @param acceptance what else an answer must be like
 */
public record Defaults(
        Duration deadline,
        Timeouts timeouts,
        RetryPolicy retry,
        double retryBudget,
        CooldownPolicy cooldown,
        CommitPoint commit,
        Recovery recovery,
        boolean overlap,
        double overlapBudget,
        boolean emptyAllowed,
        Acceptance acceptance) {

    /** What holds where a configuration says nothing. */
    public static final Defaults BUILT_IN = new Defaults(
            Duration.ofSeconds(45),
            Timeouts.ofDefaults(),
            RetryPolicy.ofDefaults(),
            0.1,
            CooldownPolicy.ofDefaults(),
            CommitPoint.FIRST_CONTENT,
            Recovery.CONTINUE,
            true,
            0.1,
            false,
            Acceptance.ANYTHING);
}
