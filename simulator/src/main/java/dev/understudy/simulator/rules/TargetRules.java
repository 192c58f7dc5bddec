package dev.understudy.simulator.rules;

import static dev.understudy.simulator.rules.BrokenRule.unless;

import dev.understudy.engine.Availability;
import dev.understudy.engine.Concern;
import dev.understudy.engine.Disposition;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.FallbackCall;
import dev.understudy.engine.Plan;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.engine.Signal;
import dev.understudy.engine.Step;
import dev.understudy.engine.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which targets a call may try: the rules about refused requests, about too many tries, and about health. */
final class TargetRules {
    private final Invariants invariants;
    private final Plan plan;
    private final List<Step> steps;
    /** The targets of the call and, where it has the caller's own key, those of the operator. */
    private final Set<Target> bystanders = new HashSet<>();

    private final Map<Target, Availability> before = new HashMap<>();
    private final Set<Target> never = new HashSet<>();
    private final Map<Target, Failure> last = new HashMap<>();
    /** Names of targets that failed for reasons that no other key changes. */
    private final Set<String> failedNames = new HashSet<>();

    /** Targets that were slower than another one, and are tried again if that one breaks. */
    private final Set<Target> losers = new HashSet<>();

    private int refusals;
    private boolean refused;
    /** Targets for a certain failure kind replaced the chain. */
    private boolean diverted;

    TargetRules(Invariants invariants, Plan plan) {
        this.invariants = invariants;
        this.plan = plan;
        List<Step> all = new ArrayList<>(plan.chain());
        plan.instead().values().forEach(all::addAll);
        this.steps = List.copyOf(all);
        for (Step step : steps) {
            bystanders.add(step.target());
            if (step.target().callersKey()) {
                bystanders.add(Target.of(step.target().provider(), step.target().model()));
            }
        }
    }

    /** Records the state of the targets before a signal. */
    void look(Signal signal, int inFlight, long now) {
        boolean changesNothing = switch (signal) {
            case Signal.Connected c -> true;
            case Signal.Alive a -> true;
            case Signal.HeadSent h -> true;
            case Signal.Paused p -> true;
            case Signal.Resumed r -> true;
            case Signal.Progress p -> inFlight < 2;
            default -> false;
        };
        if (!changesNothing) {
            before.clear();
            for (Target target : bystanders) {
                before.put(target, invariants.availability(target, now));
            }
        }
    }

    private boolean wasReady(Target target) {
        return before.getOrDefault(target, COOLING).isReady();
    }

    private static final Availability COOLING =
            new Availability(Availability.State.COOLING, 0, Optional.empty(), false, false);

    void failed(WatchedAttempt attempt, Failure failure, long now) {
        FailureKind kind = failure.kind();
        Target target = attempt.step.target();
        last.put(target, failure);
        Disposition.Retry retry = kind.disposition().retry();
        boolean isForever = retry == Disposition.Retry.NEVER
                || (failure.concern() == Concern.REQUEST && retry != Disposition.Retry.REWRITTEN);
        if (isForever) {
            never.add(target);
        }
        if (!kind.concernsTheKey()) {
            failedNames.add(target.name());
        }
        refusals += kind == FailureKind.BAD_REQUEST ? 1 : 0;
        if (!attempt.kind.isRecovery() && isLastWord(kind)) {
            refused = true;
        }
        diverted |= switch (kind.disposition().next()) {
            case ONCE_PER_CALL, LARGER_WINDOW -> true;
            case YES, NEVER, REFUSAL, OPT_IN -> plan.instead().containsKey(kind);
        };
        if (failure.isTransient()) {
            invariants.failed(target);
        }
        if (kind == FailureKind.FORBIDDEN) {
            invariants.forbidden(target, plan.caller());
        }
        if (failure.retryAfter().isPresent()
                && failure.concern() == Concern.TARGET
                && kind.disposition().effect() == Disposition.Effect.COUNTS) {
            long cap = attempt.step.cooldown().hintCap().toNanos();
            invariants.hinted(target, Math.min(cap, failure.retryAfter().getAsLong()), now);
        }
    }

