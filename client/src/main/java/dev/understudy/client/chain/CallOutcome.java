package dev.understudy.client.chain;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** How a call ended. */
sealed interface CallOutcome<A> {
    /** As nginx logs it (499). */
    Verdict CALLER_LEFT =
            new Verdict(499, Failure.of(FailureKind.CANCELLED, "the caller left"), OptionalLong.empty(), false);

    record Answered<A>(FallbackResult<A> result) implements CallOutcome<A> {}

    /**
     * No target could answer, or the caller left.
     *
     * @param causes what the targets threw; that of the failure that the verdict reports first
     */
    record Failed<A>(Verdict verdict, CallTrail trail, boolean truncated, List<Throwable> causes)
            implements CallOutcome<A> {
        /** Made in the thread that throws it, so that its stack trace shows who called. */
        FallbackException exception() {
            return new FallbackException(verdict, trail, truncated, causes);
        }

        Failed<A> because(Throwable thrown) {
            return new Failed<>(verdict, trail, truncated, List.of(thrown));
        }
    }

    /** What an attempt failed with. */
    interface FailedAttempt {
        /** What the target threw, with what it was taken for; empty if it threw nothing. */
        Optional<Thrown> thrown();
    }

    /** An exception of a target, and what it was taken for. */
    record Thrown(Throwable exception, Failure failure) {}

    /** The exceptions of a call's attempts: first that of the failure which the verdict reports, then the later ones first. */
    static List<Throwable> causes(Verdict verdict, Collection<? extends FailedAttempt> attempts) {
        List<Throwable> causes = new ArrayList<>();
        for (FailedAttempt attempt : attempts) {
            attempt.thrown().ifPresent(thrown -> {
                boolean isShown = thrown.failure().equals(verdict.shown());
                boolean shownIsFirst = isShown || causes.isEmpty();
                if (!causes.contains(thrown.exception())) {
                    causes.add(shownIsFirst ? 0 : 1, thrown.exception());
                }
            });
        }
        return List.copyOf(causes);
    }
}
