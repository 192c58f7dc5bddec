package dev.understudy.simulator.rules;

import static dev.understudy.simulator.rules.BrokenRule.unless;

import dev.understudy.engine.Availability;
import dev.understudy.engine.Disposition;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Plan;
import dev.understudy.engine.Signal;
import dev.understudy.engine.Step;
import dev.understudy.engine.Target;
import dev.understudy.simulator.rules.CallRules.Started;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whom a call may ask: the rules about faults of the caller, about hammering, and about health. */
final class TargetRules {
    private final Invariants invariants;
    private final Plan plan;
    private final List<Step> steps;
    private final Set<Target> ready = new HashSet<>();
    private final Set<Target> never = new HashSet<>();
    private final Map<Target, FailureKind> last = new HashMap<>();
    private boolean refused;
    /** Targets for a certain failure, or a rule of their own, took the chain's place. */
    private boolean diverted;

    TargetRules(Invariants invariants, Plan plan) {
        this.invariants = invariants;
        this.plan = plan;
        List<Step> all = new ArrayList<>(plan.chain());
        plan.instead().values().forEach(all::addAll);
        this.steps = List.copyOf(all);
    }

    /** Notes who is well before something happens. */
    void look(Signal signal, long now) {
        switch (signal) {
            case Signal.Connected c -> {}
            case Signal.Progress p -> {}
            case Signal.Paused p -> {}
            case Signal.Resumed r -> {}
            default -> {
                ready.clear();
                for (Step step : steps) {
                    if (invariants.availability(step.target(), now).isReady()) {
                        ready.add(step.target());
                    }
                }
            }
        }
    }

    void failed(Started attempt, Failure failure, long now) {
        FailureKind kind = failure.kind();
        Target target = attempt.step().target();
        last.put(target, kind);
        if (kind.disposition().again() == Disposition.Again.NEVER) {
            never.add(target);
        }
        if (!attempt.manner().isRecovery() && CallRules.isLastWord(kind, plan)) {
            refused = true;
        }
        diverted |= switch (kind.disposition().next()) {
            case ONCE_PER_CALL, LARGER_WINDOW -> true;
            case YES, NEVER, REFUSAL, OPT_IN -> plan.instead().containsKey(kind);
        };
        if (failure.retryAfter().isPresent() && kind == FailureKind.RATE_LIMITED) {
            invariants.hinted(target, failure.retryAfter().getAsLong(), now);
        }
    }

    /** An attempt is ended by a limit: a route on which one waits in vain. */
    void late(Started attempt) {
        last.put(attempt.step().target(), FailureKind.TIMEOUT_FIRST_TOKEN);
        never.add(attempt.step().target());
    }

    /** Somebody brings an answer after all, so that the request was none that nobody can answer. */
    void committed() {
        refused = false;
    }

    /** @param promised whether this is what the call was waiting for */
    void started(Step step, boolean promised, List<Started> before, long now) {
        Target target = step.target();
        unless(steps.contains(step), 9, "the request to " + target + " is none of the planned ones");
        unless(!refused, 5, target + " is asked although the request is refused");
        unless(!never.contains(target), 6, target + " is asked again after " + last.get(target));
        long asked = before.stream()
                .filter(other -> other.step().target().equals(target))
                .count();
        unless(asked < 2L + step.retry().attempts(), 6, target + " is hammered: asked " + (asked + 1) + " times");
        unless(
                before.isEmpty() || asked > 0 || !invariants.isLeftAlone(target, now),
                6,
                target + " is asked although it wants to be left alone");
        // A target may have recovered with this very signal, by an error that shows that its provider can be reached.
        boolean isLater = !promised && asked == 0 && !ready.contains(target) && isCooling(target, now);
        unless(
                !isLater || !isAnyoneLeft(before, target, now),
                8,
                target + " is asked, which is passed over, although others could be");
        if (asked > 0 && last.get(target) != FailureKind.CONTINUATION_REFUSED) {
            invariants.retried(target.site());
        }
    }

    private boolean isAnyoneLeft(Collection<Started> asked, Target besides, long now) {
        return !diverted
                && plan.chain().stream()
                        .map(Step::target)
                        .filter(target -> !target.equals(besides) && ready.contains(target) && isReady(target, now))
                        .anyMatch(target -> asked.stream()
                                .noneMatch(other -> other.step().target().equals(target)));
    }

    void givenUp(Collection<Started> asked, long now) {
        for (Step step : plan.chain()) {
            boolean wasAsked =
                    asked.stream().anyMatch(other -> other.step().target().equals(step.target()));
            unless(
                    refused || diverted || wasAsked || !ready.contains(step.target()) || !isReady(step.target(), now),
                    8,
                    "the call gives up and " + step.target() + " was never asked");
        }
    }

    /** What is the caller's fault harms nobody. */
    void unharmed(Signal signal, List<Started> attempts, Deadline deadline, boolean inTime, long now) {
        switch (signal) {
            case Signal.Failed(int attempt, Failure failure) -> {
                if (inTime && failure.kind().disposition().effect() == Disposition.Effect.NONE) {
                    Target target = attempts.get(attempt - 1).step().target();
                    unless(isAsWell(target, now), 5, target + " cools for " + failure.kind());
                }
            }
            case Signal.Due() -> {
                for (Started attempt : attempts) {
                    Target target = attempt.step().target();
                    unless(
                            !isTiny(deadline.silence(), attempt.step()) || isAsWell(target, now),
                            5,
                            target + " cools for a limit that is shorter than its usual ones");
                }
            }
            default -> {}
        }
    }

    /** Being on trial is no harm done: another attempt of the same call may be the trial. */
    private boolean isAsWell(Target target, long now) {
        return !ready.contains(target) || !isCooling(target, now);
    }

    private boolean isReady(Target target, long now) {
        return invariants.availability(target, now).isReady();
    }

    private boolean isCooling(Target target, long now) {
        return invariants.availability(target, now).state() == Availability.State.COOLING;
    }

    private static boolean isTiny(Duration limit, Step step) {
        return limit.compareTo(step.usual().connect()) < 0
                && limit.compareTo(step.usual().firstToken()) < 0
                && limit.compareTo(step.usual().idle()) < 0;
    }
}