    private boolean isLastWord(FailureKind kind) {
        boolean ends = switch (kind.disposition().next()) {
            case NEVER, OPT_IN -> true;
            case REFUSAL -> refusals >= FallbackCall.MOST_REFUSALS;
            case YES, ONCE_PER_CALL, LARGER_WINDOW -> false;
        };
        return ends && plan.instead().getOrDefault(kind, List.of()).isEmpty();
    }

    /** An attempt is ended by a limit. */
    void late(WatchedAttempt attempt) {
        Target target = attempt.step.target();
        last.put(target, Failure.of(FailureKind.TIMEOUT_FIRST_TOKEN, "late"));
        never.add(target);
        failedNames.add(target.name());
        invariants.failed(target);
    }

    /** An attempt is cancelled because another one was faster. */
    void lostTheRace(WatchedAttempt attempt) {
        losers.add(attempt.step.target());
        invariants.failed(attempt.step.target());
    }

    /** An attempt returns an answer after all, so the request can be answered. */
    void committed() {
        refused = false;
    }

    /** @param promised whether this is what the call was waiting for */
    void started(Step step, boolean promised, List<WatchedAttempt> earlier, long now) {
        Target target = step.target();
        unless(steps.contains(step), 9, "the request to " + target + " is none of the planned ones");
        unless(!refused, 6, target + " is tried although the request is refused");
        unless(!never.contains(target), 6, target + " is tried again after " + last.get(target));
        long tries = earlier.stream()
                .filter(other -> other.step.target().equals(target))
                .count();
        long offers = losers.contains(target) ? 2 : 1;
        boolean onceMore = tries <= offers * (1L + step.retry().attempts());
        unless(onceMore || isWithoutCapacity(step), 6, target + " is tried too often: " + (tries + 1) + " times");
        unless(
                earlier.isEmpty() || tries > 0 || !invariants.isHintRunning(target, now),
                6,
                target + " is tried although its own hint says to wait");
        if (tries == 0 && !promised && !wasReady(target)) {
            triedLater(target, earlier, now);
        }
        Optional<Failure> failure = Optional.ofNullable(last.get(target));
        boolean isHinted = failure.isPresent() && failure.get().retryAfter().isPresent();
        boolean isRewritten = failure.isPresent() && failure.get().kind() == FailureKind.CONTINUATION_REFUSED;
        if (failure.isPresent() && !isHinted && !isRewritten) {
            invariants.retried(target);
        }
    }

    /** With no other target left, one that has no capacity is retried for as long as there is time. */
    private boolean isWithoutCapacity(Step step) {
        Failure failure = last.get(step.target());
        if (failure == null || !step.retry().persistent()) {
            return false;
        }
        return switch (failure.kind()) {
            case OVERLOADED, NOT_READY, RATE_LIMITED -> true;
            case SERVER_ERROR -> failure.status() == 503 || failure.status() == 529;
            default -> false;
        };
    }

    /** A target that is cooling is a last resort: others come first, and of those that cool the soonest. */
    private void triedLater(Target target, List<WatchedAttempt> earlier, long now) {
        // A target may have recovered with this very signal, by an error that shows that its provider can be reached.
        Availability was = before.getOrDefault(target, COOLING);
        boolean isCooling = was.state() == Availability.State.COOLING && isCooling(target, now);
        if (!isCooling || diverted) {
            return;
        }
        unless(
                !isAnyoneLeft(earlier, target, now),
                8,
                target + " is tried, whose circuit is open, although others could be");
        for (Step step : plan.chain()) {
            Target other = step.target();
            Availability then = before.getOrDefault(other, COOLING);
            boolean sooner = then.state() == Availability.State.COOLING
                    && then.equals(invariants.availability(other, now))
                    && then.until() < was.until();
            boolean mayBe = earlier.isEmpty() || !then.binding();
            unless(
                    !sooner || !mayBe || isOver(other, earlier) || invariants.retriesMayBeSpent(other),
                    8,
                    target + " is tried although " + other + " recovers sooner");
        }
    }

    /** Whether a target was tried, or failed under another key. */
    private boolean isOver(Target target, Collection<WatchedAttempt> earlier) {
        return failedNames.contains(target.name())
                || earlier.stream().anyMatch(other -> other.step.target().equals(target));
    }

