package dev.understudy.engine;

import java.util.Optional;

/**
 * One line of a call's trail: an attempt, or a skipped target with the reason.
 *
 * @param target the target's name, or the name that the caller used if nothing is known by it
 * @param attempt the attempt's number, from 1; 0 if the target was skipped
 * @param attemptKind why the attempt was made
 * @param state how it stands
 * @param failure what went wrong, if something did
 * @param reason why the target was skipped; empty otherwise
 * @param start nanoseconds from the call's arrival to the attempt's start; 0 if the target was skipped
 * @param duration nanoseconds from the attempt's start to its end, or to now
 * @param drill the name of the drill that injected a fault into the attempt; empty for none. The engine knows no drills: the
 *     driver adds it
 * @param choice the group that the target belongs to in this call; empty for none
 */
public record TrailEntry(
        String target,
        int attempt,
        AttemptKind attemptKind,
        State state,
        Optional<Failure> failure,
        String reason,
        long start,
        long duration,
        String drill,
        Optional<Group.Choice> choice) {

    /** An entry of a target that belongs to no group, without a drill. */
    public TrailEntry(
            String target,
            int attempt,
            AttemptKind attemptKind,
            State state,
            Optional<Failure> failure,
            String reason,
            long start,
            long duration) {
        this(target, attempt, attemptKind, state, failure, reason, start, duration, "", Optional.empty());
    }

    /** An entry of which it is not known when the attempt started, such as one that was read from a header. */
    public TrailEntry(
            String target,
            int attempt,
            AttemptKind attemptKind,
            State state,
            Optional<Failure> failure,
            String reason,
            long duration) {
        this(target, attempt, attemptKind, state, failure, reason, 0, duration);
    }

    /** How a trail entry stands. */
    public enum State {
        RUNNING,
        ANSWERED,
        FAILED,
        CANCELLED,
        SKIPPED
    }

    /** A target that is not tried. */
    public static TrailEntry skipped(String target, String reason) {
        return new TrailEntry(target, 0, AttemptKind.FALLBACK, State.SKIPPED, Optional.empty(), reason, 0);
    }

    /** The same entry of an attempt into which a drill injected a fault. */
    public TrailEntry inDrill(String name) {
        return new TrailEntry(target, attempt, attemptKind, state, failure, reason, start, duration, name, choice);
    }

    /** The same entry of a target that belongs to a group in this call. */
    public TrailEntry in(Optional<Group.Choice> group) {
        return group.isEmpty()
                ? this
                : new TrailEntry(target, attempt, attemptKind, state, failure, reason, start, duration, drill, group);
    }

    /** Whether a request was sent to the target. */
    public boolean isAttempt() {
        return attempt > 0;
    }

    /** One word for trails, logs and metrics: {@code ok}, {@code answering}, a failure kind, … */
    public String outcome() {
        return switch (state) {
            case RUNNING -> "answering";
            case ANSWERED -> "ok";
            case FAILED -> failure.orElseThrow().kind().wireName();
            case CANCELLED -> "cancelled";
            case SKIPPED -> "passed_over";
        };
    }
}
