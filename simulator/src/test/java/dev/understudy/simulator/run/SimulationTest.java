package dev.understudy.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Group;
import dev.understudy.simulator.world.CallersSettings;
import dev.understudy.simulator.world.Climate;
import dev.understudy.simulator.world.Faults;
import dev.understudy.simulator.world.Habits;
import dev.understudy.simulator.world.Lognormal;
import dev.understudy.simulator.world.ModelProfile;
import dev.understudy.simulator.world.ProviderProfile;
import dev.understudy.simulator.world.RateLimit;
import dev.understudy.simulator.world.Sizes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a run shows, in worlds that are simple enough to know it beforehand. */
class SimulationTest {
    private static final Lognormal FIRST = new Lognormal(1e9, 0);
    private static final Lognormal TOKEN = new Lognormal(1e7, 0);
    private static final ProviderProfile FAIR =
            new ProviderProfile(FIRST, TOKEN, Climate.CALM, Faults.NONE, Optional.empty());

    private static ProviderProfile down(double silent) {
        Climate never = new Climate(Duration.ofMillis(1), new Lognormal(1e18, 0), 1, silent, 0, 0, 1);
        return new ProviderProfile(FIRST, TOKEN, never, Faults.NONE, Optional.empty());
    }

    private static Scenario world(ProviderProfile first, ProviderProfile second) {
        return Scenario.of(
                        3,
                        Duration.ofMinutes(20),
                        Map.of("a", first, "b", second),
                        CallersSettings.NO_CONTENT,
                        new Traffic.Steady(1, new Sizes(new Lognormal(100, 0), new Lognormal(101, 0))))
                .toBuilder()
                .warmUp(1)
                .build();
    }

    private static Measures run(Scenario scenario, String... targets) {
        return new Simulation(scenario, ChainSettings.of("chain", List.of(targets))).run();
    }

    @Test
    void aFairProviderAnswersEveryCallInItsTime() {
        Measures measures = run(world(FAIR, FAIR), "a/m");
        assertThat(measures.calls()).isGreaterThan(1_000);
        assertThat(measures.answered()).isEqualTo(1);
        assertThat(measures.attemptsPerCall()).isEqualTo(1);
        assertThat(measures.firstToken().quantile(0.999)).isEqualTo(1_000_000_000);
        assertThat(measures.total().quantile(0.5)).isEqualTo(2_000_000_000);
        assertThat(measures.tokensPerCall()).isEqualTo(201);
        assertThat(measures.wasted()).isZero();
        assertThat(measures.regret().quantile(1)).isZero();
    }

    private static Measures balanced(Group.Strategy strategy, ProviderProfile first, ProviderProfile second) {
        ChainSettings chain = ChainSettings.of("balanced", List.of("a/m", "b/m")).toBuilder()
                .groups(List.of(new Group(
                        "g",
                        strategy,
                        false,
                        Group.USUAL_SLOW_START,
                        List.of(new Group.Member(List.of(0), 1), new Group.Member(List.of(1), 1)))))
                .build();
        return new Simulation(world(first, second), chain).harmless().run();
    }

    @ParameterizedTest
    @EnumSource(Group.Strategy.class)
    void aGroupOfTwoHarmsNoCallAndSurvivesOneOfThem(Group.Strategy strategy) {
        assertThat(balanced(strategy, FAIR, FAIR).attemptsPerCall()).isEqualTo(1);
        Measures broken = balanced(strategy, FAIR, down(0));
        assertThat(broken.answered()).isEqualTo(1);
        assertThat(broken.attemptsPerCall()).as("its circuit is open").isLessThan(1.1);
    }

    @Test
    void theFastestMemberShortensTheWait() {
        ProviderProfile slow =
                new ProviderProfile(new Lognormal(4e9, 0), TOKEN, Climate.CALM, Faults.NONE, Optional.empty());
        Measures even = balanced(Group.Strategy.ROUND_ROBIN, FAIR, slow);
        Measures fast = balanced(Group.Strategy.LOWEST_LATENCY, FAIR, slow);
        assertThat(even.firstToken().quantile(0.75)).isEqualTo(4_000_000_000L);
        assertThat(fast.firstToken().quantile(0.9)).isEqualTo(1_000_000_000L);
    }

    @Test
    void aProviderThatIsDownAloneAnswersNoCallAndNoOracleCouldHelp() {
        Measures measures = run(world(down(0), FAIR), "a/m");
        assertThat(measures.answered()).isZero();
        assertThat(measures.missed()).isZero();
        assertThat(measures.count(Measures.Outcome.GIVEN_UP)).isEqualTo(measures.calls());
        assertThat(measures.openedWithoutIncident()).isZero();
    }

    @Test
    void aSecondProviderAnswersForOneThatIsDown() {
        Measures errors = run(world(down(0), FAIR), "a/m", "b/m");
        assertThat(errors.answered()).isEqualTo(1);
        Measures silence = run(world(down(1), FAIR), "a/m", "b/m");
        assertThat(silence.answered()).isEqualTo(1);
        assertThat(silence.regret().quantile(1)).isGreaterThan(2_000_000_000L);
        assertThat(silence.firstToken().quantile(0.5))
                .as("the circuit of a silent target opens, so that most calls do not wait for it")
                .isEqualTo(1_000_000_000);
    }

