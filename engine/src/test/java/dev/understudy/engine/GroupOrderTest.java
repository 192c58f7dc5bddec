package dev.understudy.engine;

import static dev.understudy.engine.Group.Strategy.LEAST_LOADED;
import static dev.understudy.engine.Group.Strategy.LOWEST_LATENCY;
import static dev.understudy.engine.Group.Strategy.ROUND_ROBIN;
import static dev.understudy.engine.Group.Strategy.WEIGHTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** In which order calls try the members of a group, and what holds for members as for every target. Time is scripted. */
class GroupOrderTest {
    private static final int CALLS = 4_000;
    private static final int BYTES = 2_000;
    private static final Failure DOWN = Failure.of(FailureKind.OVERLOADED, "down");

    private final SharedState shared = SharedState.ofDefaults();
    private final SplittableRandom random = new SplittableRandom(15);

    /** A chain of one group with one step behind it, {@code z/m}. */
    private static Plan plan(Group.Strategy strategy, boolean byConversation, Object... members) {
        List<Step> chain = new ArrayList<>();
        List<Group.Member> ofGroup = new ArrayList<>();
        for (int i = 0; i < members.length; i += 2) {
            ofGroup.add(new Group.Member(List.of(chain.size()), ((Number) members[i + 1]).doubleValue()));
            chain.add(Step.of(chain.size(), target(members[i].toString())));
        }
        chain.add(Step.of(chain.size(), target("z")));
        Group group = new Group("g", strategy, byConversation, Group.USUAL_SLOW_START, ofGroup);
        return Plan.of(chain).groups(List.of(group)).build();
    }

    private static Target target(String provider) {
        return Target.of(provider, "m");
    }

    private static Plan of(long conversation, Plan plan) {
        return plan.toBuilder().conversation(OptionalLong.of(conversation)).build();
    }

    private List<String> order(Plan plan, long now) {
        return plan.ordered(BYTES, shared, random, now).chain().stream()
                .map(step -> step.target().provider())
                .toList();
    }

    /** A call from its beginning; its attempts are started in the order of this list. */
    private final class Call {
        private final FallbackCall engine;
        private final List<String> started = new ArrayList<>();

        Call(Plan plan, long now) {
            engine = new FallbackCall(plan.ordered(BYTES, shared, random, now), BYTES, shared, random, now);
            tell(new Signal.Begin(), now);
        }

        Call tell(Signal signal, long now) {
            for (Command command : engine.on(signal, now)) {
                if (command instanceof Command.Start(int attempt, Step step, AttemptKind kind)) {
                    started.add(step.target().provider());
                }
            }
            return this;
        }

        Call fails(long now) {
            return tell(new Signal.Failed(started.size(), DOWN), now);
        }

        Call answers(long now) {
            return tell(new Signal.Completed(started.size()), now);
        }

        String first() {
            return started.getFirst();
        }
    }

    private static long seconds(double seconds) {
        return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }

    /** The shares of targets as first ones of many calls, each of which is answered at once. */
    private Map<String, Double> shares(Plan plan, long now) {
        Map<String, Double> shares = new TreeMap<>();
        for (int i = 0; i < CALLS; i++) {
            Call call = new Call(plan, now);
            shares.merge(call.first(), 1.0 / CALLS, Double::sum);
            call.answers(now);
        }
        return shares;
    }

    /** Opens the circuit of a target by its own failures. */
    private void open(String provider, long now) {
        for (int i = 0; i < CooldownPolicy.ofDefaults().after(); i++) {
            FallbackCall call = new FallbackCall(
                    Plan.of(List.of(Step.of(0, target(provider)))).build(), BYTES, shared, random, now);
            call.on(new Signal.Begin(), now);
            call.on(new Signal.Failed(1, Failure.of(FailureKind.UNKNOWN_MODEL, "gone")), now);
        }
        assertThat(shared.health().availability(target(provider), now).isReady())
                .isFalse();
    }

