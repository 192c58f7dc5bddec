package dev.understudy.client;

import dev.understudy.client.http.Arguments;
import dev.understudy.engine.Group;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Targets among which calls are distributed, in the place of one target of a chain. A member that fails is followed by the other
 * members, and the last of them by the chain's next target. Immutable.
 *
 * <pre>{@code
 * Understudy.builder()
 *         .group("pool", TargetGroup.weighted().member("openai/gpt-5.1", 3).member("azure/gpt-5.1", 1))
 *         .model("assistant", "pool", "anthropic/claude-sonnet-4-5")
 * }</pre>
 */
public final class TargetGroup {
    private final Map<String, Object> settings;
    private final List<Map<String, Object>> members;

    private TargetGroup(Map<String, Object> settings, List<Map<String, Object>> members) {
        this.settings = settings;
        this.members = members;
    }

    /** At random, in proportion to the members' weights. */
    public static TargetGroup weighted() {
        return of(Group.Strategy.WEIGHTED);
    }

    /** The member with the fewest attempts in flight, in proportion to its weight. */
    public static TargetGroup leastLoaded() {
        return of(Group.Strategy.LEAST_LOADED);
    }

    /** The member that answered soonest of late; one call in twenty begins with another one. */
    public static TargetGroup lowestLatency() {
        return of(Group.Strategy.LOWEST_LATENCY);
    }

    /** Each in turn. */
    public static TargetGroup roundRobin() {
        return of(Group.Strategy.ROUND_ROBIN);
    }

    private static TargetGroup of(Group.Strategy strategy) {
        return new TargetGroup(Map.of("strategy", strategy.wireName()), List.of());
    }

    /** The same group with one more member. */
    public TargetGroup member(String target) {
        return with(Map.of("target", Arguments.notBlank(target, "target")));
    }

    /**
     * The same group with one more member.
     *
     * @param weight its share relative to the other members' weights; for {@link #weighted} and {@link #leastLoaded}
     */
    public TargetGroup member(String target, double weight) {
        return with(Map.of("target", Arguments.notBlank(target, "target"), "weight", weight));
    }

    /** The same group with a member for each key of the target's provider. */
    public TargetGroup eachKeyOf(String target) {
        return with(Map.of("target", Arguments.notBlank(target, "target"), "key", "each"));
    }

    private TargetGroup with(Map<String, Object> member) {
        List<Map<String, Object>> more = new ArrayList<>(members);
        more.add(member);
        return new TargetGroup(settings, more);
    }

    /**
     * The same group, in which the calls of one conversation prefer one member, so that the provider's prompt cache has the beginning
     * of their prompts. By default {@link #weighted} and {@link #leastLoaded} do so.
     */
    public TargetGroup byConversation(boolean same) {
        return with("affinity", same ? "conversation" : "none");
    }

    /** The same group, in which a recovered member takes this long until it has its whole share; 60 s by default, zero for at once. */
    public TargetGroup slowStart(Duration time) {
        if (Arguments.notNull(time, "slowStart").isNegative()) {
            throw new IllegalArgumentException("slowStart is negative: " + time);
        }
        return with("slow-start", time.toMillis() + "ms");
    }

    private TargetGroup with(String key, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(settings);
        more.put(key, value);
        return new TargetGroup(more, members);
    }

    /** The keys of the configuration file. */
    Map<String, Object> asSettings() {
        Map<String, Object> all = new LinkedHashMap<>(settings);
        all.put("members", members);
        return all;
    }
}
