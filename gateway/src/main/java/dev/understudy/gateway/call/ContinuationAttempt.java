package dev.understudy.gateway.call;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Signal;
import dev.understudy.gateway.catalog.Route;
import dev.understudy.gateway.config.ContinueWith;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.recovery.ContinuationForm;
import dev.understudy.protocol.recovery.ContinuationForms;
import dev.understudy.protocol.translate.RequestTranslator;

/**
 * One attempt to go on with an answer: what is sent, in which form, and what it means if that form is refused.
 *
 * @param answer what the caller has
 * @param form how the target is asked
 */
record ContinuationAttempt(
        PartialAnswer answer, PlannedCall.Stop stop, ContinuationForm form, ContinuationForms forms) {

    static ContinuationAttempt of(PartialAnswer answer, PlannedCall.Stop stop, ContinuationForms forms) {
        Route route = stop.route();
        ContinuationForm form = route.continueWith()
                .map(ContinueWith::form)
                .orElseGet(() -> route.capabilities().prefill() == ModelCapabilities.Can.NO
                        ? ContinuationForm.TURN
                        : forms.formFor(route.target().name()));
        return new ContinuationAttempt(answer, stop, form, forms);
    }

    WrittenRequest body(RequestTranslator requestTranslator) throws RequestTranslator.CannotTranslate {
        Route route = stop.route();
        return requestTranslator.continuation(
                answer.continuation(),
                form,
                stop.api().dialect(),
                route.target().model(),
                route.capabilities(),
                stop.overrides());
    }

    /**
     * The caller's own request was taken by whoever began the answer, so a refusal concerns the form in which this target
     * was asked to go on. If it may take another one, that is learned for all calls, and it is asked again.
     */
    Signal heard(Signal signal) {
        if (!(signal instanceof Signal.Failed(int attempt, Failure failure)) || !isRefusal(failure.kind())) {
            return signal;
        }
        Route route = stop.route();
        String target = route.target().name();
        boolean anotherForm = false;
        if (route.continueWith().isEmpty()) {
            forms.refused(target, form);
            anotherForm = forms.anotherForm(target, form);
        }
        FailureKind kind = anotherForm ? FailureKind.CONTINUATION_REFUSED : FailureKind.UNSUPPORTED;
        return new Signal.Failed(attempt, new Failure(kind, failure.status(), failure.words(), failure.retryAfter()));
    }

    private static boolean isRefusal(FailureKind kind) {
        return kind == FailureKind.BAD_REQUEST || kind == FailureKind.UNSUPPORTED;
    }
}
