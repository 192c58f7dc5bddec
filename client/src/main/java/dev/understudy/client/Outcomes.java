package dev.understudy.client;

import dev.understudy.calls.record.FinishedCall;
import dev.understudy.client.chain.CallTrail;
import dev.understudy.client.chain.FallbackException;
import dev.understudy.client.http.CallResponse;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Verdict;
import java.util.List;
import java.util.OptionalLong;

/** What became of calls, in the types of the public API. */
final class Outcomes {
    private Outcomes() {}

    static CallTrail trail(CallResponse response) {
        return new CallTrail(response.finished().join().outcome().trail());
    }

    /** Whether the answer is complete. An error behind its end, which some providers send, changes nothing about that. */
    static boolean isAnswered(CallResponse response) {
        return response.finished().join().outcome().ending() == FinishedCall.Ending.ANSWERED;
    }

    /** The exception for a call that was not answered, or whose answer broke off. */
    static FallbackException failure(CallResponse response, boolean truncated) {
        FinishedCall.Outcome outcome = response.finished().join().outcome();
        return new FallbackException(
                outcome.verdict().orElseGet(() -> cancelled()), new CallTrail(outcome.trail()), truncated, List.of());
    }

    /** The exception for a call whose caller left. */
    static FallbackException left() {
        return new FallbackException(cancelled(), new CallTrail(List.of()), false, List.of());
    }

    private static Verdict cancelled() {
        return new Verdict(
                499, Failure.of(FailureKind.CANCELLED, "the call was cancelled"), OptionalLong.empty(), false);
    }
}
