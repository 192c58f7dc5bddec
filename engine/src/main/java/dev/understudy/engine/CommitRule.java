package dev.understudy.engine;

import java.util.OptionalLong;

/** Whether an attempt's bytes become the caller's, and when they do if nothing else happens. */
final class CommitRule {
    private CommitRule() {}

    static boolean isDue(CommitPoint point, Attempt attempt, long now) {
        if (!attempt.isHoldingBack()) {
            return false;
        }
        if (attempt.kind.isRecovery()) {
            // The caller reads already; there is nothing to be gained by holding back.
            return true;
        }
        return switch (point) {
            case CommitPoint.FirstContent() -> true;
            case CommitPoint.Complete() -> false;
            case CommitPoint.After after ->
                attempt.characters() >= after.characters() || now - timeOf(after, attempt) >= 0;
        };
    }

    /** When the rule will hold though nothing more arrives. */
    static OptionalLong dueAt(CommitPoint point, Attempt attempt) {
        return point instanceof CommitPoint.After after && attempt.isHoldingBack()
                ? OptionalLong.of(timeOf(after, attempt))
                : OptionalLong.empty();
    }

    private static long timeOf(CommitPoint.After after, Attempt attempt) {
        return attempt.contentSince().orElseThrow() + after.time().toNanos();
    }
}
