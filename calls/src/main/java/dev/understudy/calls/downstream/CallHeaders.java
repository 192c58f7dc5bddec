package dev.understudy.calls.downstream;

import dev.understudy.calls.plan.PlannedCall;
import dev.understudy.engine.TrailEntry;
import dev.understudy.engine.Verdict;
import dev.understudy.protocol.options.FallbackOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The response headers that describe a call: on success and on error, streamed or not. */
public final class CallHeaders {
    /** The id of the call. */
    public static final String CALL_ID = "understudy-call-id";
    /** How many attempts there were. */
    public static final String ATTEMPTS = "understudy-attempts";
    /** The attempts and skips, in order. */
    public static final String TRAIL = TrailHeader.NAME;
    /** The target whose answer or error the caller receives. */
    public static final String TARGET = "understudy-target";
    /** What the caller should know of the answer, such as the parts of the request that its target was not sent. */
    public static final String WARNING = "understudy-warning";

    private final String id;
    private final PlannedCall planned;
    private final FallbackOptions options;

    public CallHeaders(String id, PlannedCall planned, FallbackOptions options) {
        this.id = id;
        this.planned = planned;
        this.options = options;
    }

    /**
     * Puts the headers on the response.
     *
     * @param attempts how many attempts there were
     * @param attempt the attempt whose answer or error the caller receives; empty if there is none
     * @param warnings the parts of the request that were not sent to that attempt's target
     */
    public void write(
            CallerResponse caller, int attempts, List<TrailEntry> trail, OptionalInt attempt, List<String> warnings) {
        caller.header(CALL_ID, id);
        caller.header(ATTEMPTS, Integer.toString(attempts));
        caller.header(TRAIL, trailText(trail));
        if (attempt.isPresent()) {
            caller.header(TARGET, TrailHeader.printable(targetOf(trail, attempt.getAsInt())));
        }
        if (!planned.warnings().isEmpty() || !warnings.isEmpty()) {
            List<String> all = new ArrayList<>(planned.warnings());
            all.addAll(warnings);
            caller.warnings(all);
        }
    }

    /** The trail as the text of its header. */
    public String trailText(List<TrailEntry> trail) {
        return TrailHeader.of(trail, options.vocabulary());
    }

    /** The whole trail: the targets that the plan skipped, then what the engine did. */
    public List<TrailEntry> whole(List<TrailEntry> engines) {
        if (planned.skipped().isEmpty()) {
            return engines;
        }
        List<TrailEntry> all = new ArrayList<>(planned.skipped());
        all.addAll(engines);
        return all;
    }

    /** The attempt whose error the caller receives; empty if there was none. */
    public static OptionalInt decidedBy(List<TrailEntry> trail, Verdict verdict) {
        OptionalInt last = OptionalInt.empty();
        for (TrailEntry entry : trail) {
            if (entry.isAttempt()) {
                last = OptionalInt.of(entry.attempt());
                if (entry.failure().equals(Optional.of(verdict.shown()))) {
                    return last;
                }
            }
        }
        return last;
    }

    /** The target of an attempt that is in the trail. */
    public static String targetOf(List<TrailEntry> trail, int attempt) {
        for (TrailEntry entry : trail) {
            if (entry.attempt() == attempt) {
                return entry.target();
            }
        }
        throw new IllegalStateException("attempt " + attempt + " is not in its own trail");
    }
}
