package dev.understudy.calls.driver;

import dev.understudy.calls.downstream.AnswerForm;
import dev.understudy.calls.downstream.CallerResponse;
import dev.understudy.calls.record.FinishedCall;
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

    /**
     * The call has ended.
     *
     * @param consumed what its answer consumed, as far as one was delivered; empty if there was none
     */
    void ended(FinishedCall call, Supplier<Optional<ConsumedTokens>> consumed);
}
