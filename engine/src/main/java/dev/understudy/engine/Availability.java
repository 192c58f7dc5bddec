package dev.understudy.engine;

import java.util.Optional;

/**
 * Whether a target may be tried now.
 *
 * @param state what it is
 * @param until when it may be tried again; only where it is cooling
 * @param because what opened its circuit, unless it is ready
 * @param binding whether the provider itself set the time, or said plainly that requests are useless, so that the
 *     target is a last resort only for calls that have tried nothing else
 * @param hinted whether {@code until} comes from the provider's hint, and not from our own cooldown
 */
public record Availability(State state, long until, Optional<FailureKind> because, boolean binding, boolean hinted) {

    /** What holds for a target. */
    public enum State {
        READY,
        /** Its circuit is open: it failed and is skipped for a while. */
        COOLING,
        /** Its circuit is half open and one call is trying it out; the others wait for what comes of it. */
        ON_TRIAL
    }

    static final Availability READY = new Availability(State.READY, 0, Optional.empty(), false, false);

    public boolean isReady() {
        return state == State.READY;
    }

    /** The one of two that keeps a target out for longer; what either of them binds to, binds. */
    static Availability worse(Availability one, Availability other) {
        if (one.isReady() || other.isReady()) {
            return one.isReady() ? other : one;
        }
        if (one.state != other.state) {
            return one.state == State.COOLING ? one : other;
        }
        Availability longer = one.until - other.until >= 0 ? one : other;
        boolean bound = one.binding || other.binding;
        return longer.binding == bound
                ? longer
                : new Availability(longer.state, longer.until, longer.because, bound, longer.hinted);
    }
}
