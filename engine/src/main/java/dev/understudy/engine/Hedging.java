package dev.understudy.engine;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Decides when a second target is started beside a late attempt (a hedge), and whether the hedging budget has room for it.
 *
 * <p>The late mark is the time that all but one in twenty of the target's own answers need, where that is known, and a fixed
 * one otherwise ({@link Attempt#lateAt}). The trial of a circuit that is half open is hedged early, so that it costs its
 * caller little.
 *
 * <p>At most two attempts are in flight. In a simulation of three ordinary providers and a deadline of 45 s this leaves one
 * call in six thousand without an answer in time, where waiting for the first leaves one in a hundred and seventy and
 * dividing the time among the three one in four hundred and eighty ({@code understudy simulate --table}).
 */
final class Hedging {
    static final int MOST_IN_FLIGHT = 2;

    /** A fast target that is late once costs little time: less than this is not worth a second request. */
    private static final long SOONEST = TimeUnit.SECONDS.toNanos(2);

    /** Longer than any call lasts, and small enough to be added to a point in time. */
    private static final long NEVER = Long.MAX_VALUE / 4;

    private final Plan plan;
    private final SharedState shared;
    private final long promptBytes;

    Hedging(Plan plan, long promptBytes, SharedState shared) {
        this.plan = plan;
        this.shared = shared;
        this.promptBytes = promptBytes;
        if (isWanted()) {
            shared.hedges().called();
        }
    }

    boolean isWanted() {
        return plan.hedging() && plan.chain().size() > 1;
    }

    /** After which time without content an attempt at this target is later than usual, in nanoseconds. */
    OptionalLong usualTime(Step step, boolean trial) {
        LatencyProfile.Workload workload = new LatencyProfile.Workload(plan.streaming(), step.reasons());
        OptionalLong p95 = shared.latency().p95(step.target(), workload, promptBytes);
        long mark = p95.isPresent()
                ? Math.max(SOONEST, p95.getAsLong())
                : step.timeouts().silence(plan.streaming(), step.reasons()).toNanos();
        if (trial) {
            OptionalLong median = shared.latency().median(step.target(), workload, promptBytes);
            long early = median.isPresent() ? Math.max(SOONEST, 2 * median.getAsLong()) : mark / 2;
            return OptionalLong.of(Math.min(mark, early));
        }
        return p95.isPresent() ? OptionalLong.of(mark) : OptionalLong.empty();
    }

    /**
     * The longest silence that the call's own time leaves room for: half of what is left, so that another target has the
     * other half.
     */
    long spare(CallClock clock, long now) {
        return isWanted() ? Math.min(NEVER, clock.left(now) / 2) : NEVER;
    }

    /** Whether another attempt may run beside those that do. */
    boolean hasRoom(Attempts attempts) {
        return isWanted() && attempts.inFlight() < MOST_IN_FLIGHT;
    }

    /**
     * The target to start beside a late attempt; empty if none can be tried or the budget is spent. An attempt that is hung,
     * or whose target fails for other calls too or is silent for them, is as good as lost: what is started beside it costs no
     * budget.
     *
     * @param replacesFailed whether it replaces an attempt that failed beside the late one
     */
    Optional<Step> targetBeside(Attempt late, boolean replacesFailed, ChainCursor cursor, long now) {
        HealthRegistry health = shared.health();
        boolean hung = late.isHung(now);
        if (cursor.anotherIsReady(now)) {
            boolean costsNothing = replacesFailed
                    || hung
                    || late.trial
                    || (late.isUnusuallySilent() && health.seemsSilent(late.step.target()))
                    || !health.availability(late.step.target(), now).isReady();
            return costsNothing || shared.hedges().take() ? cursor.next(now) : Optional.empty();
        }
        if (!hung) {
            return Optional.empty();
        }
        return cursor.next(now).or(() -> cursor.lastResort(false, now));
    }

    /**
     * Where there is no room, the attempt to give up for another model: the first that is hopeless, if all attempts are late and no
     * explicit limit bounds it.
     */
    Optional<Attempt> hopeless(Attempts attempts, ChainCursor cursor, long now) {
        List<Attempt> running = attempts.running();
        if (!running.stream().allMatch(attempt -> attempt.isLate(now))) {
            return Optional.empty();
        }
        return running.stream()
                .filter(attempt -> attempt.isHopeless(now) && attempt.limitAt().isEmpty())
                .filter(attempt -> cursor.anotherModelIsReady(attempt.step, now))
                .findFirst();
    }

    /**
     * When more can be done about an attempt that is late: when it is hung, when a target recovers, or when it may have turned out that
     * its target is silent for other calls too.
     *
     * @param mayHedge whether another target may be started beside it at all
     */
    OptionalLong nextChance(Attempt late, boolean mayHedge, ChainCursor cursor, long now) {
        long hungAt = late.hungAt();
        OptionalLong hung = now - hungAt < 0 ? OptionalLong.of(hungAt) : OptionalLong.empty();
        if (!mayHedge) {
            return hung;
        }
        return Stream.of(hung, cursor.anotherIsReadyAt(now), late.looksAgainAt(now))
                .flatMapToLong(OptionalLong::stream)
                .reduce((one, other) -> one - other <= 0 ? one : other);
    }
}
