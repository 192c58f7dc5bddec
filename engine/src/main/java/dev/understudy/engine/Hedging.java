package dev.understudy.engine;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * When a call asks a second target although the first is still at work: when that one is later than nineteen in twenty of
 * its own answers to prompts of this size. Nothing is known of it, nothing happens.
 *
 * <p>At most two attempts are in flight. In a simulation of three ordinary providers and a deadline of 45 s this leaves one
 * call in five thousand without an answer in time, where waiting for the first leaves one in a hundred and seventy and
 * dividing the time among the three one in four hundred and fifty ({@code understudy simulate --table}).
 */
final class Hedging {
    static final int MOST_IN_FLIGHT = 2;

    /** A quick target that is late once takes its time from nobody: so little is not worth a second request. */
    private static final long SOONEST = TimeUnit.SECONDS.toNanos(2);

    private final boolean wanted;
    private final Shared shared;
    private final boolean streaming;
    private final long promptBytes;
    private OptionalLong due = OptionalLong.empty();
    private boolean waitsForRoom;

    Hedging(Plan plan, long promptBytes, Shared shared) {
        this.wanted = plan.hedging() && plan.chain().size() > 1;
        this.shared = shared;
        this.streaming = plan.streaming();
        this.promptBytes = promptBytes;
        if (wanted) {
            shared.hedges().called();
        }
    }

    /** An attempt begins that may be overlapped; the limit of an earlier one is forgotten. */
    void begin(Attempt attempt) {
        settle();
        if (wanted && !attempt.manner.isRecovery()) {
            OptionalLong usual = shared.latency().p95(attempt.step.target(), streaming, promptBytes);
            if (usual.isPresent()) {
                due = OptionalLong.of(attempt.startedAt + Math.max(SOONEST, usual.getAsLong()));
            }
        }
    }

    /** When the second target is to be asked. */
    OptionalLong due() {
        return due;
    }

    boolean isDue(long now) {
        return due.isPresent() && now - due.getAsLong() >= 0;
    }

    /** The time has come, or there is nothing left to overlap. */
    void settle() {
        due = OptionalLong.empty();
        waitsForRoom = false;
    }

    /** The time has come, but as many as may be are in flight. */
    void waitForRoom() {
        waitsForRoom = true;
    }

    boolean waitsForRoom() {
        return waitsForRoom;
    }

    boolean isAffordable() {
        return shared.hedges().take();
    }
}