    @Test
    void aStreamThatIsCutIsContinuedAndTheCallerHasItWhole() {
        Faults cuts = Faults.NONE.toBuilder().cuts(1).build();
        ProviderProfile cutting = new ProviderProfile(FIRST, TOKEN, Climate.CALM, cuts, Optional.empty());
        Measures measures = run(world(cutting, FAIR), "a/m", "b/m");
        assertThat(measures.answered()).isEqualTo(1);
        assertThat(measures.truncationsAsSuccess()).isZero();
        Measures alone = run(world(cutting, FAIR), "a/m");
        assertThat(alone.count(Measures.Outcome.BROKEN_OFF)).isPositive();
        assertThat(alone.truncationsAsSuccess()).isZero();
    }

    @Test
    void aRateLimitSendsTheRestElsewhere() {
        ProviderProfile limited =
                new ProviderProfile(FIRST, TOKEN, Climate.CALM, Faults.NONE, Optional.of(new RateLimit(0.25, 1, true)));
        Measures measures = run(world(limited, FAIR), "a/m", "b/m");
        assertThat(measures.answered()).isEqualTo(1);
        assertThat(measures.attemptsPerCall()).as("the hint is kept").isLessThan(1.3);
        assertThat(run(world(limited, FAIR), "a/m").answered()).isBetween(0.15, 0.45);
    }

    private static ProviderProfile late(double pings) {
        Lognormal seconds = new Lognormal(25e9, 0);
        Habits habits = new Habits(0, pings, new Lognormal(3e9, 0), 1, seconds, 0, seconds);
        return new ProviderProfile(FIRST, TOKEN, Climate.CALM, Faults.NONE, Optional.empty(), habits, Map.of());
    }

    @Test
    void aLatePrimaryThatShowsLifeIsWaitedFor() {
        Measures measures = run(world(late(1), FAIR), "a/m", "b/m");
        assertThat(measures.direct()).isEqualTo(1);
        assertThat(measures.harm()).isZero();
        assertThat(measures.needless()).isZero();
        assertThat(measures.attemptsPerCall()).isEqualTo(1);
    }

    @Test
    void aLatePrimaryThatShowsNothingIsReplacedNeedlesslyWhichIsNoHarm() {
        Measures measures = run(world(late(0), FAIR), "a/m", "b/m");
        assertThat(measures.answered()).isEqualTo(1);
        assertThat(measures.harm()).isZero();
        assertThat(measures.needless()).isGreaterThan(0.9);
    }

    @Test
    void aLimitOnALatePrimaryIsHarmWhicheverTargetAnswersInstead() {
        ChainSettings usual = ChainSettings.of("limits", List.of("a/m", "b/m"));
        ChainSettings limits = usual.toBuilder()
                .timeouts(usual.timeouts().cancelling())
                .hedging(false)
                .build();
        Measures replaced = new Simulation(world(late(1), FAIR), limits).run();
        assertThat(replaced.answered()).isEqualTo(1);
        assertThat(replaced.harm()).as("each time it was tried").isPositive();
        assertThat(replaced.lost()).isZero();
        Measures lost = new Simulation(world(late(1), down(0)), limits).run();
        assertThat(lost.harm()).isEqualTo(1);
        assertThat(lost.lost()).isEqualTo(lost.calls());
    }

    @Test
    void rescueIsOfTheCallsThatTheFirstTargetAloneWouldNotAnswer() {
        Measures rescued = run(world(down(0), FAIR), "a/m", "b/m");
        assertThat(rescued.direct()).isZero();
        assertThat(rescued.rescue()).isEqualTo(1);
        assertThat(run(world(down(0), FAIR), "a/m").rescue()).isZero();
    }

    @Test
    void aSecondModelAtTheSameKeyAnswersForOneThatIsRefused() {
        for (FailureKind refusal : List.of(FailureKind.QUOTA, FailureKind.AUTH, FailureKind.FORBIDDEN)) {
            ModelProfile refused = new ModelProfile(Optional.empty(), Optional.of(refusal));
            ProviderProfile oneKey = new ProviderProfile(
                    FIRST, TOKEN, Climate.CALM, Faults.NONE, Optional.empty(), Habits.NONE, Map.of("m", refused));
            Measures measures = run(world(oneKey, FAIR), "a/m", "a/n");
            assertThat(measures.answered()).as("%s", refusal).isEqualTo(1);
        }
    }

    @Test
    void hostileCallersCostTheOthersNothing() {
        Scenario quiet = world(FAIR, FAIR);
        Scenario hostile = quiet.toBuilder()
                .callers(new CallersSettings(0.5, 0, 0, 0, 0, 0, 0.7))
                .warmUp(0)
                .build();
        Measures measures = run(hostile, "a/m", "b/m");
        assertThat(measures.count(Measures.Outcome.REFUSED)).isGreaterThan(500);
        assertThat(measures.calls()).isGreaterThan(200);
        assertThat(measures.answered()).isEqualTo(1);
        assertThat(measures.needless()).isZero();
        assertThat(measures.openedWithoutIncident()).isZero();
    }

    @Test
    void theSameSeedGivesTheSameTraceAndAnotherSeedAnother() {
        List<String> once = trace(5);
        assertThat(once).hasSizeGreaterThan(100).isEqualTo(trace(5)).isNotEqualTo(trace(6));
    }

    private static List<String> trace(long seed) {
        List<String> lines = new ArrayList<>();
        new Simulation(RoughWorld.scenario(seed), RoughWorld.chain(seed))
                .journal(Journal.lines("chain", lines::add))
                .run();
        return lines;
    }
}