    /** A trial after the cooldown closes the circuit. */
    private long recovered(String provider, long now) {
        long then = shared.health().availability(target(provider), now).until() + 1;
        FallbackCall trial =
                new FallbackCall(Plan.of(List.of(Step.of(0, target(provider)))).build(), BYTES, shared, random, then);
        trial.on(new Signal.Begin(), then);
        trial.on(new Signal.Completed(1), then);
        return then;
    }

    @Test
    void weightsAreSharesOfTheCalls() {
        Map<String, Double> shares = shares(plan(WEIGHTED, false, "a", 6, "b", 3, "c", 1), 0);
        assertThat(shares.get("a")).isCloseTo(0.6, within(0.025));
        assertThat(shares.get("b")).isCloseTo(0.3, within(0.025));
        assertThat(shares.get("c")).isCloseTo(0.1, within(0.025));
    }

    @Test
    void aMemberWithoutWeightIsTheLastOfItsGroup() {
        for (int i = 0; i < 200; i++) {
            assertThat(order(plan(WEIGHTED, false, "a", 0, "b", 1, "c", 2), 0).subList(2, 4))
                    .containsExactly("a", "z");
        }
    }

    @ParameterizedTest
    @EnumSource(Group.Strategy.class)
    void aMemberThatFailsIsFollowedByTheOthersAndThenByTheNextStep(Group.Strategy strategy) {
        Call call = new Call(plan(strategy, false, "a", 1, "b", 1, "c", 1), 0);
        for (int i = 0; i < 10 && !call.started.contains("z"); i++) {
            call.fails(seconds(0.001) * i);
        }
        assertThat(call.started.stream().distinct()).hasSize(4).endsWith("z").contains("a", "b", "c");
    }

    @Test
    void theCallsOfAMemberThatIsCoolingGoToTheOthersByTheirWeights() {
        open("a", 0);
        Map<String, Double> shares = shares(plan(WEIGHTED, false, "a", 4, "b", 3, "c", 1), 1);
        assertThat(shares).doesNotContainKey("a");
        assertThat(shares.get("b")).isCloseTo(0.75, within(0.025));
    }

    @Test
    void theTrailNamesTheGroupAndWhyTheFirstMemberWasChosen() {
        open("a", 0);
        Call call = new Call(plan(ROUND_ROBIN, false, "a", 1, "b", 1), 1);
        call.answers(2);
        assertThat(call.engine.trail(2))
                .extracting(entry -> entry.target() + " " + entry.outcome() + " "
                        + entry.choice().orElseThrow())
                .containsExactly(
                        "a/m passed_over " + new Group.Choice("g", "round-robin"),
                        "b/m ok " + new Group.Choice("g", ""));
    }

    /** Four times as fast, four times as many calls: the number of attempts in flight stays even. */
    @Test
    void theLeastLoadedMemberFollowsUnevenSpeed() {
        Map<String, Integer> started = new TreeMap<>();
        Plan plan = plan(LEAST_LOADED, false, "fast", 1, "slow", 1);
        PriorityQueue<Ending> endings = new PriorityQueue<>();
        long now = 0;
        for (int i = 0; i < 5_000; i++, now += seconds(0.010)) {
            while (!endings.isEmpty() && endings.peek().at() <= now) {
                endings.poll().call().answers(now);
            }
            Call call = new Call(plan, now);
            started.merge(call.first(), 1, Integer::sum);
            endings.add(new Ending(now + seconds(call.first().equals("fast") ? 0.1 : 0.4), call));
        }
        assertThat((double) started.get("fast") / started.get("slow")).isCloseTo(4.0, within(0.4));
    }

    private record Ending(long at, Call call) implements Comparable<Ending> {
        @Override
        public int compareTo(Ending other) {
            return Long.compare(at, other.at);
        }
    }

    @Test
    void loadIsRelativeToTheWeight() {
        Plan plan = plan(LEAST_LOADED, false, "large", 3, "small", 1);
        Map<String, Integer> started = new TreeMap<>();
        for (int i = 0; i < 400; i++) {
            started.merge(new Call(plan, 0).first(), 1, Integer::sum);
        }
        assertThat(started.get("large")).isBetween(298, 302);
    }

