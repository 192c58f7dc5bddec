package dev.understudy.engine;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * What a call does. Immutable; made by {@link #of}.
 *
 * @param chain the targets in the order in which they are tried; never empty
 * @param instead targets that take the rest of the chain's place after a failure of a certain kind (a fallback for
 *     prompts that are too long, say)
 * @param deadline the time in which attempts may start, where it is set; it then also ends attempts that have
 *     brought no content. Empty for the default ({@link CallClock})
 * @param patience how long the caller's client waits, if it said so
 * @param streaming whether the answer is streamed
 * @param commit when bytes of a stream may reach the caller
 * @param recovery what happens to a stream that breaks after that
 * @param hedging whether a second target may be started beside a late attempt
 * @param fallbackOn which failures continue the chain, beside those that always do
 * @param caller an opaque identifier that distinguishes callers; empty if unknown
 * @param groups the steps among which calls are distributed; the steps of a group follow one another in the chain, or in one of the
 *     lists of {@code instead}
 * @param conversation a number that the calls of one conversation share; empty if unknown
 */
public record Plan(
        List<Step> chain,
        Map<FailureKind, List<Step>> instead,
        Optional<Duration> deadline,
        Optional<Duration> patience,
        boolean streaming,
        CommitPoint commit,
        Recovery recovery,
        boolean hedging,
        FallbackOn fallbackOn,
        String caller,
        List<Group> groups,
        OptionalLong conversation) {
    public Plan {
        chain = List.copyOf(chain);
        instead = Map.copyOf(instead);
        groups = List.copyOf(groups);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a plan needs at least one target");
        }
    }

    /** A plan with every default, to be changed. */
    public static Builder of(List<Step> chain) {
        return new Builder(chain);
    }

    /**
     * The plan of one call: the members of each group are in the order in which this call tries them, and there are no groups any more.
     *
     * @param promptBytes the size of the prompt, by which the usual times of targets are known
     * @param shared what calls know together
     * @param random a seeded one makes the order repeatable
     * @param now the time of the call's arrival
     */
    public Plan ordered(long promptBytes, SharedState shared, RandomGenerator random, long now) {
        return groups.isEmpty() ? this : GroupOrder.of(this, promptBytes, shared, random, now);
    }

    /** The same plan, to be changed. */
    public Builder toBuilder() {
        Builder builder = new Builder(chain);
        builder.instead = instead;
        builder.deadline = deadline;
        builder.patience = patience;
        builder.streaming = streaming;
        builder.commit = commit;
        builder.recovery = recovery;
        builder.hedging = hedging;
        builder.fallbackOn = fallbackOn;
        builder.caller = caller;
        builder.groups = groups;
        builder.conversation = conversation;
        return builder;
    }

    /** Makes a plan piece by piece. */
    public static final class Builder {
        private List<Step> chain;
        private Map<FailureKind, List<Step>> instead = Map.of();
        private Optional<Duration> deadline = Optional.empty();
        private Optional<Duration> patience = Optional.empty();
        private boolean streaming;
        private CommitPoint commit = CommitPoint.FIRST_CONTENT;
        private Recovery recovery = Recovery.CONTINUE;
        private boolean hedging = true;
        private FallbackOn fallbackOn = FallbackOn.DEFAULT;
        private String caller = "";
        private List<Group> groups = List.of();
        private OptionalLong conversation = OptionalLong.empty();

        private Builder(List<Step> chain) {
            this.chain = chain;
        }

        /** The same plan with its steps in another order. */
        Builder chain(List<Step> steps) {
            chain = steps;
            return this;
        }

        public Builder instead(Map<FailureKind, List<Step>> targets) {
            instead = targets;
            return this;
        }

        public Builder deadline(Optional<Duration> time) {
            deadline = time;
            return this;
        }

        public Builder patience(Optional<Duration> time) {
            patience = time;
            return this;
        }

        public Builder streaming(boolean streamed) {
            streaming = streamed;
            return this;
        }

        public Builder commit(CommitPoint point) {
            commit = point;
            return this;
        }

        public Builder recovery(Recovery how) {
            recovery = how;
            return this;
        }

        public Builder hedging(boolean allowed) {
            hedging = allowed;
            return this;
        }

        public Builder fallbackOn(FallbackOn failures) {
            fallbackOn = failures;
            return this;
        }

        public Builder caller(String name) {
            caller = name;
            return this;
        }

        public Builder groups(List<Group> balanced) {
            groups = balanced;
            return this;
        }

        public Builder conversation(OptionalLong number) {
            conversation = number;
            return this;
        }

        public Plan build() {
            return new Plan(
                    chain,
                    instead,
                    deadline,
                    patience,
                    streaming,
                    commit,
                    recovery,
                    hedging,
                    fallbackOn,
                    caller,
                    groups,
                    conversation);
        }
    }
}
