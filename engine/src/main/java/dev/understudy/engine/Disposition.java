package dev.understudy.engine;

/**
 * What follows from a failure kind: for the same target, for the next one, and for the shared health.
 *
 * @param retry whether the same target may be tried again
 * @param next whether the chain continues
 * @param effect what the failure does to the health of the scope that it concerns
 * @param concern whose fault it is, unless the response says otherwise
 */
public record Disposition(Retry retry, Next next, Effect effect, Concern concern) {

    /** May the same target be tried again in this call? */
    public enum Retry {
        NEVER,
        /** Yes, when the failure came quickly: a target that took long to fail is not waited for twice. */
        IF_QUICK,
        /** Yes, after a backoff. */
        AFTER_BACKOFF,
        /** Only when no other target is left, after a backoff: a target without capacity is not hammered. */
        IF_ALONE,
        /** Yes, when the provider said for how long to wait and that fits the patience and the deadline. */
        IF_HINT_FITS,
        /** Yes, at once and regardless of the policy: the request will be written in another form. */
        REWRITTEN
    }

    /** Does the chain continue with the next target? */
    public enum Next {
        YES,
        NEVER,
        /** Yes, but only once in a call: two models that return blank answers are believed. */
        ONCE_PER_CALL,
        /**
         * Yes, up to {@link FallbackCall#MOST_REFUSALS} refusals in a call: a refusal is one target's opinion,
         * three refusals are not.
         */
        REFUSAL,
        /** Only to a target whose context window is larger, or not known. */
        LARGER_WINDOW,
        /** Only where the plan names targets for this kind of failure, or says that it counts as one. */
        OPT_IN
    }

    /** What does it say about the health of the scope? */
    public enum Effect {
        /** Nothing: the fault was the request's, or no fault was found. */
        NONE,
        /** One more in a row; enough of them, or too large a share, open the circuit. A hint of the provider opens it at once. */
        COUNTS,
        /** Counts, when different callers meet it with no success in between. */
        COUNTS_ACROSS_CALLERS,
        /** Opens the circuit at once, for the hint or the usual growing time. */
        COOLS,
        /** Opens the circuit at once, for long: it does not recover by itself. */
        COOLS_LONG,
        /** The target works but its answers were unusable; no circuit opens. */
        QUALITY
    }

    /** Whose health is kept. */
    public enum Scope {
        CREDENTIAL,
        TARGET,
        PROVIDER
    }
}
