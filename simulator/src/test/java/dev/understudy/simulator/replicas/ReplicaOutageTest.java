package dev.understudy.simulator.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.simulator.replicas.ReplicaWorld.Figures;
import dev.understudy.simulator.replicas.ReplicaWorld.Outage;
import dev.understudy.simulator.replicas.ReplicaWorld.Settings;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * A hundred replicas and an outage of two minutes: how many attempts reach the dead provider, with and without sharing. Prints the
 * figures of {@code docs/scale.md}; {@code -Dunderstudy.replicas.seed=…} for others.
 */
class ReplicaOutageTest {
    private static final long SEED = Long.getLong("understudy.replicas.seed", 15L);
    private static final int REPLICAS = 100;
    private static final int SECONDS = 120;

    private static Figures run(double callsPerSecond, Outage outage, int blind, boolean sharing) {
        Figures figures =
                ReplicaWorld.run(new Settings(REPLICAS, callsPerSecond, SECONDS, outage, blind, sharing, SEED));
        System.out.printf(
                Locale.ROOT,
                "%5.0f calls/s, %s at %3d replicas, sharing %-5s  attempts: first second %4d, then %6.2f/s, all %5d;"
                        + "  calls %d: unanswered %d, needless %d;  back after %.1f s;  %d messages%n",
                callsPerSecond,
                outage,
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

    private static void compare(double callsPerSecond, Outage outage, double times) {
        Figures alone = run(callsPerSecond, outage, REPLICAS, false);
        Figures together = run(callsPerSecond, outage, REPLICAS, true);
        assertThat(alone.unanswered()).isZero();
        assertThat(together.unanswered()).isZero();
        assertThat((double) together.all()).isLessThan(alone.all() / times);
        assertThat(together.back()).isLessThan(20);
    }

    @Test
    void fewerAttemptsReachAProviderThatIsDown() {
        compare(1_000, Outage.ERRORS, 1);
        compare(100, Outage.ERRORS, 1);
        compare(10, Outage.ERRORS, 1);
        compare(100, Outage.SILENCE, 1);
    }

    @Test
    void replicasThatHaveLostTheirWayTakeItFromNoOther() {
        Figures alone = run(100, Outage.ERRORS, 10, false);
        assertThat(alone.needless()).isZero();
        Figures together = run(100, Outage.ERRORS, 10, true);
        assertThat(together.needless()).isLessThan(together.calls() / 100);
        Figures quiet = run(10, Outage.ERRORS, 10, true);
        assertThat(quiet.needless()).isLessThan(quiet.calls() / 100);
    }

    @Test
    void theSameSeedGivesTheSameFigures() {
        Settings settings = new Settings(20, 50, 30, Outage.ERRORS, 20, true, 3);
        Figures first = ReplicaWorld.run(settings);
        Figures second = ReplicaWorld.run(settings);
        assertThat(second.perSecond()).isEqualTo(first.perSecond());
        assertThat(second.messages()).isEqualTo(first.messages());
    }
}
