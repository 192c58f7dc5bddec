package dev.understudy.engine;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One step of a chain among whose members calls are distributed (load balancing). Each call tries the members in an order of its
 * own: one that fails is followed by the others, and the last of them by the chain's next step. {@link GroupOrder} makes the order.
 *
 * @param name for the trail
 * @param strategy how the first member is chosen
 * @param byConversation whether the calls of one conversation prefer one member, so that the provider's prompt cache has the
 *     beginning of their prompts
 * @param slowStart how long after its circuit closed a member takes until it has its whole share again; zero for at once
 * @param members at least one, in the order of the configuration
 */
public record Group(String name, Strategy strategy, boolean byConversation, Duration slowStart, List<Member> members) {
    /** How long a recovered member takes until it has its whole share, if nothing else is set. */
    public static final Duration USUAL_SLOW_START = Duration.ofSeconds(60);

    public Group {
        members = List.copyOf(members);
        if (members.isEmpty()) {
            throw new IllegalArgumentException("a group needs at least one member");
        }
        if (slowStart.isNegative()) {
            throw new IllegalArgumentException("slowStart is negative: " + slowStart);
        }
        Set<Integer> steps = new HashSet<>();
        for (Member member : members) {
            for (int step : member.steps()) {
                if (!steps.add(step)) {
                    throw new IllegalArgumentException("step " + step + " is twice in the group " + name);
                }
            }
        }
    }

    /** How the first member of a call is chosen. */
    public enum Strategy {
        /** At random, in proportion to the members' weights. */
        WEIGHTED,
        /** The member with the fewest attempts in flight, in proportion to its weight. */
        LEAST_LOADED,
        /** The member that brought its last answers soonest; now and then another one, so that a recovered member is noticed. */
        LOWEST_LATENCY,
        /** Each in turn. */
        ROUND_ROBIN;

        /** The name in configurations, trails and logs. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * One member.
     *
     * @param steps the ids of its steps, in the order in which they are tried; several where a target has several keys
     * @param weight its share relative to the other members' weights; 0 for a member that is tried only after all others
     */
    public record Member(List<Integer> steps, double weight) {
        public Member {
            steps = List.copyOf(steps);
            if (steps.isEmpty()) {
                throw new IllegalArgumentException("a member needs at least one step");
            }
            if (!(weight >= 0) || Double.isInfinite(weight)) {
                throw new IllegalArgumentException("a weight is 0 or more, not " + weight);
            }
        }
    }

    /**
     * To which group a step of a call belongs.
     *
     * @param group the group's name
     * @param reason why the step's member is the first of the group in this call: the strategy's name, {@code conversation}, or
     *     {@code exploration}; empty for the other members
     */
    public record Choice(String group, String reason) {}
}
