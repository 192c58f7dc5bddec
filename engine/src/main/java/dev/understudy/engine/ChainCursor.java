package dev.understudy.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The way of one call along its chain: who is next, who was passed over, and who is left as the last resort.
 *
 * <p>A target may be there several times, each with another key. The other keys are of use where one was refused or used
 * up, and of none where the model itself has failed.
 *
 * <p>A target is offered once with each key. What is cooling is passed over but remembered: when nobody else is left, the one that
 * recovers soonest is offered after all, because a chain that is cooling as a whole must still answer.
 */
final class ChainCursor {
    private List<Step> ahead;
    private int cursor;
    private final List<Step> passedOver = new ArrayList<>();
    private final List<Step> offered = new ArrayList<>(2);
    /** The names of targets that failed for reasons that no other key would change. */
    private Set<String> failed = Set.of();
    /** A target was tried though it was cooling, or would have been. */
    private boolean triedOne;

    private int windowToBeat;

    ChainCursor(List<Step> chain) {
        this.ahead = chain;
    }

    /** The next target that may be asked now; reports each that is passed over on the way, with the reason. */
    Optional<Step> next(HealthRegistry health, long now, BiConsumer<Step, String> onPassedOver) {
        while (cursor < ahead.size()) {
            Step step = ahead.get(cursor++);
            Availability availability = health.availability(step.target(), now);
            if (failed.contains(step.target().name())) {
                onPassedOver.accept(step, "same_target");
            } else if (isTooSmall(step)) {
                onPassedOver.accept(step, "context_window");
            } else if (availability.isReady()) {
                offered.add(step);
                return Optional.of(step);
            } else {
                passedOver.add(step);
                onPassedOver.accept(step, availability.state() == Availability.State.COOLING ? "cooling" : "on_trial");
            }
        }
        return Optional.empty();
    }

    /**
     * The target to try when no other is left: of those that are cooling the one that recovers soonest. After that only
     * what has recovered in the meantime is offered, so that a chain which is cooling as a whole is not gone through.
     *
     * @param nobodyWasAsked whether this is all that the call can do; otherwise targets that asked to be left alone, or
     *     whose key is refused, are left alone
     */
    Optional<Step> lastResort(HealthRegistry health, long now, boolean nobodyWasAsked) {
        Optional<Step> soonest = Optional.empty();
        long soonestUntil = Long.MAX_VALUE;
        for (Step step : passedOver) {
            if (failed.contains(step.target().name())) {
                continue;
            }
            Availability availability = health.availability(step.target(), now);
            long until = availability.isReady() ? now : availability.until();
            boolean isAllowed = availability.isReady() || (!triedOne && (nobodyWasAsked || !availability.binding()));
            if (isAllowed && (soonest.isEmpty() || until - soonestUntil < 0)) {
                soonest = Optional.of(step);
                soonestUntil = until;
            }
        }
        soonest.ifPresent(step -> {
            triedOne = true;
            passedOver.remove(step);
            offered.add(step);
        });
        return soonest;
    }

    /** Whether somebody else could be asked right now. */
    boolean anotherStandsBy(HealthRegistry health, long now) {
        for (int i = cursor; i < ahead.size(); i++) {
            Step step = ahead.get(i);
            if (!isTooSmall(step)
                    && !failed.contains(step.target().name())
                    && health.availability(step.target(), now).isReady()) {
                return true;
            }
        }
        return false;
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

    /** Goes on along another chain, without those of it that were offered: they may be what failed. */
    void switchTo(List<Step> other) {
        ahead = other.stream().filter(step -> !offered.contains(step)).toList();
        cursor = 0;
        passedOver.clear();
    }

    private boolean isTooSmall(Step step) {
        return windowToBeat > 0
                && step.contextWindow().isPresent()
                && step.contextWindow().getAsInt() <= windowToBeat;
    }
}
