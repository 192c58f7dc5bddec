package dev.understudy.engine;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * One request to one target: how far it has come, when it is late, and when an explicit limit ends it.
 *
 * <p><b>Late</b> means that the late mark has passed without content. <b>Hung</b> means that not even a sign of life came
 * for three late marks. Neither ends the attempt; see {@link FallbackCall}.
 *
 * <p>A sign of life that comes once (response headers, a role) says that the request has arrived. One that keeps coming (a
 * heartbeat) says that the model is at work, and so does reasoning. While a heartbeat lasts the attempt is granted a little
 * more than the late mark of reasoning calls, and a reasoning call twice that: a provider that only ever sends pings must
 * not hold a call for good. Decision 0022 argues the figures.
 */
final class Attempt {
    /** How long the tail of a finished answer (usage, {@code [DONE]}) is waited for; the caller has the text already. */
    private static final long TAIL = TimeUnit.SECONDS.toNanos(5);

    /** After how many late marks without any sign of life an attempt is hung. */
    private static final int HUNG_AFTER = 3;

    private enum Stage {
        CONNECTING,
        SILENT,
        FLOWING,
        /** Held up on this side; no clock runs against the provider. */
        PAUSED,
        /** The terminal mark was seen. */
        FINISHING,
        OVER
    }

    final int number;
    final Step step;
    final AttemptKind kind;
    /** How many attempts of this call at the same target came before. */
    final int retry;
    /** Whether it tries out a target whose circuit is half open. */
    final boolean trial;

    final long startedAt;
    private final boolean streaming;
    /** Where it is known how long this target takes, in nanoseconds. */
    private final OptionalLong usualTime;
    /** Until when the caller's patience leaves room for silence before another target should be started. */
    private long spareUntil;

    private Stage stage = Stage.CONNECTING;
    private Stage stageBeforePause = Stage.CONNECTING;
    private boolean connected;
    /** From when on the provider has had the request, without the time for which it was held up on this side. */
    private long clockFrom;

    private long pausedAt;
    /** When the present silence began. */
    private long since;

    private OptionalLong contentSince = OptionalLong.empty();
    private OptionalLong firstSign = OptionalLong.empty();
    private long lastSign;
    private OptionalLong lastReasoning = OptionalLong.empty();
    private OptionalLong lastToolCall = OptionalLong.empty();
    private boolean hedged;
    private boolean unusuallySilent;
    private boolean previewed;
    private long characters;
    private boolean continuable;
    private long endedAt;
    private TrailEntry.State outcome = TrailEntry.State.RUNNING;
    private Optional<Failure> failure = Optional.empty();

    /**
     * When an attempt starts, and what decides when it is late. In nanoseconds.
     *
     * @param usualTime the time after which this target is later than usual, if that is known
     * @param spare the longest silence before another target should be started
     */
    record Timing(boolean streaming, OptionalLong usualTime, long spare, long now) {}

    Attempt(int number, Step step, AttemptKind kind, int retry, boolean trial, Timing timing) {
        this.number = number;
        this.step = step;
        this.kind = kind;
        this.retry = retry;
        this.trial = trial;
        this.streaming = timing.streaming();
        this.usualTime = timing.usualTime();
        this.spareUntil = timing.now() + timing.spare();
        this.startedAt = timing.now();
        this.clockFrom = timing.now();
        this.since = timing.now();
    }

    boolean isRunning() {
        return stage != Stage.OVER;
    }

    // What happened to it.

    void connected() {
        connected = true;
        if (stage == Stage.CONNECTING) {
            stage = Stage.SILENT;
        }
        if (stageBeforePause == Stage.CONNECTING) {
            stageBeforePause = Stage.SILENT;
        }
    }

    void showedLife(Signal.Sign sign, long now) {
        connected();
        if (firstSign.isEmpty()) {
            firstSign = OptionalLong.of(now);
        }
        lastSign = now;
        switch (sign) {
            case BYTES -> {}
            case REASONING -> lastReasoning = OptionalLong.of(now);
            case TOOL_CALL -> lastToolCall = OptionalLong.of(now);
        }
    }

