package dev.understudy.gateway.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits that replicas keep together, in scripted time: three replicas and a ledger that takes two milliseconds to answer. */
class SharedLimitsTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MINUTE = TimeUnit.MINUTES.toMillis(1);
    private static final Instant NOON = Instant.parse("2027-01-31T12:00:00Z");
    private static final int LIMIT = 300;

    private final Random random = new Random(41);
    private final World world = new World(3);

    /** Buckets and sums as the scripts in Valkey keep them. */
    private static final class World {
        final List<Replica> replicas;
        final Map<String, Double> fullAt = new HashMap<>();
        final Map<String, Long> sums = new HashMap<>();
        final PriorityQueue<Reply> replies = new PriorityQueue<>(Comparator.comparingLong(Reply::at));
        long millis = 1_000;
        boolean reachable = true;

        record Reply(long at, Runnable run) {}

        World(int number) {
            replicas = IntStream.range(0, number)
                    .mapToObj(index -> new Replica(this))
                    .toList();
        }

        long now() {
            return millis * MILLI;
        }

        /** A millisecond passes. */
        void tick() {
            millis++;
            for (Replica each : replicas) {
                if (reachable) {
                    each.tick();
                }
            }
            while (!replies.isEmpty() && replies.peek().at() <= millis) {
                replies.remove().run().run();
            }
        }

        void reachable(boolean whether) {
            reachable = whether;
            replicas.forEach(each -> each.limits.connected(whether, replicas.size()));
        }
    }

    private static final class Replica implements SharedLimits.Ledger {
        final World world;
        boolean due;
        final SharedLimits limits = new SharedLimits(() -> due = true);
        int exchanges;

        Replica(World world) {
            this.world = world;
            limits.connected(true, 3);
        }

        void tick() {
            if (due) {
                due = false;
                limits.exchangeDue(this, world.now());
            }
            if (world.millis % 250 == 0) {
                List<SharedLimits.Left> left = limits.exchange(this, world.now(), NOON.plusMillis(world.millis));
                world.replicas.stream()
                        .filter(other -> other != this)
                        .forEach(other -> left.forEach(each -> other.limits.told(each, world.now())));
            }
        }

        @Override
        public void lease(
                String bucket, int perMinute, long settle, long want, int replicas, SharedLimits.Leased whenDone) {
            exchanges++;
            if (!world.reachable) {
                whenDone.failed();
                return;
            }
            double each = 60_000.0 / perMinute;
            double full = Math.max(world.fullAt.getOrDefault(bucket, 0.0), world.millis);
            full = Math.max(full + settle * each, world.millis);
            double left = (world.millis + 60_000 - full) / each;
            long grant = left < 1 ? 0 : Math.min(want, Math.max(1, (long) (left / replicas)));
            world.fullAt.put(bucket, full + grant * each);
            world.replies.add(
                    new World.Reply(world.millis + 2, () -> whenDone.granted(grant, left - grant, world.now())));
        }

        @Override
        public void spend(String account, long amount, long known, int days, SharedLimits.Spent whenDone) {
            if (!world.reachable) {
                whenDone.failed();
                return;
            }
            world.sums.putIfAbsent(account, known);
            long total = world.sums.merge(account, amount, Long::sum);
            world.replies.add(new World.Reply(world.millis + 2, () -> whenDone.total(total)));
        }
    }

    private List<RateLimit> limits(int perMinute) {
        return world.replicas.stream()
                .map(each -> each.limits.rate("key:requests", perMinute, world.now()))
                .toList();
    }

    /**
     * Offers calls to replicas at random.
     *
     * @param perSecond to each replica
     * @return how many were admitted
     */
    private int offer(List<RateLimit> limits, long millis, double... perSecond) {
        int admitted = 0;
        for (long end = world.millis + millis; world.millis < end; world.tick()) {
            for (int i = 0; i < perSecond.length; i++) {
                for (double rest = perSecond[i] / 1_000; rest > 0; rest--) {
                    if (random.nextDouble() < rest && limits.get(i).take(1, 1, world.now())) {
                        admitted++;
                    }
                }
            }
        }
        return admitted;
    }

    @Test
    void threeReplicasAdmitWhatOneWould() {
        List<RateLimit> limits = limits(LIMIT);
        // A full bucket at first, and its refill.
        assertThat(offer(limits, MINUTE, 20, 20, 20)).isBetween((int) (2 * LIMIT * 0.95), (int) (2 * LIMIT * 1.05));
        for (int minute = 0; minute < 3; minute++) {
            assertThat(offer(limits, MINUTE, 20, 20, 20)).isBetween((int) (LIMIT * 0.95), (int) (LIMIT * 1.05));
        }
        assertThat(offer(limits, MINUTE, 50, 0.5, 0.1)).as("uneven load").isBetween((int) (LIMIT * 0.95), (int)
                (LIMIT * 1.05));
        assertThat(offer(limits, MINUTE, 0, 0, 6)).as("one replica alone").isBetween((int) (LIMIT * 0.95), (int)
                (LIMIT * 1.05));
    }

    @Test
    void aLargeLimitNeedsFewExchanges() {
        List<RateLimit> limits = limits(600_000);
        int admitted = offer(limits, MINUTE / 4, 2_000, 2_000, 2_000);
        int exchanges = world.replicas.stream().mapToInt(each -> each.exchanges).sum();
        assertThat(admitted).isGreaterThan(80_000);
        assertThat(exchanges).as("of %d calls", admitted).isLessThan(admitted / 50);
    }

    @Test
    void whatIsBelowTheLimitIsNeverRejected() {
        List<RateLimit> limits = limits(LIMIT);
        int offered = 0;
        for (long end = world.millis + 10 * MINUTE; world.millis < end; world.tick()) {
            int replica = random.nextInt(10) < 7 ? 0 : 1 + random.nextInt(2);
            if (random.nextDouble() < 0.004) {
                offered++;
                assertThat(limits.get(replica).take(1, 1, world.now())).isTrue();
            }
        }
        assertThat(offered).isGreaterThan(2_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 250})
    void aBurstAtOneReplicaAfterAQuietTimeIsAdmitted(int size) {
        List<RateLimit> limits = limits(LIMIT);
        offer(limits, 5_000, 1, 1, 1);
        offer(limits, 2 * MINUTE, 0, 0, 0);
        int admitted = 0;
        for (int i = 0; i < size; i++) {
            admitted += limits.get(0).take(1, 1, world.now()) ? 1 : 0;
            if (i % 2 == 1) {
                world.tick();
            }
        }
        assertThat(admitted).isEqualTo(size);
    }

    @Test
    void burstsEverywhereAtOnceDoNotExceedTheLimit() {
        List<RateLimit> limits = limits(LIMIT);
        int admitted = 0;
        for (int i = 0; i < 300; i++) {
            for (RateLimit each : limits) {
                admitted += each.take(1, 1, world.now()) ? 1 : 0;
            }
            world.tick();
        }
        assertThat(admitted).isBetween((int) (LIMIT * 0.95), (int) (LIMIT * 1.05));
    }

    @Test
    void aReplicaThatWakesUpKnowsThatTheOthersUseTheLimit() {
        List<RateLimit> limits = limits(LIMIT);
        offer(limits, 3 * MINUTE, 20, 20, 0);
        assertThat(offer(limits, MINUTE, 20, 20, 20)).isBetween((int) (LIMIT * 0.95), (int) (LIMIT * 1.05));
    }

    @Test
    void evenASmallLimitAdmitsTheFirstCallAtEachReplica() {
        List<RateLimit> limits = limits(2);
        for (RateLimit each : limits) {
            assertThat(each.take(1, 1, world.now())).isTrue();
        }
        // Three of two: the debt is paid by those who come later.
        offer(limits, 1_000, 0, 0, 0);
        assertThat(offer(limits, 28_000, 1, 1, 1)).isZero();
        assertThat(offer(limits, MINUTE, 1, 1, 1)).isBetween(1, 3);
    }

    @Test
    void withoutValkeyNoCallIsRejectedThatOneReplicaWouldAdmit() {
        List<RateLimit> limits = limits(LIMIT);
        int before = offer(limits, 10_000, 1, 1, 1);
        assertThat(before).isPositive();
        world.reachable(false);
        int offered = 0;
        for (long end = world.millis + 2 * MINUTE; world.millis < end; world.tick()) {
            if (random.nextDouble() < 0.0045) {
                offered++;
                assertThat(limits.get(1).take(1, 1, world.now())).isTrue();
            }
        }
        assertThat(offered).isGreaterThan(400);
        // And it comes back with nothing in its memory.
        world.fullAt.clear();
        world.reachable(true);
        for (long end = world.millis + MINUTE; world.millis < end; world.tick()) {
            if (random.nextDouble() < 0.003) {
                assertThat(limits.get(random.nextInt(3)).take(1, 1, world.now()))
                        .isTrue();
            }
        }
        offer(limits, MINUTE, 20, 20, 20);
        assertThat(offer(limits, MINUTE, 20, 20, 20)).isBetween((int) (LIMIT * 0.95), (int) (LIMIT * 1.05));
    }

    @Test
    void aLeaseOfADeadReplicaIsMissedForSecondsOnly() {
        List<RateLimit> limits = limits(LIMIT);
        offer(limits, 2 * MINUTE, 20, 20, 20);
        // The third says nothing any more: neither calls nor exchanges.
        assertThat(offer(limits, MINUTE, 20, 20)).isBetween((int) (LIMIT * 0.95), (int) (LIMIT * 1.05));
    }

    @Test
    void tokensThatAnswersUseAreSettledTogether() {
        List<RateLimit> limits = limits(6_000);
        assertThat(limits.get(0).take(100, 1, world.now())).isTrue();
        limits.get(0).adjust(6_000, world.now());
        offer(limits, 300, 0, 0, 0);
        assertThat(limits.get(1).take(1, 1, world.now()))
                .as("at another replica")
                .isFalse();
        assertThat(limits.get(1).untilLeft(1, world.now())).isGreaterThan(100 * MILLI);
        offer(limits, 3_000, 0, 0, 0);
        assertThat(limits.get(1).take(1, 1, world.now())).isTrue();
        limits.get(1).adjust(-1, world.now());
    }

    @Test
    void headersTellWhatIsLeftForAll() {
        List<RateLimit> limits = limits(LIMIT);
        for (int i = 0; i < 60; i++) {
            assertThat(limits.get(0).take(1, 1, world.now())).isTrue();
            world.tick();
        }
        offer(limits, 3_000, 0, 0, 0);
        assertThat(limits.get(1).remaining(world.now())).isBetween(240L, 260L);
        assertThat(limits.get(1).untilFull(world.now())).isBetween(8_000 * MILLI, 12_000 * MILLI);
    }

    @Test
    void budgetsAreSpentTogetherAndSurviveALossOfValkey() {
        long dollar = 1_000_000_000_000L;
        List<SpendingLimit> budgets = new ArrayList<>();
        for (Replica each : world.replicas) {
            budgets.add(new SpendingLimit(SpendingLimit.Period.DAY, 10 * dollar).shared("key", each.limits));
        }
        Instant at = NOON.plusMillis(world.millis);
        budgets.get(0).add(6 * dollar, at, at);
        budgets.get(1).add(5 * dollar, at, at);
        assertThat(budgets.get(0).isUsedUp(at)).isFalse();
        offer(List.of(), 3_000);
        // A call looks at its budget, which is looked up for the next one.
        budgets.forEach(each -> each.isUsedUp(at));
        offer(List.of(), 2_000);
        for (SpendingLimit each : budgets) {
            assertThat(each.spent(at)).isEqualTo(11 * dollar);
            assertThat(each.isUsedUp(at)).isTrue();
        }
        // A reservation is given back, while no other can be told.
        world.reachable(false);
        budgets.get(0).add(-2 * dollar, at, at);
        offer(List.of(), 1_000);
        assertThat(budgets.get(0).isUsedUp(at)).isFalse();
        world.sums.clear();
        world.reachable(true);
        budgets.forEach(each -> each.isUsedUp(at));
        offer(List.of(), 3_000);
        budgets.forEach(each -> each.isUsedUp(at));
        offer(List.of(), 3_000);
        assertThat(budgets).allSatisfy(each -> assertThat(each.spent(at)).isEqualTo(9 * dollar));
        // A new day begins with nothing.
        Instant tomorrow = at.plusSeconds(86_400);
        assertThat(budgets.get(2).spent(tomorrow)).isZero();
        assertThat(BigDecimal.valueOf(budgets.get(2).most(), 12)).isEqualByComparingTo("10");
    }
}