    @Test
    void whateverEndsAnAttemptEndsItsLoad() {
        Plan hedged = plan(WEIGHTED, false, "a", 1, "b", 1);
        Call failed = new Call(hedged, 0);
        for (int i = 0; i < 10; i++) {
            failed.fails(i);
        }
        new Call(hedged, 0).tell(new Signal.CallerLeft(), 1);
        new Call(hedged, 0).answers(1);
        new Call(hedged, 0).tell(new Signal.Due(), seconds(3_600));
        Call race = new Call(hedged, 0);
        race.tell(new Signal.Connected(1), 1).tell(new Signal.Due(), seconds(20));
        assertThat(race.started).as("a hedge beside the late attempt").hasSize(2);
        race.tell(new Signal.Completed(2), seconds(21));
        for (String provider : List.of("a", "b", "z")) {
            assertThat(shared.load().inFlight(target(provider))).as(provider).isZero();
        }
    }

    @Test
    void aHedgeUsesAnotherMember() {
        Call call = new Call(plan(ROUND_ROBIN, false, "a", 1, "b", 1), 0);
        call.tell(new Signal.Connected(1), 1).tell(new Signal.Due(), seconds(20));
        assertThat(call.started).containsExactly("a", "b");
    }

    private Map<String, Double> sharesByLatency(Plan plan, int calls, Map<String, Double> times, long from) {
        Map<String, Double> shares = new TreeMap<>();
        for (int i = 0; i < calls; i++) {
            long now = from + seconds(i);
            Call call = new Call(plan, now);
            shares.merge(call.first(), 1.0 / calls, Double::sum);
            call.answers(now + seconds(times.get(call.first())));
        }
        return shares;
    }

    @Test
    void theFastestMemberIsPreferredAndOthersAreTriedNowAndThen() {
        Plan plan = plan(LOWEST_LATENCY, false, "a", 1, "b", 1, "c", 1);
        Map<String, Double> times = Map.of("a", 0.3, "b", 0.1, "c", 0.9);
        sharesByLatency(plan, 20, times, 0);
        Map<String, Double> shares = sharesByLatency(plan, 2_000, times, seconds(100));
        assertThat(shares.get("b")).isCloseTo(0.95, within(0.025));
        assertThat(shares.get("a")).isBetween(0.01, 0.04);

        Map<String, Double> changed = Map.of("a", 0.3, "b", 0.1, "c", 0.05);
        sharesByLatency(plan, 400, changed, seconds(10_000));
        assertThat(sharesByLatency(plan, 1_000, changed, seconds(20_000)).get("c"))
                .as("a member that became the fastest is noticed")
                .isGreaterThan(0.9);
    }

    @Test
    void aMemberThatWasSlowAndRecoveredIsSeenAgain() {
        Plan plan = plan(LOWEST_LATENCY, false, "a", 1, "b", 1);
        sharesByLatency(plan, 100, Map.of("a", 0.1, "b", 5.0), 0);
        sharesByLatency(plan, 400, Map.of("a", 0.1, "b", 0.1), seconds(1_000));
        assertThat(sharesByLatency(plan, 1_000, Map.of("a", 0.1, "b", 0.1), seconds(2_000))
                        .get("b"))
                .isBetween(0.4, 0.6);
    }

    @Test
    void membersTakeTurnsAndShareTheTurnsOfTheOneThatFails() {
        Plan plan = plan(ROUND_ROBIN, false, "a", 1, "b", 1, "c", 1, "d", 1);
        assertThat(IntStream.range(0, 8).mapToObj(i -> order(plan, 0).getFirst()))
                .containsExactly("a", "b", "c", "d", "a", "b", "c", "d");
        open("a", 0);
        Map<String, Double> shares = shares(plan, 1);
        for (String member : List.of("b", "c", "d")) {
            assertThat(shares.get(member)).as(member).isCloseTo(1 / 3.0, within(0.01));
        }
    }