    /** @return whether this was its first content */
    boolean progressed(long textSoFar, boolean couldGoOn, long now) {
        boolean first = contentSince.isEmpty();
        if (first) {
            contentSince = OptionalLong.of(now);
        }
        showedLife(Signal.Sign.BYTES, now);
        // What comes behind it begins a new silence with the usual late mark.
        lastReasoning = OptionalLong.empty();
        lastToolCall = OptionalLong.empty();
        firstSign = OptionalLong.of(now);
        characters = textSoFar;
        continuable = couldGoOn;
        since = now;
        hedged = false;
        if (stage == Stage.CONNECTING || stage == Stage.SILENT) {
            stage = Stage.FLOWING;
        }
        return first;
    }

    void finishing(long now) {
        stage = Stage.FINISHING;
        since = now;
    }

    void paused(long now) {
        if (stage != Stage.FINISHING && stage != Stage.OVER && stage != Stage.PAUSED) {
            stageBeforePause = stage;
            stage = Stage.PAUSED;
            pausedAt = now;
        }
    }

    /** @return whether it was held up */
    boolean resumed(long now) {
        if (stage != Stage.PAUSED) {
            return false;
        }
        stage = stageBeforePause;
        since = now;
        clockFrom += now - pausedAt;
        return true;
    }

    /** Another target was started because this one is late. */
    void hedged() {
        hedged = true;
    }

    /** The attempt that was started beside it is over: another one may be. */
    void hedgeEnded() {
        hedged = false;
    }

    /** Its reasoning may reach the caller. */
    void previewed() {
        previewed = true;
    }

    /** Another attempt was started whose answer may stand behind the reasoning so far: no more of it until that is over. */
    void previewSuspended() {
        previewed = false;
    }

    /** The caller waits longer than was known, or as long: silence is tolerated until then. */
    void hasTimeUntil(long time) {
        spareUntil = later(spareUntil, time);
    }

    // What is known of it.

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

    boolean isFinishing() {
        return stage == Stage.FINISHING;
    }

    boolean isHedged() {
        return hedged;
    }

    /** Whether reasoning came and no content yet. */
    boolean isReasoning() {
        return isRunning() && contentSince.isEmpty() && lastReasoning.isPresent();
    }

    boolean isPreviewed() {
        return previewed;
    }

    /** Whether anything at all came from the provider. */
    boolean showedLife() {
        return firstSign.isPresent();
    }

    /** Whether signs of life keep coming, so that the model is at work. */
    boolean hasHeartbeat() {
        return isAtWork() || (firstSign.isPresent() && lastSign - firstSign.getAsLong() >= usualGap() / 5);
    }

    /** How far apart the signs of a heartbeat may lie, in nanoseconds, before a half more is taken for silence. */
    private long usualGap() {
        return Math.min(mark(false), step.timeouts().idle().toNanos());
    }

    /** Whether reasoning or pieces of a tool call came since the last content. */
    private boolean isAtWork() {
        return lastReasoning.isPresent() || lastToolCall.isPresent();
    }

    /** Whether a connection was made, whatever happened after that. */
    boolean wasConnected() {
        return connected;
    }

    boolean failedQuickly(long now) {
        return now - startedAt <= step.usual().connect().toNanos();
    }

    // Its times.

    private boolean isTimed() {
        return switch (stage) {
            case CONNECTING, SILENT, FLOWING -> true;
            case PAUSED, FINISHING, OVER -> false;
        };
    }

    /** The late mark for silence, in nanoseconds, as far as it does not depend on what was learned of the target. */
    private long mark(boolean atWork) {
        Timeouts timeouts = step.timeouts();
        if (stage == Stage.FLOWING && streaming) {
            return atWork ? timeouts.reasoning().toNanos() : timeouts.idle().toNanos();
        }
        return timeouts.silence(streaming, atWork || step.reasons()).toNanos();
    }

