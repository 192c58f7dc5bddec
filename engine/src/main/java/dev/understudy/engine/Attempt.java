package dev.understudy.engine;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * One request to one target: where it stands and by when it must have got on. Its limits are those of its step, cut to
 * the time that the call can spare for it.
 */
final class Attempt {
    /** How long the tail of a finished answer (usage, {@code [DONE]}) is waited for. */
    private static final long TAIL = TimeUnit.SECONDS.toNanos(1);

    private enum Stage {
        CONNECTING,
        SILENT,
        FLOWING,
        /** The caller is slow; no clock runs against the provider. */
        PAUSED,
        /** The terminal mark was seen. */
        FINISHING,
        OVER
    }

    final int number;
    final Step step;
    final Manner manner;
    /** How many attempts of this call at the same target came before. */
    final int retry;

    final long startedAt;
    private final boolean streaming;
    private long connectedBy;
    private long contentBy;
    /** What {@code contentBy} allows, in nanoseconds from the start. */
    private long allowance;

    private Stage stage = Stage.CONNECTING;
    private boolean connected;
    private long since;
    private OptionalLong contentSince = OptionalLong.empty();
    private long characters;
    private boolean continuable;
    private long endedAt;
    private TrailEntry.State outcome = TrailEntry.State.RUNNING;
    private Optional<Failure> failure = Optional.empty();

    /** @param spare the longest silence that the call can afford */
    Attempt(int number, Step step, Manner manner, int retry, boolean streaming, long spare, long now) {
        this.number = number;
        this.step = step;
        this.manner = manner;
        this.retry = retry;
        this.streaming = streaming;
        this.startedAt = now;
        this.since = now;
        allow(Math.min(step.timeouts().silence(streaming, step.reasons()).toNanos(), spare));
    }

    private void allow(long nanos) {
        allowance = nanos;
        contentBy = startedAt + nanos;
        connectedBy = startedAt + Math.min(step.timeouts().connect().toNanos(), nanos);
    }

    /** Grants it no more silence than this from now on. */
    void spare(long nanos, long now) {
        allow(Math.min(allowance, now - startedAt + nanos));
    }

    boolean isRunning() {
        return stage != Stage.OVER;
    }

    void connected() {
        connected = true;
        if (stage == Stage.CONNECTING) {
            stage = Stage.SILENT;
        }
    }

    /** @return whether this was its first content */
    boolean progressed(long textSoFar, boolean couldGoOn, long now) {
        boolean first = contentSince.isEmpty();
        if (first) {
            contentSince = OptionalLong.of(now);
        }
        characters = textSoFar;
        continuable = couldGoOn;
        since = now;
        if (stage == Stage.CONNECTING || stage == Stage.SILENT) {
            stage = Stage.FLOWING;
        }
        return first;
    }

    /** When its first content came. */
    OptionalLong contentSince() {
        return contentSince;
    }

    /** Whether content came that the caller may not have yet. */
    boolean isHoldingBack() {
        return streaming && isRunning() && contentSince.isPresent();
    }

    /** How much text it has brought. */
    long characters() {
        return characters;
    }

    boolean canBeContinued() {
        return continuable;
    }

    void finishing(long now) {
        stage = Stage.FINISHING;
        since = now;
    }

    void paused() {
        if (stage == Stage.FLOWING) {
            stage = Stage.PAUSED;
        }
    }

    void resumed(long now) {
        if (stage == Stage.PAUSED) {
            stage = Stage.FLOWING;
            since = now;
        }
    }

    boolean isFinishing() {
        return stage == Stage.FINISHING;
    }

    /** Whether a clock runs against it. */
    boolean isTimed() {
        return stage != Stage.PAUSED && stage != Stage.OVER;
    }

    /** When the attempt must have got on, or is late; only where {@link #isTimed}. */
    long dueAt() {
        return switch (stage) {
            case CONNECTING -> connectedBy;
            case SILENT -> contentBy;
            case FLOWING -> {
                long idleBy = since + step.timeouts().idle().toNanos();
                yield streaming || idleBy - contentBy < 0 ? idleBy : contentBy;
            }
            case FINISHING -> since + TAIL;
            case PAUSED, OVER -> throw new IllegalStateException("no clock runs: " + stage);
        };
    }

    boolean isLate(long now) {
        return isTimed() && now - dueAt() >= 0;
    }

    /** What it is late with, in words that name the limit. */
    Failure lateness(long now) {
        return switch (stage) {
            case CONNECTING ->
                connectedBy == contentBy
                        ? late(FailureKind.TIMEOUT_FIRST_TOKEN, "no answer within ", allowance)
                        : late(FailureKind.TIMEOUT_CONNECT, "no connection within ", connectedBy - startedAt);
            case SILENT -> late(FailureKind.TIMEOUT_FIRST_TOKEN, "no content within ", allowance);
            case FLOWING ->
                now - since >= step.timeouts().idle().toNanos()
                        ? late(FailureKind.TIMEOUT_IDLE, "no further content for ", now - since)
                        : late(FailureKind.TIMEOUT_FIRST_TOKEN, "no complete answer within ", allowance);
            case FINISHING, PAUSED, OVER -> throw new IllegalStateException("not late: " + stage);
        };
    }

    private static Failure late(FailureKind kind, String what, long nanos) {
        return Failure.of(kind, what + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms");
    }

    /** Whether the attempt had the time that its target usually gets, so that running out of it says something. */
    boolean hadItsUsualTime(FailureKind kind, long now) {
        return switch (kind) {
            case TIMEOUT_CONNECT -> now - startedAt >= step.usual().connect().toNanos();
            case TIMEOUT_FIRST_TOKEN -> allowance >= step.usual().firstToken().toNanos();
            case TIMEOUT_IDLE -> now - since >= step.usual().idle().toNanos();
            case DEADLINE ->
                (stage == Stage.CONNECTING || stage == Stage.SILENT)
                        && now - startedAt >= step.usual().firstToken().toNanos();
            default -> true;
        };
    }

    /** Whether a connection was made, however the attempt went on. */
    boolean wasConnected() {
        return connected;
    }

    boolean failedQuickly(long now) {
        return now - startedAt <= step.usual().connect().toNanos();
    }

    void answered(long now) {
        end(TrailEntry.State.ANSWERED, now);
    }

    void failed(Failure what, long now) {
        failure = Optional.of(what);
        end(TrailEntry.State.FAILED, now);
    }

    void cancelled(long now) {
        end(TrailEntry.State.CANCELLED, now);
    }

    private void end(TrailEntry.State how, long now) {
        outcome = how;
        endedAt = now;
        stage = Stage.OVER;
    }

    Optional<Failure> failure() {
        return failure;
    }

    TrailEntry entry(long now) {
        long end = isRunning() ? now : endedAt;
        return new TrailEntry(step.target().name(), number, manner, outcome, failure, "", end - startedAt);
    }
}
