package dev.understudy.gateway.call;

import dev.understudy.calls.downstream.AnswerForm;
import dev.understudy.calls.downstream.CallerResponse;
import dev.understudy.calls.driver.CallOrigin;
import dev.understudy.calls.driver.ConsumedTokens;
import dev.understudy.calls.record.CallTrace;
import dev.understudy.calls.record.FinishedCall;
import dev.understudy.gateway.contents.CollectedContents;
import dev.understudy.gateway.drill.Drills;
import dev.understudy.gateway.metrics.CallMetrics;
import dev.understudy.gateway.quota.Reservation;
import dev.understudy.protocol.model.ModelPrice;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A call that came in over HTTP.
 *
 * @param reservation what it has reserved of the limits of the caller's key; empty if the key has none
 * @param drilled its part in the drills that run; empty if none concerns it
 * @param trace to which it belongs; empty if calls are not traced
 * @param contents what is kept of what the caller sends and receives; empty if nothing is
 */
record HttpCall(
        CallSource source,
        Optional<Reservation> reservation,
        Optional<Drills.DrilledCall> drilled,
        Optional<CallTrace> trace,
        Optional<CollectedContents> contents,
        CallMetrics metrics,
        Observers observers)
        implements CallOrigin {

    @Override
    public String callerName() {
        return source.key().name();
    }

    @Override
    public byte[] body() {
        return source.body();
    }

    @Override
    public CallerResponse response(AnswerForm form, Runnable onLeft) {
        return new HttpCallerResponse(source.http(), form, contents, onLeft);
    }

    @Override
    public void ended(FinishedCall call, Supplier<Optional<ConsumedTokens>> consumed) {
        reservation.ifPresent(reserved -> settle(reserved, call.outcome().ending(), consumed.get()));
        metrics.count(call);
        metrics.ended();
        source.whenOver().run();
        drilled.ifPresent(part -> part.ended(call));
        observers.log().write(call);
        observers.records().add(call);
        observers.tracing().ifPresent(tracing -> tracing.add(call));
        contents.ifPresent(collected -> collected.ended(call));
    }

    /**
     * Replaces what was reserved by what was used: as the provider counted it, or else as an estimate. A call without an
     * answer has used nothing; one that broke off, or whose caller left, has used the prompt and what had come of the answer.
     */
    private static void settle(Reservation reserved, FinishedCall.Ending ending, Optional<ConsumedTokens> consumed) {
        long used = ending == FinishedCall.Ending.FAILED ? 0 : reserved.tokens();
        long cost = ending == FinishedCall.Ending.FAILED ? 0 : reserved.cost();
        if (consumed.isPresent()) {
            ConsumedTokens tokens = consumed.get();
            long prompt = tokens.usage().promptTokens().orElse(used);
            used = Math.max(
                    prompt + tokens.completion(), tokens.usage().totalTokens().orElse(0));
            cost = tokens.price()
                    .orElse(ModelPrice.FREE)
                    .of(prompt, tokens.usage().cachedTokens().orElse(0), tokens.completion());
            if (tokens.price().isEmpty()) {
                reserved.countedAsFree(tokens.target());
            }
        }
        reserved.settle(used, cost, System.nanoTime(), Instant.now());
    }
}
