package dev.understudy.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What went wrong in a call, and which of it is told to the caller if no target can answer. */
final class Failures {
    /** The first thing that broke the caller's stream. */
    private Optional<Failure> broken = Optional.empty();
    /** An attempt after whose failure no other target is to be tried, though another one still ran then. */
    private Optional<Attempt> lastWord = Optional.empty();

    private boolean emptyBefore;
    private int refusals;

    void brokeTheStream(Failure failure) {
        if (broken.isEmpty()) {
            broken = Optional.of(failure);
        }
    }

    void isTheLastWord(Attempt attempt) {
        lastWord = Optional.of(attempt);
    }

    Optional<Attempt> lastWord() {
        return lastWord;
    }

    /** Whether this is the first blank answer of the call; asking counts it. */
    boolean isFirstEmpty() {
        boolean first = !emptyBefore;
        emptyBefore = true;
        return first;
    }

    void refused() {
        refusals++;
    }

    /** How many models refused the request. */
    int refusals() {
        return refusals;
    }

    /** Those that count for the caller, in the order in which the attempts began. */
    List<Failure> thatCount(List<Attempt> attempts) {
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
