package dev.understudy.engine;

import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * Whether a target that failed is asked once more in the same call, and after which wait.
 *
 * <p>With another target standing by, the first retry goes at once or not at all: waiting would cost the caller time that
 * the other could use. Only a rate limit's own hint, of a length that the policy has patience for, is worth waiting for.
 * Further retries exist only where somebody asked for them, and back off as they expect.
 */
final class RetryRule {
    private RetryRule() {}

    /**
     * @param quick whether the attempt did not take long to fail
     * @param anotherStandsBy whether somebody else could be asked right now
     * @param isBenched whether the target is being passed over by other calls already
     * @return nanoseconds to wait before the retry, 0 for none; empty if the target is not asked again
     */
    static OptionalLong wait(
            Attempt attempt,
            Failure failure,
            boolean quick,
            boolean anotherStandsBy,
            boolean isBenched,
            RandomGenerator random) {
        RetryPolicy policy = attempt.step.retry();
        if (failure.kind().disposition().again() == Disposition.Again.PUT_DIFFERENTLY) {
            return attempt.retry == 0 ? OptionalLong.of(0) : OptionalLong.empty();
        }
        if (attempt.retry >= policy.attempts()) {
            return OptionalLong.empty();
        }
        OptionalLong hint = failure.retryAfter();
        boolean hintFits =
                hint.isEmpty() || hint.getAsLong() <= policy.patience().toNanos();
        boolean worthwhile = switch (failure.kind().disposition().again()) {
            case NEVER, PUT_DIFFERENTLY -> false;
            case IF_QUICK -> quick && !(anotherStandsBy && (isBenched || hint.isPresent()));
            case AFTER_BACKOFF -> !(anotherStandsBy && (isBenched || hint.isPresent()));
            case IF_ALONE -> !anotherStandsBy;
            case IF_HINT_FITS -> hint.isPresent() || !anotherStandsBy;
        };
        if (!worthwhile || !hintFits) {
            return OptionalLong.empty();
        }
        if (hint.isPresent()) {
            return hint;
        }
        boolean atOnce = anotherStandsBy && attempt.retry == 0;
        return OptionalLong.of(atOnce ? 0 : policy.backoff(attempt.retry, random));
    }
}
