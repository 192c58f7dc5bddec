package dev.understudy.gateway.call;

import dev.understudy.engine.TrailEntry;
import dev.understudy.engine.Verdict;
import dev.understudy.protocol.options.FallbackOptions;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a caller is told of its call beside the answer: headers, on success and on error, streamed or not. */
final class CallHeaders {
    static final int NO_ATTEMPT = 0;

    private static final CharSequence CALL_ID = HttpHeaders.createOptimized("understudy-call-id");
    private static final CharSequence ATTEMPTS = HttpHeaders.createOptimized("understudy-attempts");
    private static final CharSequence TRAIL = HttpHeaders.createOptimized(TrailHeader.NAME);
    private static final CharSequence TARGET = HttpHeaders.createOptimized("understudy-target");

    private final String id;
    private final PlannedCall planned;
    private final FallbackOptions options;

    CallHeaders(String id, PlannedCall planned, FallbackOptions options) {
        this.id = id;
        this.planned = planned;
        this.options = options;
    }

    /**
     * Writes them.
     *
     * @param attempts how many there were
     * @param attempt the one whose answer or error the caller reads; {@link #NO_ATTEMPT} if nobody was asked
     * @param untold what of the request that attempt's target was not told
     */
    void write(CallerResponse caller, int attempts, List<TrailEntry> trail, int attempt, List<String> untold) {
        caller.header(CALL_ID, id);
        caller.header(ATTEMPTS, Integer.toString(attempts));
        caller.header(TRAIL, trailText(trail));
        if (attempt != NO_ATTEMPT) {
            caller.header(TARGET, TrailHeader.printable(targetOf(trail, attempt)));
        }
        if (!planned.warnings().isEmpty() || !untold.isEmpty()) {
            List<String> all = new ArrayList<>(planned.warnings());
            all.addAll(untold);
            caller.header("understudy-warning", TrailHeader.strings(all));
        }
    }

    String trailText(List<TrailEntry> trail) {
        return TrailHeader.of(trail, options.vocabulary());
    }

    /** The whole trail: whom the plan passed over, and what the engine did. */
    List<TrailEntry> whole(List<TrailEntry> engines) {
        if (planned.skipped().isEmpty()) {
            return engines;
        }
        List<TrailEntry> all = new ArrayList<>(planned.skipped());
        all.addAll(engines);
        return all;
    }

    /** The attempt whose error the caller reads; {@link #NO_ATTEMPT} if nobody was asked. */
    static int decidedBy(List<TrailEntry> trail, Verdict verdict) {
        int last = NO_ATTEMPT;
        for (TrailEntry entry : trail) {
            if (entry.isAttempt()) {
                last = entry.attempt();
                if (entry.failure().equals(Optional.of(verdict.shown()))) {
                    return last;
                }
            }
        }
        return last;
    }

    static String targetOf(List<TrailEntry> trail, int attempt) {
        for (TrailEntry entry : trail) {
            if (entry.attempt() == attempt) {
                return entry.target();
            }
        }
        throw new IllegalStateException("attempt " + attempt + " is not in its own trail");
    }
}
