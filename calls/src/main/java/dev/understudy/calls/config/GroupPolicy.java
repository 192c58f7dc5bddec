package dev.understudy.calls.config;

import dev.understudy.engine.Group;
import java.time.Duration;

/**
 * How calls are distributed among the members of a group.
 *
 * @param name for the trail: of the group, or where it is stated if it has none
 * @param strategy how the first member of a call is chosen
 * @param byConversation whether the calls of one conversation prefer one member
 * @param slowStart how long a recovered member takes until it has its whole share again
 */
public record GroupPolicy(String name, Group.Strategy strategy, boolean byConversation, Duration slowStart) {

    /** By weight, call by call: what requests mean that have weights of their own. */
    public static GroupPolicy weighted(String name) {
        return new GroupPolicy(name, Group.Strategy.WEIGHTED, false, Group.USUAL_SLOW_START);
    }

    /** Whether calls of conversations prefer one member unless the configuration says otherwise. */
    static boolean usuallyByConversation(Group.Strategy strategy) {
        return switch (strategy) {
            case WEIGHTED, LEAST_LOADED -> true;
            case LOWEST_LATENCY, ROUND_ROBIN -> false;
        };
    }
}