    /** Whether a target is ready that was not tried. */
    private boolean isAnyoneLeft(Collection<WatchedAttempt> earlier, Target besides, long now) {
        return !diverted
                && plan.chain().stream()
                        .map(Step::target)
                        .anyMatch(
                                target -> !target.equals(besides) && isReady(target, now) && wasLeft(target, earlier));
    }

    /**
     * Whether there was a target, before this happened, that is ready and was not tried; or the request is refused, so that
     * the refusal is returned instead of waiting for a hung attempt.
     */
    boolean wasAnyTargetLeft(Collection<WatchedAttempt> earlier) {
        return diverted
                || refused
                || plan.chain().stream()
                        .map(Step::target)
                        .anyMatch(target -> wasLeft(target, earlier) || (losers.contains(target) && wasReady(target)));
    }

    /** Whether the target failed in this call, so that an attempt there replaces the one that failed. */
    boolean hasFailed(Target target) {
        return last.containsKey(target);
    }

    private boolean wasLeft(Target target, Collection<WatchedAttempt> earlier) {
        return wasReady(target) && !isOver(target, earlier);
    }

    /** The call ends without an answer though there was time: every target was tried that could be. */
    void givenUp(List<WatchedAttempt> earlier, CallTime time, long now) {
        if (refused || diverted) {
            return;
        }
        for (Step step : plan.chain()) {
            Target target = step.target();
            boolean mayBe = earlier.isEmpty()
                    || (!invariants.availability(target, now).binding() && !invariants.retriesMayBeSpent(target));
            unless(isOver(target, earlier) || !mayBe, 8, "the call gives up and " + target + " was never tried");
        }
        // A last resort is tried once.
        if (earlier.size() == 1 && !earlier.getFirst().trial) {
            retryIsNotDenied(earlier.getFirst().step, time, now);
        }
    }

    /** Only transient failures spend the retry budget. */
    private void retryIsNotDenied(Step step, CallTime time, long now) {
        Target target = step.target();
        RetryPolicy policy = step.retry();
        Failure failure = last.get(target);
        boolean isToBeRetried = failure != null
                && failure.kind() == FailureKind.SERVER_ERROR
                && failure.concern() == Concern.TARGET
                && failure.retryAfter().isEmpty()
                && policy.attempts() > 0
                && time.hasTimeIn(policy.base().toNanos(), now);
        unless(
                !isToBeRetried || invariants.retriesMayBeSpent(target),
                7,
                target + " is not retried although few transient failures have spent the budget");
    }

    /** A circuit opens for what concerns its target, and not for what concerns one caller's request. */
    void unharmed(Signal signal, List<WatchedAttempt> cancelled, long now) {
        boolean changesHealth = signal instanceof Signal.Failed || !cancelled.isEmpty();
        if (!changesHealth) {
            return;
        }
        for (Target target : bystanders) {
            if (wasReady(target) && isCooling(target, now)) {
                boolean wasLate = cancelled.stream()
                        .anyMatch(attempt -> concerns(attempt.step.target(), target)
                                && (attempt.hadItsUsualTime(now)
                                        || invariants.seemsSilent(attempt.step.target(), now)));
                unless(
                        wasLate || (signal instanceof Signal.Failed failed && isToBlame(failed.failure(), target)),
                        5,
                        target + " cools for what concerns one caller's request: " + Transcript.of(signal));
            }
        }
    }

    private boolean isToBlame(Failure failure, Target target) {
        return switch (failure.kind().disposition().effect()) {
            case NONE, QUALITY -> false;
            case COUNTS_ACROSS_CALLERS -> invariants.isForbiddenToSeveral(target);
            case COUNTS, COOLS, COOLS_LONG ->
                failure.concern() != Concern.REQUEST
                        && last.entrySet().stream()
                                .anyMatch(
                                        entry -> entry.getValue().equals(failure) && concerns(entry.getKey(), target));
        };
    }

    /** What happens at one target may concern others of its provider; with a caller's own key, none without it. */
    private static boolean concerns(Target tried, Target other) {
        return tried.site().equals(other.site()) && tried.callersKey() == other.callersKey();
    }

    private boolean isReady(Target target, long now) {
        return invariants.availability(target, now).isReady();
    }

    private boolean isCooling(Target target, long now) {
        return invariants.availability(target, now).state() == Availability.State.COOLING;
    }
}