    @Test
    void aRecoveredMemberGetsItsShareBackSlowly() {
        Plan plan = plan(WEIGHTED, false, "a", 1, "b", 1);
        open("a", 0);
        long closed = recovered("a", 0);
        assertThat(shares(plan, closed).get("a")).as("at once").isCloseTo(0.05, within(0.01));
        assertThat(shares(plan, closed + seconds(30)).get("a")).as("half-way").isCloseTo(0.25, within(0.025));
        assertThat(shares(plan, closed + seconds(45)).get("a")).isCloseTo(0.375, within(0.025));
        assertThat(shares(plan, closed + seconds(60)).get("a")).as("at the end").isCloseTo(0.5, within(0.025));
    }

    @ParameterizedTest
    @EnumSource(Group.Strategy.class)
    void slowStartHoldsForEveryStrategy(Group.Strategy strategy) {
        Plan plan = plan(strategy, false, "a", 1, "b", 1);
        open("a", 0);
        long closed = recovered("a", 0);
        double soon = shares(plan, closed).getOrDefault("a", 0.0);
        double later = shares(plan, closed + seconds(60)).getOrDefault("a", 0.0);
        assertThat(soon).isLessThan(0.15);
        assertThat(later).isCloseTo(0.5, within(0.05));
    }

    @Test
    void slowStartCanBeSwitchedOff() {
        Plan slow = plan(WEIGHTED, false, "a", 1, "b", 1);
        Group group = slow.groups().getFirst();
        Plan plan = slow.toBuilder()
                .groups(List.of(new Group("g", WEIGHTED, false, Duration.ZERO, group.members())))
                .build();
        open("a", 0);
        assertThat(shares(plan, recovered("a", 0)).get("a")).isCloseTo(0.5, within(0.025));
    }

    private Map<Long, String> homes(Plan plan, long now) {
        Map<Long, String> homes = new LinkedHashMap<>();
        for (long conversation = 0; conversation < 2_000; conversation++) {
            Call call = new Call(of(conversation * 0x9E3779B97F4A7C15L, plan), now);
            homes.put(conversation, call.first());
            call.answers(now);
        }
        return homes;
    }

    private static double share(Map<Long, String> homes, String provider) {
        return (double) homes.values().stream().filter(provider::equals).count() / homes.size();
    }

    @Test
    void conversationsStayAndOnlyThoseOfAFailedMemberMove() {
        Plan plan = plan(WEIGHTED, true, "a", 2, "b", 1, "c", 1);
        Map<Long, String> before = homes(plan, 0);
        assertThat(homes(plan, seconds(1))).isEqualTo(before);
        assertThat(share(before, "a")).isCloseTo(0.5, within(0.03));

        open("a", seconds(1));
        Map<Long, String> without = homes(plan, seconds(2));
        before.forEach((conversation, home) -> {
            if (!home.equals("a")) {
                assertThat(without).containsEntry(conversation, home);
            }
        });
        assertThat(share(without, "b")).as("they move to both").isCloseTo(0.5, within(0.03));

        long closed = recovered("a", seconds(2));
        Map<Long, String> soon = homes(plan, closed + seconds(20));
        Map<Long, String> later = homes(plan, closed + seconds(40));
        soon.forEach((conversation, home) -> {
            if (home.equals("a")) {
                assertThat(later).as("returns once").containsEntry(conversation, "a");
            }
        });
        assertThat(share(soon, "a")).isCloseTo(0.5 / 3, within(0.03));
        assertThat(homes(plan, closed + seconds(60))).isEqualTo(before);
    }

    /** Replicas and later versions must place a conversation where this one does. */
    @Test
    void thePlaceOfAConversationIsTheSameInEveryProcess() {
        Plan plan = plan(WEIGHTED, true, "a", 1, "b", 1, "c", 1);
        assertThat(IntStream.range(0, 12).mapToObj(i -> order(of(i, plan), 0).getFirst()))
                .containsExactly("a", "a", "b", "c", "b", "b", "c", "b", "b", "a", "c", "b");
    }

    @Test
    void aBusyMemberTakesNoFurtherConversations() {
        Plan plan = plan(LEAST_LOADED, true, "a", 1, "b", 1);
        Map<String, Integer> started = new TreeMap<>();
        for (int i = 0; i < 100; i++) {
            started.merge(new Call(of(7, plan), 0).first(), 1, Integer::sum);
        }
        assertThat(started).as("all calls are of one conversation").hasSize(2);
        assertThat(started.values()).as("5/8 of the calls, and one").allMatch(calls -> calls <= 63);
    }

