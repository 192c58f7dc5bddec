package dev.understudy.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The order in which one call tries the members of a group.
 *
 * <p>Open circuits play no part in it: {@link ChainCursor} skips what is cooling, so the members after it take over its calls in
 * proportion to their own shares, and a half-open circuit is tried by the first call that prefers its member.
 *
 * <p>The weighted strategy is a race: each member draws a number u between 0 and 1 and arrives at {@code -ln(u) / weight}. The order
 * of arrival is a weighted draw without replacement. For a call of a conversation the numbers are not drawn, but are hashes of
 * conversation and member (weighted rendezvous hashing): every replica computes the same order, a member that fails moves only its own
 * conversations, to different members, and each returns when the member has recovered. With the least loaded strategy a member
 * whose load exceeds {@value #BOUND} of its share takes no further conversations until it is lower (consistent hashing
 * with bounded loads).
 *
 * <p>Slow start is one rule for all strategies: while a recovered member warms up, a growing part of the calls that would begin with it do,
 * and the others try it after the other members. Which part is decided by a hash for conversations, so that each returns once.
 *
 * @see <a href="https://www.ietf.org/archive/id/draft-ietf-bess-weighted-hrw-00.html">Weighted rendezvous hashing</a>
 * @see <a href="https://arxiv.org/abs/1608.01350">Consistent hashing with bounded loads</a>
 */
final class GroupOrder {
    /** How far the load of a member may exceed its share before conversations move. The value of HAProxy's and Envoy's examples. */
    private static final double BOUND = 1.25;

    /** The part of its share with which a recovered member begins. */
    private static final double LEAST_SHARE = 0.1;

    /** Times that differ by less do not decide: a chance difference would send all calls to one member. */
    private static final double ABOUT_AS_FAST = 1.1;

    /** Conversations leave a member that is this much slower than the fastest: the prompt cache is worth some time. */
    private static final double TOO_SLOW = 2;

    /** One call in so many begins with a member that is not among the fastest. */
    private static final int EXPLORATION = 20;

    private static final String CONVERSATION = "conversation";
    private static final String EXPLORED = "exploration";

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final long SALT_OF_SLOW_START = 0x5DEECE66DL;

    private final Plan plan;
    private final long promptBytes;
    private final SharedState shared;
    private final RandomGenerator random;
    private final long now;

    private GroupOrder(Plan plan, long promptBytes, SharedState shared, RandomGenerator random, long now) {
        this.plan = plan;
        this.promptBytes = promptBytes;
        this.shared = shared;
        this.random = random;
        this.now = now;
    }

    /** See {@link Plan#ordered}. */
    static Plan of(Plan plan, long promptBytes, SharedState shared, RandomGenerator random, long now) {
        GroupOrder order = new GroupOrder(plan, promptBytes, shared, random, now);
        Map<FailureKind, List<Step>> instead = new HashMap<>();
        plan.instead().forEach((kind, steps) -> instead.put(kind, order.ordered(steps)));
        return plan.toBuilder()
                .chain(order.ordered(plan.chain()))
                .instead(instead)
                .groups(List.of())
                .build();
    }

    private List<Step> ordered(List<Step> steps) {
        Map<Integer, Step> byId = new HashMap<>();
        steps.forEach(step -> byId.put(step.id(), step));
        Map<Integer, Group> groups = new HashMap<>();
        for (Group group : plan.groups()) {
            group.members().forEach(member -> member.steps().forEach(id -> groups.put(id, group)));
        }
        Set<Group> done = new HashSet<>();
        List<Step> ordered = new ArrayList<>(steps.size());
        for (Step step : steps) {
            Group group = groups.get(step.id());
            if (group == null) {
                ordered.add(step);
            } else if (done.add(group)) {
                add(group, byId, ordered);
            }
        }
        return ordered;
    }

    private void add(Group group, Map<Integer, Step> byId, List<Step> to) {
        List<Candidate> candidates = new ArrayList<>(group.members().size());
        for (Group.Member member : group.members()) {
            List<Step> steps = new ArrayList<>(member.steps().size());
            for (int id : member.steps()) {
                Step step = byId.get(id);
                if (step != null) {
                    steps.add(step);
                }
            }
            if (!steps.isEmpty()) {
                candidates.add(candidate(group, member, steps));
            }
        }
        String reason = order(group, candidates);
        for (Candidate candidate : candidates) {
            for (Step step : candidate.steps) {
                to.add(step.toBuilder()
                        .choice(Optional.of(new Group.Choice(group.name(), reason)))
                        .build());
            }
            reason = "";
        }
    }

    /** A member with what decides about its place. */
    private static final class Candidate {
        private final List<Step> steps;
        private final double weight;
        /** When it arrives in the race: the lower, the earlier. */
        private final double arrival;
        /** Whether it has recovered so lately that this call does not begin with it. */
        private final boolean warmsUp;

        private int inFlight;
        /** Nanoseconds; 0 if it is not known. */
        private long time;

        Candidate(List<Step> steps, double weight, double arrival, boolean warmsUp) {
            this.steps = steps;
            this.weight = weight;
            this.arrival = arrival;
            this.warmsUp = warmsUp;
        }

        Step first() {
            return steps.getFirst();
        }

        /** Attempts in flight with one more, relative to its weight. */
        double load() {
            return (inFlight + 1) / weight;
        }
    }

