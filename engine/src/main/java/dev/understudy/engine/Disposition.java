package dev.understudy.engine;

/**
 * What a failure kind asks for: of the same target, of the next one, and of the health that calls share.
 *
 * @param again whether the same target may be tried once more
 * @param next whether the chain moves on
 * @param effect what the failure does to the health of its scope
 * @param scope whose health it is
 */
public record Disposition(Again again, Next next, Effect effect, Scope scope) {

    /** May the same target be asked again in this call? */
    public enum Again {
        NEVER,
        /** Yes, when the failure came quickly: a route that took long to fail is not waited for twice. */
        IF_QUICK,
        /** Yes, after a backoff. */
        AFTER_BACKOFF,
        /** Yes, when the provider said for how long to wait and that fits the patience and the deadline. */
        IF_HINT_FITS,
        /** Yes, at once and whatever the policy says: the request will be put differently. */
        PUT_DIFFERENTLY
    }

    /** Does the chain move on to the next target? */
    public enum Next {
        YES,
        NEVER,
        /** Yes, but only once in a call: two models that say nothing are believed. */
        ONCE_PER_CALL,
        /** Only to a target whose context window is larger, or not known. */
        LARGER_WINDOW,
        /** Only where the plan names targets for this kind of failure. */
        OPT_IN
    }

    /** What does it say about the health of the scope? */
    public enum Effect {
        /** Nothing: the fault was the caller's, or nobody's. */
        NONE,
        /** One more in a row; enough of them open the breaker. */
        COUNTS,
        /** Opens the breaker at once, for the hint or the usual growing time. */
        COOLS,
        /** Opens the breaker at once, for long: it will not heal by itself. */
        COOLS_LONG,
        /** The target lives but its answers were of no use; counted apart, nothing is passed over for it. */
        QUALITY
    }

    /** Whose health is concerned. */
    public enum Scope {
        CREDENTIAL,
        TARGET,
        PROVIDER
    }
}
