package dev.understudy.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What went wrong in a call, and which of it is told to the caller if nobody can answer. */
final class Failures {
    /** The first thing that broke the caller's stream. */
    private Optional<Failure> broken = Optional.empty();
    /** An attempt after whose failure nobody else is to be asked, though another one still ran then. */
    private Optional<Attempt> lastWord = Optional.empty();

    private boolean emptyBefore;

    /** Whether a failure of this kind ends the chain. */
    static boolean endsTheChain(FailureKind kind) {
        return switch (kind.disposition().next()) {
            case NEVER, OPT_IN -> true;
            case YES, REFUSAL, LARGER_WINDOW, ONCE_PER_CALL -> false;
        };
    }

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

    /** Those that count for the caller: in the order in which they happened, the last word last. */
    List<Failure> thatCount(List<Attempt> attempts) {
        if (broken.isPresent()) {
            // What broke a stream that the caller reads is the news, whatever failed unseen before or after it.
            return List.of(broken.get());
        }
        List<Failure> failures = new ArrayList<>(attempts.size());
        for (Attempt attempt : attempts) {
            if (!Optional.of(attempt).equals(lastWord)) {
                attempt.failure().ifPresent(failures::add);
            }
        }
        lastWord.flatMap(Attempt::failure).ifPresent(failures::add);
        return failures;
    }
}