    /** When another target should be started beside it; empty while no clock runs. */
    OptionalLong lateAt() {
        if (!isTimed()) {
            return OptionalLong.empty();
        }
        long mark = mark(false);
        long at;
        if (stage == Stage.FLOWING) {
            at = since + mark;
            if (!streaming) {
                at = later(clockFrom + mark, since + step.timeouts().idle().toNanos());
            }
        } else {
            // Where the request has arrived, the second sign of a heartbeat may be due at the mark itself (pings every
            // 10 s).
            boolean mayHaveHeartbeat = streaming && firstSign.isPresent();
            at = since + usualTime.orElse(mayHaveHeartbeat ? mark + mark / 5 : mark);
            if (stage == Stage.CONNECTING) {
                at = earlier(at, since + step.timeouts().connect().toNanos());
            }
        }
        if (lastReasoning.isPresent()) {
            at = later(at, lastReasoning.getAsLong() + mark(true));
        }
        if (lastToolCall.isPresent()) {
            at = later(at, lastToolCall.getAsLong() + mark(true));
        }
        if (hasHeartbeat()) {
            at = later(at, earlier(lastSign + usualGap() * 3 / 2, heartbeatEnds()));
        }
        return OptionalLong.of(contentSince.isEmpty() ? earlier(at, spareUntil) : at);
    }

    /** Until when a heartbeat alone keeps the attempt from being late. */
    private long heartbeatEnds() {
        long reasoning = step.timeouts().reasoning().toNanos();
        boolean granted = step.reasons() || isAtWork();
        return since + (granted ? reasoning * 5 / 2 : reasoning * 5 / 4);
    }

    boolean isLate(long now) {
        OptionalLong at = lateAt();
        return at.isPresent() && now - at.getAsLong() >= 0;
    }

    /**
     * Notes that nothing at all has come for longer than such calls usually take, where that is known.
     *
     * @return whether this is noted for the first time
     */
    boolean turnsUnusuallySilent(long now) {
        if (unusuallySilent || trial || showedLife() || usualTime.isEmpty() || elapsed(now) < usualTime.getAsLong()) {
            return false;
        }
        unusuallySilent = true;
        return true;
    }

    /** Whether nothing at all came for longer than such calls usually take, and nothing has come since. */
    boolean isUnusuallySilent() {
        return unusuallySilent && !showedLife();
    }

    /**
     * When to look again whether its target is silent for other calls too, after times that double; empty unless it is
     * {@linkplain #isUnusuallySilent() unusually silent}.
     */
    OptionalLong looksAgainAt(long now) {
        if (!isUnusuallySilent()) {
            return OptionalLong.empty();
        }
        long waited = usualTime.orElseThrow();
        while (since + waited - now <= 0) {
            waited *= 2;
        }
        return OptionalLong.of(since + waited);
    }

    /** When it is hung unless a sign of life comes; only where it {@link #lateAt} something. */
    long hungAt() {
        long silentSince = firstSign.isPresent() ? later(lastSign, since) : since;
        long mark = mark(isAtWork());
        return silentSince + HUNG_AFTER * (contentSince.isEmpty() ? Math.max(mark, usualTime.orElse(mark)) : mark);
    }

    /**
     * Whether it may be given up: it is hung, and would have shown a sign of life if its provider were well. An answer that
     * is not streamed shows none until it is complete.
     */
    boolean isHopeless(long now) {
        return isHung(now) && (streaming || !connected);
    }

    boolean isHung(long now) {
        return isTimed() && now - hungAt() >= 0;
    }

