package dev.understudy.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The parts of a world, each against what is known of it. */
class WorldTest {
    private static final long HOUR = Duration.ofHours(1).toNanos();

    @Test
    void eventsHappenInOrderOfTimeAndThenOfArrival() {
        EventQueue queue = new EventQueue();
        List<String> seen = new ArrayList<>();
        queue.at(20, now -> seen.add("late " + now));
        queue.at(10, now -> {
            seen.add("first " + now);
            queue.at(5, then -> seen.add("past " + then));
        });
        queue.at(10, now -> seen.add("second " + now));
        queue.run();
        assertThat(seen).containsExactly("first 10", "second 10", "past 10", "late 20");
    }

    @Test
    void aLognormalHasItsMedianAndItsTail() {
        Lognormal times = new Lognormal(6, 0.7);
        SplittableRandom random = new SplittableRandom(1);
        double[] drawn = random.doubles(0).toArray();
        List<Double> values = new ArrayList<>();
        for (int i = drawn.length; i < 20_000; i++) {
            values.add(times.draw(random));
        }
        values.sort(null);
        assertThat(values.get(10_000)).isCloseTo(6, within(0.15));
        assertThat(values.get(19_000)).isCloseTo(18.97, within(0.8));
    }

    @Test
    void weatherHasTheIncidentsOfItsClimate() {
        Climate climate = Climate.ofDefaults();
        long end = 100_000 * HOUR;
        List<Spell> spells = Weather.draw(1, "a", climate, Shocks.NONE, end).spells();
        assertThat(spells.size()).isBetween(1_250, 1_500);
        long[] lengths = spells.stream()
                .mapToLong(spell -> spell.until() - spell.from())
                .sorted()
                .toArray();
        assertThat((double) lengths[lengths.length / 2] / HOUR).isCloseTo(1.25, within(0.15));
        assertThat(spells.stream()
                        .filter(spell -> spell.state() == Spell.State.DOWN)
                        .count())
                .isBetween(40L, 100L);
    }

    @Test
    void shocksHitSeveralProvidersAtOnce() {
        Shocks shocks = new Shocks(Duration.ofHours(10), new Lognormal(HOUR, 0), 1);
        Weather one = Weather.draw(1, "a", Climate.CALM, shocks, 1_000 * HOUR);
        Weather other = Weather.draw(1, "b", Climate.CALM, shocks, 1_000 * HOUR);
        assertThat(one.spells()).hasSizeGreaterThan(50);
        assertThat(LongStream.of(one.spells().stream().mapToLong(Spell::from).toArray()))
                .containsExactlyElementsOf(
                        other.spells().stream().map(Spell::from).toList());
        Spell first = one.spells().getFirst();
        assertThat(one.isFair(first.from() - 1)).isTrue();
        assertThat(one.at(first.from())).contains(first);
    }

    @Test
    void aBucketRefillsAndReportsWhen() {
        TokenBucket bucket = new TokenBucket(new RateLimit(2, 2, true));
        assertThat(bucket.take(0)).isTrue();
        assertThat(bucket.take(0)).isTrue();
        assertThat(bucket.take(0)).isFalse();
        assertThat(bucket.untilNext(0)).isEqualTo(500_000_000);
        assertThat(bucket.has(499_999_999)).isFalse();
        assertThat(bucket.take(500_000_000)).isTrue();
    }

    @Test
    void callsComeAsOftenAsTheyShould() {
        Sizes sizes = Sizes.ofDefaults();
        assertThat(count(new Poisson(1, 2, sizes, HOUR))).isBetween(6_900, 7_500);
        assertThat(count(new Bursts(1, 2, 10, 1_000_000_000L, sizes, HOUR))).isBetween(6_200, 8_200);
    }

    private static int count(Arrivals arrivals) {
        int count = 0;
        long last = 0;
        for (Optional<Arrival> next = arrivals.next(); next.isPresent(); next = arrivals.next()) {
            assertThat(next.get().at()).isGreaterThanOrEqualTo(last);
            last = next.get().at();
            count++;
        }
        return count;
    }

    @Test
    void aTraceIsReadFromItsFirstCall() {
        Trace trace = Trace.read(
                "calls.csv", List.of("T,C,G", "2026-01-05 09:00:01.5000000,10,20", "2026-01-05 09:00:03.0,1,0"));
        assertThat(trace.again().next()).contains(new Arrival(0, 10, 20));
        assertThat(trace.end()).isEqualTo(1_500_000_000);
        assertThatThrownBy(() -> Trace.read("calls.csv", List.of("T,C,G", "yesterday,1,2")))
                .hasMessageStartingWith("calls.csv:2: ");
        assertThatThrownBy(() -> Trace.read("calls.csv", List.of("T,C,G", "2026-01-05 09:00:01.5000000,many,2")))
                .hasMessageStartingWith("calls.csv:2: no number");
    }
}
