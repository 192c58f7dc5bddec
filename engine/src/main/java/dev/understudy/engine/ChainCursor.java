package dev.understudy.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

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
    private List<Step> ahead;
    private int position;
    private final List<Step> skipped = new ArrayList<>();
    private final List<Step> offered = new ArrayList<>(2);
    /** The names of targets that failed for reasons that no other key would change. */
    private Set<String> failed = Set.of();

    private int windowToBeat;

    ChainCursor(List<Step> chain) {
        this.ahead = chain;
    }

    /** The next target that may be tried now; reports each that is skipped on the way, with the reason. */
    Optional<Step> next(HealthRegistry health, long now, BiConsumer<Step, String> onSkipped) {
        while (position < ahead.size()) {
            Step step = ahead.get(position++);
            Availability availability = health.availability(step.target(), now);
            if (failed.contains(step.target().name())) {
                onSkipped.accept(step, "same_target");
            } else if (isTooSmall(step)) {
                onSkipped.accept(step, "context_window");
            } else if (availability.isReady()) {
                offered.add(step);
                return Optional.of(step);
            } else {
                skipped.add(step);
                onSkipped.accept(step, availability.state() == Availability.State.COOLING ? "cooling" : "on_trial");
            }
        }
        return Optional.empty();
    }

    /**
     * The target to try when no other is left: of those that were skipped the one that recovers soonest, each once.
     *
     * @param nothingWasTried whether this is all that the call can do; otherwise targets that asked to be left alone, or
     *     whose key is refused for certain, are left alone
     * @param affordable whether the retry budget has room for one more request to a target; asked only if others were tried
     */
    Optional<Step> lastResort(HealthRegistry health, long now, boolean nothingWasTried, Predicate<Target> affordable) {
        Optional<Step> soonest = Optional.empty();
        long soonestUntil = Long.MAX_VALUE;
        for (Step step : skipped) {
            if (failed.contains(step.target().name())) {
                continue;
            }
            Availability availability = health.availability(step.target(), now);
            long until = availability.state() == Availability.State.COOLING ? availability.until() : now;
            boolean allowed = availability.isReady()
                    || nothingWasTried
                    || (!availability.binding() && affordable.test(step.target()));
            if (allowed && (soonest.isEmpty() || until - soonestUntil < 0)) {
                soonest = Optional.of(step);
                soonestUntil = until;
            }
        }
        soonest.ifPresent(step -> {
            skipped.remove(step);
            offered.add(step);
        });
        return soonest;
    }

    /** Whether another target could be tried right now. */
    boolean anotherIsReady(HealthRegistry health, long now) {
        for (int i = position; i < ahead.size(); i++) {
            if (isOfUse(ahead.get(i))
                    && health.availability(ahead.get(i).target(), now).isReady()) {
                return true;
            }
        }
        return false;
    }

    /** When the first of the targets that are cooling could be tried; empty if there are none ahead. */
    OptionalLong anotherIsReadyAt(HealthRegistry health, long now) {
        OptionalLong soonest = OptionalLong.empty();
        for (int i = position; i < ahead.size(); i++) {
            Availability availability = health.availability(ahead.get(i).target(), now);
            if (isOfUse(ahead.get(i)) && availability.state() == Availability.State.COOLING) {
                long until = availability.until();
                soonest = OptionalLong.of(
                        soonest.isPresent() && soonest.getAsLong() - until <= 0 ? soonest.getAsLong() : until);
            }
        }
        return soonest;
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