    private Candidate candidate(Group group, Group.Member member, List<Step> steps) {
        Target target = steps.getFirst().target();
        boolean sticks = sticks(group);
        double drawn = sticks ? hashed(target, 0) : random.nextDouble();
        double share = shareOfRecovered(group, target);
        boolean warmsUp = share < 1 && (sticks ? hashed(target, SALT_OF_SLOW_START) : random.nextDouble()) >= share;
        return new Candidate(
                steps, member.weight(), -Math.log(Math.max(drawn, Double.MIN_NORMAL)) / member.weight(), warmsUp);
    }

    private boolean sticks(Group group) {
        return group.byConversation()
                && plan.conversation().isPresent()
                && group.strategy() != Group.Strategy.ROUND_ROBIN;
    }

    /** Grows to 1 from when the target's circuit closed. */
    private double shareOfRecovered(Group group, Target target) {
        OptionalLong since = shared.health().recoveredFor(target, now);
        long whole = group.slowStart().toNanos();
        return since.isEmpty() || since.getAsLong() >= whole
                ? 1
                : Math.max(LEAST_SHARE, (double) since.getAsLong() / whole);
    }

    /**
     * Sorts the members, which are in the order of the configuration.
     *
     * @return why the first is the first
     */
    private String order(Group group, List<Candidate> members) {
        boolean sticks = sticks(group);
        if (group.strategy() != Group.Strategy.ROUND_ROBIN) {
            members.sort(Comparator.comparingDouble(member -> member.arrival));
        }
        String reason = switch (group.strategy()) {
            case WEIGHTED -> strategyOr(group, sticks);
            case LEAST_LOADED -> leastLoaded(group, members, sticks);
            case LOWEST_LATENCY -> lowestLatency(group, members, sticks);
            case ROUND_ROBIN -> inTurn(group, members);
        };
        Candidate preferred = members.getFirst();
        // Stable: those that warm up follow in the same order.
        members.sort(Comparator.comparing(member -> member.warmsUp));
        return members.getFirst() == preferred ? reason : group.strategy().wireName();
    }

    private static String strategyOr(Group group, boolean sticks) {
        return sticks ? CONVERSATION : group.strategy().wireName();
    }

    private String leastLoaded(Group group, List<Candidate> members, boolean sticks) {
        int all = 1;
        double weights = 0;
        for (Candidate member : members) {
            member.inFlight = shared.load().inFlight(member.first().target());
            all += member.inFlight;
            weights += member.weight;
        }
        Comparator<Candidate> byLoad = Comparator.comparingDouble(Candidate::load);
        if (!sticks) {
            members.sort(byLoad);
            return group.strategy().wireName();
        }
        Candidate own = members.getFirst();
        double each = weights > 0 ? BOUND * all / weights : 0;
        List<Candidate> overloaded = members.stream()
                .filter(member -> member.inFlight + 1 > Math.ceil(each * member.weight))
                .sorted(byLoad)
                .toList();
        members.removeAll(overloaded);
        members.addAll(overloaded);
        return strategyOr(group, members.getFirst() == own);
    }

    private String lowestLatency(Group group, List<Candidate> members, boolean sticks) {
        long fastest = Long.MAX_VALUE;
        for (Candidate member : members) {
            Step step = member.first();
            member.time = shared.latency()
                    .recent(step.target(), new LatencyProfile.Workload(plan.streaming(), step.reasons()), promptBytes)
                    .orElse(0);
            if (member.time > 0) {
                fastest = Math.min(fastest, member.time);
            }
        }
        double limit = (sticks ? TOO_SLOW : ABOUT_AS_FAST) * fastest;
        Candidate own = members.getFirst();
        // A member whose times are not known yet counts as fast, so that it gets calls and its times become known.
        List<Candidate> slow = members.stream()
                .filter(member -> member.time > limit)
                .sorted(Comparator.comparingLong(member -> member.time))
                .toList();
        members.removeAll(slow);
        members.addAll(slow);
        boolean looks = !slow.isEmpty() && random.nextInt(EXPLORATION) == 0;
        if (looks) {
            Candidate explored = sticks && slow.contains(own) ? own : slow.get(random.nextInt(slow.size()));
            members.remove(explored);
            members.addFirst(explored);
            return EXPLORED;
        }
        return strategyOr(group, sticks && members.getFirst() == own);
    }

    /** The order of the configuration, from another member each time. Where the first fails, its calls are spread over the others. */
    private String inTurn(Group group, List<Candidate> members) {
        int turn = shared.load().turn(group.name());
        Candidate first = members.remove(turn % members.size());
        if (members.size() > 1) {
            Candidate[] others = members.toArray(Candidate[]::new);
            int shift = turn / (others.length + 1) % others.length;
            for (int i = 0; i < others.length; i++) {
                members.set(i, others[(i + shift) % others.length]);
            }
        }
        members.addFirst(first);
        return group.strategy().wireName();
    }

    /** A number between 0 and 1 that a conversation always has at a target, in every process. */
    private double hashed(Target target, long salt) {
        long hash = mixed(plan.conversation().orElseThrow() ^ salt);
        hash = mixed(hash ^ target.provider().hashCode());
        hash = mixed(hash ^ target.model().hashCode());
        hash = mixed(hash ^ target.credential().hashCode());
        return ((hash >>> 11) + 0.5) * 0x1.0p-53;
    }

    /** The output function of SplitMix64. */
    private static long mixed(long seed) {
        long z = seed + GOLDEN;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
