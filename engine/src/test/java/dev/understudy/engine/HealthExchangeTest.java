package dev.understudy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What replicas tell one another of health, in scripted time: three registries, and news that arrive when a test says so. */
class HealthExchangeTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Target TARGET = Target.of("openai", "gpt");
    private static final CooldownPolicy POLICY =
            new CooldownPolicy(3, 0, Duration.ofSeconds(10), Duration.ofSeconds(80), Duration.ofSeconds(300));

    /** One replica. Its clock has its own beginning, as those of other machines have. */
    private static final class Replica {
        final HealthRegistry health = new HealthRegistry();
        final HealthExchange exchange;
        final long clock;

        Replica(int number) {
            exchange = new HealthExchange(health, number);
            clock = (number - 2) * 1_000_000 * SECOND;
        }

        void fails(FailureKind kind, int times, long startedAt, long at) {
            for (int i = 0; i < times; i++) {
                health.begin(TARGET, clock + startedAt);
                Failure failure = CallScript.failure(kind, -1);
                health.failed(
                        TARGET, failure, failure.concern(), "", POLICY, clock + startedAt, clock + at, new Random(1));
            }
        }

        void isTold(FailureKind kind, int retryAfterMillis, long startedAt, long at) {
            health.begin(TARGET, clock + startedAt);
            Failure failure = CallScript.failure(kind, retryAfterMillis);
            health.failed(TARGET, failure, failure.concern(), "", POLICY, clock + startedAt, clock + at, new Random(1));
        }

        void answers(long startedAt, long at) {
            health.begin(TARGET, clock + startedAt);
            health.succeeded(TARGET, clock + startedAt, clock + at);
        }

        List<CircuitNews> news(long at) {
            return exchange.news(clock + at);
        }

        void hears(List<CircuitNews> news, long at) {
            news.forEach(each -> exchange.apply(each, clock + at));
        }

        boolean isReady(long at) {
            return health.availability(TARGET, clock + at).isReady();
        }
    }

    private final Replica one = new Replica(1);
    private final Replica two = new Replica(2);
    private final Replica three = new Replica(3);

    /** The first has seen the target fail; the second is told a tenth of a second later. */
    private List<CircuitNews> outage() {
        one.fails(FailureKind.SERVER_ERROR, 3, 0, SECOND);
        List<CircuitNews> news = one.news(SECOND + 50 * MILLI);
        assertThat(news).hasSize(1);
        return news;
    }

    @Test
    void anOpeningIsKnownElsewhereUntilItsCooldownEnds() {
        two.hears(outage(), SECOND + 100 * MILLI);
        assertThat(two.isReady(2 * SECOND)).isFalse();
        assertThat(two.isReady(9 * SECOND))
                .as("cooldowns are shortened by up to a fifth")
                .isFalse();
        // Ten seconds, and up to 30 % more that spread the trials.
        assertThat(two.isReady(15 * SECOND)).isTrue();
    }

    @Test
    void nothingIsToldTwiceNorEchoed() {
        List<CircuitNews> news = outage();
        assertThat(one.news(SECOND + 150 * MILLI)).isEmpty();
        two.hears(news, SECOND + 100 * MILLI);
        assertThat(two.news(SECOND + 200 * MILLI)).isEmpty();
        two.hears(news, SECOND + 300 * MILLI);
        assertThat(two.news(SECOND + 400 * MILLI)).isEmpty();
        // Both saw it by themselves: each tells, and neither extends the other's cooldown without end.
        three.fails(FailureKind.SERVER_ERROR, 3, 0, SECOND);
        List<CircuitNews> others = three.news(SECOND + 50 * MILLI);
        one.hears(others, SECOND + 100 * MILLI);
        three.hears(news, SECOND + 100 * MILLI);
        assertThat(one.news(SECOND + 200 * MILLI)).isEmpty();
        assertThat(three.news(SECOND + 200 * MILLI)).isEmpty();
    }

    @Test
    void oneTrialClosesTheCircuitEverywhere() {
        List<CircuitNews> news = outage();
        two.hears(news, SECOND + 100 * MILLI);
        three.hears(news, SECOND + 100 * MILLI);
        two.answers(15 * SECOND, 16 * SECOND);
        List<CircuitNews> closing = two.news(16 * SECOND + 50 * MILLI);
        assertThat(closing).singleElement().isInstanceOf(CircuitNews.Closed.class);
        one.hears(closing, 16 * SECOND + 100 * MILLI);
        three.hears(closing, 16 * SECOND + 100 * MILLI);
        for (Replica each : List.of(one, two, three)) {
            assertThat(each.health.report(TARGET, each.clock + 17 * SECOND).outage())
                    .isEmpty();
        }
        assertThat(one.news(17 * SECOND)).isEmpty();
        assertThat(three.news(17 * SECOND)).isEmpty();
        // Where it had failed, one more failure is enough.
        one.fails(FailureKind.SERVER_ERROR, 1, 17 * SECOND, 18 * SECOND);
        assertThat(one.isReady(19 * SECOND)).isFalse();
    }

    @Test
    void aFailedTrialKeepsTheOthersOut() {
        one.fails(FailureKind.TIMEOUT_FIRST_TOKEN, 3, 0, SECOND);
        two.hears(one.news(SECOND + 50 * MILLI), SECOND + 100 * MILLI);
        one.fails(FailureKind.TIMEOUT_FIRST_TOKEN, 1, 11 * SECOND, 11 * SECOND + 10 * MILLI);
        two.hears(one.news(11 * SECOND + 50 * MILLI), 11 * SECOND + 100 * MILLI);
        assertThat(two.isReady(26 * SECOND))
                .as("the second cooldown is twice as long")
                .isFalse();
        // And the third of the one that has only heard of it is longer still.
        two.fails(FailureKind.TIMEOUT_FIRST_TOKEN, 1, 40 * SECOND, 41 * SECOND);
        assertThat(two.isReady(41 * SECOND + 31 * SECOND)).isFalse();
    }

    @Test
    void anOwnAnswerOutweighsTheNews() {
        one.fails(FailureKind.SERVER_ERROR, 3, SECOND, 2 * SECOND);
        // It began after the attempt that failed elsewhere.
        two.answers(SECOND + 500 * MILLI, 2 * SECOND);
        two.hears(one.news(2 * SECOND), 2 * SECOND + 50 * MILLI);
        assertThat(two.isReady(2 * SECOND + 100 * MILLI)).isTrue();
        two.fails(FailureKind.SERVER_ERROR, 1, 2 * SECOND + 200 * MILLI, 3 * SECOND);
        assertThat(two.isReady(3 * SECOND)).as("the next failure confirms it").isFalse();
    }

    @Test
    void anOlderAnswerDoesNot() {
        two.answers(0, 900 * MILLI);
        one.fails(FailureKind.SERVER_ERROR, 3, SECOND, 2 * SECOND);
        two.hears(one.news(2 * SECOND), 2 * SECOND + 50 * MILLI);
        assertThat(two.isReady(2 * SECOND + 100 * MILLI)).isFalse();
    }

    @Test
    void aReplicaThatHasLostItsOwnWayIsBelievedOnce() {
        List<CircuitNews> news = outage();
        two.hears(news, SECOND + 100 * MILLI);
        three.hears(news, SECOND + 100 * MILLI);
        two.answers(15 * SECOND, 16 * SECOND);
        List<CircuitNews> closing = two.news(16 * SECOND);
        one.hears(closing, 16 * SECOND);
        three.hears(closing, 16 * SECOND);
        one.fails(FailureKind.SERVER_ERROR, 1, 17 * SECOND, 18 * SECOND);
        List<CircuitNews> again = one.news(18 * SECOND);
        assertThat(again).hasSize(1);
        for (Replica each : List.of(two, three)) {
            each.hears(again, 18 * SECOND + 50 * MILLI);
            assertThat(each.isReady(18 * SECOND + 100 * MILLI)).isTrue();
            // Doubts end, since a provider can fail again.
            each.hears(again, 400 * SECOND);
            assertThat(each.isReady(400 * SECOND)).isFalse();
        }
    }

    @Test
    void anAnswerToWhatBeganAfterTheFailedAttemptDisprovesIt() {
        two.hears(outage(), SECOND + 100 * MILLI);
        assertThat(two.isReady(SECOND + 200 * MILLI)).isFalse();
        two.answers(500 * MILLI, SECOND + 300 * MILLI);
        assertThat(two.isReady(SECOND + 400 * MILLI)).isTrue();
        assertThat(two.news(SECOND + 400 * MILLI)).singleElement().isInstanceOf(CircuitNews.Closed.class);
    }

    @Test
    void whatTheProviderSaysIsBelievedInAnyCase() {
        two.answers(SECOND + 500 * MILLI, 2 * SECOND);
        one.isTold(FailureKind.RATE_LIMITED, 30_000, SECOND, 2 * SECOND);
        two.hears(one.news(2 * SECOND), 2 * SECOND + 50 * MILLI);
        Availability told = two.health.availability(TARGET, two.clock + 3 * SECOND);
        assertThat(told.isReady()).isFalse();
        assertThat(told.binding()).isTrue();
        assertThat(told.hinted()).isTrue();
        assertThat(told.because()).contains(FailureKind.RATE_LIMITED);
    }

    @Test
    void aLaterFailureHereOutweighsTheNewsOfASuccess() {
        one.fails(FailureKind.SERVER_ERROR, 3, 0, SECOND);
        two.hears(one.news(SECOND), SECOND);
        one.fails(FailureKind.SERVER_ERROR, 1, 12 * SECOND, 13 * SECOND);
        two.answers(11_900 * MILLI, 14 * SECOND);
        List<CircuitNews> closing = two.news(14 * SECOND);
        assertThat(closing).singleElement().isInstanceOf(CircuitNews.Closed.class);
        one.hears(closing, 14 * SECOND);
        assertThat(one.isReady(14 * SECOND)).isFalse();
    }

    @Test
    void aResetHoldsEverywhere() {
        two.hears(outage(), SECOND + 100 * MILLI);
        two.health.reset();
        one.hears(two.news(2 * SECOND), 2 * SECOND);
        assertThat(one.isReady(2 * SECOND)).isTrue();
        assertThat(one.news(3 * SECOND)).isEmpty();
    }

    @Test
    void theKeysOfCallersAreNeverTold() {
        Target callers = new Target("openai", "gpt", "a-callers-key", "openai", true);
        for (int i = 0; i < 5; i++) {
            Failure failure = CallScript.failure(FailureKind.AUTH, -1);
            one.health.failed(callers, failure, failure.concern(), "", POLICY, one.clock, one.clock, new Random(1));
        }
        assertThat(one.news(SECOND)).isEmpty();
        assertThat(one.exchange.all(one.clock + SECOND)).isEmpty();
    }

    @Test
    void aReplicaThatStartsLaterLearnsAll() {
        outage();
        three.hears(one.exchange.all(one.clock + 5 * SECOND), 5 * SECOND);
        assertThat(three.isReady(6 * SECOND)).isFalse();
    }

    @Test
    void impossibleNewsDoesLittleHarm() {
        CircuitId circuit = CircuitId.of(Disposition.Scope.TARGET, TARGET);
        two.hears(
                List.of(
                        new CircuitNews.Opened(
                                circuit,
                                FailureKind.SERVER_ERROR,
                                Long.MAX_VALUE,
                                Long.MAX_VALUE,
                                true,
                                Integer.MAX_VALUE,
                                -1),
                        new CircuitNews.Closed(circuit, -5)),
                SECOND);
        assertThat(two.isReady(SECOND)).isTrue();
    }

    @Test
    void budgetsOfAllReplicasAreSpentTogether() {
        RetryBudget here = RetryBudget.ofDefaults();
        RetryBudget there = RetryBudget.ofDefaults();
        for (int i = 0; i < 30; i++) {
            here.failed(TARGET);
            there.failed(TARGET);
        }
        assertThat(here.allows(TARGET)).isTrue();
        here.use().forEach(there::usedElsewhere);
        there.use().forEach(here::usedElsewhere);
        assertThat(here.allows(TARGET)).as("60 of 100 are spent").isFalse();
        assertThat(there.allows(TARGET)).isFalse();
        assertThat(here.use()).as("what others told is not told again").isEmpty();
        for (int i = 0; i < 200; i++) {
            here.succeeded(TARGET);
        }
        here.use().forEach(there::usedElsewhere);
        assertThat(there.allows(TARGET)).isTrue();
    }

    @Test
    void hedgesOfAllReplicasComeFromOneBudget() {
        HedgingBudget here = HedgingBudget.ofDefaults();
        HedgingBudget there = HedgingBudget.ofDefaults();
        for (int i = 0; i < 40; i++) {
            assertThat(here.take()).isTrue();
            assertThat(there.take()).isTrue();
        }
        here.usedElsewhere(there.use());
        there.usedElsewhere(here.use());
        assertThat(here.take())
                .as("80 of 50 were taken, before the replicas knew of one another")
                .isFalse();
        for (int i = 0; i < 150; i++) {
            here.called();
            there.called();
        }
        here.usedElsewhere(there.use());
        assertThat(here.take()).as("the debt is not paid back yet").isFalse();
        for (int i = 0; i < 20; i++) {
            here.called();
        }
        assertThat(here.take()).isTrue();
    }
}