    @Test
    void aConversationLeavesAMemberThatIsMuchSlower() {
        Plan plan = plan(LOWEST_LATENCY, true, "a", 1, "b", 1);
        Map<String, Double> times = Map.of("a", 0.1, "b", 0.15);
        sharesByLatency(plan, 50, times, 0);
        Map<Long, String> near = homesByLatency(plan, times);
        assertThat(share(near, "b")).as("not much slower").isCloseTo(0.5, within(0.05));
        times = Map.of("a", 0.1, "b", 0.5);
        homesByLatency(plan, times);
        assertThat(share(homesByLatency(plan, times), "b")).as("explored only").isLessThan(0.1);
    }

    private Map<Long, String> homesByLatency(Plan plan, Map<String, Double> times) {
        Map<Long, String> homes = new LinkedHashMap<>();
        for (long conversation = 0; conversation < 1_000; conversation++) {
            Call call = new Call(of(conversation * 0x9E3779B97F4A7C15L, plan), seconds(conversation));
            homes.put(conversation, call.first());
            call.answers(seconds(conversation) + seconds(times.get(call.first())));
        }
        return homes;
    }

    @Test
    void aMemberOfSeveralStepsIsTriedAsAWhole() {
        List<Step> chain =
                IntStream.range(0, 4).mapToObj(i -> Step.of(i, target("t" + i))).toList();
        Group group = new Group(
                "g",
                WEIGHTED,
                false,
                Duration.ZERO,
                List.of(new Group.Member(List.of(0, 1), 1), new Group.Member(List.of(2), 1)));
        Plan plan = Plan.of(chain).groups(List.of(group)).build();
        for (int i = 0; i < 50; i++) {
            assertThat(String.join(" ", order(plan, 0))).isIn("t0 t1 t2 t3", "t2 t0 t1 t3");
        }
    }

    @Test
    void listsForCertainFailuresHaveGroupsToo() {
        Group group = new Group(
                "g",
                ROUND_ROBIN,
                false,
                Duration.ZERO,
                List.of(new Group.Member(List.of(1), 1), new Group.Member(List.of(2), 1)));
        Plan plan = Plan.of(List.of(Step.of(0, target("a"))))
                .instead(Map.of(FailureKind.CONTEXT_LENGTH, List.of(Step.of(1, target("b")), Step.of(2, target("c")))))
                .groups(List.of(group))
                .build();
        assertThat(plan.ordered(BYTES, shared, random, 0).instead().get(FailureKind.CONTEXT_LENGTH))
                .extracting(step -> step.target().provider())
                .containsExactly("b", "c");
        assertThat(plan.ordered(BYTES, shared, random, 0).instead().get(FailureKind.CONTEXT_LENGTH))
                .extracting(step -> step.target().provider())
                .containsExactly("c", "b");
    }

    @ParameterizedTest
    @EnumSource(Group.Strategy.class)
    void theSameSeedMakesTheSameOrders(Group.Strategy strategy) {
        assertThat(orders(strategy)).isEqualTo(orders(strategy));
    }

    private static List<List<String>> orders(Group.Strategy strategy) {
        GroupOrderTest fresh = new GroupOrderTest();
        Plan plan = plan(strategy, false, "a", 1, "b", 1, "c", 1);
        return IntStream.range(0, 500).mapToObj(i -> fresh.order(plan, i)).toList();
    }

    @Test
    void impossibleGroupsAreRefused() {
        assertThatThrownBy(() -> new Group("g", WEIGHTED, false, Duration.ZERO, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Group.Member(List.of(0), -1)).hasMessageContaining("weight");
        assertThatThrownBy(() -> new Group.Member(List.of(0), Double.NaN)).hasMessageContaining("weight");
        Group.Member member = new Group.Member(List.of(0), 1);
        assertThatThrownBy(() -> new Group("g", WEIGHTED, false, Duration.ZERO, List.of(member, member)))
                .hasMessageContaining("twice");
    }
}
