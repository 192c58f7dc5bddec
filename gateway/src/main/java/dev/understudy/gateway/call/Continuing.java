package dev.understudy.gateway.call;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Signal;
import dev.understudy.gateway.catalog.Route;
import dev.understudy.gateway.config.ContinueWith;
import dev.understudy.protocol.chat.ChatRequest;
import dev.understudy.protocol.chat.recovery.ContinuationForm;
import dev.understudy.protocol.chat.recovery.ContinuationForms;

/**
 * One attempt to go on with an answer: what is sent, in which form, and what it means if that form is refused.
 *
 * @param answer what the caller has
 * @param form how the target is asked
 */
record Continuing(AnswerSoFar answer, Route route, ContinuationForm form, ContinuationForms forms) {

    static Continuing of(AnswerSoFar answer, Route route, ContinuationForms forms) {
        ContinuationForm form = route.continueWith()
                .map(ContinueWith::form)
                .orElseGet(() -> forms.formFor(route.target().name()));
        return new Continuing(answer, route, form, forms);
    }

    byte[] body(ChatRequest request, PlannedCall.Stop stop) {
        return answer.continuation().bodyFor(request, route.target().model(), stop.overrides(), form);
    }

    /**
     * The caller's own request was taken by whoever began the answer, so a refusal concerns the form in which this target
     * was asked to go on. If it may take another one, that is learned for all calls, and it is asked again.
     */
    Signal heard(Signal signal) {
        if (!(signal instanceof Signal.Failed(int attempt, Failure failure)) || !isRefusal(failure.kind())) {
            return signal;
        }
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
