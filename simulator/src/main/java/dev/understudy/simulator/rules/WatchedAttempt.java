package dev.understudy.simulator.rules;

import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.Signal;
import dev.understudy.engine.Step;
import dev.understudy.engine.Timeouts;
import java.time.Duration;
import java.util.stream.Stream;

/** An attempt as the rules know it: the signals about it, with their times. */
final class WatchedAttempt {
    /** The number of late marks without any sign of life after which an attempt may be cancelled. */
    private static final int HUNG_AFTER = 3;

    final Step step;
    final AttemptKind kind;
    final long at;
    /** Whether the circuit of its target is half-open or open. */
    final boolean trial;

    private final boolean streaming;
    private long clockFrom;
    /** When the present silence began; a sign of life does not end it. */
    private long since;

    private long lastSign;
    private boolean paused;
    private long pausedAt;
    private boolean connected;
    private boolean content;
    private boolean finishing;
    private boolean showedLife;
    private boolean ended;
    private long endedAt;

    WatchedAttempt(Step step, AttemptKind kind, boolean trial, boolean streaming, long now) {
        this.trial = trial;
        this.step = step;
        this.kind = kind;
        this.streaming = streaming;
        this.at = now;
        this.clockFrom = now;
        this.since = now;
        this.lastSign = now;
    }

    void observe(Signal signal, long now) {
        switch (signal) {
            case Signal.Connected c -> connected = true;
            case Signal.Alive a -> {
                connected = true;
                showedLife = true;
                lastSign = now;
            }
            case Signal.Progress p -> {
                content = true;
                showedLife = true;
                since = now;
                lastSign = now;
            }
            case Signal.Finishing f -> finishing = true;
            case Signal.Paused p -> {
                if (!paused && !finishing) {
                    paused = true;
                    pausedAt = now;
                }
            }
            case Signal.Resumed r -> {
                if (paused) {
                    paused = false;
                    since = now;
                    lastSign = now;
                    clockFrom += now - pausedAt;
                }
            }
            default -> {}
        }
    }

    void ended(long now) {
        ended = true;
        endedAt = now;
    }

    boolean hasEnded() {
        return ended;
    }

    /** Whether nothing at all came, or has come so far, for so many nanoseconds. */
    boolean stayedSilentFor(long nanos, long now) {
        return !showedLife && (ended ? endedAt : now) - at >= nanos;
    }

    boolean isPaused() {
        return paused;
    }

    boolean hasContent() {
        return content;
    }

    boolean isFinishing() {
        return finishing;
    }

    /** The late mark, in nanoseconds, of a target without known times. */
    long firstMark() {
        Timeouts timeouts = step.timeouts();
        Duration mark = step.reasons() ? timeouts.reasoning() : streaming ? timeouts.firstToken() : timeouts.answer();
        return mark.toNanos();
    }

    private Duration mark() {
        Timeouts timeouts = step.timeouts();
        if (content && streaming) {
            return timeouts.idle();
        }
        return Duration.ofNanos(firstMark());
    }

    /** Whether it may be cancelled for another target: an answer that is not streamed shows no sign of life anyway. */
    boolean mayBeGivenUp(long now) {
        return isHung(now) && (streaming || !connected);
    }

    /** Whether nothing at all has come for three late marks. */
    boolean isHung(long now) {
        return now - lastSign >= HUNG_AFTER * mark().toNanos();
    }

    /** Whether an explicit limit ends it at about this time, late or not. */
    boolean isPastExplicitLimit(long now) {
        Timeouts timeouts = step.timeouts();
        boolean pastTotal = timeouts.total()
                .filter(total -> (!streaming || !content) && now - clockFrom >= total.toNanos())
                .isPresent();
        return pastTotal || (timeouts.cancels() && now - since >= shortest(timeouts));
    }

    private static long shortest(Timeouts timeouts) {
        return Stream.of(timeouts.connect(), timeouts.firstToken(), timeouts.idle(), timeouts.answer())
                .mapToLong(Duration::toNanos)
                .min()
                .orElseThrow();
    }

    /** Whether its target had the time that it usually gets, so that the lateness may count against it. */
    boolean hadItsUsualTime(long now) {
        Timeouts usual = step.usual();
        Duration silence = step.reasons() ? usual.reasoning() : streaming ? usual.firstToken() : usual.answer();
        return now - clockFrom >= silence.toNanos()
                || (!connected && now - clockFrom >= usual.connect().toNanos())
                || (content && now - since >= usual.idle().toNanos());
    }
}