    /** When an explicit limit ends it, or the tail of its answer is not waited for any longer. */
    OptionalLong limitAt() {
        if (stage == Stage.FINISHING) {
            return OptionalLong.of(since + TAIL);
        }
        if (!isTimed()) {
            return OptionalLong.empty();
        }
        OptionalLong limit = OptionalLong.empty();
        Timeouts timeouts = step.timeouts();
        if (timeouts.total().isPresent() && (!streaming || contentSince.isEmpty())) {
            limit = OptionalLong.of(clockFrom + timeouts.total().get().toNanos());
        }
        if (timeouts.cancels()) {
            long at = switch (stage) {
                case CONNECTING -> clockFrom + Math.min(timeouts.connect().toNanos(), mark(false));
                case SILENT -> clockFrom + mark(isAtWork());
                case FLOWING ->
                    streaming
                            ? since + mark(isAtWork())
                            : earlier(since + timeouts.idle().toNanos(), clockFrom + mark(false));
                case PAUSED, FINISHING, OVER -> throw new IllegalStateException("no clock runs: " + stage);
            };
            limit = OptionalLong.of(limit.isPresent() ? earlier(limit.getAsLong(), at) : at);
        }
        return limit;
    }

    boolean isPastLimit(long now) {
        OptionalLong at = limitAt();
        return at.isPresent() && now - at.getAsLong() >= 0;
    }

    /** What it is late with, as a failure that names how long it was waited for. */
    Failure lateness(long now) {
        return switch (stage) {
            case CONNECTING -> late(FailureKind.TIMEOUT_CONNECT, "no connection within ", now - clockFrom);
            case SILENT ->
                late(
                        FailureKind.TIMEOUT_FIRST_TOKEN,
                        streaming ? "no content within " : "no answer within ",
                        now - clockFrom);
            case FLOWING ->
                streaming || now - since >= step.timeouts().idle().toNanos()
                        ? late(FailureKind.TIMEOUT_IDLE, "no further content for ", now - since)
                        : late(FailureKind.TIMEOUT_FIRST_TOKEN, "no complete answer within ", now - clockFrom);
            case FINISHING, PAUSED, OVER -> throw new IllegalStateException("not late: " + stage);
        };
    }

    private static Failure late(FailureKind kind, String what, long nanos) {
        return Failure.of(kind, what + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms");
    }

    /**
     * Whether the attempt had the time that its target usually gets, so that running out of it says something about the
     * target.
     */
    boolean hadItsUsualTime(FailureKind kind, long now) {
        return switch (kind) {
            case TIMEOUT_CONNECT -> elapsed(now) >= step.usual().connect().toNanos();
            case TIMEOUT_FIRST_TOKEN, DEADLINE -> contentSince.isEmpty() && elapsed(now) >= usualSilence();
            case TIMEOUT_IDLE -> now - since >= step.usual().idle().toNanos();
            default -> true;
        };
    }

    /** How long its target may usually stay without content, in nanoseconds. */
    long usualSilence() {
        return step.usual().silence(streaming, step.reasons() || isAtWork()).toNanos();
    }

    /** How long the provider has had the request, in nanoseconds. What the attempt waits on this side does not count. */
    long elapsed(long now) {
        return (stage == Stage.PAUSED ? pausedAt : now) - clockFrom;
    }

    /** Whether its request has not been sent yet, because this process is busy. */
    boolean waitsToBeSent() {
        return stage == Stage.PAUSED && !connected;
    }

    /** After which time without content it is late, as far as is known when it starts, in nanoseconds. */
    long firstMark() {
        return Math.min(spareUntil - startedAt, usualTime.orElse(mark(false)));
    }

    /** How long ago it ended, in nanoseconds. */
    long endedFor(long now) {
        return now - endedAt;
    }

    /** How long nothing at all has come, in nanoseconds. */
    long silence(long now) {
        return now - (firstSign.isPresent() ? later(lastSign, since) : since);
    }

    private static long later(long one, long other) {
        return one - other >= 0 ? one : other;
    }

    private static long earlier(long one, long other) {
        return one - other <= 0 ? one : other;
    }

    // Its end.

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

    TrailEntry entry(long arrivedAt, long now) {
        long end = isRunning() ? now : endedAt;
        return new TrailEntry(
                        step.target().name(),
                        number,
                        kind,
                        outcome,
                        failure,
                        "",
                        startedAt - arrivedAt,
                        end - startedAt)
                .in(step.choice());
    }
}
