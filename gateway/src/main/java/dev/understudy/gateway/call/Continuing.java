package dev.understudy.gateway.call;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Signal;
import dev.understudy.gateway.catalog.Route;
import dev.understudy.gateway.config.ContinueWith;
import dev.understudy.protocol.chat.recovery.ContinuationForm;
import dev.understudy.protocol.chat.recovery.ContinuationForms;
import dev.understudy.protocol.dialect.Abilities;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.translate.Wording;

/**
 * One attempt to go on with an answer: what is sent, in which form, and what it means if that form is refused.
 *
 * @param answer what the caller has
 * @param form how the target is asked
 */
record Continuing(AnswerSoFar answer, PlannedCall.Stop stop, ContinuationForm form, ContinuationForms forms) {

    static Continuing of(AnswerSoFar answer, PlannedCall.Stop stop, ContinuationForms forms) {
        Route route = stop.route();
        ContinuationForm form = route.continueWith()
                .map(ContinueWith::form)
                .orElseGet(() -> route.abilities().prefill() == Abilities.Can.NO
                        ? ContinuationForm.TURN
                        : forms.formFor(route.target().name()));
        return new Continuing(answer, stop, form, forms);
    }

    WrittenRequest body(Wording wording) throws Wording.CannotBeSaid {
        Route route = stop.route();
        return wording.goingOn(
                answer.continuation(),
                form,
                stop.api().dialect(),
                route.target().model(),
                route.abilities(),
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
