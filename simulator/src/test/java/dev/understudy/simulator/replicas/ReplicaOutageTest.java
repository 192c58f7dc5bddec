package dev.understudy.simulator.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.simulator.replicas.ReplicaWorld.Fault;
import dev.understudy.simulator.replicas.ReplicaWorld.Figures;
import dev.understudy.simulator.replicas.ReplicaWorld.Settings;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * A hundred replicas and an outage of two minutes: how many attempts reach the dead provider, with and without sharing. Prints the
 * figures of {@code docs/scale.md}; {@code -Dunderstudy.replicas.seed=…} for others, {@code -Dunderstudy.replicas.busy=true} for a load
 * of a thousand calls a second as well.
 */
class ReplicaOutageTest {
    private static final long SEED = Long.getLong("understudy.replicas.seed", 15L);
    private static final int REPLICAS = 100;
    private static final int SECONDS = 120;

    private static Figures run(double callsPerSecond, int blind, boolean sharing) {
        Figures figures =
                ReplicaWorld.run(new Settings(REPLICAS, callsPerSecond, SECONDS, Fault.ERRORS, blind, sharing, SEED));
        System.out.printf(
                Locale.ROOT,
                "%5.0f calls/s, outage at %3d replicas, sharing %-5s  attempts: first second %4d, then %6.2f/s, all %5d;"
                        + "  calls %d: unanswered %d, needless %d;  back after %.1f s;  %d messages%n",
                callsPerSecond,
                blind,
                sharing,
                figures.inFirstSecond(),
                figures.later(),
                figures.all(),
                figures.calls(),
                figures.unanswered(),
                figures.needless(),
                figures.back(),
                figures.messages());
        return figures;
    }

    /** @param times how many times fewer attempts reach it with sharing, at least */
    private static void compare(double callsPerSecond, double times) {
        Figures alone = run(callsPerSecond, REPLICAS, false);
        Figures together = run(callsPerSecond, REPLICAS, true);
        assertThat(alone.unanswered()).isZero();
        assertThat(together.unanswered()).isZero();
        assertThat((double) together.all()).isLessThan(alone.all() / times);
        assertThat(together.back()).isLessThan(20);
    }

    @Test
    void fewerAttemptsReachAProviderThatIsDown() {
        if (Boolean.getBoolean("understudy.replicas.busy")) {
            compare(1_000, 4);
        }
        compare(100, 10);
        compare(10, 10);
    }

    @Test
    void replicasThatHaveLostTheirWayTakeItFromNoOther() {
        Figures alone = run(100, 10, false);
        assertThat(alone.needless()).isZero();
        Figures together = run(100, 10, true);
        assertThat(together.needless()).isLessThan(together.calls() / 100);
        Figures quiet = run(10, 10, true);
        // With a call in ten seconds at each, it takes seconds until one disproves the news.
        assertThat(quiet.needless()).isLessThan(quiet.calls() / 40);
    }

    /**
     * Answers that are not streamed show no sign of life, so that a provider which takes requests and never answers looks like a slow one.
     * One gateway alone, ten minutes long.
     */
    @Test
    void aSilentProviderLeavesNoCallUnanswered() {
        for (double callsPerSecond : new double[] {1, 20}) {
            Figures figures = ReplicaWorld.run(new Settings(1, callsPerSecond, 600, Fault.SILENCE, 1, false, SEED));
            System.out.printf(
                    Locale.ROOT,
                    "%5.0f calls/s, silent for 600 s: attempts %d; calls %d: unanswered %d, slower than 10 s %d; back after %.1f s%n",
                    callsPerSecond,
                    figures.all(),
                    figures.calls(),
                    figures.unanswered(),
                    figures.slow(),
                    figures.back());
            assertThat(figures.unanswered()).isZero();
            assertThat(figures.slow()).isZero();
            assertThat(figures.all()).isLessThan(600);
        }
    }

    @Test
    void theSameSeedGivesTheSameFigures() {
        Settings settings = new Settings(20, 50, 30, Fault.ERRORS, 20, true, 3);
        Figures first = ReplicaWorld.run(settings);
        Figures second = ReplicaWorld.run(settings);
        assertThat(second.perSecond()).isEqualTo(first.perSecond());
        assertThat(second.messages()).isEqualTo(first.messages());
    }
}
