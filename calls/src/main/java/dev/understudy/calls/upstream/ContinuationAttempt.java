package dev.understudy.calls.upstream;

import dev.understudy.calls.catalog.Route;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.ContinueWith;
import dev.understudy.calls.plan.PlannedTarget;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Signal;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.recovery.ContinuationForm;
import dev.understudy.protocol.recovery.ContinuationForms;
import dev.understudy.protocol.translate.RequestTranslator;

/**
 * An attempt that continues a broken answer: its request, its form, and what a rejection of that form means.
 *
 * @param answer what the caller has received
 * @param form how the request presents that answer to the target
 */
record ContinuationAttempt(PartialAnswer answer, PlannedTarget target, ContinuationForm form, ContinuationForms forms) {

    static ContinuationAttempt of(PartialAnswer answer, PlannedTarget target, ContinuationForms forms) {
        Route route = target.route();
        if (target.api() == Api.COMPLETIONS) {
            return new ContinuationAttempt(answer, target, ContinuationForm.PREFILL, forms);
        }
        ContinuationForm form = route.continueWith()
                .map(ContinueWith::form)
                .orElseGet(() -> route.capabilities().prefill() == ModelCapabilities.Can.NO
                        ? ContinuationForm.TURN
                        : forms.formFor(route.target().name()));
        return new ContinuationAttempt(answer, target, form, forms);
    }

    WrittenRequest body(RequestTranslator requestTranslator) throws UntranslatableRequest {
        Route route = target.route();
        return requestTranslator.continuation(
                answer.continuation(),
                form,
                target.api().dialect(),
                route.target().model(),
                route.capabilities(),
                target.overrides());
    }

    /**
     * The target that began the answer accepted the caller's request, so a rejection concerns the form of the continuation.
     * If this target may accept another form, that is learned for all calls, and the target is tried again. The Completions API
     * has one form only, which says nothing about the model's chat.
     */
    Signal interpret(Signal signal) {
        if (!(signal instanceof Signal.Failed(int attempt, Failure failure)) || !isRejection(failure.kind())) {
            return signal;
        }
        Route route = target.route();
        String name = route.target().name();
        boolean anotherForm = false;
        if (route.continueWith().isEmpty() && target.api() != Api.COMPLETIONS) {
            forms.refused(name, form);
            anotherForm = forms.anotherForm(name, form);
        }
        FailureKind kind = anotherForm ? FailureKind.CONTINUATION_REFUSED : FailureKind.UNSUPPORTED;
        return new Signal.Failed(attempt, new Failure(kind, failure.status(), failure.details(), failure.retryAfter()));
    }

    private static boolean isRejection(FailureKind kind) {
        return kind == FailureKind.BAD_REQUEST || kind == FailureKind.UNSUPPORTED;
    }
}
