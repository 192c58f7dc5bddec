package dev.understudy.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The failures of a call, and which of them the caller gets as the error if no target can answer. */
final class Failures {
    /** The first thing that broke the caller's stream. */
    private Optional<Failure> broken = Optional.empty();
    /** An attempt after whose failure no other target is to be tried, though another one still ran then. */
    private Optional<Attempt> lastWord = Optional.empty();

    private int blanks;
    /** How many models refused the request. */
    private int refusals;

    void streamBroke(Failure failure) {
        if (broken.isEmpty()) {
            broken = Optional.of(failure);
        }
    }

    /** No other target is to be tried after this attempt's failure. */
    void setLastWord(Attempt attempt) {
        lastWord = Optional.of(attempt);
    }

    Optional<Attempt> lastWord() {
        return lastWord;
    }

    /** The attempt that still ran answers: the last word is not needed. */
    void clearLastWord() {
        lastWord = Optional.empty();
    }

    /** An attempt failed. */
    void add(Failure failure) {
        switch (failure.kind().disposition().next()) {
            case ONCE_PER_CALL -> blanks++;
            case REFUSAL -> refusals++;
            case YES, NEVER, LARGER_WINDOW, OPT_IN -> {}
        }
    }

    /** Whether the failure is a blank answer, and not the call's first: two models that say nothing are believed. */
    boolean isBelievedBlank(Failure failure) {
        return failure.kind().disposition().next() == Disposition.Next.ONCE_PER_CALL && blanks > 1;
    }

    /** Whether no other target is to be tried after this failure: the others would fail too, or a fallback is not wanted. */
    boolean endsTheChain(Failure failure, FallbackOn fallbackOn) {
        if (fallbackOn.excludes(failure)) {
            return true;
        }
        return switch (failure.kind().disposition().next()) {
            case YES, LARGER_WINDOW, ONCE_PER_CALL -> false;
            case REFUSAL -> refusals >= FallbackCall.MOST_REFUSALS;
            case NEVER -> true;
            case OPT_IN -> !fallbackOn.includes(failure);
        };
    }

    /**
     * The error for the caller when no target could answer.
     *
     * @param chain the targets of the call
     * @param otherwise the failure to report if no attempt was made
     */
    Verdict verdict(Attempts attempts, List<Step> chain, HealthRegistry health, Failure otherwise, long now) {
        List<Failure> counted = thatCount(attempts);
        return Verdict.of(counted.isEmpty() ? List.of(otherwise) : counted, hint(attempts, chain, health, now));
    }

    /**
     * How long to wait before the soonest target with a provider's hint may be tried. Only providers' hints count: a tried
     * target without one may be tried at once.
     */
    private static OptionalLong hint(Attempts attempts, List<Step> chain, HealthRegistry health, long now) {
        for (Attempt attempt : attempts) {
            Availability availability = health.availability(attempt.step.target(), now);
            if (!availability.hinted() && !availability.binding()) {
                return OptionalLong.empty();
            }
        }
        return chain.stream()
                .map(step -> health.availability(step.target(), now))
                .filter(Availability::hinted)
                .mapToLong(availability -> Math.max(0, availability.until() - now))
                .min();
    }

    /** Those that count for the caller, in the order in which the attempts began. */
    private List<Failure> thatCount(Attempts attempts) {
        if (broken.isPresent()) {
            // What broke a stream that the caller reads is the news, whatever failed unseen before or after it.
            return List.of(broken.get());
        }
        List<Failure> failures = new ArrayList<>(attempts.size());
        for (Attempt attempt : attempts) {
            attempt.failure().ifPresent(failures::add);
        }
        return failures;
    }
}
