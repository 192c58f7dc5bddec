package dev.understudy.calls.driver;

import dev.understudy.calls.downstream.AnswerForm;
import dev.understudy.calls.downstream.CallerResponse;
import dev.understudy.calls.record.CallTrace;
import dev.understudy.calls.record.FinishedCall;
import dev.understudy.calls.upstream.AnswerJudge;
import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.FallbackCall;
import dev.understudy.engine.Step;
import java.util.Optional;
import java.util.function.Supplier;

/** Where a call comes from, and where its answer goes. */
public interface CallOrigin {

    /** The name of the caller's key; empty if none is needed. */
    String callerName();

    /** The request's body as it came, without the turns of an earlier conversation. */
    byte[] body();

    /**
     * Opens the response.
     *
     * @param form how the caller's path has answers
     * @param onLeft called once on the loop of the call if the caller leaves before the response has ended
     */
    CallerResponse response(AnswerForm form, Runnable onLeft);

    /** A judge of the caller's own. Where there is one, streams are planned to commit to complete answers. */
    default Optional<AnswerJudge> judge() {
        return Optional.empty();
    }

    /** The trace to which the call belongs; empty if calls are not traced. */
    default Optional<CallTrace> trace() {
        return Optional.empty();
    }

    /**
     * An attempt has started.
     *
     * @param number the attempt's number, from 1
     */
    default void started(int number, Step step, AttemptKind kind) {}

    /** What the engine decided on a signal has been carried out, so that its trail may have changed. */
    default void stepIsDone(FallbackCall engine, long now) {}

    /**
     * The call has ended.
     *
     * @param consumed what its answer consumed, as far as one was delivered; empty if there was none
     */
    void ended(FinishedCall call, Supplier<Optional<ConsumedTokens>> consumed);
}
