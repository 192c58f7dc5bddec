package dev.understudy.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where one call is on its chain: which target is next, which were skipped, and which are left as last resorts.
 *
 * <p>A target may be there several times, each with another key. The other keys are of use where one was refused or used
 * up, and of none where the model itself has failed.
 *
 * <p>A target is offered once with each key. An open circuit changes the order of a chain and does not empty it: what is
 * cooling is skipped but remembered, and offered when no other target is left.
 */
final class ChainCursor {
    private final SharedState shared;
    private final Trail trail;
    private List<Step> ahead;
    private int position;
    private final List<Step> skipped = new ArrayList<>();
    private final List<Step> offered = new ArrayList<>(2);
    /** Those of them that were offered again because they had only been slower. */
    private final List<Step> losers = new ArrayList<>(1);
    /** The names of targets that failed for reasons that no other key would change. */
    private Set<String> failed = Set.of();

    private int windowToBeat;

    /** @param trail receives the targets that are skipped on the way */
    ChainCursor(List<Step> chain, SharedState shared, Trail trail) {
        this.ahead = chain;
        this.shared = shared;
        this.trail = trail;
    }

    /**
     * The next target that may be tried now, or else one that was skipped and has recovered since. The call begins an attempt
     * there at once: if the target's circuit is half open, the trial is claimed.
     */
    Optional<Step> next(long now) {
        while (position < ahead.size()) {
            Step step = ahead.get(position++);
            if (failed.contains(step.target().name())) {
                trail.skipped(step, "same_target");
            } else if (isTooSmall(step)) {
                trail.skipped(step, "context_window");
            } else {
                Availability availability = shared.health().claim(step.target(), now);
                if (availability.isReady()) {
                    offered.add(step);
                    return Optional.of(step);
                }
                skipped.add(step);
                trail.skipped(step, availability.state() == Availability.State.COOLING ? "cooling" : "on_trial");
            }
        }
        for (Step step : left().toList()) {
            if (shared.health().claim(step.target(), now).isReady()) {
                offerSkipped(step);
                return Optional.of(step);
            }
        }
        return Optional.empty();
    }

    /**
     * The target to try when no other is left: of those that were skipped the one that recovers soonest, each once.
     *
     * @param nothingWasTried whether this is all that the call can do; otherwise it is none of the targets whose provider
     *     named a time to wait for, whose key is certainly refused, or for which the retry budget has no room
     */
    Optional<Step> lastResort(boolean nothingWasTried, long now) {
        Optional<Step> soonest = Optional.empty();
        long soonestUntil = Long.MAX_VALUE;
        for (Step step : skipped) {
            Availability availability = availability(step, now);
            long until = availability.state() == Availability.State.COOLING ? availability.until() : now;
            boolean allowed = nothingWasTried
                    || (!availability.binding() && shared.retries().allows(step.target()));
            if (isOfUse(step) && allowed && (soonest.isEmpty() || until - soonestUntil < 0)) {
                soonest = Optional.of(step);
                soonestUntil = until;
            }
        }
        soonest.ifPresent(this::offerSkipped);
        return soonest;
    }

    /**
     * An attempt there was slower than another one, and was cancelled for it. If that one breaks, and no other target is left,
     * it is offered again, once.
     */
    void lostTheRace(Step step) {
        if (!losers.contains(step)) {
            losers.add(step);
            skipped.add(step);
        }
    }

    private void offerSkipped(Step step) {
        skipped.remove(step);
        offered.add(step);
    }

    /** Whether another target could be tried right now. */
    boolean anotherIsReady(long now) {
        return left().anyMatch(step -> availability(step, now).isReady());
    }

    /** Whether another model could be tried right now in place of this one; another key for it would not help. */
    boolean anotherModelIsReady(Step hung, long now) {
        String name = hung.target().name();
        return left().anyMatch(step ->
                !step.target().name().equals(name) && availability(step, now).isReady());
    }

    /** When the first of the targets that are cooling could be tried; empty if none of those that are left is cooling. */
    OptionalLong anotherIsReadyAt(long now) {
        return left().map(step -> availability(step, now))
                .filter(availability -> availability.state() == Availability.State.COOLING)
                .mapToLong(Availability::until)
                .reduce((one, other) -> one - other <= 0 ? one : other);
    }

    /** The targets that may still be of use: those that were skipped, and those ahead. */
    private Stream<Step> left() {
        return Stream.concat(skipped.stream(), ahead.subList(position, ahead.size()).stream())
                .filter(this::isOfUse);
    }

    private Availability availability(Step step, long now) {
        return shared.health().availability(step.target(), now);
    }

    private boolean isOfUse(Step step) {
        return !isTooSmall(step) && !failed.contains(step.target().name());
    }

    /** An attempt there failed. */
    void failed(Step step, FailureKind kind) {
        if (!kind.concernsTheKey()) {
            if (failed.isEmpty()) {
                failed = new HashSet<>(2);
            }
            failed.add(step.target().name());
        }
    }

    /** From here on only targets with a larger context window than this one's are of use, as far as they are known. */
    void needLargerWindowThan(Step step) {
        windowToBeat = Math.max(windowToBeat, step.contextWindow().orElse(0));
    }

    /** Continues along another chain, without those of it that were offered: they may be what failed. */
    void switchTo(List<Step> other) {
        ahead = other.stream().filter(step -> !offered.contains(step)).toList();
        position = 0;
        skipped.clear();
    }

    private boolean isTooSmall(Step step) {
        return windowToBeat > 0
                && step.contextWindow().isPresent()
                && step.contextWindow().getAsInt() <= windowToBeat;
    }
}
