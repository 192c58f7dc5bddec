package dev.understudy.gateway.call;

import dev.understudy.engine.TrailEntry;
import dev.understudy.protocol.json.BadRequest;
import java.util.List;

/** A call of whose chain nobody is left; the trail says what became of each name. */
final class NoEligibleTarget extends Exception {
    private static final long serialVersionUID = 1;

    private final transient BadRequest reason;
    private final transient List<TrailEntry> skipped;

    NoEligibleTarget(BadRequest reason, List<TrailEntry> skipped) {
        super(reason.getMessage(), null, false, false);
        this.reason = reason;
        this.skipped = List.copyOf(skipped);
    }

    BadRequest reason() {
        return reason;
    }

    List<TrailEntry> skipped() {
        return skipped;
    }
}
