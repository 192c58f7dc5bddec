package dev.understudy.engine;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * One place in a call's chain: a target, and the limits and policies under which this call tries it. Immutable, so that
 * nothing set for one target leaks to the next.
 *
 * @param id the step's index in what the driver planned, by which it finds the request to send
 * @param target which model is tried
 * @param timeouts the late marks and limits of this call
 * @param usual the late marks that the operator set for the target; an attempt that was given less than these and ran out
 *     of time says nothing about the target's health
 * @param retry when this target is tried again
 * @param cooldown when this target is skipped by other calls
 * @param contextWindow the target's context window in tokens, if it is known
 * @param reasons whether the model reasons before it answers this request
 * @param choice the group that the step belongs to in this call; empty for none, and before the call's order is made
 */
public record Step(
        int id,
        Target target,
        Timeouts timeouts,
        Timeouts usual,
        RetryPolicy retry,
        CooldownPolicy cooldown,
        OptionalInt contextWindow,
        boolean reasons,
        Optional<Group.Choice> choice) {

    /** A step with every default. */
    public static Step of(int id, Target target) {
        return new Step(
                id,
                target,
                Timeouts.ofDefaults(),
                Timeouts.ofDefaults(),
                RetryPolicy.ofDefaults(),
                CooldownPolicy.ofDefaults(),
                OptionalInt.empty(),
                false,
                Optional.empty());
    }

    /** The same step for a model that reasons before it answers. */
    public Step reasoning() {
        return toBuilder().reasons(true).build();
    }

    /** The same step, to be changed. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Makes a step from another. */
    public static final class Builder {
        private int id;
        private Target target;
        private Timeouts timeouts;
        private Timeouts usual;
        private RetryPolicy retry;
        private CooldownPolicy cooldown;
        private OptionalInt contextWindow;
        private boolean reasons;
        private Optional<Group.Choice> choice;

        private Builder(Step begin) {
            id = begin.id;
            target = begin.target;
            timeouts = begin.timeouts;
            usual = begin.usual;
            retry = begin.retry;
            cooldown = begin.cooldown;
            contextWindow = begin.contextWindow;
            reasons = begin.reasons;
            choice = begin.choice;
        }

        public Builder id(int index) {
            id = index;
            return this;
        }

        public Builder target(Target model) {
            target = model;
            return this;
        }

        public Builder timeouts(Timeouts limits) {
            timeouts = limits;
            return this;
        }

        public Builder usual(Timeouts limits) {
            usual = limits;
            return this;
        }

        public Builder retry(RetryPolicy policy) {
            retry = policy;
            return this;
        }

        public Builder cooldown(CooldownPolicy policy) {
            cooldown = policy;
            return this;
        }

        public Builder contextWindow(OptionalInt tokens) {
            contextWindow = tokens;
            return this;
        }

        public Builder reasons(boolean before) {
            reasons = before;
            return this;
        }

        Builder choice(Optional<Group.Choice> ofGroup) {
            choice = ofGroup;
            return this;
        }

        public Step build() {
            return new Step(id, target, timeouts, usual, retry, cooldown, contextWindow, reasons, choice);
        }
    }
}
