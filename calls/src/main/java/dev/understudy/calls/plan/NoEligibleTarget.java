package dev.understudy.calls.plan;

import dev.understudy.engine.TrailEntry;
import dev.understudy.protocol.json.BadRequest;
import java.util.List;

/** A call whose chain has no target left; the trail has the reason why each one is skipped. */
public final class NoEligibleTarget extends Exception {
    private static final long serialVersionUID = 1;

    private final transient BadRequest reason;
    private final transient List<TrailEntry> skipped;

    NoEligibleTarget(BadRequest reason, List<TrailEntry> skipped) {
        super(reason.getMessage(), null, false, false);
        this.reason = reason;
        this.skipped = List.copyOf(skipped);
    }

    /** The error for the caller. */
    public BadRequest reason() {
        return reason;
    }

    /** The targets that are skipped, and why. */
    public List<TrailEntry> skipped() {
        return skipped;
    }
}
